//! Reads CommonMark, as far as it has a look in a message.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::Writer;
use crate::fakes::{StyleKind, StyledText};

/// What `source` looks like. HTML in it is shown as it is written: no service lets it through.
pub(in crate::fakes) fn read(source: &str) -> StyledText {
    let mut reader = Reader::default();
    for event in Parser::new_ext(source, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS) {
        reader.event(event);
    }
    reader.writer.finish()
}

#[derive(Default)]
struct Reader {
    writer: Writer,
    /// The lists that are open, the innermost last; the next number of those that count.
    lists: Vec<Option<u64>>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Code(code) => self.writer.styled(StyleKind::Code, &code),
            Event::SoftBreak | Event::HardBreak => self.writer.push("\n"),
            Event::Rule => {
                self.writer.new_line(0);
                self.writer.push("———\n");
            }
            Event::TaskListMarker(done) => self.writer.push(if done { "☑ " } else { "☐ " }),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.writer.push(&text),
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let kind = match tag {
            Tag::Heading { .. } => StyleKind::Heading,
            Tag::Strong => StyleKind::Bold,
            Tag::Emphasis => StyleKind::Italic,
            Tag::Strikethrough => StyleKind::Strike,
            Tag::BlockQuote(_) => StyleKind::Quote,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                StyleKind::Link { url: dest_url.into_string() }
            }
            Tag::CodeBlock(kind) => StyleKind::Pre { language: language(&kind) },
            Tag::List(first) => return self.lists.push(first),
            Tag::Item => return self.item(),
            Tag::Paragraph => return self.block(),
            _ => return,
        };
        if matches!(kind, StyleKind::Heading | StyleKind::Quote | StyleKind::Pre { .. }) {
            self.block();
        }
        self.writer.open(kind);
    }

    /// A block has a line of its own, and outside of lists an empty one above.
    fn block(&mut self) {
        if self.lists.is_empty() {
            self.writer.new_line(1);
        }
    }

    fn item(&mut self) {
        self.writer.new_line(0);
        let depth = self.lists.len().saturating_sub(1);
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "• ".to_owned(),
        };
        self.writer.push(&"  ".repeat(depth));
        self.writer.push(&marker);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_)
            | TagEnd::Strong
            | TagEnd::Emphasis
            | TagEnd::Strikethrough
            | TagEnd::BlockQuote(_)
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::CodeBlock => self.writer.close(),
            TagEnd::List(_) => drop(self.lists.pop()),
            _ => {}
        }
    }
}

fn language(kind: &CodeBlockKind<'_>) -> Option<String> {
    match kind {
        CodeBlockKind::Fenced(language) if !language.is_empty() => Some(language.to_string()),
        CodeBlockKind::Fenced(_) | CodeBlockKind::Indented => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_styles_are_shown_without_their_marks() {
        let source = "# Boiler\nis **off** and _cold_\n\n1. look\n2. [call](https://a.b/)\n   - twice\n\n> ~~no~~ `x`\n";
        let read = read(source);
        assert_eq!(read.text, "Boiler\n\nis off and cold\n1. look\n2. call\n  • twice\n\nno x");
        let kinds: Vec<&StyleKind> = read.styles.iter().map(|style| &style.kind).collect();
        let link = StyleKind::Link { url: "https://a.b/".into() };
        let expected = [
            &StyleKind::Heading,
            &StyleKind::Bold,
            &StyleKind::Italic,
            &link,
            &StyleKind::Quote,
            &StyleKind::Strike,
            &StyleKind::Code,
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn html_is_text() {
        assert_eq!(read("a <b>b</b>").text, "a <b>b</b>");
        assert_eq!(read("a <b>b</b>").styles, []);
    }

    #[test]
    fn code_keeps_its_lines_and_its_language() {
        let read = read("```json\n{\n}\n```");
        assert_eq!(read.text, "{\n}");
        assert_eq!(read.styles[0].kind, StyleKind::Pre { language: Some("json".into()) });
    }
}
