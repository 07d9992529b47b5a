//! `bootstrap`: the Lambda function. Sets up once, then answers invocations.

mod answer;
mod batch;
mod function;
mod handler;
mod log;
mod record;
mod schedule;
mod setup;

use std::process::ExitCode;
use std::sync::Arc;

use lambda_runtime::{LambdaEvent, service_fn};

#[tokio::main]
async fn main() -> ExitCode {
    let format = log::begin();
    let function = match setup::function(setup::records(format)).await {
        Ok(function) => Arc::new(function),
        Err(error) => {
            tracing::error!("{error}");
            return ExitCode::from(error.exit_code());
        }
    };
    let service = service_fn(|event: LambdaEvent<serde_json::Value>| {
        let function = Arc::clone(&function);
        // On the heap: an invocation's state is larger than a future should be that is moved about.
        async move { Box::pin(handler::handle(&function, event)).await }
    });
    match lambda_runtime::run(service).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the runtime ended: {error}");
            ExitCode::FAILURE
        }
    }
}
