//! Clients and their sessions. Pure: times are arguments.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Kick;
use super::retained::Retained;
use crate::broker::Client;
use crate::session::Session;

/// Sessions without a connection; of more, the one that would end first goes.
const MAX_AWAY: usize = 1000;

/// How long the number of a client's connections is remembered: events of presence count from 0 again "after approximately one
/// hour".
const VERSIONS_LAST: Duration = Duration::from_secs(3600);
/// Clients whose connections are counted; of more, only those that have a session.
const MAX_VERSIONS: usize = 10_000;

/// Whom to take in.
#[derive(Debug)]
pub(crate) struct Attach {
    pub(crate) client: Client,
    /// Whether the client wants to begin anew.
    pub(crate) clean_start: bool,
    /// How long its session outlives the connection.
    pub(crate) expiry: Duration,
}

/// A client's connection.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) number: u64,
    pub(super) wake: Arc<Notify>,
    pub(super) kick: Kick,
    pub(super) resumed: CancellationToken,
    pub(super) client: Client,
    pub(super) expiry: Duration,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) session: Session,
    pub(super) link: Option<Link>,
    /// Of the last connection.
    resumed: CancellationToken,
    /// When the session ends, if there is no connection.
    ends: Instant,
}

#[derive(Debug)]
pub(super) struct Attached {
    pub(super) number: u64,
    pub(super) session_present: bool,
    pub(super) version: u64,
}

#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) retained: Retained,
    entries: BTreeMap<String, Entry>,
    versions: HashMap<String, (u64, Instant)>,
    last_number: u64,
}

impl Directory {
    pub(super) fn attach(&mut self, attach: Attach, mut link: Link, room: usize, now: Instant) -> Attached {
        self.forget(now);
        self.last_number += 1;
        link.number = self.last_number;
        let (number, resumed) = (link.number, link.resumed.clone());
        let client_id = attach.client.client_id;
        let version = self.count(&client_id, now);
        let mut before = self.entries.remove(&client_id);
        if let Some(old) = before.as_mut().and_then(|entry| entry.link.take()) {
            old.kick.cancel();
        }
        let before = before.filter(|_| !attach.clean_start);
        let session_present = before.is_some();
        let session = before.map_or_else(
            || Session::new(room),
            |mut entry| {
                entry.resumed.cancel();
                entry.session.resume();
                entry.session
            },
        );
        self.entries.insert(client_id, Entry { session, link: Some(link), resumed, ends: now });
        Attached { number, session_present, version }
    }

    /// A connection has ended. Nothing happens if its client has another one already.
    pub(super) fn detach(&mut self, client_id: &str, number: u64, now: Instant) {
        let Some(entry) = self.entry(client_id, number) else { return };
        let expiry = entry.link.take().map_or(Duration::ZERO, |link| link.expiry);
        entry.ends = now + expiry;
        if expiry.is_zero() {
            self.entries.remove(client_id);
        }
        self.forget(now);
    }

    /// The client's entry, while that connection is its own.
    pub(super) fn entry(&mut self, client_id: &str, number: u64) -> Option<&mut Entry> {
        let owns = |entry: &&mut Entry| entry.link.as_ref().is_some_and(|link| link.number == number);
        self.entries.get_mut(client_id).filter(owns)
    }

    pub(super) fn sessions(&mut self) -> impl Iterator<Item = (&String, &mut Entry)> {
        self.entries.iter_mut()
    }

    pub(super) fn clients(&self) -> Vec<Client> {
        let connected = |entry: &Entry| {
            let mut client = entry.link.as_ref()?.client.clone();
            client.subscriptions = entry.session.filters().map(str::to_owned).collect();
            Some(client)
        };
        self.entries.values().filter_map(connected).collect()
    }

    /// The number of this connection among the client's.
    fn count(&mut self, client_id: &str, now: Instant) -> u64 {
        let version = self.versions.get(client_id).map_or(0, |(version, _)| version + 1);
        self.versions.insert(client_id.to_owned(), (version, now));
        version
    }

    fn forget(&mut self, now: Instant) {
        self.entries.retain(|_, entry| entry.link.is_some() || entry.ends > now);
        let away = || self.entries.iter().filter(|(_, entry)| entry.link.is_none());
        if away().count() > MAX_AWAY
            && let Some((first, _)) = away().min_by_key(|(_, entry)| entry.ends)
        {
            let first = first.clone();
            self.entries.remove(&first);
        }
        let (entries, crowded) = (&self.entries, self.versions.len() > MAX_VERSIONS);
        self.versions.retain(|client_id, (_, last)| {
            let recent = now.saturating_duration_since(*last) < VERSIONS_LAST && !crowded;
            recent || entries.contains_key(client_id)
        });
    }
}

#[cfg(test)]
mod tests;
