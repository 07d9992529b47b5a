//! Deliveries as they change. The function writes them, in a process of its own; the store tells that somebody has written.

use std::collections::BTreeSet;
use std::time::Duration;

use campanile_store::{SqliteLedger, StoreError};
use tokio::sync::watch;

use crate::feed::{Feed, Happening};

/// Between two looks. A look that finds nothing costs microseconds.
const BEAT: Duration = Duration::from_millis(100);

/// What of the store was told.
#[derive(Debug)]
pub(super) struct Changes {
    ledger: SqliteLedger,
    revision: i64,
    attempt: i64,
    /// The devices with something open.
    open: BTreeSet<String>,
}

impl Changes {
    /// What is there now needs no telling.
    pub(super) async fn begin(ledger: SqliteLedger) -> Result<Self, StoreError> {
        let revision = ledger.revision().await?;
        let attempt = ledger.last_attempt().await?;
        let open = ledger.devices_with_open().await?.into_iter().collect();
        Ok(Self { ledger, revision, attempt, open })
    }

    /// Tells of attempts that have ended, and of the devices whose deliveries may have changed; once more when the system stops.
    pub(super) async fn follow(mut self, feed: Feed, mut stopped: watch::Receiver<bool>) {
        loop {
            let is_over = tokio::time::timeout(BEAT, stopped.wait_for(|stopped| *stopped)).await.is_ok();
            if let Err(error) = self.look(&feed).await {
                feed.tell(Happening::Note(error.to_string().into()));
            }
            if is_over {
                return;
            }
        }
    }

    async fn look(&mut self, feed: &Feed) -> Result<(), StoreError> {
        let revision = self.ledger.revision().await?;
        if revision == self.revision {
            return Ok(());
        }
        self.revision = revision;
        // What was open may have ended, and what has begun is open.
        let open: BTreeSet<String> = self.ledger.devices_with_open().await?.into_iter().collect();
        let mut devices: BTreeSet<String> = std::mem::replace(&mut self.open, open.clone());
        devices.extend(open);
        loop {
            let attempts = self.ledger.attempts_after(self.attempt).await?;
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
