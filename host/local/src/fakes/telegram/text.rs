//! The text of a message: parameters `text`, `parse_mode`, `entities` and `link_preview_options`.

use serde_json::Value;

use super::entities::{
    Entity, EntityKind, FormattedText, ParseMode, Target, TextError, User, clean, first_hundred,
    normalized_format, parse, target,
};
use super::json_object::JsonObject;
use super::parameters::Parameters;
use super::refusal::Refusal;

/// Largest size of a text with its markup in bytes (`get_formatted_text`).
const MAX_MARKUP_BYTES: usize = 1 << 15;

/// Reads the text of a message.
///
/// The outer error is what the Bot API refuses before it looks at the chat, the inner one what TDLib does afterwards.
pub(super) fn read(parameters: &Parameters) -> Result<Result<FormattedText, Refusal>, Refusal> {
    let text = parameters.get("text");
    if text.is_empty() {
        return Err(Refusal::bad_request("Message text is empty"));
    }
    if text.len() > MAX_MARKUP_BYTES {
        return Err(Refusal::bad_request("Text is too long"));
    }
    let mode = match parameters.get("parse_mode").to_ascii_lowercase().as_str() {
        "" | "none" => None,
        "html" => Some(ParseMode::Html),
        "markdown" => Some(ParseMode::Markdown),
        "markdownv2" => Some(ParseMode::MarkdownV2),
        _ => return Err(Refusal::bad_request("Unsupported parse_mode")),
    };
    let formatted = match mode {
        Some(mode) => Ok(parse(mode, text)
            .map_err(|error| Refusal::bad_request(&format!("Can't parse entities: {error}")))?),
        None => with_entities(text, parameters.get("entities"))?,
    };
    Ok(formatted.and_then(|formatted| {
        let FormattedText { text, entities } =
            clean(formatted).map_err(|error| Refusal::bad_request(&error.to_string()))?;
        Ok(FormattedText { text, entities: first_hundred(entities) })
    }))
}

/// Whether the message shows no preview of its links.
pub(super) fn preview_disabled(parameters: &Parameters) -> Result<bool, Refusal> {
    let options = parameters.get("link_preview_options");
    if options.is_empty() {
        return Ok(parameters.flag("disable_web_page_preview"));
    }
    let options: Value = serde_json::from_str(options)
        .map_err(|_| Refusal::bad_request("Can't parse link preview options JSON object"))?;
    let options = options.as_object().map(JsonObject);
    let options = options.ok_or_else(|| Refusal::bad_request("Object expected as link preview options"))?;
    read_preview(options).map_err(|words| Refusal::bad_request(&words))
}

fn read_preview(options: JsonObject<'_>) -> Result<bool, String> {
    let disabled = options.optional_flag("is_disabled")?;
    options.optional_text("url")?;
    for name in ["prefer_small_media", "prefer_large_media", "show_above_text"] {
        options.optional_flag(name)?;
    }
    Ok(disabled)
}

/// Text with the entities of the parameter, which counts as absent if it is no JSON array (`get_input_entities`).
fn with_entities(text: &str, entities: &str) -> Result<Result<FormattedText, Refusal>, Refusal> {
    let entities = serde_json::from_str(entities).ok();
    let Some(Value::Array(items)) = entities else {
        return Ok(Ok(FormattedText { text: text.to_owned(), entities: Vec::new() }));
    };
    let read: Result<Vec<_>, _> = items.iter().map(InputEntity::read).collect();
    let read = read.map_err(|words| Refusal::bad_request(&format!("Can't parse MessageEntity: {words}")))?;
    let entities: Result<Vec<_>, _> = read.into_iter().flatten().map(InputEntity::check).collect();
    Ok(entities
        .map(|entities| FormattedText { text: text.to_owned(), entities })
        .map_err(|words| Refusal::bad_request(&words)))
}

/// An entity as the request has it.
#[derive(Debug)]
struct InputEntity {
    offset: i32,
    length: i32,
    kind: EntityKind,
}

impl InputEntity {
    /// Reads a `MessageEntity`; `None` for the kinds that Telegram finds for itself.
    fn read(value: &Value) -> Result<Option<Self>, String> {
        let object = value.as_object().map(JsonObject).ok_or("expected an Object")?;
        let (offset, length) = (object.number("offset")?, object.number("length")?);
        Ok(kind(object)?.map(|kind| Self { offset, length, kind }))
    }

    /// The entity, if its link goes somewhere and its range is one (`get_message_entities`, `fix_formatted_text`).
    fn check(self) -> Result<Entity, String> {
        let kind = match self.kind {
            EntityKind::TextLink { url } => match target(&url) {
                Ok(Target::User(id)) => EntityKind::TextMention { user: User { id } },
                Ok(Target::Url(url)) => EntityKind::TextLink { url },
                Err(error) => return Err(format!("Entity URL '{url}' is invalid: {error}")),
            },
            kind => kind,
        };
        let offset =
            usize::try_from(self.offset).map_err(|_| TextError::Offset(self.offset.into()).to_string())?;
        let length =
            usize::try_from(self.length).map_err(|_| TextError::Length(self.length.into()).to_string())?;
        Ok(Entity { offset, length, kind })
    }
}

fn kind(object: JsonObject<'_>) -> Result<Option<EntityKind>, String> {
    let kind = match object.text("type")?.as_str() {
        "" => return Err("Type is not specified".to_owned()),
        "bold" => EntityKind::Bold,
        "italic" => EntityKind::Italic,
        "underline" => EntityKind::Underline,
        "strikethrough" => EntityKind::Strikethrough,
        "spoiler" => EntityKind::Spoiler,
        "code" => EntityKind::Code,
        "pre" => EntityKind::Pre { language: object.optional_text("language")? },
        "text_link" => EntityKind::TextLink { url: object.text("url")? },
        "text_mention" => EntityKind::TextMention { user: User { id: object.object("user")?.number("id")? } },
        "custom_emoji" => {
            EntityKind::CustomEmoji { custom_emoji_id: object.number::<i64>("custom_emoji_id")?.to_string() }
        }
        "date_time" => EntityKind::DateTime {
            unix_time: object.number("unix_time")?,
            date_time_format: normalized_format(&object.optional_text("date_time_format")?)
                .ok_or("Invalid date format used")?,
        },
        "blockquote" => EntityKind::Blockquote,
        "expandable_blockquote" => EntityKind::ExpandableBlockquote,
        "mention" | "hashtag" | "cashtag" | "bot_command" | "url" | "email" | "phone_number"
        | "bank_card_number" => {
            return Ok(None);
        }
        _ => return Err("Unsupported type specified".to_owned()),
    };
    Ok(Some(kind))
}
