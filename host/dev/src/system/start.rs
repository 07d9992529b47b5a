//! Starts everything, and ends it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use campanile_core::ledger::StateKind;
use campanile_local::catcher::{Catcher, CatcherConfig, CatcherError, Selector};
use campanile_local::fakes;
use campanile_local::fault::Fault;
use campanile_local::inbox::Inbox;
use campanile_local::lambda::{ConfigError, Emulator, EmulatorConfig};
use campanile_store::{Filter, Ledger as _, PAGE_LIMIT, SqliteHistory, SqliteLedger, StoreError};
use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::deliveries::Changes;
use super::{System, follow};
use crate::data::DataDir;
use crate::engine::{Engine, Means};
use crate::feed::Feed;
use crate::inbox::KeptInbox;
use crate::intake::Intake;
use crate::journal::Journal;
use crate::plugins::PluginStatus;
use crate::rulebook::RuleBook;

/// Requests that the inbox keeps.
const INBOX: u16 = 500;

/// The variable by which the function is told where its requests go instead of to the providers.
const CATCH: &str = "CAMPANILE_CATCH";

/// The variable by which the function is told where deliveries are kept.
const STORE: &str = "CAMPANILE_STORE";

/// Between two looks whether anything is still under way.
const BEAT: Duration = Duration::from_millis(100);

/// What a system is made of.
#[derive(Debug)]
pub struct SystemConfig {
    /// Where everything is kept.
    pub data: DataDir,
    /// The function; its variables for the store and the catcher are added. None: its actions fail, and everything else works.
    pub function: Option<EmulatorConfig>,
    /// The rules to begin with.
    pub rules: RuleBook,
    /// The plugins to begin with.
    pub plugins: Vec<PluginStatus>,
    /// How providers misbehave from the start.
    pub faults: Vec<(Selector, Fault)>,
}

/// Why a system does not start.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// A file.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The catcher.
    #[error(transparent)]
    Catcher(#[from] CatcherError),
    /// The emulator.
    #[error(transparent)]
    Function(#[from] ConfigError),
}

/// What a system that has stopped leaves for the next start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Messages whose actions have not all ended.
    pub messages: u64,
    /// Deliveries that have not ended.
    pub deliveries: usize,
}

impl System {
    /// Starts everything but the broker and the page; goes on with what is unfinished.
    ///
    /// # Errors
    ///
    /// [`SystemError`].
    pub async fn start(config: SystemConfig) -> Result<Arc<Self>, SystemError> {
        Self::start_telling(config, Feed::default()).await
    }

    /// The same, for whoever listens to `feed` already and wants to hear of what is gone on with.
    ///
    /// # Errors
    ///
    /// [`SystemError`].
    pub async fn start_telling(config: SystemConfig, feed: Feed) -> Result<Arc<Self>, SystemError> {
        let SystemConfig { data, function, rules, plugins, faults } = config;
        let journal = Arc::new(Journal::open(&data.journal()).await?);
        let resumed = journal.count_unfinished().await?;
        let ledger = SqliteLedger::open(&data.store()).await.map_err(StoreError::from)?;
        let watched = SqliteLedger::open(&data.store()).await.map_err(StoreError::from)?;
        let history = || async { SqliteHistory::open(&data.store()).await.map_err(StoreError::from) };
        let catcher = Arc::new(catcher(faults).await?);
        let inbox = Arc::new(KeptInbox::open(&data.inbox(), INBOX.into()).await?);
        catcher.restore(inbox.all().await?);
        let function = function.map(|function| Emulator::start(with_places(function, &data, &catcher)));
        let function = function.transpose()?.map(Arc::new);
        let intake = Arc::new(Intake::new(Arc::clone(&journal), feed.clone()));
        let (new_rules, rules) = watch::channel(Arc::new(rules));
        let (new_plugins, plugins) = watch::channel(plugins.into());
        let tick = Arc::new(Notify::new());
        let mut followers = JoinSet::new();
        let stopping = watch::Sender::new(false);
        let stopped = || stopping.subscribe();
        followers.spawn(follow::inbox(Arc::clone(&catcher), Arc::clone(&inbox), feed.clone(), stopped()));
        followers.spawn(Changes::begin(watched).await?.follow(feed.clone(), stopped()));
        if let Some(function) = &function {
            followers.spawn(follow::log(function.logs(), feed.clone(), stopped()));
            followers.spawn(follow::ticks(Arc::clone(function), Arc::clone(&tick), stopped()));
        }
        let means = Means {
            journal: Arc::clone(&journal),
            intake: Arc::clone(&intake),
            history: history().await?,
            function: function.clone(),
            feed: feed.clone(),
        };
        let engine = Engine::start(means, rules.clone());
        Ok(Arc::new(Self {
            feed,
            ledger: ledger.into(),
            history: history().await?,
            catcher,
            rules,
            plugins,
            new_rules,
            new_plugins,
            journal,
            intake,
            inbox,
            engine,
            broker: OnceLock::new(),
            issuer: OnceLock::new(),
            function,
            tick,
            followers: Mutex::new(followers),
            stopping,
            resumed,
            data,
        }))
    }

