//! The function that one writes by hand: an event in, two requests out, one to Telegram and one to Discord. It is what `tests/cold-start`
//! compares `bootstrap` with, so it does nothing else: no rules, no ledger, no retries, no sandbox. Both use the same libraries alike.

mod message;
mod sender;

use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::message::Envelope;
use crate::sender::Sender;

#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda_runtime::tracing::init_default_subscriber();
    let sender = &Sender::from_environment()?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Envelope>| async move {
        sender.send(&event.payload.payload).await
    }))
    .await
}
