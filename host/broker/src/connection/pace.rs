//! How fast a client may publish. AWS IoT throttles: it leaves publishes beyond the limits unacknowledged or ends the
//! connection. Here the broker reads on when it is time, so nothing is lost and a loop in a device's program is noticed by its
//! pace.

use std::time::Duration;

use tokio::time::Instant;

use crate::bucket::Bucket;
use crate::config::Limits;

#[derive(Debug)]
pub(super) struct Pace {
    messages: Bucket,
    bytes: Bucket,
    until: Instant,
}

impl Pace {
    pub(super) fn new(limits: &Limits, now: Instant) -> Self {
        Self {
            messages: Bucket::new(limits.publishes_per_second, now),
            bytes: Bucket::new(limits.bytes_per_second, now),
            until: now,
        }
    }

    /// When the client may be listened to again.
    pub(super) fn until(&self) -> Instant {
        self.until
    }

    /// Counts a message; tells how long the client is not listened to.
    pub(super) fn count(&mut self, bytes: usize, now: Instant) -> Duration {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let wait = self.messages.spend(1, now).max(self.bytes.spend(bytes, now));
        self.until = now + wait;
        wait
    }
}
