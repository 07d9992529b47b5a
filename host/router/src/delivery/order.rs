//! Order: on each channel, a message about a device waits for the one before it.

use std::time::Duration;

use campanile_core::ledger::{Claim, DeliveryKey, DeliveryState, Record};
use campanile_core::retry::fits;
use campanile_core::transition::Silence;
use campanile_store::{Ledger, States, StoreError};
use jiff::Timestamp;

use super::place::{Place, place};
use super::{Delivery, later};
use crate::record::Ending;
use crate::report::{DeliveryReport, DeliveryStatus};
use crate::runner::Runner;
use crate::states::StateError;

/// Between two looks at the message before: at first as long as a provider takes to answer.
const FIRST_LOOK: Duration = Duration::from_millis(100);
const LAST_LOOK: Duration = Duration::from_secs(1);

/// How long one that is due is waited for although nobody has claimed it: mostly another invocation waits with it for its turn. If none
/// does, the tick will go on with it.
const TURN: Duration = Duration::from_secs(5);

impl<R: Runner, L: Ledger + States> Delivery<'_, R, L> {
    /// Until when the message before this one keeps it back: people are to read them in order. What fits into the
    /// invocation is waited for.
    pub(super) async fn held_until(
        &mut self,
        before: Option<&DeliveryKey>,
    ) -> Result<Option<Timestamp>, StoreError> {
        let Some(before) = before else { return Ok(None) };
        let (mut pause, mut waited, mut is_open) = (FIRST_LOOK, Duration::ZERO, false);
        loop {
            let now = (self.clock)();
            let state = self.ledger.find(before, now).await?.map(|record| record.state);
            let Some(due) = state.as_ref().and_then(DeliveryState::due) else { return Ok(None) };
            let is_claimed = matches!(state, Some(DeliveryState::Claimed { .. }));
            let is_worked_on = is_claimed || (due <= now && waited < TURN);
            if !is_worked_on || !fits(pause, self.invocation.remaining()) {
                return Ok(Some(due.max(later(now, LAST_LOOK))));
            }
            if !is_open {
                self.open().await?;
                self.muster.arrive();
                is_open = true;
            }
            tokio::time::sleep(pause).await;
            waited = waited.saturating_add(pause);
            pause = pause.saturating_mul(2).min(LAST_LOOK);
        }
    }

    /// Makes the delivery known before it waits, so that what comes meanwhile waits for it in turn. It is not kept claimed:
    /// nothing is sent.
    async fn open(&self) -> Result<(), StoreError> {
        match self.claim().await? {
            Claim::Granted(_) => self.release().await,
            _ => Ok(()),
        }
    }

    /// Gives the claim back before anything was sent.
    pub(super) async fn release(&self) -> Result<(), StoreError> {
        let state = DeliveryState::Retry { not_before: (self.clock)() };
        self.ledger.settle(&self.key, &self.invocation.id, state).await
    }

    /// Whether it is its turn. Whoever has a delivery tried again that was given up wants to see it sent.
    pub(super) async fn place(&self, record: &Record) -> Result<Place, StateError> {
        if record.counted_from > 0 {
            return Ok(Place::Next);
        }
        place(self.ledger, &self.key, &record.brief, (self.clock)()).await
    }

    /// Whoever reads the channel knows better by now.
    pub(super) async fn overtaken(self, record: Record) -> DeliveryReport {
        let reason = Silence::Overtaken.to_string();
        let state = DeliveryState::Rejected { reason: reason.clone() };
        match self.ledger.settle(&self.key, &self.invocation.id, state).await {
            Ok(()) => {
                self.tell_end(&record.brief, Ending::Overtaken, &record.attempts);
                self.report(DeliveryStatus::Rejected, &reason, record.attempts)
            }
            Err(error) => self.report(DeliveryStatus::InProgress, &error.to_string(), record.attempts),
        }
    }

    pub(super) async fn held_back(self, record: Record, until: Timestamp) -> DeliveryReport {
        let state = DeliveryState::Retry { not_before: until };
        let detail = match self.ledger.settle(&self.key, &self.invocation.id, state).await {
            Ok(()) => "the message before it is not delivered yet".to_owned(),
            Err(error) => error.to_string(),
        };
        let report = self.report(DeliveryStatus::Retrying, &detail, record.attempts);
        DeliveryReport { due: Some(until), ..report }
    }
}
