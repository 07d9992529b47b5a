//! A delivery as an item, and back.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use campanile_core::ledger::{DeliveryKey, Record};
use jiff::Timestamp;

use super::error::DynamoError;
use super::{fit, key};
use crate::page::Entry;

pub(super) type Item = HashMap<String, AttributeValue>;

/// A record, and the version of the item that it was read from.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) version: String,
    pub(super) record: Record,
}

/// The whole item. `record` is what counts; the rest repeats parts of it for conditions, filters, indexes and people.
pub(super) fn of(key: &DeliveryKey, record: &Record, version: &str) -> serde_json::Result<Item> {
    let mut item = HashMap::from([
        ("pk".to_owned(), text(key::partition(key))),
        ("sk".to_owned(), text(key::sort(key))),
        ("version".to_owned(), text(version)),
        ("device".to_owned(), text(&key.device)),
        ("event".to_owned(), text(&key.event)),
        ("channel".to_owned(), text(&key.channel)),
        ("status".to_owned(), text(record.state.kind().name())),
        ("opened_at".to_owned(), number(record.opened_at.as_microsecond())),
        ("expires_at".to_owned(), number(to_live_until(record.expires_at()))),
        ("record".to_owned(), text(fit::to_json(record)?)),
    ]);
    if let Some(due) = record.state.due() {
        item.insert("due".to_owned(), number(due.as_microsecond()));
    }
    Ok(item)
}

/// What [`of`] made an item from.
pub(super) fn read(table: &str, item: &Item) -> Result<Seen, DynamoError> {
    let record = serde_json::from_str(attribute(table, item, "record")?)
        .map_err(|error| DynamoError::item(table, &error))?;
    Ok(Seen { version: attribute(table, item, "version")?.to_owned(), record })
}

/// The same for a list, where the key is not known.
pub(super) fn read_entry(table: &str, item: &Item) -> Result<Entry, DynamoError> {
    let part = |name| attribute(table, item, name).map(ToOwned::to_owned);
    let key = DeliveryKey { device: part("device")?, event: part("event")?, channel: part("channel")? };
    Ok(Entry { key, record: read(table, item)?.record })
}

pub(super) fn attribute<'i>(table: &str, item: &'i Item, name: &str) -> Result<&'i str, DynamoError> {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.map(String::as_str).ok_or_else(|| DynamoError::item(table, &format!("no text `{name}`")))
}

pub(super) fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(super) fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// Seconds, as DynamoDB's TTL wants them; never before the moment itself.
pub(super) fn to_live_until(moment: Timestamp) -> i64 {
    moment.as_second().saturating_add(1)
}
