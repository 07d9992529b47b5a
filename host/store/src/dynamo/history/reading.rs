//! Reads the events of a table, one answer of DynamoDB after the other: each has 1 MB at most, and says where the next one starts.
//!
//! One reader is as fast as one connection, and takes no more of the table's capacity than that: the cold rule writes there.

use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{Builder, Config};

use super::{DynamoHistory, NO_JSON, read, selected};
use crate::dynamo::error::DynamoError;
use crate::dynamo::item::Item;
use crate::history::{Batch, EventFilter, EventReader, PastEvent, Place};
use crate::ledger::StoreError;

/// Tries of a request once the table has answered another one. With waits of up to `LONGEST_WAIT` between them, a table that is throttled
/// or a network that is gone for some minutes does not end what has run for an hour.
const TRIES: u32 = 16;

/// The first wait is at most this long, each further one at most twice as long; the SDK adds jitter.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// No wait between two tries is longer.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// For one try: an answer has up to 1 MB, and the line may be that of a home.
const TRY_TIMEOUT: Duration = Duration::from_secs(30);

/// For a request with all its tries.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// Reads on where it was.
#[derive(Debug)]
pub struct DynamoReader<'h> {
    history: &'h DynamoHistory,
    filter: EventFilter,
    place: Place<Item>,
}

impl<'h> DynamoReader<'h> {
    pub(super) fn new(history: &'h DynamoHistory, filter: &EventFilter) -> Self {
        Self { history, filter: filter.clone(), place: Place::Start }
    }

    /// Of what was answered, what is wanted. An item that has the key of an event and can't be one is left out and named; one without is
    /// another table's.
    fn batch(&self, items: Vec<Item>) -> Result<Batch, DynamoError> {
        let mut batch = Batch::default();
        for item in items {
            let key = ["client_id", "trace_id"]
                .map(|name| item.get(name).cloned().map(|part| (name.to_owned(), part)));
            let key = read(&self.history.table.name, key.into_iter().flatten().collect())?;
            match selected(item).map(PastEvent::new) {
                Some(Ok(event)) if !self.wants(&event) => {}
                Some(Ok(event)) => batch.events.push(event),
                Some(Err(error)) => batch.leave_out(&key, &error),
                None => batch.leave_out(&key, &NO_JSON),
            }
        }
        Ok(batch)
    }

    /// The table has looked at the time already, but to the millisecond.
    fn wants(&self, event: &PastEvent) -> bool {
        self.filter.wants(event.received_at())
    }
}

impl EventReader for DynamoReader<'_> {
    async fn next(&mut self) -> Result<Option<Batch>, StoreError> {
        let (start, patience) = match &self.place {
            Place::End => return Ok(None),
            // A wrong name, region or address is told at once.
            Place::Start => (None, None),
            Place::After(last) => (Some(last.clone()), Some(patience())),
        };
        // A request's future is large.
        let (items, last) = Box::pin(self.history.some(&self.filter, start, patience)).await?;
        let batch = self.batch(items)?;
        self.place = Place::after(last);
        Ok(Some(batch))
    }
}

fn patience() -> Builder {
    let retries = RetryConfig::standard()
        .with_max_attempts(TRIES)
        .with_initial_backoff(FIRST_WAIT)
        .with_max_backoff(LONGEST_WAIT);
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(TRY_TIMEOUT)
        .operation_timeout(REQUEST_TIMEOUT)
        .build();
    Config::builder().retry_config(retries).timeout_config(timeouts)
}
