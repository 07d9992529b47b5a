//! `campanile deliveries`: a line each, newest first.

use campanile_core::ledger::{DeliveryState, StateKind};
use campanile_store::{Cursor, Entry, Filter, Ledger as _};
use jiff::Timestamp;

use crate::args::ListArguments;
use crate::error::{CliError, count};
use crate::exit::Exit;
use crate::output::{self, BAD, CARE, GOOD, QUIET, styled, visible};
use crate::store;

pub(crate) async fn run(arguments: &ListArguments) -> Result<Exit, CliError> {
    let ledger = store::open(&arguments.store).await?;
    let filter = Filter { device: arguments.device.clone(), status: arguments.status.map(|status| status.0) };
    let (mut entries, mut after): (Vec<Entry>, Option<Cursor>) = (Vec::new(), None);
    while entries.len() < arguments.limit {
        let wanted = arguments.limit - entries.len();
        let page = ledger.list(&filter, Timestamp::now(), after, wanted).await?;
        entries.extend(page.entries);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if arguments.json {
        output::json(&entries);
        return Ok(Exit::Success);
    }
    for entry in &entries {
        show(entry);
    }
    match (entries.is_empty(), after) {
        (true, _) => output::note("no deliveries"),
        (false, Some(_)) => {
            output::note(styled(QUIET, format!("the newest {}; more: --limit", entries.len())));
        }
        (false, None) => {}
    }
    Ok(Exit::Success)
}

fn show(entry: &Entry) {
    let Entry { key, record } = entry;
    output::line(format!(
        "{}  {}  {:<16} {:<12} {}  {}",
        record.opened_at.strftime("%Y-%m-%d %H:%M:%SZ"),
        status(&record.state),
        visible(&key.device),
        visible(&key.channel),
        count(record.attempts.len(), "attempt"),
        styled(QUIET, key),
    ));
    if let Some(why) = reason(&record.state) {
        output::line(format!("  {}", visible(&why)));
    }
}

/// The name of a state, coloured, as wide as the longest.
pub(super) fn status(state: &DeliveryState) -> String {
    let kind = state.kind();
    let style = match kind {
        StateKind::Delivered => GOOD,
        StateKind::Claimed | StateKind::Retry => CARE,
        StateKind::Rejected | StateKind::DeadLetter => BAD,
    };
    styled(style, format!("{:<11}", kind.name()))
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
