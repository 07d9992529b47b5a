//! Block Kit: what Slack refuses about blocks, and how people see them (<https://docs.slack.dev/reference/block-kit/blocks>).
//!
//! Modelled are headers, sections, contexts, actions, images, rich text, markdown and dividers. Those of `OTHERS` are taken as they are and shown by
//! their texts. All others, and those that messages can't have, are refused.

mod check;
mod element;
mod rich_text;
mod text;

use serde_json::{Value, json};

pub(super) use self::check::Checker;
use self::check::Object;
use self::element::Element;
use self::text::Text;
use super::refusal::Refusal;
use crate::fakes::markup::commonmark;
use crate::fakes::{EmbedField, Part, StyleKind, StyledText};

/// Most blocks of a message.
const BLOCKS: usize = 50;
/// Most characters of a `block_id`.
const BLOCK_ID: usize = 255;
/// Most characters of all blocks. No page says it; the API was seen to take about so many of plain blocks, and fewer of some others, in a
/// count of its own (slackapi/bolt-js, issues 2509 and 2867).
const CHARACTERS: usize = 13_200;
/// Most characters of all `markdown` blocks (page "Markdown block").
const MARKDOWN: usize = 12_000;
/// Blocks that are taken as they are.
const OTHERS: [&str; 7] = ["alert", "card", "carousel", "context_actions", "file", "table", "video"];

/// A block.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// As it was sent.
    json: Value,
    look: Look,
}

/// How people see a block.
#[derive(Clone, Debug)]
enum Look {
    Header(Text),
    Section {
        text: Option<Text>,
        fields: Vec<Text>,
        accessory: Option<Element>,
    },
    /// Small texts and pictures beside each other.
    Context(Vec<Element>),
    Actions(Vec<Element>),
    Image {
        title: Option<Text>,
        image: Element,
    },
    Markdown(String),
    RichText(StyledText),
    Divider,
    /// All texts in it.
    Other(String),
}

impl Block {
    /// As the API returns it: with an id.
    pub(super) fn to_json(&self) -> Value {
        let mut block = self.json.clone();
        if let Some(object) = block.as_object_mut() {
            let id: String =
                super::channel::code(&self.json.to_string()).to_lowercase().chars().take(5).collect();
            object.entry("block_id").or_insert_with(|| json!(id));
        }
        block
    }

    /// What people see.
    pub(super) fn shown(&self) -> Option<Part> {
        let text = match &self.look {
            Look::Header(text) => {
                let mut text = text.shown();
                text.styles =
                    vec![crate::fakes::Style { start: 0, end: text.text.len(), kind: StyleKind::Heading }];
                text
            }
            Look::Section { text, fields, accessory } => {
                return Some(section(text.as_ref(), fields, accessory.as_ref()));
            }
            Look::Context(elements) | Look::Actions(elements) => {
                StyledText::joined("  ", elements.iter().map(Element::shown))
            }
            Look::Image { title, image } => {
                StyledText::joined("\n", title.iter().map(Text::shown).chain(std::iter::once(image.shown())))
            }
            Look::Markdown(text) => commonmark::read(text),
            Look::RichText(text) => text.clone(),
            Look::Divider => StyledText { text: "———".to_owned(), styles: Vec::new() },
            Look::Other(text) => StyledText { text: text.clone(), styles: Vec::new() },
        };
        (!text.text.is_empty()).then_some(Part::Text(text))
    }

    fn characters(&self) -> usize {
        texts(&self.json).map(|text| text.chars().count()).sum()
    }
}

/// Reads the argument `blocks`.
pub(super) fn read(items: &[Value]) -> Result<Vec<Block>, Refusal> {
    let mut checker = Checker::default();
    let blocks = read_at("/blocks", items, &mut checker);
    checker.into_result()?;
    let is_markdown = |block: &&Block| matches!(block.look, Look::Markdown(_));
    let markdown: usize = blocks.iter().filter(is_markdown).map(Block::characters).sum();
    if blocks.iter().map(Block::characters).sum::<usize>() > CHARACTERS || markdown > MARKDOWN {
        return Err(Refusal::new("msg_blocks_too_long"));
    }
    Ok(blocks)
}