    /// Ends the connections of devices, lets what has come in settle for at most `patience`, and ends everything. What has not ended by
    /// then is gone on with at the next start.
    ///
    /// # Errors
    ///
    /// If what is left can't be counted.
    pub async fn stop(&self, patience: Duration) -> Result<Left, StoreError> {
        if let Some(broker) = self.broker.get() {
            broker.shutdown().await;
        }
        tokio::time::timeout(patience, self.settled()).await.ok();
        self.engine.stop().await;
        if let Some(function) = &self.function {
            function.shutdown().await;
        }
        // Interrupted by the function's end; their messages stay unfinished.
        tokio::time::timeout(patience, self.engine.landed()).await.ok();
        self.catcher.shutdown().await;
        self.stopping.send_replace(true);
        let followers = std::mem::take(&mut *self.followers.lock().unwrap_or_else(PoisonError::into_inner));
        // They tell what has come last; dropping them ends one that has nothing to tell.
        tokio::time::timeout(patience, followers.join_all()).await.ok();
        let messages = self.journal.count_unfinished().await?;
        let mut deliveries = 0;
        for status in [StateKind::Claimed, StateKind::Retry] {
            let filter = Filter { status: Some(status), ..Filter::default() };
            let page = self.ledger.list(&filter, Timestamp::now(), None, PAGE_LIMIT).await?;
            deliveries += page.entries.len();
        }
        Ok(Left { messages, deliveries })
    }

    /// Returns when nothing is under way: no message waits, and no action, or only such as wait for the function's next attempt, in a
    /// minute or two.
    async fn settled(&self) {
        self.engine.drained().await;
        tokio::select! {
            () = self.engine.landed() => {}
            () = self.at_rest() => {}
        }
    }

    /// Two looks, because between two invocations none is under way for a moment.
    async fn at_rest(&self) {
        let mut seen = 0;
        while seen < 2 {
            tokio::time::sleep(BEAT).await;
            seen =
                if self.function.as_ref().is_none_or(|function| function.is_idle()) { seen + 1 } else { 0 };
        }
    }
}

async fn catcher(faults: Vec<(Selector, Fault)>) -> Result<Catcher, CatcherError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let seed = u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or_default();
    let inbox = Arc::new(Inbox::new(INBOX.into()));
    let catcher = Catcher::start(CatcherConfig { address, fakes: fakes::all(), inbox, seed }).await?;
    for (selector, fault) in faults {
        catcher.faults().set(selector, fault);
    }
    Ok(catcher)
}

fn with_places(mut function: EmulatorConfig, data: &DataDir, catcher: &Catcher) -> EmulatorConfig {
    let store = format!("sqlite:{}", data.store().display());
    function.environment.push((STORE.to_owned(), store));
    function.environment.push((CATCH.to_owned(), catcher.url()));
    function
}
