//! The running system, as pages and keys see it.

mod deliveries;
mod follow;
mod identities;
mod start;

use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;
use campanile_broker::{BridgeError, StartError};
use campanile_core::ledger::DeliveryKey;
use campanile_local::catcher::Catcher;
use campanile_local::lambda::Emulator;
use campanile_rules::limits::PAYLOAD_BYTES;
use campanile_rules::topic::{basic_ingest, check_topic};
use campanile_store::{AnyLedger, Ledger as _, SqliteHistory, StoreError};
use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

pub use self::identities::Signed;
pub use self::start::{Left, SystemConfig, SystemError};
use crate::broker::{Addresses, Listen, Listening, Outside};
use crate::data::DataDir;
use crate::engine::Engine;
use crate::feed::{Feed, Happening};
use crate::inbox::KeptInbox;
use crate::intake::Intake;
use crate::journal::{Entry, Journal, MessageId, QueuedMessage, Source};
use crate::plugins::PluginStatus;
use crate::rulebook::RuleBook;

/// Messages that are listed at once.
pub const LISTED: usize = 500;

/// Longest client id, in bytes (AWS IoT quotas).
const CLIENT_ID_BYTES: usize = 128;

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
    new_rules: watch::Sender<Arc<RuleBook>>,
    new_plugins: watch::Sender<Arc<[PluginStatus]>>,
    journal: Arc<Journal>,
    intake: Arc<Intake>,
    inbox: Arc<KeptInbox>,
    engine: Engine,
    /// None as long as nobody has asked for it.
    broker: OnceLock<Listening>,
    /// None without an own broker, or if nobody connects to it with TLS.
    issuer: OnceLock<identities::Issuer>,
    function: Option<Arc<Emulator>>,
    /// Lets the function do what is due.
    tick: Arc<Notify>,
    /// What follows others; ends with this.
    followers: Mutex<JoinSet<()>>,
    /// Tells those who follow that nothing more will come.
    stopping: watch::Sender<bool>,
    resumed: u64,
    data: DataDir,
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

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl System {
    /// The messages before `before`, newest first, at most `limit` and [`LISTED`].
    ///
    /// # Errors
    ///
    /// [`Refusal::Broken`] if the journal can't be read.
    pub async fn messages(
        &self,
        before: Option<MessageId>,
        limit: usize,
    ) -> Result<Vec<Arc<Entry>>, Refusal> {
        // First those that are under way: one that ends meanwhile is in the journal then.
        let flights = self.engine.flights();
        let kept = self.journal.list(before, limit.clamp(1, LISTED)).await?;
        let as_it_stands = |entry: Entry| match flights.get(&entry.id) {
            Some(flight) if entry.verdicts.is_empty() => Arc::clone(flight),
            _ => Arc::new(entry),
        };
        Ok(kept.into_iter().map(as_it_stands).collect())
    }

    /// One message.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`] if there is none, [`Refusal::Broken`] if the journal can't be read.
    pub async fn message(&self, id: MessageId) -> Result<Arc<Entry>, Refusal> {
        if let Some(flight) = self.engine.flight(id) {
            return Ok(flight);
        }
        let found = self.journal.find(id).await?;
        found.map(Arc::new).ok_or_else(|| Refusal::Missing(format!("message {}", id.0)))
    }

    /// What rules and the function have put into queues because something failed: before the one with the id `before`, newest
    /// first, at most `limit` and [`LISTED`].
    ///
    /// # Errors
    ///
    /// [`Refusal::Broken`] if the journal can't be read.
    pub async fn queued(&self, before: Option<u64>, limit: usize) -> Result<Vec<QueuedMessage>, Refusal> {
        Ok(self.journal.queued(before, limit.clamp(1, LISTED)).await?)
    }

    /// Publishes as a device would; returns when it is in the journal.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] for what AWS IoT would not take, [`Refusal::Broken`] if the journal can't be written.
    pub async fn publish(&self, publication: Publication) -> Result<MessageId, Refusal> {
        let Publication { topic, client_id, payload } = publication;
        check_topic(&topic).map_err(|error| Refusal::Invalid(format!("the topic {error}")))?;
        if topic.starts_with('$') && basic_ingest(&topic).is_none() {
            return Err(Refusal::Invalid(
                "topics that begin with `$` belong to AWS, but for $aws/rules/".to_owned(),
            ));
        }
        if client_id.is_empty() || client_id.len() > CLIENT_ID_BYTES {
            return Err(Refusal::Invalid(format!("a client id has 1 to {CLIENT_ID_BYTES} bytes")));
        }
        if payload.len() > PAYLOAD_BYTES {
            let size = payload.len();
            return Err(Refusal::Invalid(format!(
                "the payload has {size} bytes; AWS IoT takes {PAYLOAD_BYTES}"
            )));
        }
        Ok(self.intake.publish(client_id, topic, Bytes::from(payload), Source::Hand).await?)
    }

    /// Publishes a message of the journal once more: the same bytes, so the same event.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`] if there is none, [`Refusal::Broken`] if the journal can't be used.
    pub async fn replay(&self, id: MessageId) -> Result<MessageId, Refusal> {
        let entry = self.message(id).await?;
        Ok(self.intake.replay(entry.message.clone(), id).await?)
    }

    /// Lets a delivery that has ended without success be tried again, now.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`] if there is none, [`Refusal::Invalid`] if it has not ended without success, [`Refusal::Broken`] if the
    /// ledger can't be used.
    pub async fn resend(&self, key: &DeliveryKey) -> Result<(), Refusal> {
        let now = Timestamp::now();
        if !self.ledger.reopen(key, now).await? {
            return Err(match self.ledger.find(key, now).await? {
                None => Refusal::Missing(format!("delivery {key}")),
                Some(_) => Refusal::Invalid("it has not ended without success".to_owned()),
            });
        }
        self.feed.tell(Happening::Deliveries(vec![key.device.clone()]));
        self.tick.notify_one();
        Ok(())
    }

    /// Forgets what was caught; tells how much it was. What was sent stays sent: the fakes still know their messages.
    ///
    /// # Errors
    ///
    /// [`Refusal::Broken`] if the file can't be written; then everything is there again after a restart.
    pub async fn clear_inbox(&self) -> Result<usize, Refusal> {
        let cleared = self.catcher.inbox().clear();
        self.inbox.clear().await?;
        Ok(cleared)
    }

    /// Lets devices connect. Once: a second broker of the same system would be told of nothing.
    ///
    /// # Errors
    ///
    /// [`StartError`] if an address is taken, or the authority has no certificate for the server.
    pub async fn listen(&self, listen: Listen) -> Result<Addresses, StartError> {
        let authority = listen.mqtts.as_ref().map(|(_, authority)| Arc::clone(authority));
        let (broker, addresses) = Listening::start(listen, &self.intake, self.feed.clone()).await?;
        self.intake.connect(Box::new(broker.clone()));
        if let (Some(authority), Some(mqtts)) = (authority, addresses.mqtts) {
            self.issuer.set(identities::Issuer { authority, mqtts }).ok();
        }
        self.broker.set(broker).ok();
        Ok(addresses)
    }

    /// Takes messages from somebody else's broker: those that rules listen to now.
    ///
    /// # Errors
    ///
    /// [`BridgeError`] for a URL that can't be right and a file that can't be read. That nobody is there is no error.
    pub fn listen_outside(&self, outside: Outside) -> Result<(), BridgeError> {
        let filters = self.rules.borrow().filters();
        let bridge = Listening::outside(outside, filters, &self.intake, self.feed.clone())?;
        self.broker.set(bridge).ok();
        Ok(())
    }

    /// Lets the function's processes go, so that the next ones read their configuration anew. Invocations under way end as they began.
    pub fn renew_function(&self) {
        if let Some(function) = &self.function {
            function.renew();
        }
        self.feed.tell(Happening::Reloaded);
    }

    /// Takes other rules from now on.
    pub fn set_rules(&self, rules: RuleBook) {
        self.new_rules.send_replace(Arc::new(rules));
        self.feed.tell(Happening::Reloaded);
    }

    /// Tells what there is in the folder of plugins now. The function sees for itself.
    pub fn set_plugins(&self, plugins: Vec<PluginStatus>) {
        self.new_plugins.send_replace(plugins.into());
        self.feed.tell(Happening::Plugins);
    }

    /// How many messages had not been finished by whoever used the folder before.
    #[must_use]
    pub fn resumed(&self) -> u64 {
        self.resumed
    }

    /// Where everything is kept.
    #[must_use]
    pub fn data(&self) -> &DataDir {
        &self.data
    }
}
