//! An e-mail as a mail program shows it: the subject, who wrote to whom, and the text. Nothing in it is fetched.

use campanile_local::fakes::{Part, Shown};
use jiff::Timestamp;
use maud::{Markup, html};

use super::rows::rows;
use super::styled::styled;

/// An opened e-mail.
pub(in crate::web) fn message(shown: &Shown, at: Timestamp) -> Markup {
    html! {
        div.email {
            @for part in &shown.parts {
                @match part {
                    Part::Text(text) => { div.text { (styled(text)) } }
                    Part::Embed { title, description, fields, footer, .. } => {
                        div.title { @if let Some(title) = title { (styled(title)) } }
                        time datetime=(at.to_string()) { (at.strftime("%Y-%m-%d %H:%M").to_string()) }
                        (rows(fields))
                        @if let Some(description) = description { div.text { (styled(description)) } }
                        @if let Some(footer) = footer { div.footer { (footer) } }
                    }
                }
            }
        }
    }
}
