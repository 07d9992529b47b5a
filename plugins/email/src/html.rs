//! Writes rich text as HTML for mail programs, which know little: no style sheets, no scripts, tags of the nineties.

use campanile_channel::richtext::{RichText, Step, Style};

/// `text` as HTML.
pub(crate) fn write(text: &RichText) -> String {
    let mut html = String::new();
    let mut is_preformatted = false;
    for step in text.steps() {
        match step {
            Step::Open(style) => {
                is_preformatted |= matches!(style, Style::Pre(_));
                open(style, &mut html);
            }
            Step::Text(run) if is_preformatted => html.push_str(&escape(&run.text)),
            Step::Text(run) => html.push_str(&escape(&run.text).replace('\n', "<br>")),
            Step::Close(style) => {
                is_preformatted &= !matches!(style, Style::Pre(_));
                html.push_str(end(style));
            }
        }
    }
    html
}

/// `text` as it reads, in text and in attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(character),
        }
    }
    html
}

fn open(style: &Style, html: &mut String) {
    match style {
        Style::Link(url) => {
            html.push_str("<a href=\"");
            html.push_str(&escape(url));
            html.push_str("\">");
        }
        Style::Quote => html.push_str("<blockquote>"),
        Style::Heading => html.push_str("<b style=\"font-size:larger\">"),
        Style::Bold => html.push_str("<b>"),
        Style::Italic => html.push_str("<i>"),
        Style::Underline => html.push_str("<u>"),
        Style::Strike => html.push_str("<s>"),
        // Nothing is hidden in an e-mail until somebody asks for it.
        Style::Spoiler => html.push_str("<span>"),
        Style::Code => html.push_str("<code>"),
        Style::Pre(_) => html.push_str("<pre>"),
    }
}

fn end(style: &Style) -> &'static str {
    match style {
        Style::Link(_) => "</a>",
        Style::Quote => "</blockquote>",
        Style::Heading | Style::Bold => "</b>",
        Style::Italic => "</i>",
        Style::Underline => "</u>",
        Style::Strike => "</s>",
        Style::Spoiler => "</span>",
        Style::Code => "</code>",
        Style::Pre(_) => "</pre>",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_written_with_tags_that_mail_programs_know() {
        for (html, expected) in [
            ("<b>a</b> <i>b</i><br>c", "<b>a</b> <i>b</i><br>c"),
            (
                "<a href=\"https://example.com/?a=1&amp;b=2\">x</a>",
                "<a href=\"https://example.com/?a=1&amp;b=2\">x</a>",
            ),
            ("<a href=\"javascript:alert(1)\">x</a>", "x"),
            ("<h1>Boiler</h1>is off", "<b style=\"font-size:larger\">Boiler</b><br><br>is off"),
            ("<pre>a\n b</pre>", "<pre>a\n b</pre>"),
            ("<tg-spoiler>h</tg-spoiler><script>x()</script>", "<span>h</span>"),
        ] {
            assert_eq!(write(&RichText::from_html(html)), expected, "{html}");
        }
    }

    #[test]
    fn device_text_reads_as_it_was_sent() {
        let text = "<img src=x onerror=\"alert(1)\"> & 5 > 3\nnext";
        let expected = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; 5 &gt; 3<br>next";
        assert_eq!(write(&RichText::from_text(text)), expected);
    }
}
