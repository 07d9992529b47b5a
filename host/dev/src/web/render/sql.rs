//! Rule SQL, coloured, with the places that something was found at. It colours; what the words mean, the rules know.

use std::ops::Range;

use maud::{Markup, html};

const KEYWORDS: [&str; 25] = [
    "select",
    "value",
    "as",
    "from",
    "where",
    "and",
    "or",
    "not",
    "in",
    "exists",
    "is",
    "undefined",
    "null",
    "true",
    "false",
    "case",
    "when",
    "then",
    "else",
    "end",
    "set",
    "unnest",
    "cast",
    "like",
    "between",
];

/// A statement; `marks` are bytes of it that something is wrong with.
pub(in crate::web) fn statement(sql: &str, marks: &[Range<usize>]) -> Markup {
    html! {
        pre.code.sql tabindex="0" {
            @for (start, word) in placed(sql) {
                @let end = start + word.len();
                @let is_marked = marks.iter().any(|mark| start < mark.end.max(mark.start + 1) && end > mark.start);
                (coloured(word, is_marked))
            }
            // A mistake may be that something is missing at the end.
            @if marks.iter().any(|mark| mark.start >= sql.len()) { mark.end { " " } }
        }
    }
}

fn coloured(word: &str, is_marked: bool) -> Markup {
    let class = class(word);
    html! {
        @if is_marked { mark { (word) } } @else if class.is_empty() { (word) } @else { span.(class) { (word) } }
    }
}

fn class(word: &str) -> &'static str {
    let first = word.chars().next().unwrap_or_default();
    if first == '\'' || first == '"' {
        "string"
    } else if first.is_ascii_digit() {
        "number"
    } else if KEYWORDS.contains(&word.to_ascii_lowercase().as_str()) {
        "keyword"
    } else {
        ""
    }
}

/// The words with their first bytes.
fn placed(sql: &str) -> impl Iterator<Item = (usize, &str)> {
    words(sql).into_iter().scan(0, |at, word| {
        let start = *at;
        *at += word.len();
        Some((start, word))
    })
}

/// All of the text: names and numbers, texts in quotes, white space, and single characters.
fn words(sql: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), sql);
    while let Some(first) = rest.chars().next() {
        let is_word = |character: char| character.is_alphanumeric() || character == '_';
        let end = if first == '\'' || first == '"' {
            rest.char_indices().skip(1).find(|(_, character)| *character == first).map(|(at, _)| at + 1)
        } else if is_word(first) {
            rest.find(|character| !is_word(character))
        } else if first.is_whitespace() {
            rest.find(|character: char| !character.is_whitespace())
        } else {
            Some(first.len_utf8())
        };
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        found.push(word);
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_shown_once() {
        for sql in ["SELECT * FROM 'a/+/b' WHERE x <> 'ü\"' AND y = 1.5", "'open", "", "ä=ö"] {
            assert_eq!(words(sql).concat(), sql);
        }
    }

    #[test]
    fn the_place_of_a_mistake_is_marked() {
        let html = statement("SELECT * FRM 'a'", std::slice::from_ref(&(9..12))).into_string();
        assert!(html.contains("<mark>FRM</mark>"), "{html}");
        assert!(
            statement("SELECT", std::slice::from_ref(&(6..6))).into_string().contains("<mark class=\"end\">")
        );
    }
}
