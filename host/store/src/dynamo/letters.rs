//! Events that went no further, as items. All are in one partition: they are rare, and a partition takes some thousand writes a
//! second.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::error::DynamoError;
use super::item::{Item, attribute, number, text, to_live_until};
use super::key::LETTER;
use super::swap::random;
use super::table::Table;
use crate::ledger::{LETTER_LIFE, Letter};
use crate::page::{Cursor, Page};

/// Bytes of each text of a letter: three of them fit into an item.
const TEXT: usize = 128 * 1024;

pub(super) async fn bury(table: &Table, letter: Letter) -> Result<(), DynamoError> {
    let place = Cursor::new(letter.at, format_args!("{:016x}", random()?));
    let expires_at = letter.at.checked_add(LETTER_LIFE).unwrap_or(Timestamp::MAX);
    let request = table
        .client
        .put_item()
        .table_name(&table.name)
        .item("pk", text(LETTER))
        .item("sk", text(sort(&place)))
        .item("at", text(letter.at.to_string()))
        .item("reason", text(cut(letter.reason)))
        .item("payload", text(cut(letter.payload)))
        .item("event", letter.event.map_or(AttributeValue::Null(true), |event| text(cut(event))))
        .item("expires_at", number(to_live_until(expires_at)))
        .condition_expression("attribute_not_exists(pk)");
    request.send().await.map_err(|error| table.failed("a write", &error))?;
    Ok(())
}

pub(super) async fn list(
    table: &Table,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<Letter>, DynamoError> {
    let mut before = after.as_ref().map_or_else(|| "~".to_owned(), sort);
    let mut found = Vec::new();
    loop {
        let (items, more) = query(table, &before, limit + 1 - found.len()).await?;
        for item in &items {
            attribute(&table.name, item, "sk")?.clone_into(&mut before);
            let letter = read(&table.name, item)?;
            let name = before.split_once('#').map_or("", |(_, name)| name);
            found.push((Cursor::new(letter.at, name), letter));
        }
        if found.len() > limit || !more {
            return Ok(Page::of(found, limit));
        }
    }
}

/// Letters before a place, as many as one answer holds, and whether there are more.
async fn query(table: &Table, before: &str, limit: usize) -> Result<(Vec<Item>, bool), DynamoError> {
    let request = table
        .client
        .query()
        .table_name(&table.name)
        .consistent_read(true)
        .key_condition_expression("pk = :letter AND sk < :before")
        .set_expression_attribute_values(Some(HashMap::from([
            (":letter".to_owned(), text(LETTER)),
            (":before".to_owned(), text(before)),
        ])))
        .scan_index_forward(false)
        .limit(i32::try_from(limit).unwrap_or(i32::MAX));
    let answer = request.send().await.map_err(|error| table.failed("a list", &error))?;
    Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key.is_some()))
}

fn read(table: &str, item: &Item) -> Result<Letter, DynamoError> {
    let at = attribute(table, item, "at")?.parse().map_err(|error| DynamoError::item(table, &error))?;
    Ok(Letter {
        at,
        event: item.get("event").and_then(|event| event.as_s().ok()).cloned(),
        reason: attribute(table, item, "reason")?.to_owned(),
        payload: attribute(table, item, "payload")?.to_owned(),
    })
}

/// Sorts as text like the moment does as a number; moments before 1970 are one.
fn sort(place: &Cursor) -> String {
    format!("{:020}#{}", place.at.max(0), place.name)
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(TEXT));
    text
}
