//! Fakes of the providers: they accept and refuse what the real service would, with its own words.
//!
//! A fake decides from the request alone and its own memory; the catcher does the I/O around it.

pub mod discord;
mod markup;
pub mod ntfy;
pub mod pagerduty;
pub mod resend;
pub mod script;
mod service;
pub mod slack;
pub mod telegram;
pub mod webhook;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::service::Service;
use crate::catcher::Selector;

/// A request that was on its way to a provider.
#[derive(Clone, Debug)]
pub struct CaughtRequest {
    /// Upper case.
    pub method: String,
    /// Where it was meant to go.
    pub url: url::Url,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As received.
    pub body: Vec<u8>,
}

impl CaughtRequest {
    /// The value of the first header with this name, which is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// What a provider answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Usually JSON.
    pub body: Vec<u8>,
    /// What people now see, if the request was accepted and shows something.
    pub shown: Option<Shown>,
}

impl Answer {
    /// An answer whose body is JSON.
    #[must_use]
    pub(crate) fn json(status: u16, body: &Value, shown: Option<Shown>) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { status, headers, body: body.to_string().into_bytes(), shown }
    }
}

/// What a provider does with a request.
#[derive(Clone, Debug)]
pub enum Reaction {
    /// It answers.
    Answer(Answer),
    /// It reads the request and closes the connection.
    Reset,
    /// It never answers.
    Hang,
}

/// A message as the service would show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The service's id of the message.
    pub message_id: String,
    /// Chat, thread, webhook, topic or address.
    pub to: String,
    /// The name it appears under, if the request chose one.
    pub author: Option<String>,
    /// Without sound.
    pub silent: bool,
    /// From top to bottom.
    pub parts: Vec<Part>,
}

/// A piece of a shown message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Text with styles, as read by people: no markup characters are left.
    Text(StyledText),
    /// A card beside a coloured bar.
    Embed {
        /// 0xRRGGBB.
        color: Option<u32>,
        /// First line.
        title: Option<StyledText>,
        /// Text below.
        description: Option<StyledText>,
        /// Names and values.
        fields: Vec<EmbedField>,
        /// Small text at the bottom.
        footer: Option<String>,
        /// RFC 3339.
        timestamp: Option<String>,
    },
}

/// A name and a value in a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedField {
    /// First line.
    pub name: String,
    /// Below it.
    pub value: StyledText,
    /// Beside the fields next to it, if they are too.
    pub inline: bool,
}

/// Text and the styles of its ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StyledText {
    /// What is read.
    pub text: String,
    /// Ranges, outer before inner.
    pub styles: Vec<Style>,
}

impl StyledText {
    /// Text without styles.
    pub(crate) fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), styles: Vec::new() }
    }

    /// Text that is a link.
    pub(crate) fn link(text: &str, url: &str) -> Self {
        let style = Style { start: 0, end: text.len(), kind: StyleKind::Link { url: url.to_owned() } };
        Self { text: text.to_owned(), styles: vec![style] }
    }

    /// Texts one after the other, with `separator` between those that are not empty.
    pub(crate) fn joined(separator: &str, texts: impl IntoIterator<Item = Self>) -> Self {
        let mut out = Self::default();
        for text in texts.into_iter().filter(|text| !text.text.is_empty()) {
            if !out.text.is_empty() {
                out.text.push_str(separator);
            }
            let start = out.text.len();
            let moved = |style: Style| Style { start: style.start + start, end: style.end + start, ..style };
            out.styles.extend(text.styles.into_iter().map(moved));
            out.text.push_str(&text.text);
        }
        out
    }
}

/// A style of a range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Style {
    /// First byte of the range in the text.
    pub start: usize,
    /// The byte after the range.
    pub end: usize,
    /// What it looks like.
    pub kind: StyleKind,
}

/// What a range looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are those of every chat program")]
pub enum StyleKind {
    Bold,
    Italic,
    Underline,
    Strike,
    Spoiler,
    Code,
    Pre { language: Option<String> },
    Quote,
    Heading,
    Link { url: String },
    Mention { name: String },
}

/// All providers, each with the requests that it answers, in the order in which they are asked. The last one answers everything.
#[must_use]
pub fn all() -> Vec<(Selector, Arc<dyn Fake>)> {
    let clock = Timestamp::now;
    vec![
        (Selector::Service(Service::Telegram), Arc::new(telegram::TelegramFake::new(clock))),
        (Selector::Service(Service::Discord), Arc::new(discord::DiscordFake::new(clock))),
        (Selector::Service(Service::Slack), Arc::new(slack::SlackFake::new(clock))),
        (Selector::Service(Service::PagerDuty), Arc::new(pagerduty::PagerDutyFake::new(clock))),
        (Selector::Service(Service::Resend), Arc::new(resend::ResendFake::new(clock))),
        (Selector::Service(Service::Ntfy), Arc::new(ntfy::NtfyFake::new(clock))),
        (Selector::Any, Arc::new(webhook::WebhookFake::new(clock))),
    ]
}

/// A provider, as far as a plugin can tell.
pub trait Fake: Send + Sync + std::fmt::Debug {
    /// Decides as the service would.
    fn answer(&self, request: &CaughtRequest) -> Answer;

    /// Does what the service would: most of them answer whatever comes.
    fn react(&self, request: &CaughtRequest) -> Reaction {
        Reaction::Answer(self.answer(request))
    }

    /// Learns once more what it knew in another life: that it has answered `request` with `answer`. In the order of that life, and
    /// before it is asked anything.
    fn remember(&self, request: &CaughtRequest, answer: &Answer) {
        let _ = (request, answer);
    }
}
