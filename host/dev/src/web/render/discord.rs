//! A message as Discord shows it: who wrote it, the text, and the cards beside their coloured bars.

use campanile_local::fakes::{EmbedField, Part, Shown, StyledText};
use jiff::Timestamp;
use maud::{Markup, html};

use super::styled::styled;
use super::telegram::silent;

/// The bar of a card without a colour.
const GREY: u32 = 0x4e_50_58;

/// A message in its channel.
pub(in crate::web) fn message(shown: &Shown, at: Timestamp, is_edited: bool) -> Markup {
    let author = shown.author.as_deref().unwrap_or("Campanile");
    let initial: String = author.chars().take(1).collect();
    html! {
        div.discord {
            span.avatar aria-hidden="true" { (initial) }
            div.content {
                div.head {
                    b { (author) } span.app { "APP" }
                    time datetime=(at.to_string()) { (at.strftime("%Y-%m-%d %H:%M").to_string()) }
                    @if shown.silent { (silent()) }
                }
                @for part in &shown.parts {
                    @match part {
                        Part::Text(text) => { div.text { (styled(text)) } }
                        Part::Embed { color, title, description, fields, footer, timestamp } => {
                            (card(*color, title.as_ref(), description.as_ref(), fields, footer.as_deref(), timestamp.as_deref()))
                        }
                    }
                }
                @if is_edited { span.edited { "(edited)" } }
            }
        }
    }
}

/// A card beside its bar.
pub(super) fn card(
    color: Option<u32>,
    title: Option<&StyledText>,
    description: Option<&StyledText>,
    fields: &[EmbedField],
    footer: Option<&str>,
    timestamp: Option<&str>,
) -> Markup {
    // An attribute of the drawing and not a style: the policy of the page allows no inline styles.
    let color = format!("#{:06x}", color.unwrap_or(GREY) & 0xff_ff_ff);
    html! {
        div.embed {
            svg.bar viewBox="0 0 4 4" preserveAspectRatio="none" aria-hidden="true" {
                rect width="4" height="4" fill=(color) {}
            }
            div.card {
                @if let Some(title) = title { div.title { (styled(title)) } }
                @if let Some(description) = description { div.text { (styled(description)) } }
                @if !fields.is_empty() {
                    div.fields {
                        @for field in fields {
                            div.inline[field.inline] { @if !field.name.is_empty() { div.name { (field.name) } } div.value { (styled(&field.value)) } }
                        }
                    }
                }
                @if footer.is_some() || timestamp.is_some() {
                    div.footer {
                        @if let Some(footer) = footer { span { (footer) } }
                        @if let Some(timestamp) = timestamp { time datetime=(timestamp) { (readable(timestamp)) } }
                    }
                }
            }
        }
    }
}

fn readable(timestamp: &str) -> String {
    let read = timestamp.parse::<Timestamp>();
    read.map_or_else(|_| timestamp.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}
