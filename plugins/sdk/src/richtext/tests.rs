//! What the reader makes of HTML, and what cutting keeps.

mod fit;
mod html;

use super::{RichText, Step, Style};

/// The text with its styles visible: `[b]bold[/b]`.
fn show(text: &RichText) -> String {
    let steps = text.steps();
    let show = |step: &Step<'_>| match step {
        Step::Open(Style::Link(url)) => format!("[a {url}]"),
        Step::Open(Style::Pre(Some(language))) => format!("[pre {language}]"),
        Step::Open(style) => format!("[{}]", name(style)),
        Step::Text(run) => run.text.clone(),
        Step::Close(style) => format!("[/{}]", name(style)),
    };
    steps.iter().map(show).collect()
}

fn name(style: &Style) -> &'static str {
    match style {
        Style::Quote => "q",
        Style::Heading => "h",
        Style::Link(_) => "a",
        Style::Bold => "b",
        Style::Italic => "i",
        Style::Underline => "u",
        Style::Strike => "s",
        Style::Spoiler => "spoiler",
        Style::Code => "code",
        Style::Pre(_) => "pre",
    }
}

#[test]
fn styles_nest_by_rank_whatever_order_they_are_given_in() {
    let text =
        RichText::styled("x", &[Style::Code, Style::Bold, Style::Pre(None), Style::Quote, Style::Bold]);
    assert_eq!(show(&text), "[q][b][code]x[/code][/b][/q]");
}

#[test]
fn neighbours_of_one_look_are_one_run() {
    let mut text = RichText::styled("a", &[Style::Bold, Style::Quote]);
    text.push("", &[Style::Italic]);
    text.append(&RichText::styled("b", &[Style::Quote, Style::Bold]));
    assert_eq!(text.runs().len(), 1);
    assert_eq!((text.to_plain().as_str(), text.len()), ("ab", 2));
}

#[test]
fn plain_text_is_cleaned_and_means_itself() {
    let text = RichText::from_text("<b>\0</b>\r\n&amp;");
    assert_eq!(text.to_plain(), "<b>\u{FFFD}</b>\n&amp;");
    assert_eq!(text.runs().len(), 1);
}

#[test]
fn blank_text_shows_nothing() {
    assert!(RichText::default().is_blank() && RichText::default().is_empty());
    let spaces = RichText::styled(" \u{200B}\n", &[Style::Bold]);
    assert!(spaces.is_blank() && !spaces.is_empty());
}
