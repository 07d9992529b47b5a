//! What is known of a device over all routes: one value, so that one conditional write takes an event in for all of them.

mod sequence;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::sequence::Sequence;
pub use self::sequence::{Message, SummaryName};
use super::news::News;
use super::policy::Policy;
use super::standing::Standing;
use super::state::DeviceState;
use super::tick::Tick;
use super::verdict::{Silence, Verdict};
use super::watermark::{Place, place};
use super::{arrive, due, lost, tick, told};
use crate::event::Event;
use crate::route::{Route, Routes};

/// A device as it is kept. Small: its newest event, and a state for each route on which it was ever bad.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Device {
    /// What a route knows of it on which it was never bad.
    base: DeviceState,
    /// The newest event in its envelope: what is told long after it is rendered from this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latest: Option<Value>,
    /// By the route's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    routes: BTreeMap<String, RouteState>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct RouteState {
    state: DeviceState,
    #[serde(default, skip_serializing_if = "Sequence::is_empty")]
    sequence: Sequence,
}

/// One thing to tell on a route, and what was told before it.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteNews {
    /// The route's name.
    pub route: String,
    /// What there is to tell.
    pub news: News,
    /// The event that it is about. If that is not the device's newest one, only what the news says of it is known.
    pub event: Event,
    /// The messages before it, oldest first: people are to read them in this order.
    pub before: Vec<Message>,
    /// Whether it was given out before, so that people may have been told already.
    pub is_again: bool,
}

/// What an event comes to on one route.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteVerdict {
    /// The route's name.
    pub route: String,
    /// What is told, or why nothing is.
    pub verdict: Result<RouteNews, Silence>,
}

/// An event that was taken in.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived {
    /// To be written before anything is told.
    pub device: Device,
    /// In the order of the routes.
    pub verdicts: Vec<RouteVerdict>,
    /// Conditions that could not be told, for the operator.
    pub problems: Vec<String>,
}

/// What a report, or the time, comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// To be written before anything is told.
    pub device: Device,
    /// What is told.
    pub news: Vec<RouteNews>,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has reached a channel; as a part of this summary, if it was one.
    Told(Option<SummaryName>),
    /// All channels gave up.
    Lost,
}

impl Device {
    /// Takes an event in, on all routes.
    #[must_use]
    pub fn arrive(&self, event: &Event, routes: &Routes, now: Timestamp) -> Arrived {
        let mut device = self.clone();
        let (mut verdicts, mut problems) = (Vec::new(), Vec::new());
        if place(&self.base, event) == Place::Newest {
            device.latest = Some(event.envelope());
        }
        for route in routes {
            let (standing, problem) = route.standing(event, now);
            problems.extend(problem);
            let verdict = device.arrive_on(route, event, standing, now);
            let verdict = verdict.map(|placed| placed.about(device.latest.as_ref(), now));
            verdicts.push(RouteVerdict { route: route.name.clone(), verdict });
        }
        device.base = arrive(&self.base, event, Standing::GOOD, &Policy::default(), now).state;
        Arrived { device, verdicts, problems }
    }

    fn arrive_on(
        &mut self,
        route: &Route,
        event: &Event,
        standing: Standing,
        now: Timestamp,
    ) -> Result<Placed, Silence> {
        let known = self.routes.get(&route.name);
        let state = known.map_or(&self.base, |known| &known.state);
        let arrival = arrive(state, event, standing, &route.policy, now);
        if known.is_none() && !standing.bad {
            return Err(silence(&arrival.verdict));
        }
        let kept = self.routes.entry(route.name.clone()).or_insert_with(|| RouteState::of(&self.base));
        kept.state = arrival.state;
        match arrival.verdict {
            Verdict::Tell(news) => Ok(kept.placed(&route.name, news)),
            // What a summary told is gone on with under the summary's name.
            Verdict::Resume(news) if kept.sequence.is_summed_up(&news.key) => Err(Silence::Duplicate),
            Verdict::Resume(news) => kept.resumed(&route.name, news).ok_or(Silence::Overtaken),
            Verdict::Silent(silence) => Err(silence),
        }
    }

