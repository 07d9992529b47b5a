//! A notification as a phone shows it: the topic, the title, the text, and what belongs to it.

use campanile_local::fakes::{Part, Shown};
use jiff::Timestamp;
use maud::{Markup, html};

use super::rows::rows;
use super::styled::styled;
use super::telegram::silent;

/// A notification on the screen.
pub(in crate::web) fn message(shown: &Shown, at: Timestamp, is_edited: bool) -> Markup {
    html! {
        div.ntfy {
            div.head {
                b { "ntfy" } span { (shown.to) }
                time datetime=(at.to_string()) { (at.strftime("%H:%M").to_string()) }
                @if shown.silent { (silent()) }
                @if is_edited { span.edited { "updated" } }
            }
            @for part in &shown.parts {
                @match part {
                    Part::Text(text) => { div.text { (styled(text)) } }
                    Part::Embed { title, description, fields, footer, .. } => {
                        @if let Some(title) = title { div.title { (styled(title)) } }
                        @if let Some(description) = description { div.text { (styled(description)) } }
                        (rows(fields))
                        @if let Some(footer) = footer { div.footer { (footer) } }
                    }
                }
            }
        }
    }
}
