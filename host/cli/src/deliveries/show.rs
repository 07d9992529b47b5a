//! `campanile deliveries show ID`: one delivery, attempt by attempt.

use campanile_core::ledger::{AttemptRecord, DeliveryState, Record};
use campanile_core::outcome::OutcomeKind;
use campanile_store::{AnyLedger, Entry, Filter, Ledger as _, PAGE_LIMIT};
use jiff::Timestamp;

use super::list::{reason, status};
use crate::args::StoreArguments;
use crate::error::{CliError, count};
use crate::exit::Exit;
use crate::output::{self, BAD, GOOD, QUIET, STRONG, styled, visible};
use crate::store;

pub(crate) async fn run(id: &str, json: bool, arguments: &StoreArguments) -> Result<Exit, CliError> {
    let ledger = store::open(arguments).await?;
    let searching = output::with_patience("looking through the deliveries", find(&ledger, id));
    let entry = searching.await?;
    if json {
        output::json(&entry);
    } else {
        show(&entry);
    }
    Ok(Exit::Success)
}

/// The delivery whose id is `id`, or the only one that has `id` in it.
async fn find(ledger: &AnyLedger, id: &str) -> Result<Entry, CliError> {
    let (mut found, mut after): (Vec<Entry>, _) = (Vec::new(), None);
    loop {
        let page = ledger.list(&Filter::default(), Timestamp::now(), after, PAGE_LIMIT).await?;
        for entry in page.entries {
            let name = entry.key.to_string();
            if name == id {
                return Ok(entry);
            }
            if name.contains(id) {
                found.push(entry);
            }
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(CliError::NoDelivery(id.to_owned())),
        (Some(_), others) => Err(CliError::ManyDeliveries { id: id.to_owned(), found: others + 1 }),
    }
}

fn show(entry: &Entry) {
    let Entry { key, record } = entry;
    output::line(format!("{}  {}", styled(STRONG, key), status(&record.state).trim_end()));
    if let Some(why) = reason(&record.state) {
        output::line(format!("  {}", visible(&why)));
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
    timeline(record);
}

/// When each attempt began, counted from the opening of the delivery.
fn timeline(record: &Record) {
    let opened = record.opened_at;
    output::line(format!(
        "\n  {}  opened, {}",
        opened.strftime("%Y-%m-%d %H:%M:%S%.3fZ"),
        count(record.attempts.len(), "attempt")
    ));
    for attempt in &record.attempts {
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
