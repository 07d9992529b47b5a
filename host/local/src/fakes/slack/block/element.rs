//! Elements of blocks: buttons and pictures (<https://docs.slack.dev/reference/block-kit/block-elements>).
//!
//! Menus, pickers and inputs need an app that answers, so no notification has them: they are taken as they are.

use serde_json::Value;

use super::check::{Checker, Object};
use super::text::{self, Text};
use crate::fakes::StyledText;

/// Elements that are taken as they are.
const OTHERS: [&str; 17] = [
    "channels_select",
    "checkboxes",
    "conversations_select",
    "datepicker",
    "datetimepicker",
    "external_select",
    "multi_channels_select",
    "multi_conversations_select",
    "multi_external_select",
    "multi_static_select",
    "multi_users_select",
    "overflow",
    "radio_buttons",
    "static_select",
    "timepicker",
    "users_select",
    "workflow_button",
];

/// An element.
#[derive(Clone, Debug)]
pub(super) enum Element {
    Text(Text),
    Button {
        text: Text,
        url: Option<String>,
    },
    Image {
        alt: String,
        url: Option<String>,
    },
    /// Something to choose or fill in.
    Other(String),
}

impl Element {
    /// What people see.
    pub(super) fn shown(&self) -> StyledText {
        let (text, url) = match self {
            Self::Text(text) => return text.shown(),
            Self::Button { text, url } => (format!("[{}]", text.shown().text), url),
            Self::Image { alt, url } => (format!("🖼 {alt}"), url),
            Self::Other(kind) => (format!("[{kind}]"), &None),
        };
        url.as_ref().map_or_else(|| StyledText::plain(&text), |url| StyledText::link(&text, url))
    }
}

/// What a `context` block may hold: texts and pictures.
pub(super) fn of_context(pointer: &str, value: &Value, checker: &mut Checker) -> Option<Element> {
    let kind = value.get("type").and_then(Value::as_str);
    if kind == Some("image") {
        return image(&checker.object(pointer, value)?, checker);
    }
    Some(Element::Text(text::read(pointer, value, 3000, checker)?))
}

/// What an `actions` block may hold.
pub(super) fn of_actions(pointer: &str, value: &Value, checker: &mut Checker) -> Option<Element> {
    let object = checker.object(pointer, value)?;
    interactive(&object, checker)
}

/// What may stand beside the text of a section.
pub(super) fn of_section(pointer: &str, value: &Value, checker: &mut Checker) -> Option<Element> {
    let object = checker.object(pointer, value)?;
    if value.get("type").and_then(Value::as_str) == Some("image") {
        return image(&object, checker);
    }
    interactive(&object, checker)
}

fn interactive(object: &Object<'_>, checker: &mut Checker) -> Option<Element> {
    match object.kind(checker)? {
        "button" => button(object, checker),
        kind if OTHERS.contains(&kind) => Some(Element::Other(kind.replace('_', " "))),
        kind => {
            checker.add(&format!("{}/type", object.pointer()), &format!("unsupported type: {kind}"));
            None
        }
    }
}

fn button(object: &Object<'_>, checker: &mut Checker) -> Option<Element> {
    object.only(&["text", "action_id", "url", "value", "style", "confirm", "accessibility_label"], checker);
    object.string("action_id", 1, 255, checker);
    object.string("value", 1, 2000, checker);
    object.string("accessibility_label", 1, 75, checker);
    let url = object.string("url", 1, 3000, checker).map(str::to_owned);
    if object.string("style", 1, 100, checker).is_some_and(|style| !matches!(style, "primary" | "danger")) {
        checker.add(&format!("{}/style", object.pointer()), "must be a valid enum value");
    }
    let text = text::plain(object, "text", 75, checker)?;
    Some(Element::Button { text, url })
}

/// A picture: of a block, or an element.
pub(super) fn image(object: &Object<'_>, checker: &mut Checker) -> Option<Element> {
    if !object.has("image_url") && !object.has("slack_file") {
        checker.add(object.pointer(), "must define either `image_url` or `slack_file`");
    }
    let url = object.string("image_url", 1, 3000, checker).map(str::to_owned);
    let alt = object.required("alt_text", 1, 2000, checker)?.to_owned();
    Some(Element::Image { alt, url })
}
