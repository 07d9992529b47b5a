//! Markup of the body, as HTML and as MarkdownV2.

use campanile_channel::TextFormat;
use serde_json::json;

use super::{chat_1, notification, shown};

/// What the body becomes below a title.
fn written(parse_mode: &str, body: &str, format: TextFormat) -> String {
    let sent = shown(&notification("T", body, format), &chat_1(json!({"parse-mode": parse_mode})));
    let text = sent[0]["text"].as_str().unwrap();
    let head = if parse_mode == "HTML" { "🔴 <b>T</b>\n" } else { "🔴 *T*\n" };
    text.strip_prefix(head).unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[test]
fn text_is_escaped_so_that_it_reads_as_itself() {
    let rows = [
        ("TG-21", "HTML", "x < y & \"z\"", "x &lt; y &amp; &quot;z&quot;"),
        ("TG-23", "HTML", "Oh wow! <3 Cool & stuff ->", "Oh wow! &lt;3 Cool &amp; stuff -&gt;"),
        ("TG-24", "MarkdownV2", "_*[]()~`>#+-=|{}.!", r"\_\*\[\]\(\)\~\`\>\#\+\-\=\|\{\}\.\!"),
        ("TG-24", "MarkdownV2", r"\#", r"\\\#"),
        (
            "TG-25",
            "MarkdownV2",
            "3:00 p.m. (sharp)! Don't be late - see you there.",
            r"3:00 p\.m\. \(sharp\)\! Don't be late \- see you there\.",
        ),
        ("TG-26", "MarkdownV2", "Tag #1 and *not* bold", r"Tag \#1 and \*not\* bold"),
        ("TG-41", "MarkdownV2", r"boiler_1 C:\_dir x`y", r"boiler\_1 C:\\\_dir x\`y"),
        ("TG-41", "HTML", r"boiler_1 C:\_dir x`y", r"boiler_1 C:\_dir x`y"),
    ];
    for (id, parse_mode, body, expected) in rows {
        assert_eq!(written(parse_mode, body, TextFormat::Text), expected, "{id}");
    }
}

#[test]
fn html_bodies_become_the_same_markup_in_both_modes() {
    let rows = [
        ("TG-21", "<code>x &lt; y</code>", "<code>x &lt; y</code>", "`x < y`"),
        ("TG-27", "<b>hello</b> <i>world</i>", "<b>hello</b> <i>world</i>", "*hello* _world_"),
        (
            "TG-28",
            "<a href=\"https://example.com/a(b)c\">x</a>",
            "<a href=\"https://example.com/a(b)c\">x</a>",
            r"[x](https://example.com/a(b\)c)",
        ),
        (
            "TG-28",
            "<a href='https://h/?a=1&amp;b=\"\\'>x</a>",
            "<a href=\"https://h/?a=1&amp;b=&quot;\\\">x</a>",
            r#"[x](https://h/?a=1&b="\\)"#,
        ),
        ("TG-29", "<code>a.b-c|d</code>", "<code>a.b-c|d</code>", "`a.b-c|d`"),
        ("TG-29", r"<code>a\b</code>", r"<code>a\b</code>", r"`a\\b`"),
        ("TG-29", "<code>a`b</code>", "<code>a`b</code>", r"`a\`b`"),
        ("TG-30", "<b><i>x</i></b>", "<b><i>x</i></b>", "*_x_*"),
        ("TG-30", "<b>a <i>b</i> c</b>", "<b>a <i>b</i> c</b>", "*a _b_ c*"),
        ("TG-31", "<h1>Head</h1>text", "<b>Head</b>\n\ntext", "*Head*\n\ntext"),
        ("TG-31", "<h1>a <b>b</b> c</h1>", "<b>a b c</b>", "*a b c*"),
        ("TG-31", "<ul><li>a-b</li><li>c</li></ul>", "• a-b\n• c", "• a\\-b\n• c"),
        ("TG-31", "<ol><li>a</li></ol>", "1. a", r"1\. a"),
        ("TG-31", "<table><tr><th>a</th><td>b</td></tr></table>", "<b>a</b> | b", r"*a* \| b"),
        ("TG-32", "<p>a</p><br/>b&nbsp;c&emsp;d&apos;", "a\n\nb c d'", "a\n\nb c d'"),
        ("TG-32", "<font>x</font><x-y>&lt;", "x&lt;", "x<"),
    ];
    for (id, body, html, markdown) in rows {
        assert_eq!(written("HTML", body, TextFormat::Html), html, "{id}");
        assert_eq!(written("MarkdownV2", body, TextFormat::Html), markdown, "{id}");
    }
}

#[test]
fn every_style_has_its_tag_and_its_mark() {
    let rows = [
        ("<u>x</u>", "<u>x</u>", "__x__"),
        ("<s>x</s>", "<s>x</s>", "~x~"),
        ("<tg-spoiler>x</tg-spoiler>", "<tg-spoiler>x</tg-spoiler>", "||x||"),
        ("<pre>\n  x\\y\n</pre>", "<pre>  x\\y</pre>", "```\n  x\\\\y```"),
        (
            "<pre><code class=\"language-rust\">let x;</code></pre>",
            "<pre><code class=\"language-rust\">let x;</code></pre>",
            "```rust\nlet x;```",
        ),
        ("<blockquote>q\nr</blockquote>", "<blockquote>q\nr</blockquote>", ">q\n>r"),
    ];
    for (body, html, markdown) in rows {
        assert_eq!(written("HTML", body, TextFormat::Html), html);
        assert_eq!(written("MarkdownV2", body, TextFormat::Html), markdown);
    }
}

#[test]
fn markdown_keeps_underscores_and_quotes_apart_as_its_parser_needs_it() {
    let rows = [
        ("<i><u>x</u></i>", "_**__x___"),
        ("<u><i>x</i></u>", "___x_**__"),
        ("<i>a</i><u>b</u>", "_a_**__b__"),
        ("<u>a</u><i>b</i>", "__a___b_"),
        ("a<blockquote>q</blockquote>b", "a\n>q\nb"),
        ("a<blockquote>q</blockquote><b>b</b>", "a\n>q\n*b*"),
        ("<blockquote><b>q\nr</b></blockquote>&gt;b", ">*q\n>r*\n\\>b"),
        ("<blockquote><code>q\nr</code>\ns</blockquote>b", ">`q\nr`\n>s\nb"),
    ];
    for (body, markdown) in rows {
        assert_eq!(written("MarkdownV2", body, TextFormat::Html), markdown, "{body}");
    }
}
