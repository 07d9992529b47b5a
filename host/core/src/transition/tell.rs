//! What is owed to people: the state of the device beside what they were told, and what keeps it back.

use jiff::Timestamp;

use super::news::{News, NewsKind};
use super::policy::{Policy, Recoveries};
use super::state::DeviceState;
use super::verdict::Silence;
use super::waiting::Waiting;
use super::{between, later};

/// Why it is asked what is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// The newest event has arrived.
    Arrival,
    /// No newer event came after a stale one.
    WaitOver,
    /// Quiet hours are over.
    QuietEnd,
    /// The device has stopped flapping.
    Settled,
    /// An alert was delivered.
    Report,
}

/// The news that is owed, or why there is none.
pub(super) fn tell(
    state: &mut DeviceState,
    policy: &Policy,
    occasion: Occasion,
    now: Timestamp,
) -> Result<News, Silence> {
    owed(state, policy, occasion)?;
    held(state, policy, occasion, now)?;
    let kind = kind(state, policy, occasion, now)?;
    emit(state, policy, kind, occasion, now).ok_or(Silence::NothingWrong)
}

/// Whether people were told something else than what is. A recovery that need not be told ends the period here.
fn owed(state: &mut DeviceState, policy: &Policy, occasion: Occasion) -> Result<(), Silence> {
    let (Some(alert), Some(latest)) = (&state.alert, &state.latest) else {
        return Err(Silence::NothingWrong);
    };
    if !alert.owes(&latest.status) {
        return Err(Silence::AlertOpen);
    }
    if state.flapping.is_announced() {
        return Err(Silence::Flapping);
    }
    // Who was told that it flaps is told how that ended.
    let is_silent =
        policy.recoveries == Recoveries::Silent && occasion != Occasion::Settled && !state.flapping.is_open();
    let silence = match alert.ended_at {
        Some(_) if alert.is_unheard() => Silence::AlertNotTold,
        Some(_) if is_silent => Silence::RecoveriesSilent,
        _ => return Ok(()),
    };
    state.alert = None;
    Err(silence)
}

/// Whether it has to wait.
fn held(state: &mut DeviceState, policy: &Policy, occasion: Occasion, now: Timestamp) -> Result<(), Silence> {
    if let Some(until) = policy.quiet_until(now) {
        let before = state.waiting.as_ref().map(Waiting::held).unwrap_or_default();
        let held = before.saturating_add(u32::from(occasion != Occasion::QuietEnd));
        state.waiting = Some(Waiting::QuietEnd { until, held });
        return Err(Silence::QuietHours { until });
    }
    match state.waiting {
        Some(Waiting::Newer { until }) if occasion == Occasion::Report && until > now => {
            return Err(Silence::Stale { until });
        }
        _ => {}
    }
    let is_stale = state.latest.as_ref().is_some_and(|latest| latest.stale);
    if is_stale && occasion == Occasion::Arrival && !policy.stale_wait.is_zero() {
        let until = later(now, policy.stale_wait);
        state.waiting = Some(Waiting::Newer { until });
        return Err(Silence::Stale { until });
    }
    if let Some(until) = lasts_at(state, policy, occasion).filter(|until| *until > now) {
        state.waiting = Some(Waiting::Lasting { until });
        return Err(Silence::Pending { until });
    }
    Ok(())
}

/// When a bad status that nobody has heard of has lasted long enough. What flaps is told as that, however short each change is.
fn lasts_at(state: &DeviceState, policy: &Policy, occasion: Occasion) -> Option<Timestamp> {
    let is_seen = policy.recoveries != Recoveries::Unseen;
    let is_flapping = state.flapping.is_open() || occasion == Occasion::Settled;
    let alert = state.alert.as_ref().filter(|alert| alert.ended_at.is_none() && alert.is_unheard())?;
    (is_seen && !is_flapping && !policy.lasting.is_zero()).then(|| later(alert.since, policy.lasting))
}

fn kind(
    state: &DeviceState,
    policy: &Policy,
    occasion: Occasion,
    now: Timestamp,
) -> Result<NewsKind, Silence> {
    let (Some(alert), Some(latest)) = (&state.alert, &state.latest) else {
        return Err(Silence::NothingWrong);
    };
    let is_over = occasion == Occasion::Settled;
    if let (true, Some(flapping)) = (state.flapping.is_open(), &policy.flapping) {
        let (window, settle) = (flapping.window, flapping.settle);
        return Ok(NewsKind::Flapping { changes: state.flapping.count(), window, settle });
    }
    if let Some(ended_at) = alert.ended_at {
        let (alerts, after) = (alert.told_keys(), between(alert.since, ended_at));
        return match alert.is_told() {
            false => Err(Silence::AlertOnItsWay),
            true if is_over => Ok(NewsKind::Settled { bad: false, alerts }),
            true => Ok(NewsKind::Recovery { alerts, since: alert.since, after }),
        };
    }
    Ok(match occasion {
        Occasion::Settled => NewsKind::Settled { bad: true, alerts: alert.told_keys() },
        Occasion::QuietEnd => NewsKind::Digest {
            elapsed: between(alert.since, now),
            held: state.waiting.as_ref().map(Waiting::held).unwrap_or_default(),
        },
        _ if latest.stale => NewsKind::Stale { age: between(latest.occurred_at, now) },
        _ => NewsKind::Alert,
    })
}

/// Makes the news and notes that it was told.
pub(super) fn emit(
    state: &mut DeviceState,
    policy: &Policy,
    kind: NewsKind,
    occasion: Occasion,
    now: Timestamp,
) -> Option<News> {
    let latest = state.latest.as_ref()?;
    let key = if occasion == Occasion::Arrival {
        latest.key.clone()
    } else {
        state.numbered = state.numbered.wrapping_add(1);
        format!("{}/{}-{}", latest.key, kind.name(), state.numbered)
    };
    let news = News {
        key,
        event: latest.key.clone(),
        device_id: latest.device_id.clone(),
        status: latest.status.clone(),
        previous: latest.previous.clone(),
        occurred_at: latest.occurred_at,
        severity: kind.severity(policy.severity),
        kind,
    };
    state.waiting = None;
    state.recent.keep(&news, now);
    match &mut state.alert {
        _ if news.kind.ends_alert() => state.alert = None,
        Some(alert) => alert.announce(news.key.clone(), news.status.clone(), now),
        None => {}
    }
    if matches!(news.kind, NewsKind::Flapping { .. }) {
        state.flapping.announce(&news.key);
    }
    Some(news)
}
