//! `campanile deliveries show ID`: one delivery, attempt by attempt.

use std::time::Duration;

use campanile_core::duration;
use campanile_core::ledger::{AttemptRecord, Brief, DeliveryState, Record, StateKind};
use campanile_core::outcome::OutcomeKind;
use campanile_store::{AnyLedger, Entry, Filter, Ledger as _};
use jiff::{SignedDuration, Timestamp};

use super::list::{Delivery, reason, status};
use crate::args::StoreArguments;
use crate::error::{CliError, count};
use crate::exit::Exit;
use crate::listing;
use crate::output::{self, BAD, GOOD, QUIET, STRONG, styled, visible};
use crate::store;

pub(crate) async fn run(id: &str, json: bool, arguments: &StoreArguments) -> Result<Exit, CliError> {
    let ledger = store::open(&store::locate(arguments)?).await?;
    let entry = find(&ledger, id).await?;
    if json {
        output::json(&Delivery::from(&entry));
    } else {
        show(&entry, Timestamp::now());
    }
    Ok(Exit::Success)
}

/// The delivery whose id is `id`, or the only one that has it in its id.
pub(crate) async fn find(ledger: &AnyLedger, id: &str) -> Result<Entry, CliError> {
    let every = Filter::default();
    let page = async |after, size| ledger.list(&every, Timestamp::now(), after, size).await;
    output::with_patience("looking through the deliveries", listing::find(id, page)).await
}

fn show(entry: &Entry, now: Timestamp) {
    let Entry { key, record } = entry;
    output::line(format!("{}  {}", styled(STRONG, key), status(&record.state)));
    if let Some(why) = reason(&record.state) {
        output::line(format!("  {}{}", visible(&why), waits(record, now)));
    }
    if let DeliveryState::Delivered { receipt } = &record.state
        && !receipt.message_id.is_empty()
    {
        output::line(format!("  message {}", visible(&receipt.message_id)));
    }
    output::line(format!(
        "  device {}, event {}, channel {}",
        visible(&key.device),
        visible(&key.event),
        visible(&key.channel)
    ));
    brief(&record.brief);
    timeline(record);
}

/// What it tells, and in which message.
fn brief(brief: &Brief) {
    let route = Some(&brief.route).filter(|route| !route.is_empty());
    let route = route.map(|route| format!(" by the route {}", visible(route))).unwrap_or_default();
    output::line(format!("  tells `{}`{route}", visible(&brief.notification.title)));
    if let Some(earlier) = &brief.earlier {
        output::line(format!("  edits the message of {earlier}"));
    }
}

/// Since when it has waited, if it does.
fn waits(record: &Record, now: Timestamp) -> String {
    if record.state.kind() != StateKind::Retry {
        return String::new();
    }
    let last = record.attempts.last().map(|last| {
        let length = SignedDuration::from_millis(i64::try_from(last.duration_ms).unwrap_or_default());
        last.started_at.checked_add(length).unwrap_or(last.started_at)
    });
    let since = last.unwrap_or(record.opened_at);
    let waited = Duration::try_from(now.duration_since(since)).unwrap_or_default();
    format!(", waits since {} ({})", since.strftime("%H:%M:%SZ"), duration::exact(waited))
}

/// When each attempt began, counted from the opening of the delivery.
fn timeline(record: &Record) {
    let opened = record.opened_at;
    output::line(format!(
        "\n  {}  opened, {}",
        opened.strftime("%Y-%m-%d %H:%M:%S%.3fZ"),
        count(record.attempts.len(), "attempt")
    ));
    for (index, attempt) in record.attempts.iter().enumerate() {
        if index > 0 && index == record.counted_from {
            output::line(styled(QUIET, "             redriven"));
        }
        attempted(attempt, opened);
    }
}

fn attempted(attempt: &AttemptRecord, opened: Timestamp) {
    let since = attempt.started_at.duration_since(opened).as_secs_f64();
    let style = if attempt.outcome == OutcomeKind::Delivered { GOOD } else { BAD };
    let detail =
        if attempt.detail.is_empty() { String::new() } else { format!("  {}", visible(&attempt.detail)) };
    output::line(format!(
        "  {since:>+9.3} s  attempt {}  {}  {} ms{detail}",
        attempt.number,
        styled(style, format!("{:<15}", attempt.outcome.name())),
        attempt.duration_ms
    ));
    for line in &attempt.guest_log {
        output::line(format!("               {}", styled(QUIET, visible(line))));
    }
}
