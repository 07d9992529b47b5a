//! Answers of TDLib 1.8.67, recorded with `parseTextEntities` (`markup.jsonl`) and `parseMarkdown` (`cleaning.jsonl`) of
//! its JSON interface.
//!
//! Rows `tdlib-…` have the inputs of `check_parse_html` and `check_parse_markdown` in TDLib's `test/message_entities.cpp`
//! (Boost Software Licence 1.0); `random-…`, `nested-…`, `url-…` and `clean-…` are random; the others are our own.

use campanile_local::fakes::telegram::entities::{
    Entity, EntityKind, FormattedText, ParseMode, User, clean, parse,
};
use serde_json::{Value, json};

#[test]
fn markup_is_read_and_refused_as_tdlib_does() {
    let count = each_row(include_str!("markup.jsonl"), |row| {
        let mode = match text(row, "mode") {
            "html" => ParseMode::Html,
            "markdown" => ParseMode::Markdown,
            "markdown-v2" => ParseMode::MarkdownV2,
            other => panic!("unknown mode {other}"),
        };
        parse(mode, text(row, "input")).map_err(|error| error.to_string())
    });
    println!("{count} rows of markup");
    assert!(count > 700, "rows are missing");
}

#[test]
fn control_characters_and_nesting_are_cleaned_as_tdlib_does() {
    let count = each_row(include_str!("cleaning.jsonl"), |row| {
        let entities = row["input_entities"].as_array().unwrap().iter().map(entity).collect();
        let input = FormattedText { text: text(row, "input").to_owned(), entities };
        clean(input).map_err(|error| error.to_string())
    });
    println!("{count} rows of cleaning");
    assert!(count > 150, "rows are missing");
}

/// Compares what `answer` gives for each row with what the row says, and counts the rows.
fn each_row(rows: &str, answer: impl Fn(&Value) -> Result<FormattedText, String>) -> usize {
    let mut count = 0;
    for line in rows.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let expected = match row.get("error") {
            Some(error) => json!({ "error": error }),
            None => json!({ "text": row["text"], "entities": row["entities"] }),
        };
        let answered = match answer(&row) {
            Ok(text) => json!({ "text": text.text, "entities": text.entities }),
            Err(error) => json!({ "error": error }),
        };
        assert_eq!(answered, expected, "{}: {:?}", row["id"], text(&row, "input"));
        count += 1;
    }
    count
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

fn entity(value: &Value) -> Entity {
    let number = |name: &str| usize::try_from(value[name].as_u64().unwrap()).unwrap();
    let kind = match text(value, "type") {
        "bold" => EntityKind::Bold,
        "italic" => EntityKind::Italic,
        "underline" => EntityKind::Underline,
        "strikethrough" => EntityKind::Strikethrough,
        "spoiler" => EntityKind::Spoiler,
        "code" => EntityKind::Code,
        "pre" => EntityKind::Pre { language: text(value, "language").to_owned() },
        "text_link" => EntityKind::TextLink { url: text(value, "url").to_owned() },
        "text_mention" => {
            EntityKind::TextMention { user: User { id: value["user"]["id"].as_i64().unwrap() } }
        }
        "custom_emoji" => {
            EntityKind::CustomEmoji { custom_emoji_id: text(value, "custom_emoji_id").to_owned() }
        }
        "date_time" => EntityKind::DateTime {
            unix_time: i32::try_from(value["unix_time"].as_i64().unwrap()).unwrap(),
            date_time_format: text(value, "date_time_format").to_owned(),
        },
        "blockquote" => EntityKind::Blockquote,
        "expandable_blockquote" => EntityKind::ExpandableBlockquote,
        other => panic!("unknown entity {other}"),
    };
    Entity { offset: number("offset"), length: number("length"), kind }
}
