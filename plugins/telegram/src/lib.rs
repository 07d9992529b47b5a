//! Channel plugin for Telegram: one notification becomes one message of a bot, or several in order.
//!
//! What the text looks like is in `render`, what an answer means in `answer`, the course of an attempt in `bot`.

mod answer;
mod bot;
mod progress;
mod render;
mod request;
mod settings;

use campanile_channel::{Attempt, Channel, Failure, Host, Notification, Receipt};

use crate::bot::Bot;
use crate::progress::Progress;
pub use crate::settings::{Address, Chat, Overflow, ParseMode, Settings};

/// The plugin.
#[derive(Debug)]
pub struct Telegram;

campanile_channel::export!(Telegram);

impl Channel for Telegram {
    const DESCRIPTION: &'static str = include_str!("../describe.json");

    type Settings = Settings;

    fn deliver(
        notification: &Notification,
        settings: &Settings,
        attempt: &Attempt,
        host: &mut dyn Host,
    ) -> Result<Receipt, Failure> {
        let mut bot = Bot { settings, host, progress: Progress::resume(&attempt.resume) };
        match bot.attempt(notification, attempt) {
            Ok(()) => Ok(bot.progress.receipt(&settings.chat_id)),
            Err(failure) => Err(failure.resuming(bot.progress.token())),
        }
    }
}
