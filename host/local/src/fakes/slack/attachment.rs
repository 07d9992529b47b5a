//! Attachments: what stands beside a coloured bar
//! (<https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments>).

use serde_json::{Map, Value};

use super::block::{self, Block, Checker};
use super::mrkdwn;
use super::refusal::Refusal;
use crate::fakes::{EmbedField, Part, StyledText};

/// An attachment.
#[derive(Clone, Debug)]
pub(super) struct Attachment {
    /// As it was sent.
    json: Value,
    blocks: Vec<Block>,
}

/// Reads the argument `attachments`.
pub(super) fn read(items: &[Value]) -> Result<Vec<Attachment>, Refusal> {
    let mut checker = Checker::default();
    let mut attachments = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if !item.is_object() {
            return Err(Refusal::new("invalid_attachments"));
        }
        let blocks = item.get("blocks").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let blocks = block::read_at(&format!("/attachments/{index}/blocks"), blocks, &mut checker);
        attachments.push(Attachment { json: item.clone(), blocks });
    }
    checker.into_result()?;
    if attachments.iter().any(Attachment::is_empty) {
        return Err(Refusal::new("no_text"));
    }
    Ok(attachments)
}

impl Attachment {
    /// As the API returns it.
    pub(super) fn to_json(&self) -> Value {
        self.json.clone()
    }

    /// What people see: the card beside the bar, with the blocks' texts one below the other.
    pub(super) fn shown(&self) -> Part {
        let text = |name: &str| self.field(name).map(mrkdwn::read);
        let mut fields: Vec<EmbedField> =
            self.list("fields").filter_map(Value::as_object).map(field).collect();
        let mut lines: Vec<StyledText> = ["pretext", "text"].into_iter().filter_map(text).collect();
        for part in self.blocks.iter().filter_map(Block::shown) {
            match part {
                Part::Text(text) => lines.push(text),
                Part::Embed { description, fields: inner, .. } => {
                    lines.extend(description);
                    fields.extend(inner);
                }
            }
        }
        Part::Embed {
            color: self.field("color").and_then(color),
            title: text("title"),
            description: Some(StyledText::joined("\n", lines)).filter(|text| !text.text.is_empty()),
            fields,
            footer: self.field("footer").map(str::to_owned),
            timestamp: self.timestamp(),
        }
    }

    fn is_empty(&self) -> bool {
        let names = ["pretext", "text", "title", "fallback", "footer", "author_name", "image_url"];
        self.blocks.is_empty()
            && self.list("fields").next().is_none()
            && names.iter().all(|name| self.field(name).is_none())
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.json.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    fn list(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.json.get(name).and_then(Value::as_array).into_iter().flatten()
    }

    /// The field `ts`, in seconds.
    fn timestamp(&self) -> Option<String> {
        let ts = self.json.get("ts")?;
        let seconds = ts.as_i64().or_else(|| ts.as_str()?.split('.').next()?.parse().ok())?;
        jiff::Timestamp::from_second(seconds).ok().map(|time| time.to_string())
    }
}

fn field(field: &Map<String, Value>) -> EmbedField {
    let text = |name: &str| field.get(name).and_then(Value::as_str).unwrap_or_default();
    EmbedField {
        name: mrkdwn::plain(text("title")).text,
        value: mrkdwn::read(text("value")),
        inline: field.get("short") == Some(&Value::Bool(true)),
    }
}

/// A name, or a number in hexadecimal.
fn color(text: &str) -> Option<u32> {
    match text {
        "good" => Some(0x2e_b8_86),
        "warning" => Some(0xda_a0_38),
        "danger" => Some(0xa3_02_00),
        _ => u32::from_str_radix(text.trim_start_matches('#'), 16).ok().filter(|color| *color <= 0xff_ff_ff),
    }
}
