//! What became of the news: reported by whoever delivers it.

use jiff::Timestamp;

use super::policy::Policy;
use super::state::DeviceState;
use super::tell::{Occasion, tell};
use super::tick::Tick;

/// The news under `key` has reached at least one channel.
///
/// A recovery that waited for this follows at once.
#[must_use]
pub fn told(state: &DeviceState, key: &str, policy: &Policy, now: Timestamp) -> Tick {
    let mut state = state.clone();
    state.recent.report(key);
    let mut follows = false;
    if let Some(alert) = &mut state.alert {
        alert.told(key);
        follows = alert.ended_at.is_some();
    }
    let news = follows.then(|| tell(&mut state, policy, Occasion::Report, now).ok()).flatten();
    Tick { state, news: news.into_iter().collect() }
}

/// The news under `key` will reach no channel: all of them gave up.
///
/// The next bad event is told again, and no recovery of what nobody has heard of.
#[must_use]
pub fn lost(state: &DeviceState, key: &str) -> DeviceState {
    let mut state = state.clone();
    state.recent.report(key);
    state.flapping.lost(key);
    if let Some(alert) = &mut state.alert {
        alert.lost(key);
    }
    state.alert.take_if(|alert| alert.ended_at.is_some() && alert.is_unheard());
    state
}
