//! Channel plugin: sends notifications to any HTTP endpoint, as Standard Webhooks has it.
//!
//! The host signs: it puts the signature in place of the placeholder and adds the time.

mod answer;
mod payload;
mod settings;

use campanile_channel::{Attempt, Channel, Failure, Host, Notification, Receipt, Request};

pub use self::settings::{Method, Settings};

/// Who asks, for the log of the endpoint.
const USER_AGENT: &str = concat!("Campanile/", env!("CARGO_PKG_VERSION"));

/// The plugin.
#[derive(Debug)]
pub struct Webhook;

impl Channel for Webhook {
    const DESCRIPTION: &'static str = include_str!("../describe.json");

    type Settings = Settings;

    fn deliver(
        notification: &Notification,
        settings: &Settings,
        attempt: &Attempt,
        host: &mut dyn Host,
    ) -> Result<Receipt, Failure> {
        let mut headers: Vec<(String, String)> =
            settings.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut set = |name: &str, value: String| headers.push((name.to_owned(), value));
        set("content-type", "application/json".to_owned());
        set("user-agent", USER_AGENT.to_owned());
        // The same on every attempt: the endpoint can tell a repetition from news.
        set("webhook-id", attempt.delivery_id.clone());
        if let Ok(signature) = host.reference("signing-secret") {
            set("webhook-signature", signature);
        }
        if let Ok(authorization) = host.reference("authorization") {
            set("authorization", authorization);
        }
        let request = Request {
            method: settings.method.name().to_owned(),
            url: settings.url.clone(),
            headers,
            body: payload::write(notification)?,
            timeout_ms: 0,
        };
        answer::read(&host.send(request)?)?;
        Ok(Receipt { message_id: String::new(), target: String::new(), warnings: Vec::new() })
    }
}

campanile_channel::export!(Webhook);
