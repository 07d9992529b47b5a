//! Reminders: an open alert is told again after a while, if the policy wants that.

use jiff::Timestamp;

use super::between;
use super::news::{News, NewsKind};
use super::policy::{Policy, Recoveries};
use super::state::DeviceState;
use super::tell::{Occasion, emit};

/// When the next reminder is due; `None` while other news of the alert is held or on its way.
pub(super) fn due(state: &DeviceState, policy: &Policy) -> Option<Timestamp> {
    let alert = state.alert.as_ref().filter(|alert| alert.ended_at.is_none() && !alert.is_on_its_way())?;
    let is_held = state.flapping.is_open() || state.waiting.is_some();
    let repeat = policy.repeat.filter(|_| policy.recoveries != Recoveries::Unseen && !is_held)?;
    Some(alert.remind_at(repeat))
}

/// The reminder, if it is due.
pub(super) fn remind(
    state: &mut DeviceState,
    policy: &Policy,
    occasion: Occasion,
    now: Timestamp,
) -> Option<News> {
    due(state, policy).filter(|due| *due <= now)?;
    let alert = state.alert.as_mut()?;
    if let Some(until) = policy.quiet_until(now) {
        alert.remind_not_before(until);
        return None;
    }
    alert.reminders = alert.reminders.saturating_add(1);
    let kind = NewsKind::Reminder { number: alert.reminders, elapsed: between(alert.since, now) };
    emit(state, policy, kind, occasion, now)
}
