//! Every check finds what it is there for.

use std::time::Duration;

use campanile_core::ledger::{DeliveryKey, StateKind};
use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::history::Handed;

fn transition(seq: u32, is_bad: bool) -> Transition {
    Transition { device: 1, seq, is_bad, occurred_at: Timestamp::UNIX_EPOCH }
}

/// A device that goes and comes back.
fn history() -> History {
    History { transitions: vec![transition(1, true), transition(2, false)], is_wild: false }
}

fn message(channel: &str, transition: &Transition) -> Request {
    Request { channel: channel.to_owned(), made: Made::Message(format!("{} again", transition.title())) }
}

fn delivery(channel: &str, transition: &Transition, outcomes: &[OutcomeKind]) -> Delivery {
    let (device, event) = (transition.device_id(), transition.key());
    let key = DeliveryKey { device, event, channel: channel.to_owned() };
    Delivery { key, state: StateKind::Delivered, outcomes: outcomes.to_vec() }
}

/// All is told on all channels, in order.
fn evidence() -> Evidence {
    let history = history();
    let mut evidence = Evidence::default();
    for (transition, channel) in pairs(&history) {
        evidence.requests.push(message(channel, transition));
        evidence.deliveries.push(delivery(channel, transition, &[OutcomeKind::Delivered]));
    }
    evidence.answers = history.transitions.into_iter().map(|one| (one, Ok(json!({})))).collect();
    evidence
}

fn found(change: impl FnOnce(&mut Evidence)) -> String {
    let mut evidence = evidence();
    change(&mut evidence);
    violations(&history(), &evidence).join("\n")
}

#[test]
fn a_run_in_which_all_is_well_is_right() {
    assert_eq!(found(|_| {}), "");
}

#[test]
fn a_message_too_many_is_found_unless_an_attempt_had_no_answer() {
    let again = |evidence: &mut Evidence| evidence.requests.insert(0, message("ops", &transition(1, true)));
    let text = found(again);
    assert!(text.contains("ops got 2 times `boiler-1: INACTIVE-1`"), "{text}");
    assert!(text.contains("ops got 3 messages, and 2 is the most"), "{text}");
    let text = found(|evidence| {
        again(evidence);
        let outcomes = [OutcomeKind::Unknown, OutcomeKind::Delivered];
        evidence.deliveries.push(delivery("ops", &transition(1, true), &outcomes));
    });
    assert_eq!(text, "");
}

#[test]
fn a_reader_who_believes_the_wrong_thing_is_found() {
    let text = found(|evidence| evidence.requests.reverse());
    assert!(
        text.contains("log was told boiler-1: INACTIVE-1 last, and it is `boiler-1: ACTIVE-2`"),
        "{text}"
    );
    let late = |evidence: &mut Evidence| evidence.requests.push(message("log", &transition(1, true)));
    assert!(found(late).contains("log was told"));
    let text = found(|evidence| {
        late(evidence);
        evidence.deliveries.push(delivery("log", &transition(1, true), &[OutcomeKind::Unknown]));
    });
    assert_eq!(text, "", "a copy that the provider took late");
}

#[test]
fn a_recovery_of_what_nobody_heard_of_is_found() {
    let text =
        found(|evidence| evidence.requests.retain(|request| !request.made.tells(&transition(1, true))));
    assert!(text.contains("ops got `boiler-1: ACTIVE-2` without an alert"), "{text}");
}

/// The alert has a delivery on `ops` alone of its route, where it was sent.
fn told_on_ops_alone(evidence: &mut Evidence) {
    let alert = transition(1, true).key();
    evidence.deliveries.retain(|delivery| delivery.key.event != alert || delivery.key.channel == "ops");
}

#[test]
fn an_alert_that_a_channel_was_not_asked_for_is_found() {
    let only_alert = History { transitions: vec![transition(1, true)], ..history() };
    let mut evidence = evidence();
    assert_eq!(alerts_are_tried(&only_alert, &evidence), [""; 0]);
    told_on_ops_alone(&mut evidence);
    let untried = ["family", "log"].map(|name| format!("{name} was never tried for `boiler-1: INACTIVE-1`"));
    assert_eq!(alerts_are_tried(&only_alert, &evidence), untried);
    assert_eq!(
        alerts_are_tried(&history(), &evidence),
        untried[..1],
        "another route may have nothing to tell"
    );
    evidence.deliveries.retain(|delivery| delivery.key.event == transition(2, false).key());
    assert_eq!(alerts_are_tried(&only_alert, &evidence).len(), 3);
}

