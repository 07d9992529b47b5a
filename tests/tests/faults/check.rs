//! What must hold of every run, whatever went wrong in it. Each check says in one line what does not.

use campanile_core::ledger::StateKind;
use campanile_core::outcome::OutcomeKind;

use crate::evidence::{Delivery, Evidence, Made, Request};
use crate::history::{History, Transition};

/// As in `campanile.toml`. Every transition leads to all of them.
const CHANNELS: [&str; 3] = ["family", "ops", "log"];

/// The channels of each route: what there is to tell is decided for a route as a whole.
const ROUTES: [&[&str]; 2] = [&["family", "ops"], &["log"]];

/// What Telegram says of an edit that it has made before: after an attempt without an answer, nobody can know.
const MADE_BEFORE: &str = "message is not modified";

type Check = fn(&History, &Evidence) -> Vec<String>;

/// Everything that is wrong.
pub(crate) fn violations(history: &History, evidence: &Evidence) -> Vec<String> {
    let always: [Check; 5] =
        [no_more_than_attempts, readers_know, nothing_is_missing, nothing_is_refused, it_is_over];
    let calm: [Check; 3] = [told_once, no_recovery_without_alert, alerts_are_tried];
    let checks = always.iter().chain(calm.iter().filter(|_| !history.is_wild));
    checks.flat_map(|check| check(history, evidence)).collect()
}

/// No channel got more messages than it has deliveries and attempts without an answer.
fn no_more_than_attempts(_: &History, evidence: &Evidence) -> Vec<String> {
    let mut wrong = Vec::new();
    for channel in CHANNELS {
        let deliveries = evidence.deliveries.iter().filter(|delivery| delivery.key.channel == channel);
        let most: usize = deliveries.map(|delivery| 1 + delivery.unknown()).sum();
        let messages = evidence.seen_on(channel).filter(|made| made.is_message()).count();
        if messages > most {
            wrong.push(format!("{channel} got {messages} messages, and {most} is the most"));
        }
    }
    wrong
}

/// At most one message for each piece of news and channel, and one more for each attempt without an answer.
fn told_once(history: &History, evidence: &Evidence) -> Vec<String> {
    let mut wrong = Vec::new();
    for (transition, channel) in pairs(history) {
        let most: usize =
            evidence.deliveries(transition, channel).map(|delivery| 1 + delivery.unknown()).sum();
        let messages = messages(evidence, channel, transition);
        if messages > most {
            let deliveries: Vec<_> =
                evidence.deliveries(transition, channel).map(ToString::to_string).collect();
            let deliveries = deliveries.join("; ");
            wrong.push(format!("{channel} got {messages} times `{}`: {deliveries}", transition.title()));
        }
    }
    wrong
}

/// Whoever reads a channel believes what its last message says; without one, that all is well.
fn readers_know(history: &History, evidence: &Evidence) -> Vec<String> {
    let mut wrong = Vec::new();
    for (latest, channel) in history.latest().flat_map(|latest| CHANNELS.map(|channel| (latest, channel))) {
        let believed = believed(history, evidence, latest.device, channel);
        let is_known = match believed {
            Some(believed) if latest.is_bad => believed == latest,
            Some(believed) => !believed.is_bad,
            None => !latest.is_bad,
        };
        if !is_known {
            let believed = believed.map_or("nothing".to_owned(), Transition::title);
            wrong.push(format!("{channel} was told {believed} last, and it is `{}`", latest.title()));
        }
    }
    wrong
}

/// The transition that the last message about a device tells. Two kinds do not count: a copy of an earlier message if an attempt
/// had no answer, as providers may take late what nobody waits for any more; and a summary after newer news of the device, as
/// summaries are not kept in order with them.
fn believed<'h>(
    history: &'h History,
    evidence: &Evidence,
    device: u32,
    channel: &str,
) -> Option<&'h Transition> {
    let mut seen: Vec<&Made> = evidence.seen_on(channel).collect();
    while let Some(last) = seen.pop() {
        let Some(told) = told_by(history, last, device) else { continue };
        let had_no_answer = evidence.deliveries(told, channel).any(|delivery| delivery.unknown() > 0);
        let is_copy = had_no_answer && seen.iter().any(|made| made.tells(told));
        let mut earlier = seen.iter().filter_map(|made| told_by(history, made, device));
        let is_late_summary = last.is_summary() && earlier.any(|earlier| earlier.seq > told.seq);
        if !is_copy && !is_late_summary {
            return Some(told);
        }
    }
    None
}

/// Nobody hears that something is well again who did not hear, or could not have heard, that it was not.
fn no_recovery_without_alert(history: &History, evidence: &Evidence) -> Vec<String> {
    let mut wrong = Vec::new();
    for channel in CHANNELS {
        let seen: Vec<&Made> = evidence.seen_on(channel).collect();
        for (place, made) in seen.iter().enumerate() {
            let Some(told) = history.transitions.iter().find(|told| !told.is_bad && made.tells(told)) else {
                continue;
            };
            let mut alerts =
                history.transitions.iter().filter(|other| other.device == told.device && other.is_bad);
            let is_alerted = alerts.any(|alert| {
                seen[..place].iter().any(|earlier| earlier.tells(alert))
                    || evidence.deliveries(alert, channel).any(|delivery| delivery.unknown() > 0)
            });
            if !is_alerted {
                wrong.push(format!("{channel} got `{}` without an alert", told.title()));
            }
        }
    }
    wrong
}

