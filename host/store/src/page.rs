//! How deliveries, letters and devices are listed, a page at a time. A place in a list is a moment and a name, the same
//! for every store, so that a page that is asked for later starts where the last one ended, whatever came in between.

use std::fmt;
use std::str::FromStr;

use campanile_core::ledger::{DeliveryKey, DeliveryState, Record, StateKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ledger::StoreError;

/// The most that one page holds, whatever was asked for: with every attempt, a delivery can be some hundred KiB.
pub const PAGE_LIMIT: usize = 500;

/// Which deliveries to list; an empty filter means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this device's.
    pub device: Option<String>,
    /// Only those that stand here.
    pub status: Option<StateKind>,
}

impl Filter {
    pub(crate) fn wants(&self, key: &DeliveryKey, state: &DeliveryState) -> bool {
        self.device.as_ref().is_none_or(|device| *device == key.device)
            && self.status.is_none_or(|status| status == state.kind())
    }
}

/// A delivery in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    /// Its name.
    pub key: DeliveryKey,
    /// What is kept of it.
    pub record: Record,
}

impl Entry {
    /// Its place in a list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor::of(&self.key, &self.record)
    }
}

/// How many deliveries of a channel stand somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The channel's name.
    pub channel: String,
    /// Where they stand.
    pub status: StateKind,
    /// How many.
    pub count: u64,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Page<T> {
    /// In the list's order.
    pub entries: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page of what was found, which is one more than `limit` if there is a next page.
    pub(crate) fn of(mut found: Vec<(Cursor, T)>, limit: usize) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(cursor, _)| cursor.clone());
        Self { entries: found.into_iter().map(|(_, entry)| entry).collect(), next }
    }
}

/// A place in a list. Text for the outside; its parts are the stores' business.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    /// Microseconds since 1970.
    pub(crate) at: i64,
    /// Tells apart what has the same moment.
    pub(crate) name: String,
}

impl Cursor {
    pub(crate) fn new(at: Timestamp, name: impl fmt::Display) -> Self {
        Self { at: at.as_microsecond(), name: name.to_string() }
    }

    /// A place in a list by name.
    pub(crate) fn named(name: &str) -> Self {
        Self { at: 0, name: name.to_owned() }
    }

    pub(crate) fn of(key: &DeliveryKey, record: &Record) -> Self {
        Self::new(record.opened_at, key)
    }

    /// The name of what is numbered.
    pub(crate) fn number<N: FromStr>(&self) -> Result<N, StoreError> {
        self.name.parse().map_err(|_| StoreError::Cursor(self.to_string()))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.at, self.name)
    }
}

impl FromStr for Cursor {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let parts = text.split_once('.').and_then(|(at, name)| Some((at.parse().ok()?, name.to_owned())));
        let (at, name) = parts.ok_or_else(|| StoreError::Cursor(text.to_owned()))?;
        Ok(Self { at, name })
    }
}

impl TryFrom<String> for Cursor {
    type Error = StoreError;

    fn try_from(text: String) -> Result<Self, StoreError> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_being_text() {
        let cursor = Cursor { at: -5, name: "a.b:c".into() };
        assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        for wrong in ["", "5", "x.y", "5,y"] {
            let error = wrong.parse::<Cursor>().unwrap_err();
            assert_eq!(error.to_string(), format!("`{wrong}` is not a place in a list"));
        }
    }

    #[test]
    fn a_page_has_a_next_one_only_if_more_was_found() {
        let found = |count: i64| (0..count).map(|at| (Cursor { at, name: String::new() }, at)).collect();
        assert_eq!(Page::of(found(2), 2), Page { entries: vec![0, 1], next: None });
        let page = Page::of(found(3), 2);
        assert_eq!((page.entries, page.next.unwrap().at), (vec![0, 1], 1));
    }
}
