//! JSON, pretty printed and coloured. Works on the text, so that digits and the order of keys stay as they were sent.

use maud::{Markup, html};

/// Bytes of JSON that are coloured; more than that is plain text, so that no page gets heavy.
const COLOURED: usize = 64 * 1024;

/// A text: as JSON if it is, else as it stands.
pub(in crate::web) fn pretty(text: &str) -> Markup {
    let is_json = text.len() <= COLOURED && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    html! {
        pre.code tabindex="0" {
            @if is_json { @for (class, token) in tokens(text) { (coloured(class, &token)) } } @else { (text) }
        }
    }
}

fn coloured(class: &str, token: &str) -> Markup {
    html! { @if class.is_empty() { (token) } @else { span.(class) { (token) } } }
}

/// The words of a valid JSON text, with white space as people lay it out.
fn tokens(text: &str) -> Vec<(&'static str, String)> {
    let (mut found, mut depth, mut rest): (Vec<(&str, String)>, usize, _) = (Vec::new(), 0, text.trim());
    let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
    while let Some(first) = rest.chars().next() {
        let length = length(rest, first);
        let (word, after) = rest.split_at(length);
        rest = after.trim_start();
        match first {
            '{' | '[' if rest.starts_with(['}', ']']) => {
                found.push(("", format!("{word}{}", rest.get(..1).unwrap_or_default())));
                rest = rest.get(1..).unwrap_or_default().trim_start();
            }
            '{' | '[' => {
                depth += 1;
                found.push(("", format!("{word}{}", line(depth))));
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                found.push(("", format!("{}{word}", line(depth))));
            }
            ',' => found.push(("", format!(",{}", line(depth)))),
            ':' => found.push(("", ": ".to_owned())),
            '"' if rest.starts_with(':') => found.push(("key", word.to_owned())),
            '"' => found.push(("string", word.to_owned())),
            '-' | '0'..='9' => found.push(("number", word.to_owned())),
            _ => found.push(("literal", word.to_owned())),
        }
    }
    found
}

/// Bytes of the word that `text` begins with.
fn length(text: &str, first: char) -> usize {
    match first {
        '{' | '}' | '[' | ']' | ',' | ':' => 1,
        '"' => {
            let mut escaped = false;
            let end = text.char_indices().skip(1).find(|(_, character)| {
                let ends = *character == '"' && !escaped;
                escaped = *character == '\\' && !escaped;
                ends
            });
            end.map_or(text.len(), |(at, _)| at + 1)
        }
        _ => {
            text.find([',', ':', '}', ']', ' ', '\n', '\r', '\t']).filter(|at| *at > 0).unwrap_or(text.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(text: &str) -> String {
        tokens(text).into_iter().map(|(_, token)| token).collect()
    }

    #[test]
    fn layout_changes_white_space_only() {
        let text = r#" {"b":[1.50,-2e+9,[],{} ],"a\"}":"x\\","n":null} "#;
        let expected = "{\n  \"b\": [\n    1.50,\n    -2e+9,\n    [],\n    {}\n  ],\n  \"a\\\"}\": \"x\\\\\",\n  \"n\": null\n}";
        assert_eq!(laid_out(text), expected);
    }

    #[test]
    fn what_is_no_json_stays_as_it_is_and_text_stays_text() {
        assert_eq!(pretty("{a").into_string(), "<pre class=\"code\" tabindex=\"0\">{a</pre>");
        let html = pretty(r#"{"<b>":"</pre><script>"}"#).into_string();
        assert!(!html.contains("<script>") && !html.contains("<b>"), "{html}");
    }
}
