//! The way of an event into the state.

use jiff::Timestamp;

use super::alert;
use super::flapping;
use super::policy::Policy;
use super::reminder;
use super::standing::Standing;
use super::state::{DeviceState, Latest};
use super::tell::{Occasion, tell};
use super::verdict::{Arrival, Silence, Verdict};
use super::waiting::Waiting;
use super::watermark::{Place, place};
use crate::event::Event;

/// Takes in an event of the device that `state` is about; `now` is the time of arrival.
///
/// The same event again changes nothing.
#[must_use]
pub fn arrive(
    state: &DeviceState,
    event: &Event,
    standing: Standing,
    policy: &Policy,
    now: Timestamp,
) -> Arrival {
    let mut state = state.clone();
    let verdict = match place(&state, event) {
        Place::Duplicate => duplicate(&state, event),
        Place::Late => Verdict::Silent(Silence::Late),
        Place::Newest => newest(&mut state, Latest::of(event, standing, policy, now), policy, now),
    };
    Arrival { state, verdict }
}

fn duplicate(state: &DeviceState, event: &Event) -> Verdict {
    // What the platform names differently each time was told under its first name.
    let original = state.latest.as_ref().filter(|_| !state.recent.holds(&event.key));
    let key = original.map_or(&event.key, |latest| &latest.key);
    match state.recent.news(key) {
        Some(news) => Verdict::Resume(news.clone()),
        None => Verdict::Silent(Silence::Duplicate),
    }
}

fn newest(state: &mut DeviceState, latest: Latest, policy: &Policy, now: Timestamp) -> Verdict {
    // The tick may be behind.
    flapping::settle(state, policy, now);
    state.recent.note(&latest.key);
    let before = state.latest.replace(latest);
    state.waiting.take_if(|waiting| !matches!(waiting, Waiting::QuietEnd { .. }));
    flapping::note(state, before.as_ref(), policy, now);
    alert::follow(state, policy);
    match tell(state, policy, Occasion::Arrival, now) {
        Ok(news) => Verdict::Tell(news),
        Err(Silence::AlertOpen) => reminder::remind(state, policy, Occasion::Arrival, now)
            .map_or(Verdict::Silent(Silence::AlertOpen), Verdict::Tell),
        Err(silence) => Verdict::Silent(silence),
    }
}
