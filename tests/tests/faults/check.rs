//! What must hold of every run, whatever went wrong in it. Each check tells what is wrong, in one line.

use campanile_core::ledger::StateKind;
use campanile_core::outcome::OutcomeKind;
use campanile_store::Entry;

use crate::evidence::{Evidence, Made, Request};
use crate::history::{History, Transition};

/// The channels, as in `campanile.toml`.
pub(crate) const CHANNELS: [&str; 3] = ["family", "ops", "log"];

/// Everything that is wrong.
pub(crate) fn violations(history: &History, evidence: &Evidence) -> Vec<String> {
    let checks = [told_once, nothing_under_way, nothing_missing, nothing_refused, over_and_done];
    checks.iter().flat_map(|check| check(history, evidence)).collect()
}

/// At most one message for each piece of news and channel, unless attempts had no answer.
fn told_once(history: &History, evidence: &Evidence) -> Vec<String> {
    let mut wrong = Vec::new();
    for (transition, channel) in pairs(history) {
        let deliveries: Vec<_> = evidence.deliveries(transition, channel).collect();
        let most: usize = deliveries.iter().map(|entry| 1 + unknown(entry)).sum();
        let messages = evidence.to(channel).filter(|request| is_message(request, transition)).count();
        if messages > most {
            let deliveries = deliveries.iter().map(|entry| course(entry)).collect::<Vec<_>>().join("; ");
            wrong.push(format!("{channel} got {messages} messages of {}: {deliveries}", transition.mark()));
        }
    }
    wrong
}

/// No delivery is claimed or waits.
fn nothing_under_way(_: &History, evidence: &Evidence) -> Vec<String> {
    let under_way =
        |entry: &&Entry| matches!(entry.record.state.kind(), StateKind::Claimed | StateKind::Retry);
    let entries = evidence.deliveries.iter().filter(under_way);
    entries.map(|entry| format!("not ended: {} {}", entry.key, course(entry))).collect()
}

/// Every event was told on every channel that its routes lead to; nothing is a letter, as all of them are valid.
fn nothing_missing(history: &History, evidence: &Evidence) -> Vec<String> {
    let mut wrong: Vec<String> =
        evidence.letters.iter().map(|letter| format!("a letter: {}", letter.reason)).collect();
    for (transition, channel) in pairs(history).filter(|(transition, channel)| is_routed(transition, channel))
    {
        let mark = transition.mark();
        let Some(delivery) = evidence.deliveries(transition, channel).next() else {
            wrong.push(format!("{channel}: no delivery of {mark}"));
            continue;
        };
        let is_told = evidence.to(channel).any(|request| is_message(request, transition));
        if !is_told || delivery.record.state.kind() != StateKind::Delivered {
            wrong.push(format!("{channel} was not told {mark}: {}", course(delivery)));
        }
    }
    wrong
}

/// No request that a provider refuses.
fn nothing_refused(_: &History, evidence: &Evidence) -> Vec<String> {
    let refused = evidence.requests.iter().filter_map(|request| match request.made {
        Made::Refused(status) => {
            Some(format!("{} sent what its provider refuses: {status}", request.channel))
        }
        _ => None,
    });
    refused.collect()
}

/// An event that comes once more is known, and nothing is sent.
fn over_and_done(_: &History, evidence: &Evidence) -> Vec<String> {
    let errors = evidence.reports.iter().filter_map(|(transition, answer)| {
        answer.as_ref().err().map(|error| format!("{} still fails: {error}", transition.mark()))
    });
    let sent = (evidence.afterwards > 0).then(|| format!("{} requests at rest", evidence.afterwards));
    errors.chain(sent).collect()
}

fn pairs(history: &History) -> impl Iterator<Item = (&Transition, &'static str)> {
    history.0.iter().flat_map(|transition| CHANNELS.map(|channel| (transition, channel)))
}

/// As the routes have it.
fn is_routed(transition: &Transition, channel: &str) -> bool {
    transition.bad || channel == "log"
}

fn is_message(request: &Request, transition: &Transition) -> bool {
    request.made == Made::Message && request.is_about(transition)
}

/// How many attempts had no answer.
pub(crate) fn unknown(entry: &Entry) -> usize {
    entry.record.attempts.iter().filter(|attempt| attempt.outcome == OutcomeKind::Unknown).count()
}

/// A delivery in a few words: where it stands, and how its attempts ended.
fn course(entry: &Entry) -> String {
    let outcomes: Vec<String> =
        entry.record.attempts.iter().map(|attempt| attempt.outcome.to_string()).collect();
    format!("{} after {}", entry.record.state.kind().name(), outcomes.join(", "))
}
