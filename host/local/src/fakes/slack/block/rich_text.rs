//! Text whose elements say what it looks like (<https://docs.slack.dev/reference/block-kit/blocks/rich-text-block>).
//!
//! No text in it is read for markup, entities or the names of emoji.

use serde_json::Value;

use super::check::{Checker, Object};
use crate::fakes::markup::emoji;
use crate::fakes::{Style, StyleKind, StyledText};

/// What a `style` may say. The last three are not seen.
const STYLES: [&str; 8] =
    ["bold", "italic", "underline", "strike", "code", "highlight", "client_highlight", "unlink"];
/// Levels of a list that is within another. The page names no end; the client has nine.
const INDENT: u64 = 8;

/// What people see of the block: its parts are on lines of their own.
pub(super) fn read(block: &Object<'_>, checker: &mut Checker) -> Option<StyledText> {
    block.only(&["elements"], checker);
    let parts = block.list("elements", usize::MAX, checker, part)?;
    Some(StyledText::joined("\n", parts))
}

fn part(pointer: &str, value: &Value, checker: &mut Checker) -> Option<StyledText> {
    let part = checker.object(pointer, value)?;
    match part.kind(checker)? {
        "rich_text_section" => section(&part, &["elements"], checker),
        "rich_text_quote" => {
            Some(within(StyleKind::Quote, section(&part, &["elements", "border"], checker)?))
        }
        "rich_text_preformatted" => {
            let text = section(&part, &["elements", "border", "language"], checker)?;
            Some(within(StyleKind::Pre { language: None }, text))
        }
        "rich_text_list" => list(&part, checker),
        kind => unsupported(pointer, kind, checker),
    }
}

fn section(part: &Object<'_>, fields: &[&str], checker: &mut Checker) -> Option<StyledText> {
    part.only(fields, checker);
    Some(StyledText::joined("", part.list("elements", usize::MAX, checker, element)?))
}

fn list(part: &Object<'_>, checker: &mut Checker) -> Option<StyledText> {
    part.only(&["elements", "style", "indent", "offset", "border"], checker);
    let number = |name: &str| part.child(name).and_then(|(_, value)| value.as_u64()).unwrap_or_default();
    let (indent, offset) = (number("indent").min(INDENT), number("offset"));
    let style = part.required("style", 1, 100, checker)?;
    let items = part.list("elements", usize::MAX, checker, part_of_list)?;
    let margin = "  ".repeat(usize::try_from(indent).unwrap_or_default());
    let marks = (1..).map(|item: u64| match style {
        "ordered" => format!("{margin}{}. ", item.saturating_add(offset)),
        _ => format!("{margin}• "),
    });
    let lines = marks.zip(items).map(|(mark, item)| StyledText::joined("", [StyledText::plain(&mark), item]));
    Some(StyledText::joined("\n", lines))
}

fn part_of_list(pointer: &str, value: &Value, checker: &mut Checker) -> Option<StyledText> {
    let part = checker.object(pointer, value)?;
    match part.kind(checker)? {
        "rich_text_section" => section(&part, &["elements"], checker),
        kind => unsupported(pointer, kind, checker),
    }
}

fn element(pointer: &str, value: &Value, checker: &mut Checker) -> Option<StyledText> {
    let element = checker.object(pointer, value)?;
    let named = |field: &str, mark: &str, checker: &mut Checker| {
        element.only(&[field, "style"], checker);
        let name = format!("{mark}{}", element.required(field, 1, 100, checker)?);
        Some(within(StyleKind::Mention { name: name.clone() }, StyledText::plain(&name)))
    };
    let shown = match element.kind(checker)? {
        "text" => {
            element.only(&["text", "style"], checker);
            StyledText::plain(element.required("text", 1, usize::MAX, checker)?)
        }
        "link" => {
            element.only(&["url", "text", "unsafe", "style"], checker);
            let url = element.required("url", 1, 3000, checker)?;
            StyledText::link(element.string("text", 0, usize::MAX, checker).unwrap_or(url), url)
        }
        "emoji" => {
            element.only(&["name", "unicode", "skin_tone", "url", "style"], checker);
            let name = element.required("name", 1, 100, checker)?;
            StyledText::plain(&emoji::named(name).map_or_else(|| format!(":{name}:"), str::to_owned))
        }
        "date" => {
            element.only(&["timestamp", "format", "url", "fallback", "style"], checker);
            StyledText::plain(element.string("fallback", 0, usize::MAX, checker).unwrap_or("(a time)"))
        }
        "color" => {
            element.only(&["value", "style"], checker);
            StyledText::plain(element.required("value", 1, 100, checker)?)
        }
        "user" => named("user_id", "@", checker)?,
        "usergroup" => named("usergroup_id", "@", checker)?,
        "channel" => named("channel_id", "#", checker)?,
        "broadcast" => named("range", "@", checker)?,
        kind => return unsupported(pointer, kind, checker),
    };
    Some(styles(&element, checker).into_iter().fold(shown, |text, kind| within(kind, text)))
}

