//! Reads HTML as templates produce it. It never fails: what it does not understand loses its markup, not its text.
//!
//! Time is linear, and nesting is bounded by the styles there are: a style is open or not, whatever the number of tags.

mod entity;
mod tag;
mod token;

use self::token::{Token, Tokens, attribute};
use super::flow::Flow;
use super::{RichText, Style};
use crate::text;

/// Shows where a `hr` is.
const RULE: &str = "———";

/// Deeper lists are indented no further.
const MAX_INDENT: usize = 8;

/// Reads `html`.
pub(super) fn read(html: &str) -> RichText {
    let mut reader = Reader::default();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(raw) => reader.flow.text(&text::clean(&entity::decode(raw))),
            Token::Open { name, attributes } => {
                let name = name.to_ascii_lowercase();
                if matches!(name.as_str(), "script" | "style") {
                    tokens.skip_element(&name);
                } else {
                    reader.open(&name, attributes);
                }
            }
            Token::Close(name) => reader.close(&name.to_ascii_lowercase()),
        }
    }
    reader.flow.finish()
}

/// What is open at a place of the document.
#[derive(Debug, Default)]
struct Reader {
    flow: Flow,
    /// How many tags of each kind of style are open.
    open: Vec<(Style, usize)>,
    /// For each `span` whether it is a spoiler.
    spans: Vec<bool>,
    /// For each list how many items it has, if they are counted.
    lists: Vec<Option<u32>>,
    /// Whether the row has a cell already.
    in_row: bool,
    /// Whether the cell is the head of a row or column.
    in_head: bool,
}

impl Reader {
    fn open(&mut self, name: &str, attributes: &str) {
        if let Some(line_ends) = tag::line_ends_around(name) {
            self.flow.block(line_ends);
        }
        match name {
            "br" => self.flow.line_end(),
            "hr" => self.rule(),
            "span" => self.open_span(attributes),
            "ul" | "ol" => self.lists.push((name == "ol").then_some(0)),
            "li" => self.item(),
            "tr" => self.row(),
            "td" | "th" => self.cell(name == "th"),
            "code" if self.flow.in_pre() => self.name_language(attributes),
            _ => {
                if let Some(style) = tag::style_of(name, attributes) {
                    self.begin(style);
                }
            }
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "span" => self.close_span(),
            "ul" | "ol" => {
                self.lists.pop();
                self.flow.item("");
            }
            "li" => self.flow.item(""),
            "tr" | "table" => self.row(),
            "td" | "th" => self.end_cell(),
            _ => {
                if let Some(style) = tag::style_of(name, "") {
                    self.end(&style);
                }
            }
        }
        if let Some(line_ends) = tag::line_ends_around(name) {
            self.flow.block(line_ends);
        }
    }

    fn begin(&mut self, style: Style) {
        match self.open.iter_mut().find(|(open, _)| open.same_kind(&style)) {
            Some((_, count)) => *count += 1,
            None => self.open.push((style.clone(), 1)),
        }
        if !matches!(&style, Style::Link(url) if url.is_empty()) {
            self.flow.begin(style);
        }
    }

    fn end(&mut self, style: &Style) {
        if let Some((_, count)) = self.open.iter_mut().find(|(open, _)| open.same_kind(style)) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.flow.end(style);
            }
        }
    }

    fn open_span(&mut self, attributes: &str) {
        let spoiler = attribute(attributes, "class") == Some("tg-spoiler");
        self.spans.push(spoiler);
        if spoiler {
            self.begin(Style::Spoiler);
        }
    }

    fn close_span(&mut self) {
        if self.spans.pop() == Some(true) {
            self.end(&Style::Spoiler);
        }
    }

    fn item(&mut self) {
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(MAX_INDENT));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                self.flow.item(&format!("{indent}{number}. "));
            }
            _ => self.flow.item(&format!("{indent}• ")),
        }
    }

    fn row(&mut self) {
        self.end_cell();
        self.in_row = false;
        self.flow.item("");
    }

    fn cell(&mut self, head: bool) {
        self.end_cell();
        if self.in_row {
            self.flow.cell(" | ");
        }
        self.in_row = true;
        self.in_head = head;
        if head {
            self.begin(Style::Bold);
        }
    }

    fn end_cell(&mut self) {
        if std::mem::take(&mut self.in_head) {
            self.end(&Style::Bold);
        }
    }

    fn rule(&mut self) {
        self.flow.text(RULE);
        self.flow.block(1);
    }

    /// `<pre><code class="language-…">`, as Telegram and Markdown renderers write it.
    fn name_language(&mut self, attributes: &str) {
        if let Some(language) = tag::language(attributes) {
            self.flow.end(&Style::Pre(None));
            self.flow.begin(Style::Pre(Some(language)));
        }
    }
}
