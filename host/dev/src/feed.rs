//! What happens, as it happens: for the terminal, and for pages that follow it.

use std::sync::Arc;

use campanile_store::EndedAttempt;
use tokio::sync::broadcast;

use crate::journal::{Entry, MessageId};

/// Happenings that a reader may be behind before it loses the oldest.
const BEHIND: usize = 4096;

/// Something that happened. Whoever wants to know more asks for the thing by its id.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A message is in the journal. A quick engine may have told of its progress before.
    Received(Arc<Entry>),
    /// The rules have judged it, or an action has ended: this is how it stands now.
    Progressed(Arc<Entry>),
    /// Something was sent to a provider, and caught: the id in the inbox.
    Caught(u64),
    /// Deliveries have changed: those of these devices, perhaps; none if it is not known whose.
    Deliveries(Vec<String>),
    /// The function has made an attempt.
    Attempted(Box<EndedAttempt>),
    /// A plugin appeared, changed or went, or does not load.
    Plugins,
    /// A rule, or the configuration, was read again.
    Reloaded,
    /// A fault was set or taken back.
    Faults,
    /// The function has printed a line.
    Log(Arc<str>),
    /// Somebody connected or went: the client id, and whether it is there now.
    Presence(Arc<str>, bool),
    /// Something that concerns no message, to be read by people.
    Note(Arc<str>),
}

/// Tells everybody who listens. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Feed(broadcast::Sender<Happening>);

impl Default for Feed {
    fn default() -> Self {
        Self(broadcast::Sender::new(BEHIND))
    }
}

impl Feed {
    /// Tells it, also if nobody listens.
    pub fn tell(&self, happening: Happening) {
        self.0.send(happening).ok();
    }

    /// Hears everything from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Happening> {
        self.0.subscribe()
    }
}

/// A message's id, as links name it.
impl From<&Entry> for MessageId {
    fn from(entry: &Entry) -> Self {
        entry.id
    }
}
