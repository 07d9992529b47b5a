//! Titles and bodies that no channel has to be afraid of.

use crate::notification::TextFormat;
use crate::text::{one_line, shorten};

/// Largest title, in bytes.
pub const TITLE_BYTES: usize = 8 * 1024;

/// Largest body, in bytes.
pub const BODY_BYTES: usize = 64 * 1024;

/// Largest line of built-in words, in bytes. A device's name and two statuses have at most 256.
const LINE_BYTES: usize = 1024;

/// `title` on one line, and all of `suffix`.
pub(super) fn title(title: &str, suffix: &str) -> String {
    let room = TITLE_BYTES.saturating_sub(suffix.len());
    format!("{}{suffix}", shorten(&one_line(title), room))
}

/// Built-in words around what a device calls itself.
pub(super) fn line(line: &str) -> String {
    shorten(&one_line(line), LINE_BYTES)
}

pub(super) fn body(body: &str, format: TextFormat) -> String {
    let cut = shorten(body, BODY_BYTES);
    match format {
        TextFormat::Html if cut.len() < body.len() => without_cut_markup(&cut),
        _ => cut,
    }
}

/// HTML that was cut, without the piece of a tag or character reference at its end; `…` stays last.
fn without_cut_markup(html: &str) -> String {
    // The longest reference in HTML's list, `&CounterClockwiseContourIntegral;`, has 33 characters.
    const LONGEST_REFERENCE: usize = 33;
    let text = html.trim_end_matches('…');
    let last = |mark: char| text.rfind(mark);
    let tag = last('<').filter(|start| last('>').is_none_or(|end| end < *start));
    let reference = last('&')
        .filter(|start| last(';').is_none_or(|end| end < *start) && text.len() - start < LONGEST_REFERENCE);
    let end = tag.into_iter().chain(reference).min().unwrap_or(text.len());
    format!("{}…", text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_cut_between_tags_and_references() {
        for (html, expected) in [
            ("text <a href=\"x…", "text …"),
            ("a &am…", "a …"),
            ("a &amp; b &l…", "a &amp; b …"),
            (
                "a & b <i>c</i> and more than thirty-three characters…",
                "a & b <i>c</i> and more than thirty-three characters…",
            ),
            ("<b>a</b>…", "<b>a</b>…"),
        ] {
            assert_eq!(without_cut_markup(html), expected);
        }
    }
}
