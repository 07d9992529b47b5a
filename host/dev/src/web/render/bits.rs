//! Small pieces that pages share.

use campanile_core::ledger::StateKind;
use campanile_core::outcome::OutcomeKind;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

/// The time of day; the whole moment when it is pointed at.
pub(in crate::web) fn clock(at: Timestamp) -> Markup {
    let whole = at.strftime("%Y-%m-%d %H:%M:%S%.3f UTC").to_string();
    html! { time datetime=(at.to_string()) title=(whole) { (at.strftime("%H:%M:%S").to_string()) } }
}

/// Day and time.
pub(in crate::web) fn moment(at: Timestamp) -> Markup {
    html! { time datetime=(at.to_string()) { (at.strftime("%Y-%m-%d %H:%M:%S").to_string()) } }
}

/// A moment that people see as `3 min ago` or `in 5 s`; the script keeps it right.
pub(in crate::web) fn relative(at: Timestamp, now: Timestamp) -> Markup {
    let text = distance(at.duration_since(now));
    html! { time.relative datetime=(at.to_string()) title=(at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()) { (text) } }
}

fn distance(length: SignedDuration) -> String {
    let seconds = length.as_secs();
    let (amount, unit) = match seconds.unsigned_abs() {
        0..60 => (seconds.unsigned_abs(), "s"),
        amount @ 60..3600 => (amount / 60, "min"),
        amount @ 3600..172_800 => (amount / 3600, "h"),
        amount => (amount / 86_400, "d"),
    };
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("in {amount} {unit}"),
        _ => format!("{amount} {unit} ago"),
    }
}

/// Milliseconds as people read them.
pub(in crate::web) fn milliseconds(amount: u64) -> String {
    match amount {
        0..10_000 => format!("{amount} ms"),
        10_000..120_000 => format!("{}.{} s", amount / 1000, amount % 1000 / 100),
        _ => format!("{} min {} s", amount / 60_000, amount % 60_000 / 1000),
    }
}

/// Where a delivery stands, coloured.
pub(in crate::web) fn state(kind: StateKind) -> Markup {
    html! { span.tag.(tone(kind)) { (kind.name()) } }
}

/// The colour of a state.
pub(in crate::web) fn tone(kind: StateKind) -> &'static str {
    match kind {
        StateKind::Delivered => "good",
        StateKind::Claimed | StateKind::Retry => "care",
        StateKind::Rejected | StateKind::DeadLetter => "bad",
    }
}

/// The colour of an outcome.
pub(in crate::web) fn outcome_tone(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Delivered => "good",
        OutcomeKind::RateLimited
        | OutcomeKind::Transient
        | OutcomeKind::Unknown
        | OutcomeKind::ContentRefused => "care",
        OutcomeKind::Rejected
        | OutcomeKind::Misconfigured
        | OutcomeKind::Trapped
        | OutcomeKind::TimedOut
        | OutcomeKind::Denied => "bad",
    }
}

/// The colour of a device's status: what the sample calls bad is, and whatever has an open alert.
pub(in crate::web) fn status_tone(status: &str) -> &'static str {
    if status.eq_ignore_ascii_case("inactive") { "bad" } else { "good" }
}

/// A line to copy.
pub(in crate::web) fn command(line: &str) -> Markup {
    html! {
        div.command {
            code { (line) }
            button.small type="button" data-copy=(line) { "copy" }
        }
    }
}

/// `1 delivery`, `2 deliveries`.
pub(in crate::web) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Names and values, aligned.
pub(in crate::web) fn facts(rows: &[(&str, Markup)]) -> Markup {
    html! { dl.facts { @for (name, value) in rows { div { dt { (name) } dd { (value) } } } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_rough() {
        for (seconds, text) in
            [(0, "now"), (59, "in 59 s"), (-60, "1 min ago"), (-7300, "2 h ago"), (259_200, "in 3 d")]
        {
            assert_eq!(distance(SignedDuration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn lengths_have_the_unit_that_fits() {
        for (amount, text) in [(7, "7 ms"), (12_345, "12.3 s"), (125_000, "2 min 5 s")] {
            assert_eq!(milliseconds(amount), text);
        }
    }
}
