//! Lists with filters, a page at a time: what the stores filter themselves, and what is left out while reading.

use campanile_core::ledger::{DeliveryKey, StateKind};
use campanile_store::{Cursor, Entry, Filter, Ledger as _, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::delivery::Delivery;
use super::event::Event;
use super::{MOST, inbox};
use crate::journal::MessageId;
use crate::system::Refusal;
use crate::web::site::Site;

/// Things that are read for one page: a filter that fits seldom must not read everything.
const READ: usize = 5000;

/// Which deliveries to list.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct DeliveryFilter {
    pub(in crate::web) device: Option<String>,
    pub(in crate::web) status: Option<StateKind>,
    pub(in crate::web) channel: Option<String>,
}

/// Which events to list.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct EventFilter {
    pub(in crate::web) device: Option<String>,
    pub(in crate::web) topic: Option<String>,
    pub(in crate::web) rule: Option<String>,
    pub(in crate::web) selected: Option<bool>,
    pub(in crate::web) text: Option<String>,
}

/// A page of deliveries.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Deliveries {
    /// Newest first.
    pub(in crate::web) deliveries: Vec<Delivery>,
    /// Where the next page starts, for `after`; none if there is none.
    pub(in crate::web) next: Option<String>,
}

/// A page of events.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Events {
    /// Newest first.
    pub(in crate::web) events: Vec<Event>,
    /// Where the next page starts, for `before`; none if there is none.
    pub(in crate::web) next: Option<u64>,
}

pub(in crate::web) async fn deliveries(
    site: &Site,
    wanted: &DeliveryFilter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Deliveries, StoreError> {
    let limit = limit.clamp(1, MOST);
    let filter = Filter { device: wanted.device.clone(), status: wanted.status };
    let caught = site.system.catcher.inbox().list(None);
    let (mut found, mut after, mut read): (Vec<Entry>, _, _) = (Vec::new(), after, 0);
    loop {
        let page = site.system.ledger.list(&filter, Timestamp::now(), after, limit.max(100)).await?;
        read += page.entries.len();
        let fits =
            |entry: &Entry| wanted.channel.as_ref().is_none_or(|channel| *channel == entry.key.channel);
        found.extend(page.entries.into_iter().filter(fits));
        after = page.next;
        if found.len() > limit || read >= READ || after.is_none() {
            break;
        }
    }
    let next = if found.len() > limit { found.get(limit - 1).map(Entry::cursor) } else { after };
    found.truncate(limit);
    Ok(Deliveries {
        deliveries: found.iter().map(|entry| Delivery::of(entry, &caught)).collect(),
        next: next.map(|cursor| cursor.to_string()),
    })
}

pub(in crate::web) async fn delivery(site: &Site, key: &DeliveryKey) -> Result<Option<Delivery>, StoreError> {
    let record = site.system.ledger.find(key, Timestamp::now()).await?;
    let caught = site.system.catcher.inbox().list(None);
    Ok(record.map(|record| Delivery::of(&Entry { key: key.clone(), record }, &caught)))
}

pub(in crate::web) async fn events(
    site: &Site,
    wanted: &EventFilter,
    before: Option<u64>,
    limit: usize,
) -> Result<Events, Refusal> {
    let limit = limit.clamp(1, MOST);
    let (mut found, mut before, mut read) = (Vec::new(), before.map(MessageId), 0);
    loop {
        let size = limit.max(100);
        let page = site.system.messages(before, size).await?;
        let is_last = page.len() < size;
        read += page.len();
        before = page.last().map(|entry| entry.id).or(before);
        found.extend(page.iter().map(|entry| Event::of(entry)).filter(|event| wanted.wants(event)));
        if is_last {
            before = None;
        }
        if found.len() > limit || read >= READ || is_last {
            break;
        }
    }
    let next =
        if found.len() > limit { found.get(limit - 1).map(|event| event.id) } else { before.map(|id| id.0) };
    found.truncate(limit);
    Ok(Events { events: found, next })
}

impl EventFilter {
    fn wants(&self, event: &Event) -> bool {
        let is = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted == found);
        let by_rule = self.rule.as_ref().is_none_or(|rule| {
            let selects = |name: &String, outcome| name == rule && outcome == super::event::Outcome::Selected;
            event.verdicts.iter().any(|verdict| selects(&verdict.rule, verdict.outcome))
        });
        let by_text = self.text.as_ref().is_none_or(|text| {
            let payload = event.payload.text.as_deref().unwrap_or_default();
            event.topic.contains(text) || event.client_id.contains(text) || payload.contains(text)
        });
        is(&self.topic, &event.topic)
            && self.device.as_ref().is_none_or(|device| *device == event.device || *device == event.client_id)
            && self.selected.is_none_or(|selected| selected == event.is_selected())
            && by_rule
            && by_text
    }
}

/// The inbox, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct InboxList {
    /// Oldest first.
    pub(in crate::web) messages: Vec<inbox::CaughtMessage>,
    /// The latest id that was given, for `after`.
    pub(in crate::web) last: u64,
}
