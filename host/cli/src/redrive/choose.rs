//! Which deliveries are redriven: those that ended without success, oldest first.

use campanile_core::ledger::{DeliveryState, StateKind};
use campanile_store::{AnyLedger, Entry, Filter, Ledger as _, Letter, PAGE_LIMIT};
use jiff::Timestamp;

use crate::args::RedriveArguments;
use crate::deliveries::show::find;
use crate::error::CliError;
use crate::output;

/// The delivery that is named, or all that are meant.
pub(super) async fn deliveries(
    ledger: &AnyLedger,
    arguments: &RedriveArguments,
) -> Result<Vec<Entry>, CliError> {
    match &arguments.id {
        Some(id) => named(ledger, id).await.map(|entry| vec![entry]),
        None => output::with_patience("looking through the deliveries", all(ledger, arguments)).await,
    }
}

async fn named(ledger: &AnyLedger, id: &str) -> Result<Entry, CliError> {
    let entry = match find(ledger, id).await {
        Err(unknown @ CliError::NotFound { .. }) => {
            // Perhaps it is what never became a delivery.
            let letters = letters(ledger).await?;
            let event = |letter: &&Letter| letter.event.as_ref().is_some_and(|event| event.contains(id));
            let is_meant = |letter: &&Letter| event(letter) || letter.payload.contains(id);
            return Err(match letters.into_iter().find(|letter| is_meant(&letter)) {
                Some(letter) => CliError::NoEvent { id: id.to_owned(), reason: letter.reason },
                None => unknown,
            });
        }
        found => found?,
    };
    let why = match &entry.record.state {
        DeliveryState::Rejected { .. } | DeliveryState::DeadLetter { .. } => return Ok(entry),
        DeliveryState::Delivered { .. } => "has been delivered".to_owned(),
        DeliveryState::Claimed { .. } => "is being delivered".to_owned(),
        DeliveryState::Retry { not_before } => {
            format!("will be tried again at {}", not_before.strftime("%Y-%m-%d %H:%M:%SZ"))
        }
    };
    Err(CliError::NotEnded { id: entry.key.to_string(), why })
}

async fn all(ledger: &AnyLedger, arguments: &RedriveArguments) -> Result<Vec<Entry>, CliError> {
    let mut chosen = Vec::new();
    for status in [StateKind::Rejected, StateKind::DeadLetter] {
        let filter = Filter { device: arguments.device.clone(), status: Some(status) };
        let mut after = None;
        loop {
            let page = ledger.list(&filter, Timestamp::now(), after, PAGE_LIMIT).await?;
            chosen.extend(page.entries);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    let channel = arguments.channel.as_ref();
    chosen.retain(|entry| channel.is_none_or(|channel| *channel == entry.key.channel));
    chosen.sort_by_key(Entry::cursor);
    Ok(chosen)
}

/// All that was handed in and is no event, newest first.
pub(super) async fn letters(ledger: &AnyLedger) -> Result<Vec<Letter>, CliError> {
    let (mut letters, mut after) = (Vec::new(), None);
    loop {
        let page = ledger.letters(after, PAGE_LIMIT).await?;
        letters.extend(page.entries);
        after = page.next;
        if after.is_none() {
            return Ok(letters);
        }
    }
}
