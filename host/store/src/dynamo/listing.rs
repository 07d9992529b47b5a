//! Lists deliveries and devices by reading all of them: the table has no such order (see [`super`]).

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::error::DynamoError;
use super::item::{self, Item, number, text};
use super::key::{DELIVERY, DEVICE};
use super::states;
use super::table::Table;
use crate::page::{Cursor, Entry, Filter, Page};
use crate::states::KeptState;

/// A condition on items, and the values and names in it.
struct Wanted {
    condition: String,
    values: HashMap<String, AttributeValue>,
    names: Option<HashMap<String, String>>,
}

pub(super) async fn list(
    table: &Table,
    filter: &Filter,
    now: Timestamp,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<Entry>, DynamoError> {
    // The newest of what came so far, one more than the page holds.
    let mut newest = BTreeMap::new();
    let take = |item: Item| {
        let entry = item::read_entry(&table.name, &item)?;
        let cursor = Cursor::of(&entry.key, &entry.record);
        if entry.record.is_current(now) && after.as_ref().is_none_or(|after| cursor < *after) {
            newest.insert(cursor, entry);
        }
        if newest.len() > limit + 1 {
            newest.pop_first();
        }
        Ok(())
    };
    scan(table, &deliveries(filter, now), take).await?;
    Ok(Page::of(newest.into_iter().rev().collect(), limit))
}

pub(super) async fn devices(
    table: &Table,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<(String, KeptState)>, DynamoError> {
    let mut first = BTreeMap::new();
    let take = |item: Item| {
        let name = item::attribute(&table.name, &item, "device")?.to_owned();
        let cursor = Cursor::named(&name);
        if after.as_ref().is_none_or(|after| cursor > *after) {
            first.insert(cursor, (name, states::kept(&table.name, &item)?));
        }
        if first.len() > limit + 1 {
            first.pop_last();
        }
        Ok(())
    };
    let values = HashMap::from([(":device".to_owned(), text(DEVICE))]);
    let wanted = Wanted { condition: "begins_with(pk, :device)".to_owned(), values, names: None };
    scan(table, &wanted, take).await?;
    Ok(Page::of(first.into_iter().collect(), limit))
}

fn deliveries(filter: &Filter, now: Timestamp) -> Wanted {
    let mut conditions = vec!["begins_with(pk, :delivery)", "expires_at >= :now"];
    let mut values = HashMap::from([
        (":delivery".to_owned(), text(DELIVERY)),
        (":now".to_owned(), number(now.as_second())),
    ]);
    let mut names = None;
    if let Some(device) = &filter.device {
        conditions.push("device = :device");
        values.insert(":device".to_owned(), text(device));
    }
    if let Some(status) = filter.status {
        // `status` is a reserved word.
        conditions.push("#status = :status");
        values.insert(":status".to_owned(), text(status.name()));
        names = Some(HashMap::from([("#status".to_owned(), "status".to_owned())]));
    }
    Wanted { condition: conditions.join(" AND "), values, names }
}

/// Takes every item of the table that is wanted, in no order.
async fn scan(
    table: &Table,
    wanted: &Wanted,
    mut take: impl FnMut(Item) -> Result<(), DynamoError>,
) -> Result<(), DynamoError> {
    let mut start = None;
    loop {
        let request = table
            .client
            .scan()
            .table_name(&table.name)
            .consistent_read(true)
            .filter_expression(&wanted.condition)
            .set_expression_attribute_names(wanted.names.clone())
            .set_expression_attribute_values(Some(wanted.values.clone()))
            .set_exclusive_start_key(start);
        let answer = request.send().await.map_err(|error| table.failed("a list", &error))?;
        answer.items.unwrap_or_default().into_iter().try_for_each(&mut take)?;
        start = answer.last_evaluated_key;
        if start.is_none() {
            return Ok(());
        }
    }
}
