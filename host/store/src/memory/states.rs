//! The states of devices and groups, within bounds.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::{MutexGuard, PoisonError};

use jiff::Timestamp;

use super::MemoryLedger;
use crate::ledger::StoreError;
use crate::page::{Cursor, PAGE_LIMIT, Page};
use crate::states::{KeptState, NewState, StateKey, States, Version};

/// Bytes of states that are kept: those of 100 000 devices, at some 1300 bytes for each.
const STATE_BYTES: usize = 160 * 1024 * 1024;

/// In the order of their names; those that were not written for the longest time go first.
#[derive(Debug, Default)]
pub(super) struct KeptStates {
    states: BTreeMap<StateKey, State>,
    order: BTreeMap<u64, StateKey>,
    writes: u64,
    bytes: usize,
}

#[derive(Debug)]
struct State {
    state: Box<str>,
    /// The number of the write: no two are the same.
    version: u64,
    due: Option<Timestamp>,
}

impl KeptStates {
    fn load(&self, key: &StateKey) -> Option<KeptState> {
        self.states.get(key).map(State::kept)
    }

    fn replace(&mut self, key: &StateKey, seen: Option<&Version>, new: NewState<'_>) -> Option<Version> {
        if self.states.get(key).map(State::version).as_ref() != seen {
            return None;
        }
        self.writes += 1;
        let state = State { state: new.state.into(), version: self.writes, due: new.due };
        let version = state.version();
        self.bytes += size(key, &state);
        self.order.insert(self.writes, key.clone());
        if let Some(replaced) = self.states.insert(key.clone(), state) {
            self.order.remove(&replaced.version);
            self.bytes -= size(key, &replaced);
        }
        self.make_room();
        Some(version)
    }

    fn make_room(&mut self) {
        while self.bytes > STATE_BYTES {
            let Some((_, oldest)) = self.order.pop_first() else { break };
            self.bytes -= self.states.remove(&oldest).map_or(0, |state| size(&oldest, &state));
        }
    }

    /// The devices behind this one, by name.
    fn devices_after(&self, name: Option<String>) -> impl Iterator<Item = (&String, KeptState)> {
        let start = name.map_or(Unbounded, |name| Excluded(StateKey::Device(name)));
        self.states.range((start, Unbounded)).map_while(|(key, state)| match key {
            StateKey::Device(name) => Some((name, state.kept())),
            StateKey::Group { .. } => None,
        })
    }
}

impl State {
    fn version(&self) -> Version {
        Version(self.version.to_string())
    }

    fn kept(&self) -> KeptState {
        KeptState { state: self.state.to_string(), version: self.version() }
    }
}

/// Bytes of a state, roughly: its key is kept twice.
fn size(key: &StateKey, state: &State) -> usize {
    let name = match key {
        StateKey::Device(name) => name.len(),
        StateKey::Group { route, group } => route.len() + group.len(),
    };
    2 * (size_of::<StateKey>() + name) + size_of::<State>() + state.state.len()
}

/// The keys of what is due, the earliest first.
pub(super) fn earliest<'k, K: Clone + Ord + 'k>(
    found: impl Iterator<Item = (Timestamp, &'k K)>,
    now: Timestamp,
    limit: usize,
) -> Vec<K> {
    let found = found.map(|(due, key)| (due.as_microsecond(), key));
    let mut due: Vec<_> = found.filter(|(due, _)| *due <= now.as_microsecond()).collect();
    due.sort_unstable();
    due.truncate(limit.clamp(1, PAGE_LIMIT));
    due.into_iter().map(|(_, key)| key.clone()).collect()
}

impl MemoryLedger {
    fn lock_states(&self) -> MutexGuard<'_, KeptStates> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl States for MemoryLedger {
    async fn load(&self, key: &StateKey) -> Result<Option<KeptState>, StoreError> {
        Ok(self.lock_states().load(key))
    }

    async fn replace(
        &self,
        key: &StateKey,
        seen: Option<&Version>,
        new: NewState<'_>,
    ) -> Result<Option<Version>, StoreError> {
        Ok(self.lock_states().replace(key, seen, new))
    }

    async fn due_states(&self, now: Timestamp, limit: usize) -> Result<Vec<StateKey>, StoreError> {
        let states = self.lock_states();
        let found = states.states.iter().filter_map(|(key, state)| Some((state.due?, key)));
        Ok(earliest(found, now, limit))
    }

    async fn devices(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<(String, KeptState)>, StoreError> {
        let limit = limit.clamp(1, PAGE_LIMIT);
        let states = self.lock_states();
        let found = states.devices_after(after.map(|cursor| cursor.name)).take(limit + 1);
        Ok(Page::of(found.map(|(name, state)| (Cursor::named(name), (name.clone(), state))).collect(), limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_what_was_written_last_stays() {
        let mut kept = KeptStates::default();
        let large = "x".repeat(STATE_BYTES / 10);
        let device = |number: usize| StateKey::Device(number.to_string());
        let new = NewState { state: &large, due: None, expires_at: None };
        for number in 0..9 {
            kept.replace(&device(number), None, new).unwrap();
        }
        let first = kept.load(&device(0)).unwrap().version;
        kept.replace(&device(0), Some(&first), new).unwrap();
        kept.replace(&device(9), None, new).unwrap();
        assert_eq!((kept.load(&device(1)), kept.states.len()), (None, 9));
        assert!(kept.load(&device(0)).is_some());
        assert!(kept.bytes <= STATE_BYTES);
        assert_eq!(kept.bytes, kept.states.iter().map(|(key, state)| size(key, state)).sum::<usize>());
        assert_eq!(kept.order.len(), kept.states.len());
    }
}
