//! Takes out of rich text what Discord's markdown has no way to say.

use campanile_channel::richtext::{RichText, Style};

/// Longer addresses cost too much of a message.
const URL: usize = 512;

/// The same text, with only such styles as can be written.
pub(super) fn prepare(rich: &RichText) -> RichText {
    let mut prepared = RichText::default();
    for run in rich.runs() {
        let verbatim = run.styles.iter().any(Style::is_verbatim);
        let slanted = run.styles.iter().any(|style| matches!(style, Style::Italic | Style::Underline));
        let styles = run.styles.iter().filter_map(|style| match style {
            Style::Link(url) if !verbatim => link(url, &run.text, slanted),
            Style::Quote | Style::Heading | Style::Code | Style::Pre(_) => Some(style.clone()),
            // Delimiters around code would be looked for inside of it, too.
            _ => (!verbatim).then(|| style.clone()),
        });
        // Styles on nothing but white space can't be seen, and their delimiters would not be recognised.
        let styles: Vec<Style> = if run.text.trim().is_empty() {
            styles.filter(|style| matches!(style, Style::Quote)).collect()
        } else {
            styles.collect()
        };
        prepared.push(&run.text, &styles);
    }
    prepared
}

/// A link the client accepts: the web, and no address as its text, because that could lead elsewhere.
fn link(url: &str, text: &str, slanted: bool) -> Option<Style> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if !is_web || url.len() > URL || text.contains("://") {
        return None;
    }
    let encoded: String = url.chars().map(|character| encode(character, slanted)).collect();
    Some(Style::Link(encoded.into()))
}

/// What would end the link, or a style around it, in its percent-encoded form.
fn encode(character: char, slanted: bool) -> String {
    match character {
        '(' | ')' | '<' | '>' | '"' | '\\' | '`' | '*' | '~' | '|' => {
            format!("%{:02X}", u32::from(character))
        }
        '_' if slanted => "%5F".to_owned(),
        _ => character.to_string(),
    }
}
