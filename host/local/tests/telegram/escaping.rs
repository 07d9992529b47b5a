//! Whatever a device says: escaped, it arrives as it is.

use campanile_local::fakes::telegram::entities::{FormattedText, ParseMode, clean, parse};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{ask, fake, post, shown_text};

fn html_escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn markdown_escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if r"_*[]()~`>#+-=|{}.!\".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Any text, with more markup and control characters than chance would give.
fn hostile_text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        any::<char>(),
        proptest::sample::select(r"_*[]()~`>#+-=|{}.!\<&;/ab".chars().collect::<Vec<_>>()),
        proptest::sample::select(vec!['\n', '\r', '\t', '\0', ' ', '\u{200F}', '\u{2028}', '😀'])
    ];
    proptest::collection::vec(character, 0..60).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn escaped_html_is_the_text_without_entities(text in hostile_text()) {
        let plain = FormattedText { text: text.clone(), entities: Vec::new() };
        prop_assert_eq!(parse(ParseMode::Html, &html_escape(&text)), Ok(plain));
    }

    #[test]
    fn escaped_markdown_v2_is_the_text_without_entities(text in hostile_text()) {
        let plain = FormattedText { text: text.clone(), entities: Vec::new() };
        prop_assert_eq!(parse(ParseMode::MarkdownV2, &markdown_escape(&text)), Ok(plain));
    }

    #[test]
    fn the_fake_shows_escaped_text_as_it_shows_plain_text(text in hostile_text()) {
        let cleaned = clean(FormattedText { text: text.clone(), entities: Vec::new() });
        for (mode, markup) in [("", text.clone()), ("HTML", html_escape(&text)), ("MarkdownV2", markdown_escape(&text))] {
            let body = json!({ "chat_id": 1, "text": markup, "parse_mode": mode });
            let (status, _, shown) = ask(&fake(), &post("sendMessage", &body));
            match &cleaned {
                Ok(cleaned) => prop_assert_eq!(&shown_text(shown).text, &cleaned.text),
                Err(_) => prop_assert_eq!(status, 400),
            }
        }
    }

    #[test]
    fn styles_are_never_empty_and_never_leave_the_text(markup in hostile_text()) {
        for mode in ["HTML", "Markdown", "MarkdownV2"] {
            let body = json!({ "chat_id": 1, "text": markup, "parse_mode": mode });
            let (_, _, shown) = ask(&fake(), &post("sendMessage", &body));
            let Some(shown) = shown else { continue };
            let text = shown_text(Some(shown));
            for style in &text.styles {
                prop_assert!(text.text.get(style.start..style.end).is_some_and(|part| !part.is_empty()));
            }
        }
    }
}
