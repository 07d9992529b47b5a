//! The built-in words for each kind of news.

use std::time::Duration;

use jiff::Timestamp;

use crate::duration::{exact, rough};
use crate::event::Event;
use crate::template::utc;
use crate::transition::{News, NewsKind};

/// What the title of news about something bad ends with; `None` if the news is of another kind.
pub(super) fn suffix(kind: &NewsKind) -> Option<String> {
    match kind {
        NewsKind::Alert => Some(String::new()),
        NewsKind::Stale { age } => Some(format!(" ({} ago)", rough(*age))),
        NewsKind::Reminder { elapsed, .. } => Some(format!(" (still, after {})", rough(*elapsed))),
        NewsKind::Digest { .. } => Some(" (still, after quiet hours)".to_owned()),
        NewsKind::Recovery { .. }
        | NewsKind::Flapping { .. }
        | NewsKind::Settled { .. }
        | NewsKind::AllClear { .. } => None,
    }
}

/// The title, and what it ends with.
pub(super) fn title(news: &News) -> (String, String) {
    let News { device_id, status, .. } = news;
    let title = match &news.kind {
        NewsKind::Recovery { .. } => format!("{device_id}: {status} again"),
        NewsKind::Flapping { changes, window, .. } => {
            format!("{device_id} changes to and fro: {changes} times in {}", exact(*window))
        }
        NewsKind::Settled { bad: true, .. } => format!("{device_id}: {status}, stable now"),
        NewsKind::Settled { bad: false, .. } => format!("{device_id}: {status} again, stable now"),
        NewsKind::AllClear { .. } => format!("{device_id}: {status}, all clear after quiet hours"),
        NewsKind::Alert | NewsKind::Stale { .. } | NewsKind::Reminder { .. } | NewsKind::Digest { .. } => {
            format!("{device_id}: {status}")
        }
    };
    (title, suffix(&news.kind).unwrap_or_default())
}

/// What somebody wants to know who has just been woken: what changed, and when.
pub(super) fn body(event: &Event, news: &News) -> String {
    let News { device_id, status, .. } = news;
    let time = utc(news.occurred_at);
    match &news.kind {
        NewsKind::Alert | NewsKind::Stale { .. } => changed(event, news),
        NewsKind::Recovery { since, after, .. } => recovered(news, *since, *after),
        NewsKind::Flapping { settle, .. } => format!(
            "The last change was to {status} at {time}. You hear of {device_id} again when nothing has changed for {}.",
            exact(*settle)
        ),
        NewsKind::Settled { .. } => {
            format!("{device_id} has stopped changing to and fro. It has been {status} since {time}.")
        }
        NewsKind::Reminder { number, elapsed } => format!(
            "{device_id} is still {status}. The alert began {} ago; this is reminder {number}.",
            exact(*elapsed)
        ),
        NewsKind::Digest { elapsed, held } => format!(
            "Quiet hours are over, and {device_id} is still {status}. The alert began {} ago; {} held.",
            exact(*elapsed),
            events(*held)
        ),
        NewsKind::AllClear { held } => format!(
            "Quiet hours are over, and {device_id} has been {status} since {time}. What went wrong is over; {} held.",
            events(*held)
        ),
    }
}

fn changed(event: &Event, news: &News) -> String {
    let News { device_id, status, .. } = news;
    let time = utc(news.occurred_at);
    let clock =
        if event.clock_ahead { " This is when it was received: the device's clock is ahead." } else { "" };
    match &news.previous {
        Some(previous) => format!("{device_id} changed from {previous} to {status} at {time}.{clock}"),
        None => format!("{device_id} reported {status} at {time}.{clock}"),
    }
}

/// A period may have had several bad statuses, so it is called after none of them.
fn recovered(news: &News, since: Timestamp, after: Duration) -> String {
    let News { device_id, status, .. } = news;
    let until = since.saturating_add(after).unwrap_or(Timestamp::MAX);
    let change = match &news.previous {
        Some(previous) => format!("{device_id} changed from {previous} to {status}"),
        None => format!("{device_id} is {status} again"),
    };
    format!("{change}. The alert lasted {}, from {} to {}.", exact(after), utc(since), utc(until))
}

fn events(held: u32) -> String {
    if held == 1 { "1 event was".to_owned() } else { format!("{held} events were") }
}