fn styles(element: &Object<'_>, checker: &mut Checker) -> Vec<StyleKind> {
    let Some((pointer, value)) = element.child("style") else { return Vec::new() };
    let Some(style) = checker.object(&pointer, value) else { return Vec::new() };
    style.only(&STYLES, checker);
    let is_on = |name: &str| style.child(name).is_some_and(|(_, value)| value == &Value::Bool(true));
    [
        ("bold", StyleKind::Bold),
        ("italic", StyleKind::Italic),
        ("underline", StyleKind::Underline),
        ("strike", StyleKind::Strike),
        ("code", StyleKind::Code),
    ]
    .into_iter()
    .filter_map(|(name, kind)| is_on(name).then_some(kind))
    .collect()
}

fn within(kind: StyleKind, mut text: StyledText) -> StyledText {
    // Whatever is around comes first, as everywhere.
    text.styles.insert(0, Style { start: 0, end: text.text.len(), kind });
    text
}

fn unsupported(pointer: &str, kind: &str, checker: &mut Checker) -> Option<StyledText> {
    checker.add(&format!("{pointer}/type"), &format!("unsupported type: {kind}"));
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(elements: &Value) -> Result<StyledText, String> {
        let mut checker = Checker::default();
        let block = json!({ "type": "rich_text", "elements": elements });
        let object = checker.object("/blocks/0", &block).unwrap();
        let text = read(&object, &mut checker);
        checker.into_result().map_err(|refusal| format!("{refusal:?}"))?;
        Ok(text.unwrap())
    }

    fn section(elements: &Value) -> Value {
        json!([{ "type": "rich_text_section", "elements": elements }])
    }

    #[test]
    fn elements_say_what_text_looks_like_and_text_does_not() {
        let text = shown(&section(&json!([
            { "type": "text", "text": "*Heating* &lt;off&gt; ", "style": { "bold": true } },
            { "type": "link", "url": "https://example.com", "text": "more" },
            { "type": "text", "text": " " },
            { "type": "user", "user_id": "U012AB3CD" },
        ])))
        .unwrap();
        assert_eq!(text.text, "*Heating* &lt;off&gt; more @U012AB3CD");
        let kinds: Vec<(&str, StyleKind)> = text
            .styles
            .iter()
            .map(|style| (text.text.get(style.start..style.end).unwrap(), style.kind.clone()))
            .collect();
        assert_eq!(
            kinds,
            [
                ("*Heating* &lt;off&gt; ", StyleKind::Bold),
                ("more", StyleKind::Link { url: "https://example.com".into() }),
                ("@U012AB3CD", StyleKind::Mention { name: "@U012AB3CD".into() }),
            ]
        );
    }

    #[test]
    fn parts_are_on_lines_of_their_own() {
        let words = |text: &str| json!([{ "type": "text", "text": text }]);
        let item = |text: &str| json!({ "type": "rich_text_section", "elements": words(text) });
        let text = shown(&json!([
            { "type": "rich_text_section", "elements": words("a") },
            { "type": "rich_text_quote", "elements": words("b") },
            { "type": "rich_text_preformatted", "elements": words("c\nd") },
            { "type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [item("e"), item("f")] },
            { "type": "rich_text_list", "style": "bullet", "elements": [item("g")] },
        ]))
        .unwrap();
        assert_eq!(text.text, "a\nb\nc\nd\n  1. e\n  2. f\n• g");
        let kinds: Vec<&StyleKind> = text.styles.iter().map(|style| &style.kind).collect();
        assert_eq!(kinds, [&StyleKind::Quote, &StyleKind::Pre { language: None }]);
    }

    #[test]
    fn what_slack_would_not_take_is_refused_with_its_place() {
        for (elements, place) in [
            (json!([{ "type": "text", "text": "x" }]), "/blocks/0/elements/0/type"),
            (section(&json!([{ "type": "text", "text": "" }])), "/blocks/0/elements/0/elements/0/text"),
            (
                section(&json!([{ "type": "text", "text": "x", "style": { "heavy": true } }])),
                "/blocks/0/elements/0/elements/0/style",
            ),
            (section(&json!([{ "type": "marquee" }])), "/blocks/0/elements/0/elements/0/type"),
            (json!([{ "type": "rich_text_list", "elements": [] }]), "/blocks/0/elements/0"),
            (json!([]), "/blocks/0/elements"),
        ] {
            let refusal = shown(&elements).unwrap_err();
            assert!(refusal.contains(place), "{elements}: {refusal}");
        }
    }
}
