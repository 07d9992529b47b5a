//! Channel plugin: posts notifications as JSON to a URL.
//!
//! `message` says what people read and `answer` what the provider's answers mean: both are pure, so that tests need no host.

mod answer;
mod message;

use campanile_channel::{Attempt, Channel, Failure, Host, Notification, Receipt, Request};
use serde::Deserialize;

/// The plugin.
#[derive(Debug)]
pub struct MyChannel;

/// The channel's settings, as `describe.json` describes them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// Where messages are posted.
    pub url: String,
    /// The name that messages appear under.
    #[serde(default = "campanile")]
    pub sender: String,
}

fn campanile() -> String {
    "Campanile".to_owned()
}

impl Channel for MyChannel {
    const DESCRIPTION: &'static str = include_str!("../describe.json");

    type Settings = Settings;

    fn deliver(
        notification: &Notification,
        settings: &Settings,
        attempt: &Attempt,
        host: &mut dyn Host,
    ) -> Result<Receipt, Failure> {
        let message = message::write(notification, &settings.sender, attempt.presentation);
        let api_key = host.reference("api-key")?;
        let header = |name: &str, value: String| (name.to_owned(), value);
        let request = Request {
            method: "POST".to_owned(),
            url: settings.url.clone(),
            headers: vec![
                header("content-type", "application/json".to_owned()),
                header("authorization", format!("Bearer {api_key}")),
                // The same on every attempt: the provider can tell a repetition from news.
                header("idempotency-key", attempt.delivery_id.clone()),
            ],
            body: message.to_string().into_bytes(),
            timeout_ms: 0,
        };
        let message_id = answer::read(&host.send(request)?)?;
        Ok(Receipt { message_id, target: String::new(), warnings: Vec::new() })
    }
}

campanile_channel::export!(MyChannel);
