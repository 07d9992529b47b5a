//! An incident as PagerDuty shows it: what is wrong, how it stands, and what the event said.

use campanile_local::fakes::{Part, Shown};
use jiff::Timestamp;
use maud::{Markup, html};

use super::rows::rows;
use super::styled::styled;

/// An incident of a service.
pub(in crate::web) fn message(shown: &Shown, at: Timestamp) -> Markup {
    html! {
        div.pagerduty {
            div.head {
                b { "Incident" } span { (shown.to) }
                time datetime=(at.to_string()) { (at.strftime("%Y-%m-%d %H:%M").to_string()) }
            }
            @for part in &shown.parts {
                @match part {
                    Part::Text(text) => { div.text { (styled(text)) } }
                    Part::Embed { color, title, fields, footer, .. } => {
                        div.title {
                            // An attribute of the drawing and not a style: the policy of the page allows no inline styles.
                            svg.dot viewBox="0 0 4 4" width="10" height="10" aria-hidden="true" {
                                circle cx="2" cy="2" r="2" fill=(format!("#{:06x}", color.unwrap_or_default() & 0xff_ff_ff)) {}
                            }
                            @if let Some(title) = title { (styled(title)) }
                        }
                        (rows(fields))
                        @if let Some(footer) = footer { div.footer { (footer) } }
                    }
                }
            }
        }
    }
}
