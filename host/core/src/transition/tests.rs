//! A device's story, told in seconds, with the answers in a few words.

mod core_table;
mod flapping;
mod lasting;
mod properties;
mod quiet_end;
mod quiet_hours;
mod recovery;
mod reminder;
mod reports;
mod stale;
mod stored;
mod storm;
mod watermark;

use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::duration::compact;
use crate::event::Event;

/// 2026-01-05 12:00 UTC, a Monday.
const START: i64 = 1_767_614_400;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

/// An event that happened at `second`, with the key `e<second>`.
fn event(second: i64, status: &str) -> Event {
    Event {
        key: format!("e{second}"),
        id: None,
        device_id: "home-heating".into(),
        status: status.into(),
        previous: None,
        occurred_at: at(second),
        clock_ahead: false,
        seq: None,
        reading: serde_json::Value::Null,
        topic: None,
        client_id: None,
        trace_id: None,
        received_at: None,
        payload_json: "{}".into(),
    }
}

/// How `event` stands to a route that alerts on the statuses that are `bad`.
fn standing(event: &Event, bad: impl Fn(&str) -> bool) -> Standing {
    Standing { bad: bad(&event.status), was_bad: event.previous.as_deref().map(bad) }
}

/// What most routes alert on.
fn is_inactive(status: &str) -> bool {
    status == "INACTIVE"
}

/// [`is_inactive`], for a route that alerts on more than one status.
fn is_inactive_or_fault(status: &str) -> bool {
    matches!(status, "INACTIVE" | "FAULT")
}

/// An event of a device that nothing is known of, on a route that alerts on INACTIVE.
fn first(event: &Event, policy: &Policy, now: Timestamp) -> Arrival {
    arrive(&DeviceState::default(), event, standing(event, is_inactive), policy, now)
}

/// One device on one route.
struct Story {
    state: DeviceState,
    policy: Policy,
    is_bad: fn(&str) -> bool,
    /// Whether everything that is told is delivered at once.
    delivers: bool,
}

impl Story {
    fn new(policy: Policy) -> Self {
        Self::on(is_inactive, policy)
    }

    fn on(is_bad: fn(&str) -> bool, policy: Policy) -> Self {
        Self { state: DeviceState::default(), policy, is_bad, delivers: true }
    }

    /// An event that arrives as it happens.
    fn says(&mut self, second: i64, status: &str) -> String {
        self.arrives(second, &event(second, status))
    }

    fn arrives(&mut self, second: i64, event: &Event) -> String {
        let Arrival { state, verdict } = self.arrival(second, event);
        self.state = state;
        match verdict {
            Verdict::Tell(news) => self.deliver(second, &news).join(", "),
            Verdict::Resume(news) => format!("again {}", words(&news)),
            Verdict::Silent(silence) => why(silence),
        }
    }

    fn arrival(&self, second: i64, event: &Event) -> Arrival {
        arrive(&self.state, event, standing(event, self.is_bad), &self.policy, at(second))
    }

    fn ticks(&mut self, second: i64) -> Vec<String> {
        let Tick { state, news } = tick(&self.state, &self.policy, at(second));
        self.state = state;
        news.into_iter().flat_map(|news| self.deliver(second, &news)).collect()
    }

    fn told(&mut self, second: i64, key: &str) -> Vec<String> {
        let Tick { state, news } = told(&self.state, key, &self.policy, at(second));
        self.state = state;
        news.into_iter().flat_map(|news| self.deliver(second, &news)).collect()
    }

    fn lost(&mut self, key: &str) {
        self.state = lost(&self.state, key);
    }

    /// The second at which a tick is due.
    fn due(&self) -> Option<i64> {
        due(&self.state, &self.policy).map(|due| due.as_second() - START)
    }

    fn deliver(&mut self, second: i64, news: &News) -> Vec<String> {
        let mut told = vec![words(news)];
        if self.delivers {
            told.extend(self.told(second, &news.key));
        }
        told
    }
}

fn words(news: &News) -> String {
    let detail = match &news.kind {
        NewsKind::Alert => String::new(),
        NewsKind::Recovery { alerts, after, .. } => {
            format!(" after {} of {}", compact(*after), alerts.join("+"))
        }
        NewsKind::Stale { age } => format!(" {} ago", compact(*age)),
        NewsKind::Flapping { changes, .. } => format!(" {changes} changes"),
        NewsKind::Settled { alerts, .. } => format!(" of {}", alerts.join("+")),
        NewsKind::Reminder { number, elapsed } => format!(" {number} after {}", compact(*elapsed)),
        NewsKind::Digest { elapsed, held } => format!(" since {}, {held} held", compact(*elapsed)),
        NewsKind::AllClear { held } => format!(" {held} held"),
    };
    format!("{} {}{detail}", news.kind.name(), news.status)
}

fn why(silence: Silence) -> String {
    match silence {
        Silence::Duplicate => "duplicate".into(),
        Silence::Late => "late".into(),
        Silence::NothingWrong => "nothing wrong".into(),
        Silence::AlertOpen => "alert open".into(),
        Silence::AlertNotTold => "alert not told".into(),
        Silence::RecoveriesSilent => "recoveries silent".into(),
        Silence::AlertOnItsWay => "alert on its way".into(),
        Silence::Stale { until } => format!("stale until {}", until.as_second() - START),
        Silence::Pending { until } => format!("pending until {}", until.as_second() - START),
        Silence::Flapping => "flapping".into(),
        silence @ (Silence::Folded { .. } | Silence::Overtaken | Silence::NoChannel) => {
            panic!("the state of one route does not know {silence:?}")
        }
        Silence::QuietHours { until } => format!("quiet until {}", until.as_second() - START),
    }
}
