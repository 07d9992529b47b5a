//! A delivery as an item, and back.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use campanile_core::ledger::{DeliveryKey, Record};
use jiff::Timestamp;

use super::due::{self, Kind};
use super::error::DynamoError;
use super::fit;
use super::key::ItemKey;
use crate::page::Entry;

pub(super) type Item = HashMap<String, AttributeValue>;

/// A record, and the version of the item that it was read from.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) version: String,
    pub(super) record: Record,
}

/// The whole item. `record` is what counts; the rest repeats parts of it for conditions, filters, indexes and people.
pub(super) fn of(
    table: &str,
    key: &DeliveryKey,
    record: &Record,
    version: &str,
) -> Result<Item, DynamoError> {
    let json = fit::to_json(record).map_err(|error| DynamoError::item(table, &error))?;
    let json = fit::checked(table, format_args!("the delivery `{key}`"), json)?;
    let mut item = named(&ItemKey::of_delivery(key));
    item.extend([
        ("version".to_owned(), text(version)),
        ("device".to_owned(), text(&key.device)),
        ("event".to_owned(), text(&key.event)),
        ("channel".to_owned(), text(&key.channel)),
        ("status".to_owned(), text(record.state.kind().name())),
        ("opened_at".to_owned(), number(record.opened_at.as_microsecond())),
        ("expires_at".to_owned(), number(to_live_until(record.expires_at()))),
        ("record".to_owned(), text(json)),
    ]);
    if let Some(due) = record.state.due() {
        due::mark(&mut item, Kind::Delivery, due);
    }
    Ok(item)
}

/// An item that is nothing but its name.
pub(super) fn named(key: &ItemKey) -> Item {
    HashMap::from([("pk".to_owned(), text(&key.pk)), ("sk".to_owned(), text(&key.sk))])
}

/// What [`of`] made an item from.
pub(super) fn read(table: &str, item: &Item) -> Result<Seen, DynamoError> {
    let record = serde_json::from_str(attribute(table, item, "record")?)
        .map_err(|error| DynamoError::item(table, &error))?;
    Ok(Seen { version: attribute(table, item, "version")?.to_owned(), record })
}

/// The delivery that an item, or what an index has of it, is about.
pub(super) fn delivery(table: &str, item: &Item) -> Result<DeliveryKey, DynamoError> {
    let part = |name| attribute(table, item, name).map(ToOwned::to_owned);
    Ok(DeliveryKey { device: part("device")?, event: part("event")?, channel: part("channel")? })
}

/// A whole delivery.
pub(super) fn read_entry(table: &str, item: &Item) -> Result<Entry, DynamoError> {
    Ok(Entry { key: delivery(table, item)?, record: read(table, item)?.record })
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
