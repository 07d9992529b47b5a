//! The history in the event table of `deploy/template.yaml`: a rule's action writes it, this reads.
//!
//! Its key is (`client_id`, `trace_id`), which has no order by time. So a list reads everything of a device, or of all of
//! them: what a household's years allow. What replaces it is a secondary index on (`client_id`, `received_at`).

mod reading;

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value};

pub use self::reading::DynamoReader;
use super::error::DynamoError;
use super::item::{Item, number, text};
use super::json;
use super::table::Table;
use crate::history::{EventFilter, History, PastEvent};
use crate::ledger::StoreError;
use crate::page::{Cursor, PAGE_LIMIT, Page};

/// Why an item is no event.
const NO_JSON: &str = "a rule's action writes no sets and no binary";

/// Events in a table.
#[derive(Debug)]
pub struct DynamoHistory {
    table: Table,
}

impl DynamoHistory {
    /// Uses a table as [`DynamoLedger::connect`](crate::DynamoLedger::connect) does. Nothing is asked yet.
    pub async fn connect(table: &str, endpoint: Option<&str>) -> Self {
        Self::new(Client::new(&campanile_aws::config(endpoint).await), table)
    }

    /// Uses a table through a client with settings of its own.
    #[must_use]
    pub fn new(client: Client, table: &str) -> Self {
        Self { table: Table::new(client, table) }
    }
}

impl History for DynamoHistory {
    type Reader<'h> = DynamoReader<'h>;

    fn read(&self, filter: &EventFilter) -> DynamoReader<'_> {
        DynamoReader::new(self, filter)
    }

    async fn list(
        &self,
        filter: &EventFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<PastEvent>, StoreError> {
        let (start, limit) = (filter.start(after), limit.clamp(1, PAGE_LIMIT));
        // The newest of what came so far, one more than the page holds.
        let mut newest = BTreeMap::new();
        let mut next = None;
        loop {
            let (items, last) = self.some(filter, next, None).await?;
            for item in items {
                let event = read(&self.table.name, item)?;
                let cursor = event.cursor();
                let is_new = filter.since.is_none_or(|since| event.received_at() >= Some(since));
                if is_new && start.as_ref().is_none_or(|start| cursor < *start) {
                    newest.insert(cursor, event);
                }
                if newest.len() > limit + 1 {
                    newest.pop_first();
                }
            }
            if last.is_none() {
                return Ok(Page::of(newest.into_iter().rev().collect(), limit));
            }
            next = last;
        }
    }
}

impl DynamoHistory {
    /// One request's share of what is wanted, and where the next one starts; with settings of its own, if there are any. Not a consistent
    /// read: that costs twice as much, and history is no news.
    async fn some(
        &self,
        filter: &EventFilter,
        start: Option<Item>,
        settings: Option<Builder>,
    ) -> Result<(Vec<Item>, Option<Item>), DynamoError> {
        let (condition, mut values) = condition(filter);
        let (client, name) = (&self.table.client, &self.table.name);
        let Some(device) = &filter.device else {
            let request = client.scan().table_name(name).set_filter_expression(condition);
            let request =
                request.set_expression_attribute_values(some(values)).set_exclusive_start_key(start);
            let request = match settings {
                Some(settings) => request.customize().config_override(settings),
                None => request.customize(),
            };
            let answer = request.send().await.map_err(|error| self.table.failed("a list", &error))?;
            return Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key));
        };
        values.insert(":device".to_owned(), text(device));
        let request = client.query().table_name(name).key_condition_expression("client_id = :device");
        let request = request.set_filter_expression(condition).set_exclusive_start_key(start);
        let request = request.set_expression_attribute_values(some(values));
        let request = match settings {
            Some(settings) => request.customize().config_override(settings),
            None => request.customize(),
        };
        let answer = request.send().await.map_err(|error| self.table.failed("a list", &error))?;
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }
}

/// What the table need not answer with. Moments are kept to the millisecond, so what begins within one counts. What does not tell when it
/// was received is the oldest.
fn condition(filter: &EventFilter) -> (Option<String>, HashMap<String, AttributeValue>) {
    let since = filter.since.map(|since| (":since", "received_at >= :since", since.as_millisecond()));
    let until = filter.until.map(|until| (":until", "NOT received_at > :until", until.as_millisecond()));
    let conditions: Vec<_> = since.into_iter().chain(until).collect();
    let values = conditions.iter().map(|(name, _, moment)| ((*name).to_owned(), number(*moment))).collect();
    let condition = conditions.iter().map(|(_, condition, _)| *condition).collect::<Vec<_>>().join(" AND ");
    (Some(condition).filter(|condition| !condition.is_empty()), values)
}

/// DynamoDB refuses an empty map of values.
fn some(values: HashMap<String, AttributeValue>) -> Option<HashMap<String, AttributeValue>> {
    Some(values).filter(|values| !values.is_empty())
}

fn read(table: &str, item: Item) -> Result<PastEvent, DynamoError> {
    let item = selected(item).ok_or_else(|| DynamoError::item(table, &NO_JSON))?;
    PastEvent::new(item).map_err(|error| DynamoError::item(table, &error))
}

/// What the rule selected; none if it is not what a rule's action writes.
fn selected(item: Item) -> Option<Map<String, Value>> {
    item.into_iter().map(|(name, value)| Some((name, json::value(value)?))).collect()
}
