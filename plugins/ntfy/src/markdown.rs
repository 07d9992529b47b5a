//! Writes rich text as Markdown that the apps show (<https://docs.ntfy.sh/publish/#markdown-formatting>), which is CommonMark.
//!
//! Bold, italic, code and links are written; of other styles just the text is. CommonMark looks at what stands around a
//! mark; where it would not see one, none is written. So no text shows a mark that people did not write.

mod escape;

use campanile_channel::richtext::{RichText, Run, Style};

use self::escape::escape;

/// Longer addresses cost too much of a message.
const URL: usize = 512;

/// `rich` as Markdown.
pub(crate) fn write(rich: &RichText) -> String {
    let lines = lines(rich);
    let mut out = String::new();
    for (number, line) in lines.iter().enumerate() {
        out.push_str(&write_line(line));
        let is_last = number + 1 == lines.len();
        let is_text = |line: Option<&Vec<Run>>| line.is_some_and(|line| !line.is_empty());
        // Two spaces keep a line end that Markdown would show as a space.
        out.push_str(match (is_last, is_text(lines.get(number)) && is_text(lines.get(number + 1))) {
            (true, _) => "",
            (false, true) => "  \n",
            (false, false) => "\n",
        });
    }
    out
}

/// The pieces of each line; blank lines have none.
fn lines(rich: &RichText) -> Vec<Vec<Run>> {
    let mut lines = vec![Vec::new()];
    for run in rich.runs() {
        for (number, text) in run.text.split('\n').enumerate() {
            if number > 0 {
                lines.push(Vec::new());
            }
            if let (Some(line), false) = (lines.last_mut(), text.is_empty()) {
                line.push(Run { text: text.replace('\t', " "), styles: run.styles.clone() });
            }
        }
    }
    for line in &mut lines {
        if line.iter().all(|piece| piece.text.trim().is_empty()) {
            line.clear();
        }
    }
    lines
}

fn write_line(pieces: &[Run]) -> String {
    let mut line = String::new();
    for (number, piece) in pieces.iter().enumerate() {
        let next = pieces.get(number + 1).and_then(|piece| piece.text.chars().next());
        write_piece(piece, next, &mut line);
    }
    // Spaces at the end would be a line end of their own.
    line.truncate(line.trim_end_matches(' ').len());
    line
}

/// White space around a piece stays outside of its marks; at the beginning of a line it would be a block of code.
fn write_piece(piece: &Run, next: Option<char>, line: &mut String) {
    let text = piece.text.trim_matches(' ');
    let start = piece.text.len() - piece.text.trim_start_matches(' ').len();
    for _ in 0..start {
        line.push(if line.trim_matches('\u{A0}').is_empty() { '\u{A0}' } else { ' ' });
    }
    let end = piece.text.get(start + text.len()..).unwrap_or_default();
    if !text.is_empty() {
        let next = if end.is_empty() { next } else { Some(' ') };
        write_text(text, &piece.styles, next, line);
    }
    line.push_str(end);
}

fn write_text(text: &str, styles: &[Style], next: Option<char>, line: &mut String) {
    let is = |wanted: &[Style]| styles.iter().any(|style| wanted.contains(style));
    if styles.iter().any(Style::is_verbatim) {
        return if line.ends_with('`') || next == Some('`') { escape(text, line) } else { code(text, line) };
    }
    let mark = match (is(&[Style::Bold, Style::Heading]), is(&[Style::Italic])) {
        (true, true) => "***",
        (true, false) => "**",
        (false, true) => "*",
        (false, false) => "",
    };
    let mark = if marks_are_seen(text, next, line) { mark } else { "" };
    line.push_str(mark);
    match styles.iter().find_map(|style| link(style, text)) {
        Some(url) => {
            line.push('[');
            escape(text, line);
            line.push_str("](<");
            line.push_str(&url);
            line.push_str(">)");
        }
        None => escape(text, line),
    }
    line.push_str(mark);
}

/// Whether marks around `text` are left- and right-flanking (CommonMark 0.31, "Emphasis and strong emphasis"), and part of
/// no longer row of marks.
fn marks_are_seen(text: &str, next: Option<char>, line: &str) -> bool {
    let is_letter = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let is_outside = |character: Option<char>| character.is_none_or(char::is_whitespace);
    let before = line.chars().next_back();
    (is_letter(text.chars().next()) && before != Some('*') || is_outside(before))
        && (is_letter(text.chars().next_back()) && next != Some('*') || is_outside(next))
}

/// A span of code, between more backticks than are in it.
fn code(text: &str, line: &mut String) {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let room = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    for part in [&*fence, room, text, room, &*fence] {
        line.push_str(part);
    }
}

/// Where a link leads; none if its text is an address too, which could be another one.
fn link(style: &Style, text: &str) -> Option<String> {
    let Style::Link(url) = style else { return None };
    let is_known = ["https://", "http://", "mailto:"].iter().any(|scheme| url.starts_with(scheme));
    if !is_known || url.len() > URL || text.contains("://") {
        return None;
    }
    let encode = |character| match character {
        '<' => "%3C".to_owned(),
        '>' => "%3E".to_owned(),
        '\\' => "%5C".to_owned(),
        '&' => "&amp;".to_owned(),
        _ => character.to_string(),
    };
    Some(url.chars().map(encode).collect())
}

#[cfg(test)]
mod tests;
