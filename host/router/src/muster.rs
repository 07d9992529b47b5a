//! The deliveries of one message wait for each other: none is attempted before all are in the ledger. Whoever breaks off after that
//! leaves nothing behind that nobody knows of.

use std::sync::Arc;

use tokio::sync::watch;

/// Held by each delivery of a message, and by whoever begins them until all are begun.
#[derive(Clone, Debug)]
pub(crate) struct Muster {
    all: Arc<watch::Sender<()>>,
    missing: Option<watch::Receiver<()>>,
}

impl Muster {
    pub(crate) fn new() -> Self {
        let (all, missing) = watch::channel(());
        Self { all: Arc::new(all), missing: Some(missing) }
    }

    /// The delivery is in the ledger.
    pub(crate) fn arrive(&mut self) {
        self.missing = None;
    }

    /// Waits until all have arrived, or ended.
    pub(crate) async fn complete(&mut self) {
        self.arrive();
        self.all.closed().await;
    }
}