/// Every alert is tried on every channel, but for two kinds: one that its device had overtaken before the function could tell it,
/// which tells nobody anything; and one that something newer overtook on a channel, where it would be read as the latest.
fn alerts_are_tried(history: &History, evidence: &Evidence) -> Vec<String> {
    let mut wrong = Vec::new();
    for (alert, channel) in alerts(history) {
        let is_wrong = match alert_on(history, evidence, alert, channel) {
            AlertOn::Tried | AlertOn::Overtaken => false,
            AlertOn::Outdated => history.is_latest(alert) || evidence.is_in_order(alert),
            AlertOn::Missing => true,
        };
        if is_wrong {
            wrong.push(format!("{channel} was never tried for `{}`", alert.title()));
        }
    }
    wrong
}

/// What became of an alert on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AlertOn {
    /// The provider was asked.
    Tried,
    /// It was not, because it knew something newer of the device.
    Overtaken,
    /// Its route had nothing to tell of it on any channel.
    Outdated,
    /// There is no trace of it here.
    Missing,
}

pub(crate) fn alert_on(history: &History, evidence: &Evidence, alert: &Transition, channel: &str) -> AlertOn {
    let mut deliveries = evidence.deliveries(alert, channel);
    if deliveries.clone().any(|delivery| !delivery.outcomes.is_empty()) {
        return AlertOn::Tried;
    }
    let mut newer = history.transitions.iter().filter(|other| other.is_newer_than(alert));
    let is_newer_told = newer.any(|newer| is_told(evidence, newer, channel));
    let mut route = ROUTES.iter().filter(|route| route.contains(&channel)).copied().flatten();
    let is_news = route.any(|channel| evidence.deliveries(alert, channel).next().is_some());
    match deliveries.next() {
        Some(_) if is_newer_told => AlertOn::Overtaken,
        None if !is_news => AlertOn::Outdated,
        _ => AlertOn::Missing,
    }
}

/// Whether people read it on the channel, or may have read it.
fn is_told(evidence: &Evidence, transition: &Transition, channel: &str) -> bool {
    evidence.seen_on(channel).any(|made| made.tells(transition))
        || evidence.deliveries(transition, channel).any(|delivery| delivery.unknown() > 0)
}

/// Every event comes to deliveries that have succeeded, or to a reason why it is not told. All are valid, so none is a letter.
fn nothing_is_missing(history: &History, evidence: &Evidence) -> Vec<String> {
    let letters = evidence.letters.iter().map(|letter| format!("a letter: {}", letter.reason));
    let unfinished = evidence.deliveries.iter().filter(|delivery| {
        delivery.state != StateKind::Delivered && !is_overtaken(history, evidence, delivery)
    });
    let unfinished = unfinished.map(ToString::to_string);
    let unexplained = evidence.answers.iter().filter(|(transition, answer)| {
        let has_reason = answer.as_ref().is_ok_and(|report| report["reason"].is_string());
        let is_told =
            CHANNELS.iter().any(|channel| evidence.deliveries(transition, channel).next().is_some());
        !has_reason && !is_told
    });
    let unexplained =
        unexplained.map(|(transition, answer)| format!("`{}` is lost: {answer:?}", transition.title()));
    letters.chain(unfinished).chain(unexplained).collect()
}

/// No request that a provider refuses.
fn nothing_is_refused(_: &History, evidence: &Evidence) -> Vec<String> {
    let had_no_answer =
        |channel: &str| evidence.deliveries.iter().any(|one| one.key.channel == channel && one.unknown() > 0);
    let refused = evidence.requests.iter().filter_map(|Request { channel, made }| match made {
        Made::Refused(answer) if answer.contains(MADE_BEFORE) && had_no_answer(channel) => None,
        Made::Refused(answer) => Some(format!("{channel} sent what its provider refuses: {answer}")),
        _ => None,
    });
    refused.collect()
}

/// An event that comes once more is known, and nothing is sent.
fn it_is_over(_: &History, evidence: &Evidence) -> Vec<String> {
    let errors = evidence.answers.iter().filter_map(|(transition, answer)| {
        answer.as_ref().err().map(|error| format!("`{}` fails still: {error}", transition.title()))
    });
    let sent = (evidence.afterwards > 0).then(|| format!("{} requests at rest", evidence.afterwards));
    errors.chain(sent).collect()
}

/// Whether something newer was told before it could be sent: of the latest transition, that is the message that its device has
/// settled in it.
fn is_overtaken(history: &History, evidence: &Evidence, delivery: &Delivery) -> bool {
    let mut latest = history.latest().filter(|latest| delivery.key.event.starts_with(&latest.key()));
    let is_told = |latest: &Transition| {
        let mut deliveries = evidence.deliveries(latest, &delivery.key.channel);
        deliveries.any(|other| other.is_of_settled() && other.state == StateKind::Delivered)
    };
    delivery.state == StateKind::Rejected
        && !delivery.outcomes.contains(&OutcomeKind::Rejected)
        && latest.next().is_none_or(is_told)
}

/// Every alert on every channel.
pub(crate) fn alerts(history: &History) -> impl Iterator<Item = (&Transition, &'static str)> {
    pairs(history).filter(|(transition, _)| transition.is_bad)
}

fn pairs(history: &History) -> impl Iterator<Item = (&Transition, &'static str)> {
    history.transitions.iter().flat_map(|transition| CHANNELS.map(|channel| (transition, channel)))
}

fn told_by<'h>(history: &'h History, made: &Made, device: u32) -> Option<&'h Transition> {
    history.transitions.iter().find(|transition| transition.device == device && made.tells(transition))
}

fn messages(evidence: &Evidence, channel: &str, transition: &Transition) -> usize {
    evidence.seen_on(channel).filter(|made| made.is_message() && made.tells(transition)).count()
}

#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;
