//! Events that went no further, as rows.

use rusqlite::{Connection, params};

use super::error::Fault;
use crate::ledger::{LETTER_LIFE, Letter};
use crate::page::{Cursor, Page};

pub(super) fn bury(file: &Connection, letter: &Letter) -> Result<(), Fault> {
    if let Ok(expired) = letter.at.checked_sub(LETTER_LIFE) {
        file.prepare_cached("DELETE FROM letters WHERE at <= ?")?.execute([expired.as_microsecond()])?;
    }
    file.prepare_cached("INSERT INTO letters (at, letter) VALUES (?, ?)")?
        .execute(params![letter.at.as_microsecond(), serde_json::to_string(letter)?])?;
    Ok(())
}

/// The letters before `after`, a moment and a row's id.
pub(super) fn list(
    file: &Connection,
    after: Option<(i64, i64)>,
    limit: usize,
) -> Result<Page<Letter>, Fault> {
    let (at, id) = after.unwrap_or((i64::MAX, i64::MAX));
    let mut statement = file.prepare_cached(
        "SELECT id, letter FROM letters WHERE (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?",
    )?;
    let limited = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let rows = statement
        .query_map([at, id, limited], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    let found = rows.map(|row| {
        let (id, letter) = row?;
        let letter: Letter = serde_json::from_str(&letter)?;
        Ok((Cursor::new(letter.at, id), letter))
    });
    Ok(Page::of(found.collect::<Result<_, Fault>>()?, limit))
}
