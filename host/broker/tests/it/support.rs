//! A broker, and a journal that tests can hold up, make fail and look into.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use campanile_broker::{Authority, Broker, BrokerConfig, Ingest, Limits, Message, NotKept, TlsListener};
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};

/// Nothing in these tests takes longer, also on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Keeps messages in memory.
#[derive(Debug)]
pub(crate) struct Journal {
    offered: watch::Sender<usize>,
    kept: watch::Sender<Vec<Message>>,
    open: watch::Sender<bool>,
    /// Topics that are not kept, by their beginning.
    refused: Mutex<Option<&'static str>>,
}

impl Ingest for Journal {
    async fn keep(&self, message: Message) -> Result<(), NotKept> {
        self.offered.send_modify(|offered| *offered += 1);
        if !is_presence(&message) {
            self.open.subscribe().wait_for(|open| *open).await.unwrap();
        }
        if self.refused.lock().unwrap().is_some_and(|topic| message.topic.starts_with(topic)) {
            return Err(NotKept("the disk is full".to_owned()));
        }
        self.kept.send_modify(|kept| kept.push(message));
        Ok(())
    }
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self {
            offered: watch::Sender::new(0),
            kept: watch::Sender::new(Vec::new()),
            open: watch::Sender::new(true),
            refused: Mutex::default(),
        }
    }

    /// Holds messages up until it is opened, those of presence excepted.
    pub(crate) fn close(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }

    pub(crate) fn refuse(&self, topic: Option<&'static str>) {
        *self.refused.lock().unwrap() = topic;
    }

    /// What clients have published, without events of presence.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.kept.borrow().iter().filter(|message| !is_presence(message)).cloned().collect()
    }

    /// Waits until `enough` says so of what clients have published.
    pub(crate) async fn until(&self, enough: impl Fn(&[Message]) -> bool) -> Vec<Message> {
        self.all_until(|all| {
            let messages: Vec<Message> =
                all.iter().filter(|message| !is_presence(message)).cloned().collect();
            enough(&messages).then_some(messages)
        })
        .await
    }

    /// Waits until `found` finds something in everything that was kept.
    pub(crate) async fn all_until<T>(&self, found: impl Fn(&[Message]) -> Option<T>) -> T {
        let mut kept = self.kept.subscribe();
        let mut result = None;
        let wait = kept.wait_for(|all| {
            result = found(all);
            result.is_some()
        });
        assert!(
            tokio::time::timeout(PATIENCE, wait).await.is_ok_and(|wait| wait.is_ok()),
            "waited in vain; kept are {:?}",
            self.topics()
        );
        result.unwrap()
    }

    /// How many messages were offered, events of presence included.
    pub(crate) fn offered(&self) -> usize {
        *self.offered.borrow()
    }

    /// Waits until so many messages were offered, events of presence included.
    pub(crate) async fn until_offered(&self, count: usize) {
        let mut offered = self.offered.subscribe();
        bounded(offered.wait_for(|offered| *offered >= count)).await.unwrap();
    }

    pub(crate) fn topics(&self) -> Vec<String> {
        self.kept.borrow().iter().map(|message| message.topic.clone()).collect()
    }
}

fn is_presence(message: &Message) -> bool {
    message.topic.starts_with("$aws/events/")
}

/// A broker with both listeners.
pub(crate) struct Running {
    pub(crate) broker: Broker,
    pub(crate) journal: Arc<Journal>,
    pub(crate) plain: SocketAddr,
    pub(crate) tls: SocketAddr,
    pub(crate) authority: Arc<Authority>,
    pub(crate) dir: TempDir,
    notes: mpsc::Receiver<String>,
}

impl Running {
    pub(crate) async fn start() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let authority = Arc::new(Authority::open(dir.path()).unwrap());
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (sender, notes) = mpsc::channel(10_000);
        let journal = Arc::new(Journal::new());
        let config = BrokerConfig {
            plain: Some(address),
            tls: Some(TlsListener { address, authority: Arc::clone(&authority) }),
            limits,
            notes: Some(sender),
        };
        let broker = Broker::start(config, Arc::clone(&journal)).await.unwrap();
        let (plain, tls) = (broker.plain_address().unwrap(), broker.tls_address().unwrap());
        Self { broker, journal, plain, tls, authority, dir, notes }
    }

    /// Waits for a sentence for people that has `part` in it.
    pub(crate) async fn note(&mut self, part: &str) -> String {
        said(&mut self.notes, part).await
    }
}

/// Waits for a sentence that has `part` in it.
pub(crate) async fn said(notes: &mut mpsc::Receiver<String>, part: &str) -> String {
    loop {
        let note = bounded(notes.recv()).await.expect("somebody speaks");
        if note.contains(part) {
            return note;
        }
    }
}

/// What a future gives, in time.
pub(crate) async fn bounded<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it takes too long")
}
