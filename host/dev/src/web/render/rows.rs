//! Names and values, one below the other.

use campanile_local::fakes::EmbedField;
use maud::{Markup, html};

use super::styled::styled;

/// Nothing, if there are none.
pub(super) fn rows(fields: &[EmbedField]) -> Markup {
    html! {
        @if !fields.is_empty() {
            dl.rows-of-card { @for field in fields { div { dt { (field.name) } dd { (styled(&field.value)) } } } }
        }
    }
}
