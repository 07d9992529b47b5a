//! Waiting for others' sake: until the channel may be asked, and for the secrets that replace refused ones.

use std::time::Duration;

use campanile_core::breaker::{Wait, Way};
use campanile_core::outcome::{AttemptReport, Outcome};
use campanile_core::retry::fits;
use campanile_store::{Ledger, States};
use jiff::Timestamp;
use tokio::time::{Instant, timeout};

use super::Delivery;
use crate::gate::Leave;
use crate::runner::Runner;

impl<R: Runner, L: Ledger + States> Delivery<'_, R, L> {
    /// Leave to make an attempt, waited for if that fits into the invocation.
    pub(super) async fn leave(&self, destination: &R::Destination) -> Result<Leave<'_>, Wait> {
        loop {
            let mut bell = self.gate.bell();
            let now = (self.clock)();
            let wait = match self.gate.ask(self.way(), now) {
                Ok(leave) => return Ok(leave),
                Err(wait) => wait,
            };
            if wait.is_refused && self.has_others(destination, Instant::now()).await {
                self.gate.renewed(self.way());
                continue;
            }
            let time = until(now, wait.until);
            if !fits(time, self.invocation.remaining()) {
                return Err(wait);
            }
            tracing::info!(delivery.id = %self.key, channel = %self.key.channel, "{} waits: {}", self.key, wait.reason);
            // Whatever has ended is a reason to ask again; an error would mean that the gate is gone.
            timeout(time, bell.changed()).await.ok();
        }
    }

    /// Whether an attempt that was made at `tried` was refused for secrets that are others now.
    pub(super) async fn is_renewed(
        &self,
        destination: &R::Destination,
        made: &AttemptReport,
        tried: Instant,
    ) -> bool {
        made.outcome == Outcome::Misconfigured && self.has_others(destination, tried).await
    }

    async fn has_others(&self, destination: &R::Destination, tried: Instant) -> bool {
        let renewal = self.runner.renew(destination, tried);
        timeout(self.invocation.remaining(), renewal).await.unwrap_or(false)
    }

    fn way(&self) -> Way<'_> {
        Way { provider: &self.channel.provider, channel: &self.key.channel }
    }
}

/// The time from now until then.
pub(super) fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}
