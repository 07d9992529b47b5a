//! Channel plugin: posts notifications through a Discord webhook.
//!
//! The plugin never sees the webhook's URL: it asks the host for a placeholder and puts it into the path. Rendering,
//! requests and answers are apart, so that each can be tested without the others.

mod answer;
mod markdown;
mod progress;
mod render;
mod request;
mod settings;

use campanile_channel::{
    Attempt, Channel, Failure, Host, Level, Notification, Presentation, Reason, Receipt,
};

use self::progress::Progress;
use self::render::Message;
use self::request::Thread;
pub use self::settings::{Id, Overflow, Settings, Style};

/// The plugin.
#[derive(Debug)]
pub struct Discord;

impl Channel for Discord {
    const DESCRIPTION: &'static str = include_str!("../describe.json");

    type Settings = Settings;

    fn deliver(
        notification: &Notification,
        settings: &Settings,
        attempt: &Attempt,
        host: &mut dyn Host,
    ) -> Result<Receipt, Failure> {
        let messages = render::messages(notification, settings, attempt.presentation);
        let Some(first) = messages.first() else { return Err(Failure::rejected("empty")) };
        let mut progress = Progress::from_resume(&attempt.resume);
        if let (0, Some(earlier)) = (progress.parts, &attempt.earlier) {
            edit(earlier, first, settings, host)?;
        }
        for (index, message) in messages.iter().enumerate().skip(progress.parts) {
            let is_last = index + 1 == messages.len();
            let attach = settings.attach_event && is_last && attempt.presentation == Presentation::Rich;
            let event = attach.then_some(notification.event_json.as_str());
            let sent = post(message, event, &progress, settings, attempt, host)
                .map_err(|failure| failure.resuming(progress.to_resume()))?;
            progress.add(sent);
        }
        Ok(progress.into_receipt())
    }
}

fn post(
    message: &Message,
    event: Option<&str>,
    progress: &Progress,
    settings: &Settings,
    attempt: &Attempt,
    host: &mut dyn Host,
) -> Result<answer::Sent, Failure> {
    let earlier = attempt.earlier.as_ref().map_or("", |receipt| receipt.target.as_str());
    let made = if progress.parts == 0 { earlier } else { &progress.first.channel };
    let thread = Thread::next(settings, made, host);
    // The message it edits has rung already.
    let silent = settings.silent || attempt.earlier.is_some();
    let request = request::post(message, event, &thread, silent, settings, host)?;
    answer::read(&host.send(request)?)
}

/// Makes the earlier message tell what is true now. If it can't be edited, the new message has to do.
///
/// No answer is no reason to stop either: the host would take the new message for one that may have been delivered.
fn edit(
    earlier: &Receipt,
    message: &Message,
    settings: &Settings,
    host: &mut dyn Host,
) -> Result<(), Failure> {
    if earlier.message_id.is_empty() {
        return Ok(());
    }
    let thread = Thread::next(settings, &earlier.target, host);
    let request = request::patch(&earlier.message_id, message, &thread, settings, host)?;
    let failure = match host.send(request) {
        Ok(response) => match answer::read(&response) {
            Ok(_) => return Ok(()),
            Err(failure) if matches!(failure.reason, Reason::RateLimited(_) | Reason::Transient) => {
                return Err(failure);
            }
            Err(failure) => failure,
        },
        Err(error) => error.into(),
    };
    host.log(Level::Warn, &format!("earlier message not edited: {}", failure.detail));
    Ok(())
}

campanile_channel::export!(Discord);
