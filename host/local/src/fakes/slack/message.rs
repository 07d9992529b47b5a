//! A posted message: as the API answers it, and as people see it.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::attachment::Attachment;
use super::block::Block;
use super::channel::{Place, code};
use super::content::Content;
use super::mrkdwn;
use crate::fakes::markup::commonmark;
use crate::fakes::{Part, Shown};

/// A message's time, which names it in its channel: microseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ts(i64);

impl Ts {
    /// The name of a message that is sent at `time`.
    pub(super) fn at(time: Timestamp) -> Self {
        Self(time.as_microsecond())
    }

    /// Reads `1503435956.000247`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (seconds, rest) = text.split_once('.')?;
        let rest: i64 = rest.parse().ok().filter(|_| rest.len() == 6)?;
        Some(Self(seconds.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(rest)?))
    }

    /// The name after this one.
    pub(super) fn after(self) -> Self {
        Self(self.0 + 1)
    }

    /// The name before this one.
    pub(super) fn before(self) -> Self {
        Self(self.0 - 1)
    }

    /// When it was sent.
    pub(super) fn time(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or_default()
    }
}

impl fmt::Display for Ts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{:06}", self.0.div_euclid(1_000_000), self.0.rem_euclid(1_000_000))
    }
}

/// A posted message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    place: Place,
    pub(super) ts: Ts,
    token: String,
    thread: Option<Ts>,
    username: Option<String>,
    content: Content,
    edited: Option<Ts>,
}

impl Message {
    /// The message that `content` becomes.
    pub(super) fn new(
        place: Place,
        ts: Ts,
        token: &str,
        thread: Option<Ts>,
        username: Option<String>,
        content: Content,
    ) -> Self {
        Self { place, ts, token: token.to_owned(), thread, username, content, edited: None }
    }

    /// Whether it is in the conversation with this id.
    pub(super) fn is_in(&self, id: &str) -> bool {
        self.place.id == id
    }

    /// Whether who has this token wrote it, and so may edit it.
    pub(super) fn is_of(&self, token: &str) -> bool {
        self.token == token
    }

    /// Changes what `content` mentions; `false` if nothing would be left to see.
    pub(super) fn edit(&mut self, content: Content, now: Ts) -> bool {
        let mut edited = self.content.clone();
        edited.apply(content);
        if edited.is_empty() {
            return false;
        }
        self.content = edited;
        self.edited = Some(now);
        true
    }

    /// The answer to `chat.postMessage`.
    pub(super) fn posted(&self) -> Value {
        json!({ "ok": true, "channel": self.place.id, "ts": self.ts.to_string(), "message": self.to_json() })
    }

    /// The answer to `chat.update`.
    pub(super) fn updated(&self) -> Value {
        let mut answer = self.posted();
        if let Some(object) = answer.as_object_mut() {
            object.insert("text".to_owned(), json!(self.content.text.as_deref().unwrap_or_default()));
        }
        answer
    }

    fn to_json(&self) -> Value {
        // Of one token the same: the fake's bots are known by nothing else.
        let bot = code(&self.token);
        let mut message = json!({
            "type": "message",
            "user": format!("U{bot}"),
            "bot_id": format!("B{bot}"),
            "app_id": format!("A{bot}"),
            "team": format!("T{bot}"),
            "ts": self.ts.to_string(),
            "text": self.content.text.as_deref().unwrap_or_default(),
        });
        let content = &self.content;
        let blocks = content.blocks.as_ref().filter(|blocks| !blocks.is_empty());
        let attachments = content.attachments.as_ref().filter(|attachments| !attachments.is_empty());
        let optional = [
            ("blocks", blocks.map(|blocks| blocks.iter().map(Block::to_json).collect())),
            (
                "attachments",
                attachments.map(|attachments| attachments.iter().map(Attachment::to_json).collect()),
            ),
            ("thread_ts", self.thread.map(|thread| json!(thread.to_string()))),
            ("username", self.username.as_ref().map(|username| json!(username))),
            ("subtype", self.username.as_ref().map(|_| json!("bot_message"))),
            ("edited", self.edited.map(|ts| json!({ "user": format!("U{bot}"), "ts": ts.to_string() }))),
        ];
        if let Some(object) = message.as_object_mut() {
            object.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        }
        message
    }

    /// What people see: blocks in place of the text if there are any, and attachments below.
    pub(super) fn shown(&self) -> Shown {
        let content = &self.content;
        let mut parts: Vec<Part> = Vec::new();
        match (&content.blocks, &content.markdown, &content.text) {
            (Some(blocks), ..) if !blocks.is_empty() => parts.extend(blocks.iter().filter_map(Block::shown)),
            (_, Some(markdown), _) => parts.push(Part::Text(commonmark::read(markdown))),
            (_, _, Some(text)) if content.is_mrkdwn => parts.push(Part::Text(mrkdwn::read(text))),
            (_, _, Some(text)) => parts.push(Part::Text(mrkdwn::plain(text))),
            _ => {}
        }
        parts.extend(content.attachments.iter().flatten().map(Attachment::shown));
        let thread = self.thread.map(|thread| format!(", thread {thread}")).unwrap_or_default();
        Shown {
            message_id: self.ts.to_string(),
            to: format!("{}{thread}", self.place.given),
            author: self.username.clone(),
            silent: false,
            parts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_read_as_it_is_written() {
        for text in ["1503435956.000247", "0.000001"] {
            assert_eq!(Ts::read(text).map(|ts| ts.to_string()).as_deref(), Some(text));
        }
        for text in ["1503435956", "1503435956.1", "x.000001", "1503435956.0000001", ""] {
            assert_eq!(Ts::read(text), None, "{text}");
        }
    }
}
