//! A message as Slack shows it: who wrote it, its blocks, and attachments beside their coloured bars.

use campanile_local::fakes::{EmbedField, Part, Shown};
use jiff::Timestamp;
use maud::{Markup, html};

use super::discord::card;
use super::styled::styled;

/// A message in its channel.
pub(in crate::web) fn message(shown: &Shown, at: Timestamp, is_edited: bool) -> Markup {
    let author = shown.author.as_deref().unwrap_or("Campanile");
    let initial: String = author.chars().take(1).collect();
    html! {
        div.slack {
            span.avatar aria-hidden="true" { (initial) }
            div.content {
                div.head {
                    b { (author) } span.app { "APP" }
                    time datetime=(at.to_string()) { (at.strftime("%H:%M").to_string()) }
                    span.place { (shown.to) }
                }
                @for part in &shown.parts {
                    @match part {
                        Part::Text(text) => { div.text { (styled(text)) } }
                        // Blocks have no bar; attachments do.
                        Part::Embed { color: None, description, fields, .. } => {
                            @if let Some(description) = description { div.text { (styled(description)) } }
                            (pairs(fields))
                        }
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

/// Two columns.
fn pairs(fields: &[EmbedField]) -> Markup {
    html! {
        @if !fields.is_empty() {
            div.pairs { @for field in fields { div.text { (styled(&field.value)) } } }
        }
    }
}
