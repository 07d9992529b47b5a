//! Writes rich text as the HTML of the Bot API: <https://core.telegram.org/bots/api#html-style>.
//!
//! Every tag is one that the server knows; it refuses the whole message for any other.

use campanile_channel::richtext::{RichText, Step, Style};

/// `text` as HTML.
pub(super) fn write(text: &RichText) -> String {
    let mut html = String::new();
    for step in text.steps() {
        match step {
            Step::Open(style) => open(style, &mut html),
            Step::Text(run) => escape(&run.text, &mut html),
            Step::Close(style) => html.push_str(end(style)),
        }
    }
    html
}

fn open(style: &Style, html: &mut String) {
    match style {
        Style::Link(url) => quoted("<a href=\"", url, html),
        Style::Pre(Some(language)) => quoted("<pre><code class=\"language-", language, html),
        Style::Pre(None) => html.push_str("<pre>"),
        Style::Quote => html.push_str("<blockquote>"),
        Style::Heading | Style::Bold => html.push_str("<b>"),
        Style::Italic => html.push_str("<i>"),
        Style::Underline => html.push_str("<u>"),
        Style::Strike => html.push_str("<s>"),
        Style::Spoiler => html.push_str("<tg-spoiler>"),
        Style::Code => html.push_str("<code>"),
    }
}

fn end(style: &Style) -> &'static str {
    match style {
        Style::Link(_) => "</a>",
        Style::Pre(Some(_)) => "</code></pre>",
        Style::Pre(None) => "</pre>",
        Style::Quote => "</blockquote>",
        Style::Heading | Style::Bold => "</b>",
        Style::Italic => "</i>",
        Style::Underline => "</u>",
        Style::Strike => "</s>",
        Style::Spoiler => "</tg-spoiler>",
        Style::Code => "</code>",
    }
}

/// A tag whose last attribute has this value.
fn quoted(tag: &str, value: &str, html: &mut String) {
    html.push_str(tag);
    escape(value, html);
    html.push_str("\">");
}

/// `"` needs it in attributes only, and does no harm in text.
fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(character),
        }
    }
}
