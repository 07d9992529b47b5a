//! Reads HTML as a mail program shows it, as far as it has a look in a message.
//!
//! The tokens are those of the HTML standard, so whatever escapes from a text here escapes in a mail program too.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, CharacterTokens, Tag, TagKind, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};

use super::Writer;
use crate::fakes::{StyleKind, StyledText};

/// Elements that begin and end a line.
const BLOCKS: [&str; 19] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "div",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "li",
    "main",
    "ol",
    "section",
    "tr",
    "ul",
];
/// Those with an empty line around them.
const SPACED: [&str; 3] = ["p", "pre", "table"];
/// Those whose content nobody sees.
const HIDDEN: [&str; 5] = ["head", "script", "style", "template", "title"];

/// What `source` looks like.
pub(in crate::fakes) fn read(source: &str) -> StyledText {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(source));
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    drop(tokenizer.feed(&input));
    tokenizer.end();
    tokenizer.sink.0.into_inner().writer.finish()
}

#[derive(Default)]
struct Sink(RefCell<Reader>);

#[derive(Default)]
struct Reader {
    writer: Writer,
    /// Names of the elements with a style that are open, the innermost last.
    open: Vec<String>,
    /// How many elements are open whose content nobody sees.
    hidden: usize,
    /// How many are open that keep their white space.
    verbatim: usize,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            CharacterTokens(text) => reader.text(&text),
            TagToken(tag) => {
                let is_start = tag.kind == TagKind::StartTag;
                reader.tag(&tag);
                // A parser would tell the tokenizer that what follows is not markup.
                return match &*tag.name {
                    "script" if is_start => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" if is_start => TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" | "textarea" if is_start => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reader {
    /// White space is one space, unless it is kept.
    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        if self.verbatim > 0 {
            return self.writer.push(text);
        }
        for (index, word) in text.split(|letter: char| letter.is_ascii_whitespace()).enumerate() {
            if index > 0 && !self.writer.after_space() {
                self.writer.push(" ");
            }
            self.writer.push(word);
        }
    }

    fn tag(&mut self, tag: &Tag) {
        let name: &str = &tag.name;
        let is_start = tag.kind == TagKind::StartTag;
        if HIDDEN.contains(&name) {
            self.hidden = if is_start { self.hidden + 1 } else { self.hidden.saturating_sub(1) };
        }
        if self.hidden > 0 {
            return;
        }
        // The line break after a block is not a part of it.
        if !is_start {
            self.close(name);
        }
        if BLOCKS.contains(&name) || SPACED.contains(&name) {
            self.writer.new_line(usize::from(SPACED.contains(&name)));
        }
        match name {
            "br" => self.writer.push("\n"),
            "hr" => self.writer.push("———\n"),
            "li" if is_start => self.writer.push("• "),
            "td" | "th" if !is_start => self.writer.push(" "),
            "img" => self.writer.push(&attribute(tag, "alt")),
            _ => {}
        }
        if let Some(kind) = style(tag).filter(|_| is_start) {
            self.open(name, kind);
        }
    }

    fn open(&mut self, name: &str, kind: StyleKind) {
        self.verbatim += usize::from(name == "pre");
        self.open.push(name.to_owned());
        self.writer.open(kind);
    }

    /// Ends an element, and those that were left open inside it.
    fn close(&mut self, name: &str) {
        if !self.open.iter().any(|open| open == name) {
            return;
        }
        while let Some(open) = self.open.pop() {
            self.verbatim -= usize::from(open == "pre");
            self.writer.close();
            if open == name {
                return;
            }
        }
    }
}

fn style(tag: &Tag) -> Option<StyleKind> {
    match &*tag.name {
        "b" | "strong" | "th" => Some(StyleKind::Bold),
        "i" | "em" => Some(StyleKind::Italic),
        "u" | "ins" => Some(StyleKind::Underline),
        "s" | "del" | "strike" => Some(StyleKind::Strike),
        "code" | "kbd" | "samp" => Some(StyleKind::Code),
        "pre" => Some(StyleKind::Pre { language: None }),
        "blockquote" => Some(StyleKind::Quote),
        "h1" | "h2" | "h3" | "h4" => Some(StyleKind::Heading),
        "a" => Some(StyleKind::Link { url: attribute(tag, "href") })
            .filter(|_| !attribute(tag, "href").is_empty()),
        _ => None,
    }
}

fn attribute(tag: &Tag, name: &str) -> String {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
    found.map(|attribute| attribute.value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(read: &StyledText) -> Vec<(&str, StyleKind)> {
        read.styles.iter().map(|style| (&read.text[style.start..style.end], style.kind.clone())).collect()
    }

    #[test]
    fn a_mail_is_read_as_people_see_it() {
        let source = "<!doctype html><html><head><title>no</title><style>b { color: red }</style></head>\n<body>\n  <h1>Boiler</h1>\n\
            <p>It is <b>off</b> &amp; <i>cold</i>.<br>Since <a href=\"https://a.b/?c=1&amp;d=2\">noon</a>.</p>\n\
            <ul><li>one</li><li>two</li></ul><script>alert('<b>')</script></body></html>";
        let read = read(source);
        assert_eq!(read.text, "Boiler\n\nIt is off & cold.\nSince noon.\n\n• one\n• two");
        let link = StyleKind::Link { url: "https://a.b/?c=1&d=2".into() };
        let expected = [
            ("Boiler", StyleKind::Heading),
            ("off", StyleKind::Bold),
            ("cold", StyleKind::Italic),
            ("noon", link),
        ];
        assert_eq!(kinds(&read), expected);
    }

    #[test]
    fn what_is_escaped_stays_text() {
        let read = read("<p>&lt;b&gt;x&lt;/b&gt; &quot;&#39;&amp;amp;</p>");
        assert_eq!((read.text.as_str(), read.styles.len()), ("<b>x</b> \"'&amp;", 0));
    }

    #[test]
    fn what_is_left_open_is_closed() {
        let left = read("<p><b>a <i>b</b> c</p> d");
        assert_eq!(left.text, "a b c\n\nd");
        assert_eq!(kinds(&left), [("a b", StyleKind::Bold), ("b", StyleKind::Italic)]);
        assert_eq!(kinds(&read("<b>a")), [("a", StyleKind::Bold)]);
        assert_eq!(read("</b>a").styles, []);
    }

    #[test]
    fn tables_and_code_keep_their_lines() {
        let read = read(
            "<table><tr><th>Since</th><td>noon</td></tr><tr><th>By</th><td>x</td></tr></table><pre>a\n  b</pre>",
        );
        assert_eq!(read.text, "Since noon \nBy x \n\na\n  b");
    }
}
