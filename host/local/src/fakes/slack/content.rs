//! What a message says: text, blocks and attachments (<https://docs.slack.dev/reference/methods/chat.postMessage>).

use serde_json::Value;

use super::arguments::Arguments;
use super::attachment::{self, Attachment};
use super::block::{self, Block};
use super::refusal::Refusal;

/// Characters of a new message's text beyond which it is cut ("Truncating content").
const TEXT: usize = 40_000;
/// Most characters of the text that replaces another (errors of `chat.update`).
const UPDATED_TEXT: usize = 4000;
/// Most characters of `markdown_text`.
const MARKDOWN: usize = 12_000;
/// Most attachments.
const ATTACHMENTS: usize = 100;

/// What a request says. `None` is what it does not mention.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub(super) text: Option<String>,
    /// Whether the text is markup.
    pub(super) is_mrkdwn: bool,
    /// Text in CommonMark.
    pub(super) markdown: Option<String>,
    pub(super) blocks: Option<Vec<Block>>,
    pub(super) attachments: Option<Vec<Attachment>>,
}

impl Content {
    /// Reads the arguments.
    pub(super) fn read(arguments: &Arguments) -> Result<Self, Refusal> {
        let markdown = arguments.text("markdown_text").map(str::to_owned);
        let text = arguments.text("text").map(str::to_owned);
        let blocks = match arguments.json("blocks") {
            None => None,
            Some(Ok(Value::Array(blocks))) => Some(block::read(&blocks)?),
            Some(_) => return Err(Refusal::new("invalid_blocks_format")),
        };
        let attachments = match arguments.json("attachments") {
            None => None,
            Some(Ok(Value::Array(items))) if items.len() > ATTACHMENTS => {
                return Err(Refusal::new("too_many_attachments"));
            }
            Some(Ok(Value::Array(items))) => Some(attachment::read(&items)?),
            Some(_) => return Err(Refusal::new("invalid_attachments")),
        };
        if markdown.is_some() && (text.is_some() || blocks.is_some()) {
            return Err(Refusal::new("markdown_text_conflict"));
        }
        if markdown.as_ref().is_some_and(|markdown| markdown.chars().count() > MARKDOWN) {
            return Err(Refusal::new("msg_too_long"));
        }
        Ok(Self { text, is_mrkdwn: arguments.is_on("mrkdwn"), markdown, blocks, attachments })
    }

    /// What a new message says, which is something.
    pub(super) fn for_new(mut self) -> Result<Self, Refusal> {
        if self.is_empty() {
            return Err(Refusal::new("no_text"));
        }
        self.text = self.text.map(|text| text.chars().take(TEXT).collect());
        Ok(self)
    }

    /// What replaces something else. Empty lists are enough: they take things away.
    pub(super) fn for_update(self) -> Result<Self, Refusal> {
        if self.text.as_ref().is_some_and(|text| text.chars().count() > UPDATED_TEXT) {
            return Err(Refusal::new("msg_too_long"));
        }
        if self.is_empty() && self.blocks.is_none() && self.attachments.is_none() {
            return Err(Refusal::new("no_text"));
        }
        Ok(self)
    }

    /// Changes what `other` mentions. Text without blocks takes the blocks away, because they would be shown in its place.
    pub(super) fn apply(&mut self, other: Self) {
        if other.text.is_some() || other.markdown.is_some() || other.blocks.is_some() {
            self.blocks = other.blocks;
            self.markdown = other.markdown;
            self.is_mrkdwn = other.is_mrkdwn;
            self.text = other.text.or(self.text.take().filter(|_| self.markdown.is_none()));
        }
        self.attachments = other.attachments.or(self.attachments.take());
    }

    /// Whether there is nothing to see.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_none()
            && self.markdown.is_none()
            && self.blocks.as_ref().is_none_or(Vec::is_empty)
            && self.attachments.as_ref().is_none_or(Vec::is_empty)
    }
}
