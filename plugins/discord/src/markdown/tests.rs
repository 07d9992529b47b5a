use campanile_channel::richtext::{RichText, Style};

use super::*;

#[test]
fn html_is_written_in_discords_markdown() {
    for (html, expected) in [
        ("<b>hello</b> <i>world</i>", "**hello** _world_"),
        ("<u>u</u> <s>s</s> <tg-spoiler>h</tg-spoiler>", "__u__ ~~s~~ ||h||"),
        ("<b><i>x</i></b>; <b>a <i>b</i> c</b>", "**_x_**; **a _b_ c**"),
        ("<a href=\"https://example.com/a(b)c\">x</a>", "[x](https://example.com/a%28b%29c)"),
        ("<a href=\"mailto:a@example.com\">x</a>", "x"),
        ("<a href=\"https://a.example\">https://b.example</a>", "https://b.example"),
        ("<code>a*b</code> <b><code>c**</code></b>", "`a*b` `c**`"),
        ("<code>a`b</code> <code>`</code> <code>a```b</code>", "``a`b`` `` ` `` ``a`\u{200B}`\u{200B}`b``"),
        ("<pre><code class=\"language-rust\">let x;</code></pre>", "```rust\nlet x;\n```"),
        ("<h2>Boiler</h2>is off", "### Boiler\n\nis off"),
        ("<blockquote>a<br>b</blockquote>c", "> a\n> b\nc"),
        ("a<i>b</i>c", "a_b_\u{200B}c"),
        ("<s>~</s><tg-spoiler>|</tg-spoiler>", "~~\\~\u{200B}~~||\\|\u{200B}||"),
        ("<i>a</i><u>b</u><i><s>c</s></i>", "_a_\u{200B}__b__\u{200B}_~~c~~\u{200B}_"),
        ("see https://example.com/a_b.", "see https://example.com/a_b."),
        ("https://example.com/a_b<b>c</b>", "https\\://example.com/a\\_b**c**"),
        ("<b>https://example.com/a_b</b>", "**https\\://example.com/a\\_b**"),
    ] {
        assert_eq!(write(&RichText::from_html(html)), expected, "{html}");
    }
}

#[test]
fn device_text_is_escaped_where_it_would_be_interpreted() {
    for (text, expected) in [
        ("boiler_1 *x* ~~y~~ `z` ||w||", r"boiler\_1 \*x\* \~\~y\~\~ \`z\` \|\|w\|\|"),
        (r"C:\_dir", r"C:\\\_dir"),
        ("<@123> [a](https://b.example)", r"\<@123> \[a\](https://b.example)"),
        ("> a\n# b\n - c\n-5\n1. d\n21.5", "\\> a\n\\# b\n \\- c\n\\-5\n1\\. d\n21.5"),
        ("a > b # c - d 1. e", "a > b # c - d 1. e"),
        (":fire: 12:30:45 a::b::c", r"\:fire: 12\:30:45 a:\:b::c"),
        ("@everyone", "@everyone"),
    ] {
        assert_eq!(write(&RichText::from_text(text)), expected, "{text}");
        assert_eq!(length(&RichText::from_text(text)), expected.chars().count());
    }
}

#[test]
fn blocks_begin_on_a_line_of_their_own() {
    let mut rich = RichText::styled("before", &[]);
    rich.push("quoted", &[Style::Quote]);
    assert_eq!(write(&rich), "before\n> quoted");
}

#[test]
fn a_line_shows_no_addresses() {
    assert_eq!(escape_line("https://example.com/a_b"), r"https\://example.com/a\_b");
}
