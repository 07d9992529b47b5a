//! Makes attempts: with the sandbox, or with a script in tests.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use campanile_core::notification::{Attempt, Notification};
use campanile_core::outcome::AttemptReport;
use campanile_sandbox::egress::Egress;
use campanile_sandbox::{Channel, Plugin};

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
    type Destination = (Plugin, Arc<Channel>);

    async fn attempt(
        &self,
        (plugin, channel): &Self::Destination,
        notification: &Notification,
        attempt: &Attempt,
        remaining: Duration,
    ) -> AttemptReport {
        plugin.attempt(channel, &self.egress, notification, attempt, remaining).await
    }
}