    /// Does what is due at `now`.
    #[must_use]
    pub fn tick(&self, routes: &Routes, now: Timestamp) -> Changed {
        let mut device = self.clone();
        let mut told = Vec::new();
        // What is known of a route that is gone would stay due for ever.
        device.routes.retain(|name, _| routes.get(name).is_some());
        for route in routes {
            let Some(kept) = device.routes.get_mut(&route.name) else { continue };
            let Tick { state, news } = tick(&kept.state, &route.policy, now);
            kept.state = state;
            told.extend(news.into_iter().filter_map(|news| kept.resumed(&route.name, news)));
        }
        device.changed(told, now)
    }

    /// Takes in what became of the news under `key`. A recovery that waited for it follows at once.
    #[must_use]
    pub fn report(&self, route: &Route, key: &str, fate: &Fate, now: Timestamp) -> Changed {
        let mut device = self.clone();
        let mut follows = Vec::new();
        if let Some(kept) = device.routes.get_mut(&route.name) {
            match fate {
                Fate::Told(summary) => {
                    kept.sequence.told(key, summary.clone());
                    let Tick { state, news } = told(&kept.state, key, &route.policy, now);
                    kept.state = state;
                    follows.extend(news.into_iter().map(|news| kept.placed(&route.name, news)));
                }
                Fate::Lost => kept.state = lost(&kept.state, key),
            }
        }
        device.changed(follows, now)
    }

    fn changed(self, told: Vec<Placed>, now: Timestamp) -> Changed {
        let news = told.into_iter().map(|placed| placed.about(self.latest.as_ref(), now)).collect();
        Changed { device: self, news }
    }

    /// When [`Device::tick`] has something to do.
    #[must_use]
    pub fn due(&self, routes: &Routes) -> Option<Timestamp> {
        routes.iter().filter_map(|route| due(&self.routes.get(&route.name)?.state, &route.policy)).min()
    }

    /// The messages before and after the one that tells `news` on a route, oldest first. Nothing, if it is not remembered.
    #[must_use]
    pub fn around(&self, route: &str, news: &str) -> (&[Message], &[Message]) {
        self.routes.get(route).map(|kept| kept.sequence.around(news)).unwrap_or_default()
    }

    /// What is known of it on a route; that it was never bad there, if the route has no state of its own.
    #[must_use]
    pub fn on(&self, route: &str) -> &DeviceState {
        self.routes.get(route).map_or(&self.base, |kept| &kept.state)
    }
}

impl RouteState {
    fn of(base: &DeviceState) -> Self {
        Self { state: base.clone(), sequence: Sequence::default() }
    }

    fn placed(&mut self, route: &str, news: News) -> Placed {
        let before = self.sequence.place(&news.key);
        Placed { route: route.to_owned(), news, before, is_again: false }
    }

    /// News that is given out again, unless people were told something newer meanwhile: then it is as good as reported.
    fn resumed(&mut self, route: &str, news: News) -> Option<Placed> {
        if self.sequence.may_follow(&news.key) || self.state.is_current(&news) {
            return Some(Placed { is_again: true, ..self.placed(route, news) });
        }
        self.state = lost(&self.state, &news.key);
        None
    }
}

/// News in its place, without the event.
struct Placed {
    route: String,
    news: News,
    before: Vec<Message>,
    is_again: bool,
}

impl Placed {
    fn about(self, latest: Option<&Value>, now: Timestamp) -> RouteNews {
        let latest = latest.and_then(|latest| Event::from_value(latest, now).ok());
        let event = match latest {
            Some(latest) if latest.key == self.news.event => latest,
            _ => event_of(&self.news),
        };
        let Self { route, news, before, is_again } = self;
        RouteNews { route, news, event, before, is_again }
    }
}

/// As much of an event as its news says.
fn event_of(news: &News) -> Event {
    let payload = json!({
        "device_id": news.device_id,
        "status": news.status,
        "previous": news.previous,
        "occurred_at": news.occurred_at.to_string(),
    });
    Event {
        key: news.event.clone(),
        id: None,
        device_id: news.device_id.clone(),
        status: news.status.clone(),
        previous: news.previous.clone(),
        occurred_at: news.occurred_at,
        clock_ahead: false,
        seq: None,
        reading: Value::Null,
        topic: None,
        client_id: None,
        trace_id: None,
        received_at: None,
        payload_json: payload.to_string(),
    }
}

/// Why nothing is told on a route that does not know the device. There is no news without a state.
fn silence(verdict: &Verdict) -> Silence {
    match verdict {
        Verdict::Silent(silence) => *silence,
        Verdict::Tell(_) | Verdict::Resume(_) => Silence::NothingWrong,
    }
}

#[cfg(test)]
mod tests;
