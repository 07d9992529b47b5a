//! The running system, as pages and keys see it.

use std::sync::Arc;

use campanile_core::ledger::DeliveryKey;
use campanile_local::catcher::Catcher;
use campanile_store::{AnyLedger, SqliteHistory};
use tokio::sync::watch;

use crate::feed::Feed;
use crate::journal::{Entry, MessageId};
use crate::plugins::PluginStatus;
use crate::rulebook::RuleBook;

/// Everything that runs.
#[derive(Debug)]
pub struct System {
    /// What happens.
    pub feed: Feed,
    /// Deliveries, letters and the states of devices: the function's.
    pub ledger: AnyLedger,
    /// What the cold rule has kept.
    pub history: SqliteHistory,
    /// The inbox and the faults.
    pub catcher: Arc<Catcher>,
    /// The rules.
    pub rules: watch::Receiver<Arc<RuleBook>>,
    /// What is known of the plugins.
    pub plugins: watch::Receiver<Arc<[PluginStatus]>>,
}

/// Something that somebody publishes by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Where to.
    pub topic: String,
    /// As which device.
    pub client_id: String,
    /// What.
    pub payload: Vec<u8>,
}

/// Why something was not done that somebody asked for.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing (any more).
    #[error("there is no {0}")]
    Missing(String),
    /// It makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// Something broke.
    #[error("{0}")]
    Broken(String),
}

impl System {
    /// The messages before `before`, newest first.
    pub async fn messages(&self, before: Option<MessageId>, limit: usize) -> Result<Vec<Arc<Entry>>, Refusal> {
        let _ = (before, limit);
        todo!()
    }

    /// One message.
    pub async fn message(&self, id: MessageId) -> Result<Arc<Entry>, Refusal> {
        let _ = id;
        todo!()
    }

    /// Publishes as a device would; returns when it is in the journal.
    pub async fn publish(&self, publication: Publication) -> Result<MessageId, Refusal> {
        let _ = publication;
        todo!()
    }

    /// Publishes a message of the journal once more: the same bytes, so the same event.
    pub async fn replay(&self, id: MessageId) -> Result<MessageId, Refusal> {
        let _ = id;
        todo!()
    }

    /// Lets a delivery that has ended without success be tried again, now.
    pub async fn resend(&self, key: &DeliveryKey) -> Result<(), Refusal> {
        let _ = key;
        todo!()
    }
}
