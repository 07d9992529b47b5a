use campanile_channel::richtext::{RichText, Style};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::*;

#[test]
fn html_is_written_in_markdown() {
    for (html, expected) in [
        ("<b>hello</b> <i>world</i>", "**hello** *world*"),
        ("<b><i>x</i></b>; a<b>b</b>c", "***x***; a**b**c"),
        ("<u>u</u> <s>s</s> <tg-spoiler>h</tg-spoiler>", "u s h"),
        ("<b> x </b>y", "**x** y"),
        ("a<b>(x)</b>", "a(x)"),
        ("<b>a</b><i>b</i>", "**a**b"),
        ("<a href=\"https://example.com/a?b=1&amp;c=2\">x</a>", "[x](<https://example.com/a?b=1&amp;c=2>)"),
        ("<a href=\"https://a.example\">https://b.example</a>", "https://b.example"),
        ("<a href=\"tg://user?id=1\">x</a>", "x"),
        ("<code>a*b</code> <code>`</code> <code>a``b</code>", "`a*b` `` ` `` ```a``b```"),
        ("<pre>let x;\nlet y;</pre>", "`let x;`  \n`let y;`"),
        ("<h2>Boiler</h2>is off", "**Boiler**\n\nis off"),
    ] {
        assert_eq!(write(&RichText::from_html(html)), expected, "{html}");
    }
}

#[test]
fn device_text_is_escaped_where_it_would_be_interpreted() {
    for (text, expected) in [
        ("boiler_1 *x* ~~y~~ `z` _w_", r"boiler_1 \*x\* \~\~y\~\~ \`z\` \_w\_"),
        ("# a\n> b\n- c\n1. d\n21.5", "\\# a  \n\\> b  \n\\- c  \n1\\. d  \n21\\.5"),
        ("a # b > c - d 1. e", "a # b > c - d 1. e"),
        ("![a](https://b.example) <b>", r"\!\[a\](https://b.example) \<b>"),
        ("&lt; & AT&T", r"\&lt; & AT\&T"),
        ("see https://example.com/a_b?c=1&d=2 now", "see https://example.com/a_b?c=1&d=2 now"),
        ("    code", "\u{A0}\u{A0}\u{A0}\u{A0}code"),
        ("a\n\n\nb", "a\n\n\nb"),
    ] {
        assert_eq!(write(&RichText::from_text(text)), expected, "{text}");
    }
}

/// What an app shows: the text, and which of it is bold, italic, code or a link.
fn shown(markdown: &str) -> (String, Vec<String>) {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let (mut text, mut found) = (String::new(), Vec::new());
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(piece) => text.push_str(&piece),
            Event::Code(piece) => {
                text.push_str(&piece);
                found.push("code".to_owned());
            }
            Event::HardBreak | Event::End(TagEnd::Paragraph) => text.push('\n'),
            Event::Start(Tag::Paragraph) | Event::End(_) => {}
            Event::Start(tag) => found.push(format!("{tag:?}")),
            other => found.push(format!("{other:?}")),
        }
    }
    (read(&text), found)
}

/// Text as people compare it: without empty lines, and without white space around lines.
fn read(text: &str) -> String {
    let lines = text.split('\n').map(|line| line.trim().replace('\u{A0}', " "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn device_text_reads_as_it_was_sent(text in r"[ a1*_~`|<>@#&;!\[\]()\\:/.=+\n-]{0,40}") {
        let (seen, found) = shown(&write(&RichText::from_text(&text)));
        prop_assert_eq!(seen, read(&text));
        prop_assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn no_mark_shows_whatever_stands_around_it(
        pieces in prop::collection::vec((r"[ a1*_~`&#.(\n-]{1,6}", 0_usize..6), 1..8)
    ) {
        let styles = [
            vec![],
            vec![Style::Bold],
            vec![Style::Italic],
            vec![Style::Bold, Style::Italic],
            vec![Style::Code],
            vec![Style::Link("https://example.com/a_b*c".into())],
        ];
        let mut rich = RichText::default();
        for (text, style) in pieces {
            rich.push(&text, &styles[style]);
        }
        let (seen, _) = shown(&write(&rich));
        prop_assert_eq!(seen, read(&rich.to_plain()), "{}", write(&rich));
    }
}
