//! The attempts of a delivery over time: a bar for each, and the waits between them.

use campanile_core::ledger::StateKind;
use jiff::Timestamp;
use maud::{Markup, html};

use super::bits::{milliseconds, outcome_tone};
use crate::web::ids::page;
use crate::web::model::delivery::{Attempt, Delivery};
use crate::web::model::latency::ended;

/// The width of a drawing, in its own units.
const WIDTH: u64 = 1000;

/// The narrowest bar that can be seen.
const NARROWEST: u64 = 6;

/// What the drawing spans, in milliseconds since the delivery was opened.
struct Scale {
    opened: Timestamp,
    length: u64,
}

/// The timeline.
pub(in crate::web) fn timeline(delivery: &Delivery, now: Timestamp) -> Markup {
    let scale = Scale::of(delivery, now);
    html! {
        div.timeline {
            div.axis aria-hidden="true" {
                span {} div { span { "0" } span { (milliseconds(scale.length / 2)) } span { (milliseconds(scale.length)) } } span {}
            }
            ol {
                @for (index, attempt) in delivery.attempts.iter().enumerate() {
                    @if index > 0 && index == delivery.reopened_after { li.reopened { "sent again by hand" } }
                    @let before = index.checked_sub(1).and_then(|before| delivery.attempts.get(before));
                    (row(attempt, before, &scale))
                }
                (next(delivery, &scale, now))
            }
        }
    }
}

fn row(attempt: &Attempt, before: Option<&Attempt>, scale: &Scale) -> Markup {
    let tone = outcome_tone(attempt.outcome);
    let (from, to) = (scale.place(attempt.started_at), scale.place(ended(attempt)));
    let waited_from = scale.place(before.map_or(scale.opened, ended));
    let what =
        format!("attempt {}, {}, {}", attempt.number, attempt.outcome, milliseconds(attempt.duration_ms));
    html! {
        li {
            details open[attempt.outcome != campanile_core::outcome::OutcomeKind::Delivered] {
                summary {
                    span.number { "#" (attempt.number) }
                    svg viewBox=(format!("0 0 {WIDTH} 16")) preserveAspectRatio="none" role="img" aria-label=(what) {
                        rect.wait x=(waited_from) y="7" width=(from.saturating_sub(waited_from)) height="2" {}
                        rect.(tone) x=(from.min(WIDTH - NARROWEST)) y="1" width=(to.saturating_sub(from).max(NARROWEST)) height="14" rx="2" {}
                    }
                    span.outcome { span.tag.(tone) { (attempt.outcome.name()) } " " span.quiet { (milliseconds(attempt.duration_ms)) } }
                }
                (detail(attempt, scale))
            }
        }
    }
}

fn detail(attempt: &Attempt, scale: &Scale) -> Markup {
    let since =
        u64::try_from(attempt.started_at.duration_since(scale.opened).as_millis()).unwrap_or_default();
    let presentation = format!("{:?}", attempt.presentation).to_lowercase();
    html! {
        div.detail {
            @if !attempt.detail.is_empty() { p { (attempt.detail) } }
            p.quiet {
                "after " (milliseconds(since)) " · " (presentation) " · plugin " (milliseconds(attempt.duration_ms))
                @for id in &attempt.requests { " · " a href=(page("inbox", &id.to_string())) { "request " (id) } }
            }
            @if !attempt.guest_log.is_empty() {
                pre.code.log { @for line in &attempt.guest_log { (line) "\n" } }
            }
        }
    }
}

/// What it waits for, if it does.
fn next(delivery: &Delivery, scale: &Scale, now: Timestamp) -> Markup {
    let Some(due) = delivery.due else { return html! {} };
    let from = scale.place(delivery.attempts.last().map_or(scale.opened, ended));
    let to = scale.place(due.max(now));
    let word = if delivery.status == StateKind::Retry { "next attempt" } else { "being worked on until" };
    html! {
        li.next {
            div.summary {
                span.number { "…" }
                svg viewBox=(format!("0 0 {WIDTH} 16")) preserveAspectRatio="none" aria-hidden="true" {
                    rect.wait x=(from) y="7" width=(to.saturating_sub(from).max(NARROWEST)) height="2" {}
                }
                span.outcome { span.quiet { (word) " " } (super::bits::relative(due, now)) }
            }
        }
    }
}

impl Scale {
    fn of(delivery: &Delivery, now: Timestamp) -> Self {
        let opened = delivery.opened_at;
        let last = delivery.attempts.iter().map(ended).max();
        let end = last.into_iter().chain(delivery.due.map(|due| due.max(now))).max().unwrap_or(opened);
        let length = u64::try_from(end.duration_since(opened).as_millis()).unwrap_or_default();
        Self { opened, length: length.max(1) }
    }

    /// Where a moment is in the drawing.
    fn place(&self, at: Timestamp) -> u64 {
        let since = u64::try_from(at.duration_since(self.opened).as_millis()).unwrap_or_default();
        since.saturating_mul(WIDTH).checked_div(self.length).unwrap_or_default().min(WIDTH)
    }
}
