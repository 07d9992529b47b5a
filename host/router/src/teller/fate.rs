//! What a message comes to over all its channels.

use std::sync::Arc;

use campanile_core::ledger::DeliveryState;
use campanile_store::{Ledger, States, StoreError};

use crate::channels::Channels;
use crate::pipeline::Router;
use crate::report::DeliveryStatus;
use crate::runner::Runner;
use crate::telling::Telling;

/// A message, and how its deliveries have ended so far.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) telling: Telling,
    /// Deliveries that have not ended in this invocation.
    open: usize,
    begun: usize,
    is_told: bool,
    /// Whether a delivery will be gone on with later.
    is_unfinished: bool,
    is_reported: bool,
    /// Whether other deliveries of the message may be where this invocation does not look.
    is_part: bool,
}

impl Course {
    pub(super) fn new(telling: Telling) -> Self {
        Self {
            telling,
            open: 0,
            begun: 0,
            is_told: false,
            is_unfinished: false,
            is_reported: false,
            is_part: false,
        }
    }

    /// The course of a single delivery: the message's others have their own.
    pub(super) fn resumed(telling: Telling) -> Self {
        Self { is_part: true, ..Self::new(telling) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.begun == 0
    }

    pub(super) fn opened(&mut self) {
        self.open += 1;
        self.begun += 1;
    }

    /// A delivery could not be opened, so nothing is known of it.
    pub(super) fn keep_open(&mut self) {
        self.begun += 1;
        self.is_unfinished = true;
    }

    pub(super) fn heard(&mut self, status: DeliveryStatus) {
        self.open = self.open.saturating_sub(1);
        match status {
            DeliveryStatus::Delivered => self.is_told = true,
            DeliveryStatus::InProgress | DeliveryStatus::Retrying => self.is_unfinished = true,
            DeliveryStatus::Rejected | DeliveryStatus::DeadLettered => {}
        }
    }

    pub(super) fn reported(&mut self) {
        self.is_reported = true;
    }

    /// Whether people were told; `None` if that is not known yet, or was reported.
    pub(super) async fn fate<R: Runner, S: Ledger + States>(
        &self,
        router: &Router<R, S>,
        channels: &Arc<Channels<R::Destination>>,
    ) -> Result<Option<bool>, StoreError> {
        if self.is_reported || (!self.is_told && (self.open > 0 || self.is_unfinished)) {
            return Ok(None);
        }
        if self.is_told || !self.is_part {
            return Ok(Some(self.is_told));
        }
        self.elsewhere(router, channels).await
    }

    /// The same by what the ledger knows of all channels that may be concerned.
    async fn elsewhere<R: Runner, S: Ledger + States>(
        &self,
        router: &Router<R, S>,
        channels: &Arc<Channels<R::Destination>>,
    ) -> Result<Option<bool>, StoreError> {
        for (own, _) in channels.iter() {
            let record = router.store().find(&self.telling.key(own), router.now()).await?;
            match record.map(|record| record.state) {
                Some(DeliveryState::Delivered { .. }) => return Ok(Some(true)),
                Some(DeliveryState::Claimed { .. } | DeliveryState::Retry { .. }) => return Ok(None),
                Some(DeliveryState::Rejected { .. } | DeliveryState::DeadLetter { .. }) | None => {}
            }
        }
        Ok(Some(false))
    }
}
