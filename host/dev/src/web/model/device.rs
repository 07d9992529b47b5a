//! A device: how it is, what is open, and how it was.

use std::collections::BTreeMap;

use campanile_core::transition::device::Device as Known;
use campanile_store::{Cursor, EventFilter, History as _, PAGE_LIMIT, PastEvent, States as _, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::web::site::Site;

/// A device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Device {
    /// Its name.
    pub(in crate::web) device: String,
    /// The status that it has reported last.
    pub(in crate::web) status: Option<String>,
    /// When it says that was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(in crate::web) changed_at: Option<Timestamp>,
    /// When it was heard of last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(in crate::web) seen_at: Option<Timestamp>,
    /// How it stands on each route on which it was ever bad.
    pub(in crate::web) routes: Vec<Standing>,
}

/// How a device stands on a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Standing {
    /// The route.
    pub(in crate::web) route: String,
    /// Since when it is bad; none if it is not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(in crate::web) bad_since: Option<Timestamp>,
    /// Whether its changes are not told one by one at the moment.
    pub(in crate::web) is_flapping: bool,
}

/// Something that a device has reported.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Past {
    /// When it was received.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(in crate::web) received_at: Option<Timestamp>,
    /// When the device says it happened.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(in crate::web) occurred_at: Option<Timestamp>,
    /// The status.
    pub(in crate::web) status: Option<String>,
    /// Where it was published.
    pub(in crate::web) topic: Option<String>,
    /// What was published; none if it was no JSON.
    pub(in crate::web) payload: Option<Value>,
}

/// A part of a device's history.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct PastEvents {
    /// Newest first.
    pub(in crate::web) events: Vec<Past>,
    /// Where the next page starts, for `after`; none if there is none.
    pub(in crate::web) next: Option<String>,
}

impl Device {
    /// Since when it is bad on some route.
    pub(in crate::web) fn bad_since(&self) -> Option<Timestamp> {
        self.routes.iter().filter_map(|route| route.bad_since).min()
    }

    fn know(&mut self, state: &str) {
        // Another version's state: what it says is not known here.
        let Ok(known) = serde_json::from_str::<Known>(state) else { return };
        let names: Value = serde_json::from_str(state).unwrap_or_default();
        let names =
            names.get("routes").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name);
        for route in names {
            let state = known.on(route);
            let (status, changed_at) = (state.status().map(str::to_owned), state.changed_at());
            if changed_at > self.changed_at {
                (self.status, self.changed_at) = (status, changed_at);
            }
            let (bad_since, is_flapping) = (state.bad_since(), state.is_flapping());
            self.routes.push(Standing { route: route.clone(), bad_since, is_flapping });
        }
    }

    fn hear(&mut self, past: &Past) {
        self.seen_at = self.seen_at.max(past.received_at);
        if past.status.is_some() && past.occurred_at >= self.changed_at {
            self.status.clone_from(&past.status);
            self.changed_at = past.occurred_at;
        }
    }
}

impl From<&PastEvent> for Past {
    fn from(event: &PastEvent) -> Self {
        let text = |name: &str| event.payload()?.get(name)?.as_str().map(str::to_owned);
        Self {
            received_at: event.received_at(),
            occurred_at: text("occurred_at").and_then(|at| at.parse().ok()).or(event.received_at()),
            status: text("status"),
            topic: event.topic().map(str::to_owned),
            payload: event.payload().cloned(),
        }
    }
}

/// The devices that the function knows, and those of the latest messages, by name.
pub(in crate::web) async fn devices(site: &Site) -> Result<Vec<Device>, StoreError> {
    let mut devices: BTreeMap<String, Device> = BTreeMap::new();
    let page = site.system.ledger.devices(None, PAGE_LIMIT).await?;
    for (name, kept) in page.entries {
        named(&mut devices, &name).know(&kept.state);
    }
    let page = site.system.history.list(&EventFilter::default(), None, PAGE_LIMIT).await?;
    for event in page.entries.iter().rev() {
        named(&mut devices, event.client_id()).hear(&Past::from(event));
    }
    Ok(devices.into_values().collect())
}

fn named<'d>(devices: &'d mut BTreeMap<String, Device>, name: &str) -> &'d mut Device {
    let new = || Device { device: name.to_owned(), ..Device::default() };
    devices.entry(name.to_owned()).or_insert_with(new)
}

/// One device; none if nobody has heard of it.
pub(in crate::web) async fn device(site: &Site, name: &str) -> Result<Option<Device>, StoreError> {
    let key = campanile_store::StateKey::Device(name.to_owned());
    let kept = site.system.ledger.load(&key).await?;
    let past = history(site, name, None, PAGE_LIMIT).await?;
    if kept.is_none() && past.events.is_empty() {
        return Ok(None);
    }
    let mut device = Device { device: name.to_owned(), ..Device::default() };
    if let Some(kept) = kept {
        device.know(&kept.state);
    }
    past.events.iter().rev().for_each(|past| device.hear(past));
    Ok(Some(device))
}

/// What a device has reported, newest first.
pub(in crate::web) async fn history(
    site: &Site,
    device: &str,
    after: Option<Cursor>,
    limit: usize,
) -> Result<PastEvents, StoreError> {
    let filter = EventFilter { device: Some(device.to_owned()), ..EventFilter::default() };
    let page = site.system.history.list(&filter, after, limit).await?;
    Ok(PastEvents {
        events: page.entries.iter().map(Past::from).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    })
}
