//! Writes rich text as MarkdownV2 of the Bot API: <https://core.telegram.org/bots/api#markdownv2-style>.
//!
//! The server refuses the whole message for one reserved character too many, so what counts is how its parser reads:
//! `parse_markdown_v2` in `td/telegram/MessageEntity.cpp` of TDLib.

use campanile_channel::richtext::{RichText, Step, Style};

/// What means something outside of code.
const RESERVED: &str = "_*[]()~`>#+-=|{}.!\\";
/// What means something in code.
const RESERVED_IN_CODE: &str = "`\\";
/// What means something in the URL of a link.
const RESERVED_IN_URL: &str = ")\\";
/// Bold without text. Between two underscores, as `__` is always read as underline.
const SEPARATOR: &str = "**";

/// `text` as MarkdownV2.
pub(super) fn write(text: &RichText) -> String {
    let mut writer = Writer::default();
    for step in text.steps() {
        match step {
            Step::Open(style) => writer.open(style),
            Step::Text(run) => writer.text(&run.text, run.styles.last().is_some_and(Style::is_verbatim)),
            Step::Close(style) => writer.close(style),
        }
    }
    writer.markdown
}

#[derive(Default)]
struct Writer {
    markdown: String,
    /// Lines go on as quote.
    in_quote: bool,
    /// The line that was written last is a quote, and nothing follows it yet.
    behind_quote: bool,
    /// A single underscore was written last.
    behind_italic: bool,
}

impl Writer {
    fn open(&mut self, style: &Style) {
        self.end_quote("");
        match style {
            Style::Quote => {
                if !self.markdown.is_empty() && !self.markdown.ends_with('\n') {
                    self.markdown.push('\n');
                }
                self.mark(">");
                self.in_quote = true;
            }
            Style::Pre(language) => {
                self.mark("```");
                self.markdown.push_str(language.as_deref().unwrap_or_default());
                self.markdown.push('\n');
            }
            Style::Link(_) => self.mark("["),
            _ => self.mark(mark(style)),
        }
    }

    fn close(&mut self, style: &Style) {
        match style {
            Style::Quote => {
                self.in_quote = false;
                self.behind_quote = true;
            }
            Style::Link(url) => {
                self.mark("](");
                escape(url, RESERVED_IN_URL, &mut self.markdown);
                self.markdown.push(')');
            }
            _ => self.mark(mark(style)),
        }
    }

    fn text(&mut self, text: &str, verbatim: bool) {
        self.end_quote(text);
        self.behind_italic = false;
        if verbatim {
            escape(text, RESERVED_IN_CODE, &mut self.markdown);
            return;
        }
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.markdown.push_str(if self.in_quote { "\n>" } else { "\n" });
            }
            escape(line, RESERVED, &mut self.markdown);
        }
    }

    /// A quote goes to the end of its line, so what is no quote any more must not follow in it.
    fn end_quote(&mut self, next: &str) {
        if std::mem::take(&mut self.behind_quote) && !next.starts_with('\n') {
            self.markdown.push('\n');
        }
    }

    fn mark(&mut self, mark: &str) {
        if self.behind_italic && mark.starts_with('_') {
            self.markdown.push_str(SEPARATOR);
        }
        self.markdown.push_str(mark);
        self.behind_italic = mark == "_";
    }
}

/// What begins and ends a style that has one mark for both.
fn mark(style: &Style) -> &'static str {
    match style {
        Style::Heading | Style::Bold => "*",
        Style::Italic => "_",
        Style::Underline => "__",
        Style::Strike => "~",
        Style::Spoiler => "||",
        Style::Code => "`",
        Style::Pre(_) => "```",
        Style::Quote | Style::Link(_) => "",
    }
}

fn escape(text: &str, reserved: &str, markdown: &mut String) {
    for character in text.chars() {
        if reserved.contains(character) {
            markdown.push('\\');
        }
        markdown.push(character);
    }
}