#[test]
fn an_alert_without_any_delivery_is_found_if_it_came_in_order() {
    let handed = |transition, from, until: Option<u64>| Handed {
        transition,
        from: Duration::from_millis(from),
        until: until.map(Duration::from_millis),
    };
    let found = |until, newer| {
        let mut evidence = evidence();
        evidence.deliveries.retain(|delivery| delivery.key.event == transition(2, false).key());
        evidence.handed =
            vec![handed(transition(1, true), 0, until), handed(transition(2, false), newer, Some(300))];
        alerts_are_tried(&history(), &evidence).len()
    };
    assert_eq!(found(Some(100), 200), 3);
    assert_eq!((found(Some(250), 200), found(None, 200)), (0, 0), "the newer one may have been first");
}

#[test]
fn an_alert_that_was_overtaken_on_a_channel_need_not_be_tried_there() {
    let mut evidence = evidence();
    evidence.deliveries.iter_mut().take(3).for_each(|delivery| delivery.outcomes.clear());
    assert_eq!(alerts_are_tried(&history(), &evidence), [""; 0]);
    evidence.requests.retain(|request| request.channel != "ops");
    assert_eq!(alerts_are_tried(&history(), &evidence), ["ops was never tried for `boiler-1: INACTIVE-1`"]);
}

#[test]
fn what_is_not_finished_or_without_a_reason_is_found() {
    let text = found(|evidence| evidence.deliveries[0].state = StateKind::Claimed);
    assert!(text.contains("is claimed after [delivered]"), "{text}");
    let text = found(|evidence| {
        evidence.deliveries[0].state = StateKind::Rejected;
        evidence.deliveries[0].outcomes = vec![OutcomeKind::Rejected];
    });
    assert!(text.contains("is rejected after [rejected]"), "{text}");
    let text = found(|evidence| {
        evidence.deliveries.retain(|delivery| delivery.key.event != transition(2, false).key());
    });
    assert!(text.contains("`boiler-1: ACTIVE-2` is lost"), "{text}");
}

#[test]
fn the_latest_is_overtaken_only_by_the_message_that_its_device_has_settled_in_it() {
    let reject_latest = |evidence: &mut Evidence| {
        let latest = evidence.deliveries.iter_mut().find(|one| one.key.event == transition(2, false).key());
        let latest = latest.unwrap();
        (latest.state, latest.outcomes) = (StateKind::Rejected, Vec::new());
        latest.clone()
    };
    let text = found(|evidence| drop(reject_latest(evidence)));
    assert!(text.contains("is rejected after []"), "{text}");
    let settled = |state: StateKind| {
        found(|evidence| {
            let mut settled = reject_latest(evidence);
            settled.key.event.push_str("/settled-1");
            settled.state = state;
            evidence.deliveries.push(settled);
        })
    };
    assert_eq!(settled(StateKind::Delivered), "");
    assert!(settled(StateKind::Rejected).contains("is rejected after []"));
}

#[test]
fn an_edit_made_twice_is_refused_rightly_only_after_an_attempt_without_an_answer() {
    let refused = |evidence: &mut Evidence| {
        let made = Made::Refused(format!("400 Bad Request: {MADE_BEFORE}"));
        evidence.requests.push(Request { channel: "family".to_owned(), made });
    };
    assert!(found(refused).contains("family sent what its provider refuses"));
    let text = found(|evidence| {
        refused(evidence);
        evidence.deliveries[0].outcomes.insert(0, OutcomeKind::Unknown);
    });
    assert_eq!(text, "");
}

#[test]
fn a_refused_request_and_unrest_are_found() {
    let text = found(|evidence| evidence.requests[0].made = Made::Refused("400 Bad Request".to_owned()));
    assert!(text.contains("family sent what its provider refuses: 400 Bad Request"), "{text}");
    let text = found(|evidence| evidence.afterwards = 1);
    assert!(text.contains("1 requests at rest"), "{text}");
    let text = found(|evidence| evidence.answers[0].1 = Err("Campanile.Retrying".to_owned()));
    assert!(text.contains("`boiler-1: INACTIVE-1` fails still: Campanile.Retrying"), "{text}");
}
