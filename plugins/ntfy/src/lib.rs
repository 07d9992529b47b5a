//! Channel plugin: pushes notifications through an ntfy server.
//!
//! A notification is published as JSON (<https://docs.ntfy.sh/publish/#publish-as-json>), so that its text needs no
//! encoding and the topic, which is as good as a password, stands in no address that proxies write down.

mod answer;
mod markdown;
mod render;
mod request;
mod sequence;
mod settings;

use campanile_channel::{Attempt, Channel, Failure, Host, Level, Notification, Receipt};

pub use self::settings::Settings;

/// The plugin.
#[derive(Debug)]
pub struct Ntfy;

impl Channel for Ntfy {
    const DESCRIPTION: &'static str = include_str!("../describe.json");

    type Settings = Settings;

    fn deliver(
        notification: &Notification,
        settings: &Settings,
        attempt: &Attempt,
        host: &mut dyn Host,
    ) -> Result<Receipt, Failure> {
        let Some(message) = render::message(notification, settings, attempt.presentation) else {
            return Err(Failure::rejected("empty: there is nothing to read in title, body and fields"));
        };
        let sequence = sequence::of(attempt);
        let request = request::publish(&message, &sequence, notification.severity, settings, host)?;
        let published = answer::read(&host.send(request)?)?;
        if attempt.earlier.is_some() && published.sequence.is_none() {
            host.log(
                Level::Info,
                "this server knows no sequences (ntfy 2.16 does): the earlier message stays",
            );
        }
        let message_id = published.sequence.unwrap_or(published.id);
        Ok(Receipt { message_id, target: String::new(), warnings: Vec::new() })
    }
}

campanile_channel::export!(Ntfy);
