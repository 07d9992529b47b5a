//! The time that one call of the function has.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::record::{Lines, Recorder};

/// Kept back for writing the ledger and answering; and how far two clocks may differ before a claim is taken over while
/// its owner still works.
const MARGIN: Duration = Duration::from_millis(500);

/// One call of the function.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The platform's request id: the owner of the claims made here. Retries of an asynchronous invocation have the
    /// same, so a try that follows a crash takes its own claims over at once.
    pub id: String,
    deadline: Instant,
    recorder: Arc<dyn Recorder>,
}

impl Invocation {
    /// A call that ends in `remaining`. What happens in it becomes lines of the log.
    #[must_use]
    pub fn new(id: impl Into<String>, remaining: Duration) -> Self {
        Self { id: id.into(), deadline: Instant::now() + remaining, recorder: Arc::new(Lines) }
    }

    /// Tells `recorder` what happens instead.
    #[must_use]
    pub fn recorded_by(self, recorder: Arc<dyn Recorder>) -> Self {
        Self { recorder, ..self }
    }

    pub(crate) fn recorder(&self) -> &dyn Recorder {
        &*self.recorder
    }

    /// Time left for work.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()).saturating_sub(MARGIN)
    }

    /// How long claims are leased: until the platform ends the call, and no longer than two clocks may differ.
    pub(crate) fn lease(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()) + MARGIN
    }
}
