//! States as items.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::DynamoLedger;
use super::due::{self, Kind};
use super::error::DynamoError;
use super::item::{self, Item, attribute, number, text, to_live_until};
use super::key::ItemKey;
use super::table::Put;
use super::{fit, listing, swap};
use crate::ledger::StoreError;
use crate::page::{Cursor, PAGE_LIMIT, Page};
use crate::states::{KeptState, NewState, StateKey, States, Version};

impl States for DynamoLedger {
    async fn load(&self, key: &StateKey) -> Result<Option<KeptState>, StoreError> {
        let item = self.table.get(&ItemKey::of_state(key)).await?;
        Ok(item.map(|item| kept(&self.table.name, &item)).transpose()?)
    }

    async fn replace(
        &self,
        key: &StateKey,
        seen: Option<&Version>,
        new: NewState<'_>,
    ) -> Result<Option<Version>, StoreError> {
        let version = swap::version()?;
        let item = of(&self.table.name, key, &version, new)?;
        let seen = seen.map(|Version(seen)| seen.as_str());
        Ok(match self.table.put(&ItemKey::of_state(key), item, seen).await? {
            Put::Written => Some(Version(version)),
            Put::Changed(_) => None,
        })
    }

    async fn due_states(&self, now: Timestamp, limit: usize) -> Result<Vec<StateKey>, StoreError> {
        let found = due::find(&self.table, Kind::State, now, limit.clamp(1, PAGE_LIMIT)).await?;
        Ok(found.iter().map(|item| key(&self.table.name, item)).collect::<Result<_, _>>()?)
    }

    async fn devices(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<(String, KeptState)>, StoreError> {
        Ok(listing::devices(&self.table, after, limit.clamp(1, PAGE_LIMIT)).await?)
    }
}

fn of(table: &str, key: &StateKey, version: &str, new: NewState<'_>) -> Result<Item, DynamoError> {
    let state = fit::checked(table, format_args!("the state of {key}"), new.state.to_owned())?;
    let mut item = item::named(&ItemKey::of_state(key));
    let mut add = |name: &str, value: AttributeValue| drop(item.insert(name.to_owned(), value));
    add("version", text(version));
    add("state", text(state));
    match key {
        StateKey::Device(device) => add("device", text(device)),
        StateKey::Group { route, group } => {
            add("route", text(route));
            add("group", text(group));
        }
    }
    if let Some(moment) = new.may_go_at() {
        add("expires_at", number(to_live_until(moment)));
    }
    if let Some(due) = new.due {
        due::mark(&mut item, Kind::State, due);
    }
    Ok(item)
}

pub(super) fn kept(table: &str, item: &Item) -> Result<KeptState, DynamoError> {
    let part = |name| attribute(table, item, name).map(ToOwned::to_owned);
    Ok(KeptState { state: part("state")?, version: Version(part("version")?) })
}

fn key(table: &str, item: &Item) -> Result<StateKey, DynamoError> {
    let part = |name| attribute(table, item, name).map(ToOwned::to_owned);
    if item.contains_key("device") {
        return Ok(StateKey::Device(part("device")?));
    }
    Ok(StateKey::Group { route: part("route")?, group: part("group")? })
}
