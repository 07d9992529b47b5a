use proptest::prelude::*;

use super::{RichText, show};

#[track_caller]
fn reads(rows: &[(&str, &str)]) {
    for (html, expected) in rows {
        assert_eq!(show(&RichText::from_html(html)), *expected, "{html}");
    }
}

#[test]
fn inline_tags_become_styles() {
    reads(&[
        ("<b>a</b><strong>b</strong>", "[b]ab[/b]"),
        ("<i>a</i> <em>b</em>", "[i]a[/i] [i]b[/i]"),
        ("<U>a</U><ins>b</ins>", "[u]ab[/u]"),
        ("<s>a</s><strike>b</strike><del >c</del>", "[s]abc[/s]"),
        ("<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>", "[spoiler]ab[/spoiler]"),
        ("<span class=\"tg-spoiler\">a<span>b</span>c</span>d", "[spoiler]abc[/spoiler]d"),
        ("<code>x &lt; y</code>", "[code]x < y[/code]"),
        ("<b><i>x</i></b>", "[b][i]x[/i][/b]"),
        ("<i>a <b>b</b> c</i>", "[i]a [b]b[/b] c[/i]"),
    ]);
}

#[test]
fn unclosed_crossed_and_doubled_tags_are_repaired() {
    reads(&[
        ("<b>a<i>b", "[b]a[i]b[/i][/b]"),
        ("<b>a<i>b</b>c</i>d", "[b]a[i]b[/i][/b][i]c[/i]d"),
        ("a</b></i></li></table>b", "a\nb"),
        ("<b>a<b>b</b>c</b>d", "[b]abc[/b]d"),
        ("<b></b><i> </i>", ""),
        ("<code>a<b>b</b></code>", "[code]a[/code][b][code]b[/code][/b]"),
        ("<code>a<pre>b</pre></code>", "[code]a[/code]\n[code]b[/code]"),
        ("<b>a<blockquote>q</blockquote>b", "[b]a[/b]\n[q][b]q[/b][/q]\n[b]b[/b]"),
    ]);
}

#[test]
fn links_stay_only_if_people_can_follow_them() {
    reads(&[
        (
            "<a href=\"https://example.com/a(b)c?x=1&amp;y=2\">x</a>",
            "[a https://example.com/a(b)c?x=1&y=2]x[/a]",
        ),
        ("<a class=y href = 'http://h/>'>x</a>", "[a http://h/>]x[/a]"),
        (
            "<a href=tg://user?id=1>x</a><a HREF=' MAILTO:a@b '>y</a>",
            "[a tg://user?id=1]x[/a][a MAILTO:a@b]y[/a]",
        ),
        ("<a href='javascript:alert(1)'>x</a>", "x"),
        ("<a href='&#106;avascript:alert(1)'>x</a>", "x"),
        ("<a href='java\nscript:x'>x</a><a href='https://a b'>y</a><a href='https://a\0'>z</a>", "xyz"),
        ("<a href='/relative'>x</a><a>y</a><a href>z</a>", "xyz"),
        ("<a href='https://a'>x<a href='https://b'>y</a>z</a>w", "[a https://a]xyz[/a]w"),
    ]);
    let long = format!("<a href=\"https://{}\">x</a>", "u".repeat(4990));
    reads(&[(&long, "x")]);
}

#[test]
fn tg_32_blocks_become_lines() {
    reads(&[
        ("a<br/>b<br>\nc<br><br>d<br><br><br>e", "a\nb\nc\n\nd\n\ne"),
        ("<p>a</p>\n\n<p>b</p>", "a\n\nb"),
        ("<h1>Title</h1>\n<p>text</p>", "[h]Title[/h]\n\ntext"),
        ("<h1>a</h1><h2>b</h2>", "[h]a[/h]\n\n[h]b[/h]"),
        ("a <div> b </div> c", "a\nb\nc"),
        ("a\n\n<div>b</div>", "a\n\nb"),
        ("a<hr>b", "a\n———\nb"),
        ("a<blockquote><p>q</p><p>r</p></blockquote>b", "a\n\n[q]q\n\nr[/q]\n\nb"),
        ("<li>a<li><blockquote>q</blockquote>", "• a\n[q]• q[/q]"),
        ("<td><blockquote>q</blockquote><td>b<td><blockquote>r", "[q]q[/q]\nb\n[q]r[/q]"),
        ("one\n\n\ntwo  three", "one\n\n\ntwo  three"),
        ("\n <p> </p>a", "a"),
    ]);
}

