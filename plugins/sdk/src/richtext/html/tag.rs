//! What the tags mean: which begin a block, and what style they give.

use std::rc::Rc;

use super::entity;
use super::token::attribute;
use crate::richtext::Style;

/// Links with longer URLs are left out: they are repeated in every piece of a text, and a whole message of Discord
/// has 2000 characters.
const MAX_URL: usize = 2_000;

/// Longest name of a programming language.
const MAX_LANGUAGE: usize = 32;

/// How many line ends there are at least around a block; `None` for what stays in the line.
pub(super) fn line_ends_around(name: &str) -> Option<usize> {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(2),
        "article" | "blockquote" | "dd" | "div" | "dl" | "dt" | "footer" | "header" | "hr" | "ol" | "pre"
        | "section" | "table" | "ul" => Some(1),
        _ => None,
    }
}

/// The style that a tag gives to its text.
pub(super) fn style_of(name: &str, attributes: &str) -> Option<Style> {
    Some(match name {
        "b" | "strong" => Style::Bold,
        "i" | "em" => Style::Italic,
        "u" | "ins" => Style::Underline,
        "s" | "strike" | "del" => Style::Strike,
        "tg-spoiler" => Style::Spoiler,
        "code" | "kbd" | "samp" => Style::Code,
        "pre" => Style::Pre(language(attributes)),
        "blockquote" => Style::Quote,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Style::Heading,
        "a" => Style::Link(url(attributes)),
        _ => return None,
    })
}

/// The URL of a link; empty if it is none to follow.
fn url(attributes: &str) -> Rc<str> {
    let href = entity::decode(attribute(attributes, "href").unwrap_or_default());
    let url = href.trim();
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
    let known = matches!(scheme.as_str(), "http" | "https" | "mailto" | "tg");
    let broken = url.contains(|character: char| character.is_whitespace() || character.is_control());
    if known && !broken && url.len() <= MAX_URL { url.into() } else { "".into() }
}

/// The programming language that a class names.
pub(super) fn language(attributes: &str) -> Option<Rc<str>> {
    let classes = attribute(attributes, "class")?;
    let language = classes.split_whitespace().find_map(|class| class.strip_prefix("language-"))?;
    let named = (1..=MAX_LANGUAGE).contains(&language.len())
        && language.chars().all(|character| character.is_ascii_alphanumeric() || "+-#._".contains(character));
    named.then(|| language.into())
}
