//! A message as Telegram shows it: the chat, the bubble, and what is under its text.

use campanile_local::fakes::{Part, Shown};
use jiff::Timestamp;
use maud::{Markup, html};

use super::styled::styled;

/// A message in its chat.
pub(in crate::web) fn message(shown: &Shown, at: Timestamp, is_edited: bool) -> Markup {
    html! {
        div.telegram {
            div.chat-head {
                span.avatar aria-hidden="true" { "C" }
                div { b { "Chat " (shown.to) } span { "bot" } }
            }
            div.chat {
                div.bubble {
                    div.sender { "Campanile" }
                    @for part in &shown.parts {
                        @if let Part::Text(text) = part { div.text { (styled(text)) } }
                    }
                    div.under {
                        @if shown.silent { (silent()) }
                        @if is_edited { span.edited { "edited" } }
                        time datetime=(at.to_string()) { (at.strftime("%H:%M").to_string()) }
                    }
                }
            }
        }
    }
}

/// A bell that is struck out.
pub(super) fn silent() -> Markup {
    html! {
        svg.silent viewBox="0 0 16 16" width="12" height="12" role="img" aria-label="without sound" {
            title { "without sound" }
            path d="M8 2a4 4 0 0 0-4 4v3l-1 2h10l-1-2V6a4 4 0 0 0-4-4zM6.5 12.5a1.5 1.5 0 0 0 3 0M2 2l12 12"
                fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round" {}
        }
    }
}