/// Reads blocks that are at `pointer`.
pub(super) fn read_at(pointer: &str, items: &[Value], checker: &mut Checker) -> Vec<Block> {
    checker.count(pointer, items.len(), 0, BLOCKS);
    let block = |(index, item): (usize, &Value)| {
        let pointer = format!("{pointer}/{index}");
        let object = checker.object(&pointer, item)?;
        let look = look(&object, checker)?;
        object.string("block_id", 1, BLOCK_ID, checker);
        Some(Block { json: item.clone(), look })
    };
    items.iter().enumerate().filter_map(block).collect()
}

fn look(block: &Object<'_>, checker: &mut Checker) -> Option<Look> {
    match block.kind(checker)? {
        "header" => {
            block.only(&["text"], checker);
            Some(Look::Header(text::plain(block, "text", 150, checker)?))
        }
        "section" => {
            block.only(&["text", "fields", "accessory", "expand"], checker);
            read_section(block, checker)
        }
        "context" => {
            block.only(&["elements"], checker);
            Some(Look::Context(block.list("elements", 10, checker, element::of_context)?))
        }
        "actions" => {
            block.only(&["elements"], checker);
            Some(Look::Actions(block.list("elements", 25, checker, element::of_actions)?))
        }
        "image" => {
            block.only(&["image_url", "slack_file", "alt_text", "title"], checker);
            let title = if block.has("title") { text::plain(block, "title", 2000, checker) } else { None };
            Some(Look::Image { title, image: element::image(block, checker)? })
        }
        "markdown" => {
            block.only(&["text"], checker);
            Some(Look::Markdown(block.required("text", 1, MARKDOWN, checker)?.to_owned()))
        }
        "rich_text" => Some(Look::RichText(rich_text::read(block, checker)?)),
        "divider" => {
            block.only(&[], checker);
            Some(Look::Divider)
        }
        kind if OTHERS.contains(&kind) => {
            Some(Look::Other(texts(block.json()).collect::<Vec<_>>().join(" ")))
        }
        kind => {
            checker.add(&format!("{}/type", block.pointer()), &format!("unsupported type: {kind}"));
            None
        }
    }
}

fn read_section(block: &Object<'_>, checker: &mut Checker) -> Option<Look> {
    if !block.has("text") && !block.has("fields") {
        checker.add(&format!("{}/type", block.pointer()), "must define either `text` or `fields`");
        return None;
    }
    let text = if block.has("text") { Some(text::any(block, "text", 3000, checker)?) } else { None };
    let fields = if block.has("fields") {
        let field =
            |pointer: &str, item: &Value, checker: &mut Checker| text::read(pointer, item, 2000, checker);
        block.list("fields", 10, checker, field)?
    } else {
        Vec::new()
    };
    let accessory = match block.child("accessory") {
        Some((pointer, item)) => Some(element::of_section(&pointer, item, checker)?),
        None => None,
    };
    Some(Look::Section { text, fields, accessory })
}

/// A section is text, or a card without a bar if it has fields.
fn section(text: Option<&Text>, fields: &[Text], accessory: Option<&Element>) -> Part {
    let shown = text.map(Text::shown).into_iter().chain(accessory.map(Element::shown));
    let description = StyledText::joined("  ", shown);
    if fields.is_empty() {
        return Part::Text(description);
    }
    let field = |text: &Text| EmbedField { name: String::new(), value: text.shown(), inline: true };
    Part::Embed {
        color: None,
        title: None,
        description: Some(description).filter(|description| !description.text.is_empty()),
        fields: fields.iter().map(field).collect(),
        footer: None,
        timestamp: None,
    }
}

/// Everything that is named `text` and is text.
fn texts(value: &Value) -> Box<dyn Iterator<Item = &str> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter().flat_map(texts)),
        Value::Object(object) => Box::new(object.iter().flat_map(|(name, value)| {
            let own = value.as_str().filter(|_| name == "text");
            own.into_iter().chain(texts(value))
        })),
        _ => Box::new(std::iter::empty()),
    }
}
