//! Makes attempts: with the sandbox, or with a script in tests.

use std::future::Future;
use std::time::Duration;

use campanile_core::notification::{Attempt, Notification};
use campanile_core::outcome::{AttemptReport, Outcome, Usage};
use campanile_sandbox::Plugin;
use campanile_sandbox::egress::Egress;
use tokio::time::{Instant, timeout};

use crate::renewable_channel::{RenewableChannel, Unready};

/// What makes one attempt on a channel.
pub trait Runner: Send + Sync + 'static {
    /// What a channel is for this runner.
    type Destination: Send + Sync + 'static;

    /// Makes an attempt that ends within `remaining`.
    fn attempt(
        &self,
        destination: &Self::Destination,
        notification: &Notification,
        attempt: &Attempt,
        remaining: Duration,
    ) -> impl Future<Output = AttemptReport> + Send;

    /// After the provider has refused the destination's secrets: whether it has others by now than an attempt that began at
    /// `tried`, so that one more is worth it.
    fn renew(&self, destination: &Self::Destination, tried: Instant) -> impl Future<Output = bool> + Send;
}

/// Attempts in the sandbox.
#[derive(Clone, Debug)]
pub struct SandboxRunner {
    egress: Egress,
}

impl SandboxRunner {
    /// A runner whose plugins send through `egress`.
    #[must_use]
    pub fn new(egress: Egress) -> Self {
        Self { egress }
    }
}

impl Runner for SandboxRunner {
    type Destination = (Plugin, RenewableChannel);

    async fn attempt(
        &self,
        (plugin, channel): &Self::Destination,
        notification: &Notification,
        attempt: &Attempt,
        remaining: Duration,
    ) -> AttemptReport {
        let started = Instant::now();
        let channel = timeout(remaining, channel.ready()).await;
        let channel = match channel.unwrap_or_else(|_| Err(secrets_took_too_long())) {
            Ok(channel) => channel,
            Err(unready) => return not_made(unready, started.elapsed()),
        };
        let remaining = remaining.saturating_sub(started.elapsed());
        plugin.attempt(&channel, &self.egress, notification, attempt, remaining).await
    }

    async fn renew(&self, (_, channel): &Self::Destination, tried: Instant) -> bool {
        channel.renew(tried).await
    }
}

fn secrets_took_too_long() -> Unready {
    Unready { outcome: Outcome::Transient, detail: "the channel's secrets did not come in time".to_owned() }
}

/// The report of an attempt that asked nobody.
fn not_made(unready: Unready, duration: Duration) -> AttemptReport {
    AttemptReport {
        outcome: unready.outcome,
        detail: unready.detail,
        resume: String::new(),
        guest_log: Vec::new(),
        duration,
        usage: Usage::default(),
    }
}