#[test]
fn lists_and_tables_become_lines_too() {
    reads(&[
        ("x:<ul>\n <li>a</li>\n\n <li><b>b</b></li>\n</ul>y", "x:\n• a\n• [b]b[/b]\ny"),
        ("<ol><li>a<li><p>b</p><li>c</ol>", "1. a\n2. b\n3. c"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "• a\n  • b\n• c"),
        ("<ul><li></li><li>a</li></ul>", "• a"),
        ("<li>a", "• a"),
        (
            "<table>\n <tr><th>Name</th> <th>Value</th></tr>\n <tr>\n<td>t</td>\n<td><p>5 &lt; 6</p></td><td></td><td>z</td></tr></table>w",
            "[b]Name[/b] | [b]Value[/b]\nt | 5 < 6 |  | z\nw",
        ),
        ("<tr><th>a<th>b<tr><td>c<td>d", "[b]a[/b] | [b]b[/b]\nc | d"),
    ]);
}

#[test]
fn preformatted_text_keeps_its_white_space() {
    reads(&[
        ("a<pre>\n  b\n    c\n</pre>d", "a\n[pre]  b\n    c[/pre]\nd"),
        ("<pre><code class=\"language-c++\">x</code></pre>", "[pre c++]x[/pre]"),
        ("<pre class='x language-rust'>a<br>  b</pre>", "[pre rust]a\n  b[/pre]"),
        ("<pre><code class=\"language-`*\">x</code></pre>", "[pre]x[/pre]"),
        ("<pre>a</pre><pre>b</pre>", "[pre]a[/pre]\n[pre]b[/pre]"),
        ("<ul><li><pre>a</pre></ul>", "• [pre]a[/pre]"),
    ]);
}

#[test]
fn entities_are_read_and_unknown_ones_kept() {
    reads(&[
        ("&lt;b&gt; &amp;amp; &quot;x&apos; &hellip;&mdash;&ndash;", "<b> &amp; \"x' …—–"),
        ("a&nbsp;b&emsp;c&ensp;d", "a b c d"),
        ("&#65;&#x1F600;&#X41;", "A😀A"),
        ("&#0;&#xD800;&#99999999;&#27;", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
        ("& &; &nosuch; &lt &#; &#x; &#-1; AT&T", "& &; &nosuch; &lt &#; &#x; &#-1; AT&T"),
    ]);
}

#[test]
fn what_is_no_tag_is_text_and_unknown_tags_vanish() {
    reads(&[
        ("a < b <3 <- </ 5> <", "a < b <3 <- </ 5> <"),
        ("<x-y z='>'>a</x-y><font color=red>b</font><img src=x>", "ab"),
        ("a<!-- <b> -->b<!DOCTYPE html><?xml?>c", "abc"),
        ("a<script>if (a</b) x()</script >b<STYLE>p{}</STYLE>c", "abc"),
        ("a<script>never ends <b>", "a"),
        ("<b>a</b><i title=\"never ends>c", "[b]a[/b]<i title=\"never ends>c"),
        ("it's <b it's>bold</b>", "it's [b]bold[/b]"),
        ("a\0b\rc", "a\u{FFFD}b\nc"),
    ]);
}

#[test]
fn markup_repeated_without_end_gives_bounded_text() {
    for unit in [
        "<b>",
        "</i>",
        "<a href=\"",
        "<",
        "&",
        "&#",
        "<li>",
        "<ul><li>x",
        "<td>",
        "<br> ",
        "<!--",
        "<script>",
        "<p> x",
        "<span>",
    ] {
        let html = unit.repeat(65_536 / unit.len());
        let text = RichText::from_html(&html);
        assert!(text.len() <= 4 * html.len(), "{unit}");
    }
}

proptest! {
    #[test]
    fn no_html_makes_the_reader_fail(html in "(<|>|&|/|[a-z]|\"|'|=| |\n|<b>|</b>|<pre>|<code>|<a href=|http:|<li>|<td>|&lt;|<br>|<blockquote>|\\PC){0,40}") {
        let text = RichText::from_html(&html);
        prop_assert!(text.runs().iter().all(|run| !run.text.is_empty()));
        let plain = text.to_plain();
        prop_assert_eq!(plain.trim_end(), &plain);
    }

    #[test]
    fn escaped_text_reads_as_itself(text in "[^\\p{C}\\p{Z}]([^\\p{C}\\p{Z}]| ){0,20}[^\\p{C}\\p{Z}]") {
        let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        prop_assert_eq!(RichText::from_html(&html), RichText::from_text(&text));
    }
}
