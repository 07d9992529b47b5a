//! What is known between events: of each device, and of each group whose devices alert together. The states themselves are the
//! router's; a store sees text.

use std::fmt;
use std::future::Future;

use jiff::Timestamp;

use crate::ledger::StoreError;
use crate::page::{Cursor, Page};

/// Names a state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateKey {
    /// A device's, by its name.
    Device(String),
    /// That of a group of devices.
    Group {
        /// The route that groups them.
        route: String,
        /// The group's name.
        group: String,
    },
}

/// For whoever reads an error.
impl fmt::Display for StateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(device) => write!(formatter, "the device `{device}`"),
            Self::Group { route, group } => write!(formatter, "the group `{group}` of the route `{route}`"),
        }
    }
}

/// Which write a state comes from: each has another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(pub(crate) String);

/// A state as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptState {
    /// JSON of the router's.
    pub state: String,
    /// What a write has to name that builds on it.
    pub version: Version,
}

/// A state to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewState<'a> {
    /// JSON of the router's.
    pub state: &'a str,
    /// When there is something to do with it.
    pub due: Option<Timestamp>,
    /// When it may be forgotten, if nothing is due: what has to be done is not forgotten.
    pub expires_at: Option<Timestamp>,
}

impl NewState<'_> {
    pub(crate) fn may_go_at(&self) -> Option<Timestamp> {
        self.expires_at.filter(|_| self.due.is_none())
    }
}

/// The states. Whoever writes one names the version that was read: of two that build on the same one, one is told to read again.
pub trait States: Send + Sync + std::fmt::Debug + 'static {
    /// The state, as the last write left it.
    fn load(&self, key: &StateKey) -> impl Future<Output = Result<Option<KeptState>, StoreError>> + Send;

    /// Writes the state if it is still the one that was `seen`, or still is not there. `None` if somebody else has written since.
    fn replace(
        &self,
        key: &StateKey,
        seen: Option<&Version>,
        new: NewState<'_>,
    ) -> impl Future<Output = Result<Option<Version>, StoreError>> + Send;

    /// The states that are due, earliest first, at most `limit` and [`PAGE_LIMIT`](crate::PAGE_LIMIT). A store may be a moment
    /// behind: whoever goes on with one reads it.
    fn due_states(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<StateKey>, StoreError>> + Send;

    /// The devices' states by name, at most `limit` and [`PAGE_LIMIT`](crate::PAGE_LIMIT).
    fn devices(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<(String, KeptState)>, StoreError>> + Send;
}
