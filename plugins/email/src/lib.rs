//! Channel plugin: e-mail through the HTTP API of Resend.
//!
//! An e-mail can't be changed once it is sent, and what Resend calls it is not what other messages could refer to. So a
//! recovery is an e-mail of its own.

mod answer;
mod html;
mod idempotency;
mod render;
mod request;
mod settings;

use campanile_channel::{Attempt, Channel, Failure, Host, Notification, Receipt};

use self::answer::Answer;
pub use self::settings::{Format, Settings};

/// The plugin.
#[derive(Debug)]
pub struct Email;

impl Channel for Email {
    const DESCRIPTION: &'static str = include_str!("../describe.json");

    type Settings = Settings;

    fn deliver(
        notification: &Notification,
        settings: &Settings,
        attempt: &Attempt,
        host: &mut dyn Host,
    ) -> Result<Receipt, Failure> {
        let Some(email) = render::email(notification, settings, attempt.presentation) else {
            return Err(Failure::rejected("empty: there is nothing to read in title, body and fields"));
        };
        let key = idempotency::key(attempt);
        let request = request::send(&email, &key, notification, settings, host)?;
        let receipt =
            Receipt { message_id: String::new(), target: settings.to.clone(), warnings: Vec::new() };
        match answer::read(&host.send(request)?)? {
            Answer::Sent(message_id) => Ok(Receipt { message_id, ..receipt }),
            Answer::SentBefore => {
                let warning = "an earlier attempt had sent it, with other words";
                Ok(Receipt { warnings: vec![warning.to_owned()], ..receipt })
            }
        }
    }
}

campanile_channel::export!(Email);
