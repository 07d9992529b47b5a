//! Writes rich text in Discord's markdown, so that the client shows the same text in the same styles.
//!
//! The client's parser is a list of regular expressions with quirks; each place that minds one says so.

mod escape;
mod prepare;

use campanile_channel::richtext::{RichText, Run, Step, Style};

pub(crate) use self::escape::escape_line;
use self::escape::{Urls, escape};

/// Invisible: keeps delimiters apart that the client would read as one, or as the end of a word.
const APART: char = '\u{200B}';

/// `rich` as markdown.
pub(crate) fn write(rich: &RichText) -> String {
    let rich = prepare::prepare(rich);
    let mut writer = Writer::default();
    let last = rich.runs().last();
    for step in rich.steps() {
        match step {
            Step::Open(style) => writer.open(style),
            Step::Text(run) => writer.text(run, last.is_some_and(|last| std::ptr::eq(last, run))),
            Step::Close(style) => writer.close(style),
        }
    }
    writer.out
}

/// Length of `rich` as Discord counts it: code points, with markup.
pub(crate) fn length(rich: &RichText) -> usize {
    write(rich).chars().count()
}

#[derive(Default)]
struct Writer {
    out: String,
    quoted: bool,
    heading: bool,
    /// The last character of `out`, if a closing delimiter ends there.
    closed: Option<char>,
}

impl Writer {
    fn open(&mut self, style: &Style) {
        match style {
            Style::Quote | Style::Heading => {
                if !self.at_line_start() {
                    self.put("\n");
                }
                self.quoted |= *style == Style::Quote;
                self.heading |= *style == Style::Heading;
            }
            Style::Link(_) => self.put("["),
            Style::Code | Style::Pre(_) => {}
            _ => {
                let mark = delimiter(style);
                // `_a_` `__b__` would read as one row of underscores, and `~~a~~_` does not close.
                let clings = self
                    .closed
                    .is_some_and(|last| mark.starts_with(last) || (last == '~' && mark.starts_with('_')));
                if clings {
                    self.out.push(APART);
                }
                self.put(mark);
            }
        }
        self.closed = None;
    }

    fn close(&mut self, style: &Style) {
        match style {
            Style::Quote => self.quoted = false,
            Style::Heading => self.heading = false,
            Style::Link(url) => self.put(&format!("]({url})")),
            Style::Code | Style::Pre(_) => {}
            _ => {
                let mark = delimiter(style);
                let clings = match style {
                    // These two close at the first pair, even if a backslash is before it.
                    Style::Strike | Style::Spoiler => self.out.ends_with(mark.get(..1).unwrap_or_default()),
                    Style::Italic => self.closed == Some('~'),
                    _ => false,
                };
                if clings {
                    self.out.push(APART);
                }
                self.put(mark);
                self.closed = mark.chars().last();
            }
        }
    }

    fn text(&mut self, run: &Run, is_last: bool) {
        match run.styles.last() {
            Some(Style::Code) => self.put(&code(&run.text)),
            Some(Style::Pre(language)) => {
                let language = language.as_deref().unwrap_or_default();
                let text = run.text.replace("```", &format!("``{APART}`"));
                self.put(&format!("```{language}\n{}\n```", text.trim_matches('\n')));
            }
            _ => {
                // An italic closes only where a word ends.
                if self.closed == Some('_')
                    && run.text.starts_with(|first: char| first.is_ascii_alphanumeric())
                {
                    self.out.push(APART);
                }
                let styled = run.styles.iter().any(|style| !matches!(style, Style::Quote | Style::Heading));
                let urls = match (styled, is_last) {
                    (true, _) => Urls::Broken,
                    (false, true) => Urls::Kept,
                    (false, false) => Urls::KeptInside,
                };
                let text = escape(&run.text, self.at_line_start(), urls);
                self.put(&text);
            }
        }
        self.closed = None;
    }

    fn at_line_start(&self) -> bool {
        self.out.is_empty() || self.out.ends_with('\n')
    }

    /// Adds `text`; each line of it gets the marks of the block it is in.
    fn put(&mut self, text: &str) {
        for line in text.split_inclusive('\n') {
            if self.at_line_start() {
                self.out.push_str(if self.quoted { "> " } else { "" });
                self.out.push_str(if self.heading && line != "\n" { "### " } else { "" });
            }
            self.out.push_str(line);
        }
    }
}

fn delimiter(style: &Style) -> &'static str {
    match style {
        Style::Bold => "**",
        Style::Italic => "_",
        Style::Underline => "__",
        Style::Strike => "~~",
        Style::Spoiler => "||",
        Style::Quote | Style::Heading | Style::Link(_) | Style::Code | Style::Pre(_) => "",
    }
}

/// Inline code, whatever backticks are in it.
fn code(text: &str) -> String {
    if !text.contains('`') {
        return format!("`{text}`");
    }
    let text = text.replace("``", &format!("`{APART}`")).replace("``", &format!("`{APART}`"));
    let before = if text.starts_with('`') { " " } else { "" };
    let after = if text.ends_with('`') { " " } else { "" };
    format!("``{before}{text}{after}``")
}

#[cfg(test)]
mod tests;
