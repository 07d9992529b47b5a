//! Turns a notification into the messages to send, within Discord's limits. Nothing here knows about requests.
//!
//! Limits: discord-api-docs `resources/webhook` ("Execute Webhook") and `resources/message` ("Embed Limits").

mod embed;
mod text;

use campanile_channel::richtext::RichText;
use campanile_channel::{Notification, Presentation, TextFormat, text as plain};
use serde::Serialize;

pub(crate) use self::embed::Embed;
use crate::settings::{Settings, Style};

/// Most characters of a message's text.
const CONTENT: usize = 2000;

/// What people see in one message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Message {
    /// Markdown.
    pub(crate) content: String,
    /// At most one, so that the limit over all embeds of a message is that of an embed.
    pub(crate) embeds: Vec<Embed>,
}

/// The messages, in order; none if there is nothing to read.
pub(crate) fn messages(
    notification: &Notification,
    settings: &Settings,
    presentation: Presentation,
) -> Vec<Message> {
    let pings = pings(settings);
    let mut messages = match (presentation, settings.style) {
        (Presentation::Minimal, _) => text::minimal(notification, CONTENT - room(&pings)),
        (Presentation::Plain, _) => text::plain(notification, settings.overflow, CONTENT - room(&pings)),
        (Presentation::Rich, Style::Text) => {
            text::rich(notification, settings.overflow, CONTENT - room(&pings))
        }
        (Presentation::Rich, Style::Embed) => embed::messages(notification, settings.overflow),
    };
    if let Some(first) = messages.first_mut().filter(|_| !pings.is_empty()) {
        // A mention pings only from the text of a message, never from an embed.
        let line_end = if first.content.is_empty() { "" } else { "\n" };
        first.content = format!("{pings}{line_end}{}", first.content);
    }
    messages
}

/// The mentions of those to ping: on top, since a reader of a push notification sees only the first line.
fn pings(settings: &Settings) -> String {
    let users = settings.mention_users.iter().map(|id| format!("<@{id}>"));
    let roles = settings.mention_roles.iter().map(|id| format!("<@&{id}>"));
    users.chain(roles).collect::<Vec<_>>().join(" ")
}

fn room(pings: &str) -> usize {
    if pings.is_empty() { 0 } else { pings.len() + 1 }
}

/// The body, whatever its format.
fn body(notification: &Notification) -> RichText {
    match notification.body_format {
        TextFormat::Text => RichText::from_text(notification.body.trim()),
        TextFormat::Html => RichText::from_html(&notification.body),
    }
}

/// Names and values as lines of clean text; such as have both.
fn fields(notification: &Notification) -> impl Iterator<Item = (String, String)> {
    let clean = |text: &str| plain::clean(text).trim().to_owned();
    notification
        .fields
        .iter()
        .map(move |field| (plain::one_line(&field.name), clean(&field.value)))
        .filter(|(name, value)| !plain::is_blank(name) && !plain::is_blank(value))
}

#[cfg(test)]
mod tests;
