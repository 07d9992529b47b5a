//! The rules engine: takes messages out of the journal in order, asks the rules once about each, and runs the actions.
//!
//! Actions of different messages run at once, as in AWS, where no order is promised either. A message leaves the journal's list of
//! unfinished ones when the last of its actions has ended; one that a crash interrupts is taken again, with the same trace id and
//! time, so its item in the history and its deliveries are the same ones.

mod failure;
mod flight;
mod judge;
mod order;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use campanile_local::lambda::Emulator;
use campanile_store::SqliteHistory;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

pub use self::judge::select;
pub use self::order::item;
use crate::feed::{Feed, Happening};
use crate::intake::Intake;
use crate::journal::{Entry, Journal, MessageId};
use crate::rulebook::RuleBook;

/// Messages that are read from the journal at a time.
const PAGE: usize = 64;

/// Bytes of messages whose actions may be under way: thousands of usual ones, which wait for minutes if the function fails.
const ROOM: usize = 64 * 1024 * 1024;

/// What a message takes of that beside its payload, roughly: its tasks and its place in the function's queue (`tests/load` shows it: with
/// 4000 more of them waiting, 100 MiB more); the payload is in what each rule selects as well.
const OVERHEAD: usize = 24 * 1024;
const COPIES: usize = 4;

/// After the journal could not be read.
const PAUSE: Duration = Duration::from_secs(1);

/// What actions work with.
#[derive(Debug)]
pub(crate) struct Means {
    pub(crate) journal: Arc<Journal>,
    pub(crate) intake: Arc<Intake>,
    pub(crate) history: SqliteHistory,
    /// None where no function runs: its actions fail.
    pub(crate) function: Option<Arc<Emulator>>,
    pub(crate) feed: Feed,
}

/// The running engine.
#[derive(Debug)]
pub(crate) struct Engine {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    taking: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    means: Means,
    rules: watch::Receiver<Arc<RuleBook>>,
    /// The messages whose actions are under way, as they stand.
    flights: Mutex<BTreeMap<MessageId, Arc<Entry>>>,
    /// Changes with them.
    flying: watch::Sender<usize>,
    /// The newest message when there was nothing left to take.
    drained: watch::Sender<Option<u64>>,
    room: Arc<Semaphore>,
}

impl Engine {
    /// Begins with what is unfinished.
    pub(crate) fn start(means: Means, rules: watch::Receiver<Arc<RuleBook>>) -> Self {
        let shared = Arc::new(Shared {
            means,
            rules,
            flights: Mutex::default(),
            flying: watch::Sender::new(0),
            drained: watch::Sender::new(None),
            room: Arc::new(Semaphore::new(ROOM)),
        });
        let (stop, mut stopped) = watch::channel(false);
        let taking = Arc::clone(&shared).take_all();
        let taking = tokio::spawn(async move {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => {}
                () = taking => {}
            }
        });
        Self { shared, stop, taking: Mutex::new(Some(taking)) }
    }

    /// The messages whose actions are under way, as they stand.
    pub(crate) fn flights(&self) -> BTreeMap<MessageId, Arc<Entry>> {
        self.shared.flights().clone()
    }

    /// One of them.
    pub(crate) fn flight(&self, id: MessageId) -> Option<Arc<Entry>> {
        self.shared.flights().get(&id).cloned()
    }

    /// Returns when all that is in the journal now was taken.
    pub(crate) async fn drained(&self) {
        let newest = *self.shared.means.journal.subscribe().borrow();
        let mut drained = self.shared.drained.subscribe();
        drained.wait_for(|seen| seen.is_some_and(|seen| seen >= newest)).await.ok();
    }

    /// Takes no more messages. Those whose actions are under way go on.
    pub(crate) async fn stop(&self) {
        self.stop.send_replace(true);
        let taking = self.taking.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(taking) = taking {
            taking.await.ok();
        }
    }

    /// Returns when no action is under way.
    pub(crate) async fn landed(&self) {
        self.shared.flying.subscribe().wait_for(|flying| *flying == 0).await.ok();
    }
}

impl Shared {
    async fn take_all(self: Arc<Self>) {
        let mut latest = self.means.journal.subscribe();
        let mut after = MessageId(0);
        loop {
            let newest = *latest.borrow_and_update();
            match self.means.journal.unfinished(after, PAGE).await {
                Ok(page) if page.is_empty() => {
                    self.drained.send_replace(Some(newest));
                    if latest.changed().await.is_err() {
                        return;
                    }
                }
                Ok(page) => {
                    for entry in page {
                        after = entry.id;
                        self.take(entry).await;
                    }
                }
                Err(error) => {
                    self.means.feed.tell(Happening::Note(error.to_string().into()));
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Asks the rules, and lets the actions run, as soon as there is room.
    async fn take(self: &Arc<Self>, entry: Entry) {
        let weight = OVERHEAD + COPIES * entry.message.payload.len();
        let room = Arc::clone(&self.room).acquire_many_owned(u32::try_from(weight).unwrap_or(u32::MAX)).await;
        let book = Arc::clone(&self.rules.borrow());
        let judged = judge::judge(&book, &entry, jiff::Timestamp::now());
        let entry = Entry { verdicts: judged.verdicts, concerns: judged.concerns, ..entry };
        self.show(&entry);
        let flight = flight::Flight { shared: Arc::clone(self), book, entry };
        tokio::spawn(async move {
            flight.run(judged.orders).await;
            drop(room);
        });
    }

    /// Tells how a message stands.
    fn show(&self, entry: &Entry) {
        let entry = Arc::new(entry.clone());
        let flying = {
            let mut flights = self.flights();
            flights.insert(entry.id, Arc::clone(&entry));
            flights.len()
        };
        self.flying.send_replace(flying);
        self.means.feed.tell(Happening::Progressed(entry));
    }

    /// Its actions have ended, or were interrupted.
    fn landed(&self, id: MessageId) {
        let flying = {
            let mut flights = self.flights();
            flights.remove(&id);
            flights.len()
        };
        self.flying.send_replace(flying);
    }

    fn flights(&self) -> MutexGuard<'_, BTreeMap<MessageId, Arc<Entry>>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
