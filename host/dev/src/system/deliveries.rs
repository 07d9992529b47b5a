//! Deliveries as they change. The function writes them, in a process of its own; the store tells that somebody has written.

use std::collections::BTreeSet;
use std::time::Duration;

use campanile_store::{SqliteLedger, StoreError};

use crate::feed::{Feed, Happening};

/// Between two looks. A look that finds nothing costs microseconds.
const BEAT: Duration = Duration::from_millis(100);

/// Tells of attempts that have ended, and of the devices whose deliveries may have changed.
pub(super) async fn follow(ledger: SqliteLedger, feed: Feed) {
    let mut seen = match Seen::now(&ledger).await {
        Ok(seen) => seen,
        Err(error) => return feed.tell(Happening::Note(error.to_string().into())),
    };
    loop {
        tokio::time::sleep(BEAT).await;
        if let Err(error) = seen.look(&ledger, &feed).await {
            feed.tell(Happening::Note(error.to_string().into()));
        }
    }
}

/// What was told.
struct Seen {
    revision: i64,
    attempt: i64,
    /// Those with something open.
    open: BTreeSet<String>,
}

impl Seen {
    async fn now(ledger: &SqliteLedger) -> Result<Self, StoreError> {
        let revision = ledger.revision().await?;
        let attempt = ledger.last_attempt().await?;
        Ok(Self { revision, attempt, open: ledger.devices_with_open().await?.into_iter().collect() })
    }

    async fn look(&mut self, ledger: &SqliteLedger, feed: &Feed) -> Result<(), StoreError> {
        let revision = ledger.revision().await?;
        if revision == self.revision {
            return Ok(());
        }
        self.revision = revision;
        // What was open may have ended, and what has begun is open.
        let open: BTreeSet<String> = ledger.devices_with_open().await?.into_iter().collect();
        let mut devices: BTreeSet<String> = std::mem::replace(&mut self.open, open.clone());
        devices.extend(open);
        loop {
            let attempts = ledger.attempts_after(self.attempt).await?;
            let Some(last) = attempts.last() else { break };
            self.attempt = last.place;
            for attempt in attempts {
                devices.insert(attempt.key.device.clone());
                feed.tell(Happening::Attempted(Box::new(attempt)));
            }
        }
        feed.tell(Happening::Deliveries(devices.into_iter().collect()));
        Ok(())
    }
}
