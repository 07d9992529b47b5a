//! What all connections share: who is connected, the sessions, and the way of a message to its subscribers.

mod directory;
mod retained;

use std::fmt::{Debug, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub(crate) use self::directory::Attach;
use self::directory::{Directory, Link};
use crate::broker::Client;
use crate::config::Limits;
use crate::keep::Keep;
use crate::notes::{Notes, Shown};
use crate::session::{Offered, Published, Session, Subscription};
use crate::topic::{self, Scope};

/// Ends a connection because another one has taken its client id; the other end of it is the connection's.
pub(crate) type Kick = CancellationToken;

pub(crate) struct Hub {
    pub(crate) limits: Limits,
    pub(crate) notes: Notes,
    pub(crate) ingest: Arc<dyn Keep>,
    /// Cancelled when the broker stops.
    pub(crate) stopping: CancellationToken,
    directory: Mutex<Directory>,
}

/// A client's place in the hub; it leaves when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    hub: Arc<Hub>,
    client_id: String,
    number: u64,
    /// Wakes the connection when something waits for it.
    pub(crate) wake: Arc<Notify>,
    pub(crate) kick: Kick,
    /// Cancelled when the client is back and takes its session up again.
    pub(crate) resumed: CancellationToken,
    pub(crate) session_present: bool,
    pub(crate) version: u64,
}

/// What became of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subscribed {
    Granted,
    /// There are too many.
    Refused,
}

impl Hub {
    pub(crate) fn new(
        limits: Limits,
        notes: Notes,
        ingest: Arc<dyn Keep>,
        stopping: CancellationToken,
    ) -> Self {
        Self { limits, notes, ingest, stopping, directory: Mutex::default() }
    }

    /// Takes a client in; a connection with the same client id ends.
    pub(crate) fn attach(self: &Arc<Self>, attach: Attach) -> Place {
        let link = Link {
            number: 0,
            wake: Arc::default(),
            kick: Kick::new(),
            resumed: CancellationToken::new(),
            client: attach.client.clone(),
            expiry: attach.expiry,
        };
        let (wake, kick, resumed) = (Arc::clone(&link.wake), link.kick.clone(), link.resumed.clone());
        let client_id = attach.client.client_id.clone();
        let attached = self.directory().attach(attach, link, self.limits.queued_messages, Instant::now());
        // What the session has kept for it is there already.
        wake.notify_one();
        let (session_present, version) = (attached.session_present, attached.version);
        Place {
            hub: Arc::clone(self),
            client_id,
            number: attached.number,
            wake,
            kick,
            resumed,
            session_present,
            version,
        }
    }

    /// Hands a message to all who subscribe to it; tells how many there are.
    pub(crate) fn route(&self, published: &Arc<Published>) -> usize {
        let mut directory = self.directory();
        if published.message.retain && !directory.retained.keep(published) {
            self.notes.say(format!(
                "left out: the retained message on {} has no room among {} others",
                Shown(&published.message.topic),
                retained::MAX_MESSAGES
            ));
        }
        let mut receivers = 0;
        for (client_id, entry) in directory.sessions() {
            let local = *client_id == published.message.client_id;
            match entry.session.offer(published, local, entry.link.is_none()) {
                Offered::NotMeant => {}
                Offered::Queued => {
                    receivers += 1;
                    if let Some(link) = &entry.link {
                        link.wake.notify_one();
                    }
                }
                Offered::LeftOut => self.notes.say(format!(
                    "left out: a message on {} for client {}, for which {} messages wait already",
                    Shown(&published.message.topic),
                    Shown(client_id),
                    self.limits.queued_messages
                )),
            }
        }
        receivers
    }

    /// Keeps a message that nobody waits for and hands it on; what can't be kept is said.
    pub(crate) async fn keep_and_hand_on(&self, published: Published) {
        match self.ingest.keep(published.message.clone()).await {
            Ok(()) => self.hand_on(&Arc::new(published)),
            Err(error) => {
                let topic = Shown(&published.message.topic);
                self.notes.say(format!("not kept: the message on {topic}: {}", error.0));
            }
        }
    }

    /// Hands on what has been kept. Messages to one rule have no subscribers.
    pub(crate) fn hand_on(&self, published: &Arc<Published>) {
        if topic::scope(&published.message.topic) != Ok(Scope::Rule) {
            self.route(published);
        }
    }

    pub(crate) fn clients(&self) -> Vec<Client> {
        self.directory().clients()
    }

    fn directory(&self) -> MutexGuard<'_, Directory> {
        self.directory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// What `change` makes of the client's session, unless another connection has it now.
    pub(crate) fn session<T>(&self, change: impl FnOnce(&mut Session) -> T) -> Option<T> {
        self.hub.directory().entry(&self.client_id, self.number).map(|entry| change(&mut entry.session))
    }

    /// Subscribes, and queues the retained message if `retained` says so of a subscription that is new or not. As in AWS IoT, a
    /// subscription with a wildcard gets no retained messages.
    pub(crate) fn subscribe(
        &self,
        subscription: &Subscription,
        retained: impl FnOnce(bool) -> bool,
    ) -> Subscribed {
        let mut directory = self.hub.directory();
        let kept = directory.retained.get(&subscription.filter);
        let Some(entry) = directory.entry(&self.client_id, self.number) else {
            return Subscribed::Refused;
        };
        let Some(new) = entry.session.subscribe(subscription.clone()) else {
            return Subscribed::Refused;
        };
        if let Some(kept) = kept
            && retained(new)
        {
            entry.session.offer_retained(&kept, subscription);
            self.wake.notify_one();
        }
        Subscribed::Granted
    }

    /// Sets how long the session outlives the connection, unless it was to end with it: that may not be changed [MQTT-3.14.2-2].
    pub(crate) fn set_expiry(&self, expiry: std::time::Duration) {
        if let Some(link) =
            self.hub.directory().entry(&self.client_id, self.number).and_then(|entry| entry.link.as_mut())
            && !link.expiry.is_zero()
        {
            link.expiry = expiry;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hub.directory().detach(&self.client_id, self.number, Instant::now());
    }
}

impl Debug for Hub {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Hub").field("limits", &self.limits).finish_non_exhaustive()
    }
}
