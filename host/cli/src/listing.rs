//! Lists that stores give in pages: the newest of them, or the one entry that somebody means.

use campanile_core::diagnostic::closest;
use campanile_store::{Cursor, Entry, PAGE_LIMIT, Page, PastEvent, StoreError};

use crate::error::CliError;
use crate::output::{self, QUIET, styled};

/// What is listed, and asked for by its id.
pub(crate) trait Listed {
    /// What one of them is called.
    const ONE: &'static str;
    /// What several of them are called.
    const MANY: &'static str;

    fn id(&self) -> String;

    /// Its place in the list.
    fn cursor(&self) -> Cursor;

    /// Whether `name` means exactly this one.
    fn is_called(&self, name: &str) -> bool {
        self.id() == name
    }
}

impl Listed for Entry {
    const ONE: &'static str = "delivery";
    const MANY: &'static str = "deliveries";

    fn id(&self) -> String {
        self.key.to_string()
    }

    fn cursor(&self) -> Cursor {
        self.cursor()
    }
}

impl Listed for PastEvent {
    const ONE: &'static str = "event";
    const MANY: &'static str = "events";

    fn id(&self) -> String {
        self.to_string()
    }

    fn cursor(&self) -> Cursor {
        self.cursor()
    }

    fn is_called(&self, name: &str) -> bool {
        let given = self.payload().and_then(|payload| payload.get("event_id")?.as_str());
        self.id() == name || given == Some(name)
    }
}

/// Whether an entry of a list is asked for.
pub(crate) enum Wanted {
    Yes,
    No,
    /// Neither this one nor any that is older.
    NoMore,
}

/// A part of a list.
pub(crate) struct Newest<T> {
    pub(crate) entries: Vec<T>,
    /// Where the next part starts, if there is one.
    next: Option<Cursor>,
}

/// The `limit` newest that are wanted, of those after a place.
pub(crate) async fn newest<T: Listed>(
    limit: usize,
    mut after: Option<Cursor>,
    wanted: impl Fn(&T) -> Wanted,
    page: impl AsyncFn(Option<Cursor>, usize) -> Result<Page<T>, StoreError>,
) -> Result<Newest<T>, CliError> {
    // One more tells whether there is a next part.
    let enough = limit.saturating_add(1);
    let (mut entries, mut looked_at) = (Vec::new(), 0);
    'pages: while entries.len() < enough {
        // Of a list with much that is not wanted, many at once: a page of a table costs reading all of it.
        let all_wanted = looked_at == entries.len();
        let size = if all_wanted { enough - entries.len() } else { PAGE_LIMIT };
        let page = page(after, size).await?;
        for entry in page.entries {
            looked_at += 1;
            match wanted(&entry) {
                Wanted::Yes => entries.push(entry),
                Wanted::No => {}
                Wanted::NoMore => break 'pages,
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| more).map(Listed::cursor);
    Ok(Newest { entries, next })
}

impl<T: Listed> Newest<T> {
    /// Says what the list does not show.
    pub(crate) fn note(&self) {
        match &self.next {
            Some(next) => output::note(styled(QUIET, format!("more: --after {next}"))),
            None if self.entries.is_empty() => output::note(format!("no {}", T::MANY)),
            None => {}
        }
    }
}

/// The one that is called `id`, or the only one that has it in its id.
pub(crate) async fn find<T: Listed>(
    id: &str,
    page: impl AsyncFn(Option<Cursor>, usize) -> Result<Page<T>, StoreError>,
) -> Result<T, CliError> {
    let (mut found, mut others, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = page(after, PAGE_LIMIT).await?;
        for entry in page.entries {
            if entry.is_called(id) {
                return Ok(entry);
            }
            let name = entry.id();
            if name.contains(id) { found.push(entry) } else { others.push(name) }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    match (found.pop(), found.as_slice()) {
        (Some(only), []) => Ok(only),
        (Some(last), before) => {
            let candidates = before.iter().chain([&last]).map(Listed::id).collect();
            Err(CliError::Ambiguous { what: T::MANY, id: id.to_owned(), candidates })
        }
        (None, _) => {
            let meant = meant(id, &others);
            Err(CliError::NotFound { what: T::ONE, list: T::MANY, id: id.to_owned(), meant })
        }
    }
}

/// The id that was probably meant by one with a slip in it, or by an end of it.
fn meant(id: &str, known: &[String]) -> Option<String> {
    let end = |known: &str| known.len().checked_sub(id.len()).filter(|from| known.is_char_boundary(*from));
    let ends = known.iter().filter_map(|known| known.get(end(known)?..));
    let closest = closest(id, known.iter().map(String::as_str).chain(ends))?;
    known.iter().find(|known| known.ends_with(closest)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_an_id_or_its_end_is_understood() {
        let known = ["heating:01a20694:ops", "garage:0192f3a4:family"].map(str::to_owned);
        for (id, expected) in [
            ("heatnig:01a20694:ops", Some("heating:01a20694:ops")),
            ("0192f3a4:famly", Some("garage:0192f3a4:family")),
            ("entirely different", None),
        ] {
            assert_eq!(meant(id, &known).as_deref(), expected, "{id}");
        }
    }
}
