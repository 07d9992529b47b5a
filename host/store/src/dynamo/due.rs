//! Finds what is due by the index `due`. It holds those items that have its keys: what is due some time, and nothing else.

use campanile_core::ledger::RECORD_LIFE;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::error::DynamoError;
use super::item::{Item, number, text};
use super::table::Table;

/// The index of the table.
const INDEX: &str = "due";

/// What is due: each kind has partitions of its own, so that no reader meets what another waits for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Delivery,
    State,
}

impl Kind {
    /// The partition of an item. A partition takes 1000 writes a second (AWS, "Best practices for designing and using partition
    /// keys"), and every claim is one; four take more than anybody sends.
    fn shard(self, number: u8) -> String {
        let name = match self {
            Self::Delivery => "delivery",
            Self::State => "state",
        };
        format!("{name}#{number}")
    }

    /// The first moment that counts, in microseconds: what is due for longer than a delivery is kept has expired.
    fn first(self, now: Timestamp) -> i64 {
        match self {
            Self::Delivery => now.checked_sub(RECORD_LIFE).map_or(0, |end| end.as_microsecond() + 1),
            Self::State => 0,
        }
    }
}

/// Puts the item into the index.
pub(super) fn mark(item: &mut Item, kind: Kind, due: Timestamp) {
    let name = item.get("pk").and_then(|pk| pk.as_s().ok()).map(Sha256::digest);
    let shard = name.and_then(|digest| digest.first().copied()).unwrap_or_default() % 4;
    item.insert("due_shard".to_owned(), text(kind.shard(shard)));
    item.insert("due_at".to_owned(), number(due.as_microsecond()));
}

/// What the index has of the items that are due, earliest first: their names.
pub(super) async fn find(
    table: &Table,
    kind: Kind,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Item>, DynamoError> {
    let (first, last) = (kind.first(now), now.as_microsecond());
    // A request's future is large, and here are four of them.
    let shard = |number| Box::pin(query(table, kind.shard(number), (first, last), limit));
    let (one, two, three, four) = tokio::try_join!(shard(0), shard(1), shard(2), shard(3))?;
    let mut found = Vec::new();
    for item in [one, two, three, four].into_iter().flatten() {
        found.push((due_at(&table.name, &item)?, item));
    }
    found.sort_by_key(|(due, _)| *due);
    found.truncate(limit);
    Ok(found.into_iter().map(|(_, item)| item).collect())
}

/// The earliest of one partition.
async fn query(
    table: &Table,
    shard: String,
    (first, last): (i64, i64),
    limit: usize,
) -> Result<Vec<Item>, DynamoError> {
    let mut found = Vec::new();
    let mut start = None;
    loop {
        let missing = limit.saturating_sub(found.len());
        let request = table
            .client
            .query()
            .table_name(&table.name)
            .index_name(INDEX)
            .key_condition_expression("due_shard = :shard AND due_at BETWEEN :first AND :last")
            .expression_attribute_values(":shard", text(&shard))
            .expression_attribute_values(":first", number(first))
            .expression_attribute_values(":last", number(last))
            .limit(i32::try_from(missing).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start);
        let answer = request.send().await.map_err(|error| table.failed("what is due", &error))?;
        found.extend(answer.items.unwrap_or_default());
        start = answer.last_evaluated_key;
        if start.is_none() || found.len() >= limit {
            return Ok(found);
        }
    }
}

fn due_at(table: &str, item: &Item) -> Result<i64, DynamoError> {
    let value = item.get("due_at").and_then(|value| value.as_n().ok());
    let due = value.and_then(|value| value.parse().ok());
    due.ok_or_else(|| DynamoError::item(table, &"no number `due_at`"))
}
