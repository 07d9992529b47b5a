//! Fakes of the providers: they accept and refuse what the real service would, with its own words.
//!
//! A fake decides from the request alone and its own memory; the catcher does the I/O around it.

pub mod discord;
pub mod script;
pub mod telegram;
pub mod webhook;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// Chat, thread or webhook.
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

/// All providers, each with the requests that it answers, in the order in which they are asked. A service is known by its host and
/// by the shape of its paths, because a channel may use a server of its own; the last one answers everything.
#[must_use]
pub fn all() -> Vec<(Selector, Arc<dyn Fake>)> {
    let telegram: Arc<dyn Fake> = Arc::new(telegram::TelegramFake::new(Timestamp::now));
    let discord: Arc<dyn Fake> = Arc::new(discord::DiscordFake::new(Timestamp::now));
    let webhook: Arc<dyn Fake> = Arc::new(webhook::WebhookFake::new(Timestamp::now));
    vec![
        (Selector::Host("api.telegram.org".to_owned()), Arc::clone(&telegram)),
        (Selector::Path("/bot*/*".to_owned()), telegram),
        (Selector::Host("discord.com".to_owned()), Arc::clone(&discord)),
        (Selector::Path("/api/webhooks/**".to_owned()), discord),
        (Selector::Any, webhook),
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
