//! Lists deliveries by reading all of them: the table has no order by time (see [`super`]).

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::error::DynamoError;
use super::item::{self, Item, number, text};
use super::key::DELIVERY;
use super::table::Table;
use crate::page::{Cursor, Entry, Filter, Page};

pub(super) async fn list(
    table: &Table,
    filter: &Filter,
    now: Timestamp,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<Entry>, DynamoError> {
    // The newest of what came so far, one more than the page holds.
    let mut newest = BTreeMap::new();
    let mut start = None;
    loop {
        let (items, next) = scan(table, filter, now, start).await?;
        for item in items {
            let entry = item::read_entry(&table.name, &item)?;
            let cursor = Cursor::of(&entry.key, &entry.record);
            let wanted = after.as_ref().is_none_or(|after| cursor < *after);
            if wanted && entry.record.is_current(now) {
                newest.insert(cursor, entry);
            }
            if newest.len() > limit + 1 {
                newest.pop_first();
            }
        }
        if next.is_none() {
            return Ok(Page::of(newest.into_iter().rev().collect(), limit));
        }
        start = next;
    }
}

/// One request's share of the table, and where the next one starts.
async fn scan(
    table: &Table,
    filter: &Filter,
    now: Timestamp,
    start: Option<Item>,
) -> Result<(Vec<Item>, Option<Item>), DynamoError> {
    let mut wanted = vec!["begins_with(pk, :delivery)", "expires_at >= :now"];
    let mut values = HashMap::from([
        (":delivery".to_owned(), text(DELIVERY)),
        (":now".to_owned(), number(now.as_second())),
    ]);
    let mut names = None;
    if let Some(device) = &filter.device {
        wanted.push("device = :device");
        values.insert(":device".to_owned(), text(device));
    }
    if let Some(status) = filter.status {
        // `status` is a reserved word.
        wanted.push("#status = :status");
        values.insert(":status".to_owned(), text(status.name()));
        names = Some(HashMap::from([("#status".to_owned(), "status".to_owned())]));
    }
    let request = table
        .client
        .scan()
        .table_name(&table.name)
        .consistent_read(true)
        .filter_expression(wanted.join(" AND "))
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(Some(values))
        .set_exclusive_start_key(start);
    let answer = request.send().await.map_err(|error| table.failed("a list", &error))?;
    Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
}
