//! `campanile deliveries`: a line each, newest first.

use campanile_core::ledger::{DeliveryState, StateKind};
use campanile_store::{Entry, Filter, Ledger as _};
use jiff::Timestamp;
use serde::Serialize;

use crate::args::ListArguments;
use crate::error::{CliError, count};
use crate::exit::Exit;
use crate::listing::{Wanted, newest};
use crate::output::{self, BAD, CARE, Cell, GOOD, QUIET, columns, visible};
use crate::store;

pub(crate) async fn run(arguments: &ListArguments) -> Result<Exit, CliError> {
    let ledger = store::open(&store::locate(&arguments.store)?).await?;
    let filter = Filter { device: arguments.device.clone(), status: arguments.status.map(|status| status.0) };
    let wanted = |entry: &Entry| match (arguments.since, &arguments.channel) {
        (Some(since), _) if entry.record.opened_at < since.0 => Wanted::NoMore,
        (_, Some(channel)) if *channel != entry.key.channel => Wanted::No,
        _ => Wanted::Yes,
    };
    let page = async |after, size| ledger.list(&filter, Timestamp::now(), after, size).await;
    let reading = newest(arguments.limit, arguments.after.clone(), wanted, page);
    let found = output::with_patience("reading the deliveries", reading).await?;
    if arguments.json {
        output::json(&found.entries.iter().map(Delivery::from).collect::<Vec<_>>());
    } else {
        show(&found.entries);
    }
    found.note();
    Ok(Exit::Success)
}

/// A delivery for machines.
#[derive(Serialize)]
pub(crate) struct Delivery<'e> {
    id: String,
    #[serde(flatten)]
    entry: &'e Entry,
}

impl<'e> From<&'e Entry> for Delivery<'e> {
    fn from(entry: &'e Entry) -> Self {
        Self { id: entry.key.to_string(), entry }
    }
}

/// A line for each, and one below it if there is something to say.
pub(crate) fn show(entries: &[Entry]) {
    let rows: Vec<_> = entries.iter().map(row).collect();
    for (line, entry) in columns(&rows).into_iter().zip(entries) {
        output::line(line);
        if let Some(why) = reason(&entry.record.state) {
            output::line(format!("  {}", visible(&why)));
        }
    }
}

fn row(Entry { key, record }: &Entry) -> [Cell; 6] {
    [
        Cell::new(record.opened_at.strftime("%Y-%m-%d %H:%M:%SZ")),
        status(&record.state),
        Cell::new(&key.device),
        Cell::new(&key.channel),
        Cell::new(count(record.attempts.len(), "attempt")),
        Cell::styled(QUIET, key),
    ]
}

/// The name of a state, coloured.
pub(super) fn status(state: &DeliveryState) -> Cell {
    let kind = state.kind();
    let style = match kind {
        StateKind::Delivered => GOOD,
        StateKind::Claimed | StateKind::Retry => CARE,
        StateKind::Rejected | StateKind::DeadLetter => BAD,
    };
    Cell::styled(style, kind.name())
}

/// Why a delivery stands where it does, if that needs saying.
pub(super) fn reason(state: &DeliveryState) -> Option<String> {
    match state {
        DeliveryState::Rejected { reason } | DeliveryState::DeadLetter { reason } => Some(reason.clone()),
        DeliveryState::Retry { not_before } => {
            Some(format!("due {}", not_before.strftime("%Y-%m-%d %H:%M:%SZ")))
        }
        DeliveryState::Claimed { owner, lease_until } => {
            Some(format!("held by {owner} until {}", lease_until.strftime("%Y-%m-%d %H:%M:%SZ")))
        }
        DeliveryState::Delivered { .. } => None,
    }
}
