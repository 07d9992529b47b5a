//! Every claim, and who may write.

use super::rules::{broken_off, is_owner};
use super::*;
use crate::notification::{Severity, TextFormat};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn brief(title: &str) -> Brief {
    let notification = Notification {
        event_id: "e".into(),
        device_id: "d".into(),
        status: "INACTIVE".into(),
        severity: Severity::Error,
        title: title.into(),
        body: String::new(),
        body_format: TextFormat::Text,
        occurred_at: "2026-11-24T00:00:00Z".into(),
        fields: Vec::new(),
        event_json: "{}".into(),
    };
    let told = Told { device: "d".into(), news: "e".into() };
    Brief {
        notification,
        route: "heating".into(),
        tells: vec![told],
        earlier: None,
        after: None,
        received_at: None,
    }
}

fn record(state: DeliveryState) -> Option<Record> {
    Some(Record {
        opened_at: at(0),
        state,
        brief: brief("first"),
        progress: Progress::default(),
        attempts: Vec::new(),
        counted_from: 0,
    })
}

/// A claim with a brief that only a new delivery takes.
fn claim(record: Option<Record>, owner: &str, lease_until: Timestamp, now: Timestamp) -> Claim {
    super::claim(record, &brief("again"), owner, lease_until, now)
}

#[test]
fn a_new_delivery_is_granted_and_then_held() {
    let Claim::Granted(first) = claim(None, "a", at(30), at(0)) else { panic!("not granted") };
    assert!(is_owner(&first, "a") && !is_owner(&first, "b"));
    assert_eq!(claim(Some(first.clone()), "b", at(40), at(10)), Claim::Held { until: at(30) });
    assert!(matches!(claim(Some(first.clone()), "b", at(60), at(30)), Claim::Granted(_)), "the lease ended");
    assert!(matches!(claim(Some(first), "a", at(60), at(10)), Claim::Granted(_)), "its own");
}

#[test]
fn what_an_invocation_left_without_a_word_counts_as_an_attempt_without_an_answer() {
    let Claim::Granted(first) = claim(None, "a", at(30), at(0)) else { panic!("not granted") };
    for owner in ["a", "b"] {
        let Claim::Granted(second) = claim(Some(first.clone()), owner, at(60), at(30)) else {
            panic!("not granted")
        };
        let [broken] = second.attempts.as_slice() else { panic!("{:?}", second.attempts) };
        assert_eq!((broken.number, broken.outcome), (1, OutcomeKind::Unknown));
    }
    let delivered =
        AttemptRecord { outcome: OutcomeKind::Delivered, ..broken_off(&[], Presentation::Rich, at(1)) };
    let kept = Record { attempts: vec![delivered], ..first };
    let concluded = claim(Some(kept), "b", at(60), at(30));
    let Some(ended) = concluded.to_write() else { panic!("it stays claimed: {concluded:?}") };
    assert_eq!(ended.state.kind(), StateKind::Delivered);
    assert!(matches!(claim(Some(ended.clone()), "c", at(99), at(61)), Claim::Ended(_)));
}

#[test]
fn a_retry_is_granted_when_it_is_due_and_goes_on_where_it_stopped() {
    let progress = Progress { presentation: Presentation::Plain, resume: "2".into() };
    let waiting = record(DeliveryState::Retry { not_before: at(100) }).unwrap();
    let waiting = Record { progress, ..waiting };
    assert_eq!(claim(Some(waiting.clone()), "a", at(130), at(99)), Claim::Waiting { until: at(100) });
    let Claim::Granted(again) = claim(Some(waiting.clone()), "a", at(130), at(100)) else {
        panic!("not granted")
    };
    assert_eq!((again.progress, again.opened_at), (waiting.progress, at(0)));
    assert_eq!(again.brief, brief("first"), "its own");
}

#[test]
fn an_expired_record_is_absent_unless_somebody_works_on_it() {
    let life = RECORD_LIFE.as_secs();
    let delivered = record(DeliveryState::Delivered { receipt: Receipt::default() });
    assert!(matches!(claim(delivered.clone(), "a", at(life + 9), at(life - 1)), Claim::Ended(_)));
    let Claim::Granted(anew) = claim(delivered.clone(), "a", at(life + 9), at(life)) else {
        panic!("not granted")
    };
    assert_eq!((anew.opened_at, anew.attempts, anew.brief), (at(life), Vec::new(), brief("again")));
    let held = record(DeliveryState::Claimed { owner: "a".into(), lease_until: at(life + 9) });
    assert_eq!(claim(held.clone(), "b", at(life + 20), at(life)), Claim::Held { until: at(life + 9) });
    assert!(current(held.clone(), at(2 * life + 8)).is_some(), "it is still to be done");
    assert!(current(held, at(2 * life + 9)).is_none());
}

#[test]
fn what_ended_without_success_can_be_reopened_and_counts_anew() {
    let progress = Progress { presentation: Presentation::Minimal, resume: "2".into() };
    for state in [
        DeliveryState::Rejected { reason: "gone".into() },
        DeliveryState::DeadLetter { reason: "tried".into() },
    ] {
        let ended = record(state).unwrap();
        let attempts = vec![broken_off(&[], Presentation::Minimal, at(1))];
        let mut ended = Some(Record { progress: progress.clone(), attempts, ..ended });
        assert!(!reopened(ended.clone().as_mut(), at(RECORD_LIFE.as_secs())), "it is absent by then");
        assert!(reopened(ended.as_mut(), at(50)));
        assert!(!reopened(ended.as_mut(), at(50)), "it is open already");
        let Claim::Granted(again) = claim(ended, "a", at(80), at(50)) else { panic!("not granted") };
        assert_eq!((again.attempts.len(), again.counted_from, again.brief), (1, 1, brief("first")));
        assert_eq!(again.progress, Progress { presentation: Presentation::Rich, resume: "2".into() });
    }
    for state in [
        DeliveryState::Delivered { receipt: Receipt::default() },
        DeliveryState::Retry { not_before: at(9) },
        DeliveryState::Claimed { owner: "a".into(), lease_until: at(9) },
    ] {
        let before = record(state);
        let mut after = before.clone();
        assert!(!reopened(after.as_mut(), at(10)));
        assert_eq!(after, before);
    }
    assert!(!reopened(None, at(10)));
}

#[test]
fn only_the_owner_writes_and_only_until_somebody_takes_over() {
    let key = DeliveryKey { device: "d".into(), event: "e".into(), channel: "c".into() };
    let rejected = DeliveryState::Rejected { reason: "gone".into() };
    let mut held = record(DeliveryState::Claimed { owner: "a".into(), lease_until: at(9) });
    assert!(settled(held.as_mut(), &key, "b", rejected.clone()).is_err());
    settled(held.as_mut(), &key, "a", rejected.clone()).unwrap();
    assert_eq!(held.as_ref().unwrap().state, rejected);
    assert!(settled(held.as_mut(), &key, "a", rejected.clone()).is_err(), "it has ended");
    assert!(settled(None, &key, "a", rejected).is_err());
}

#[test]
fn a_key_is_plain_text_that_only_its_own_device_can_make() {
    let key = |device: &str, event: &str| {
        DeliveryKey { device: device.into(), event: event.into(), channel: "family/@x".into() }.to_string()
    };
    assert_eq!(key("küche", "01935a7e"), "k%C3%BCche:01935a7e:family%2F%40x");
    assert_ne!(key("a:b", "c"), key("a", "b:c"));
}

#[test]
fn what_has_ended_stays_ended() {
    for state in [
        DeliveryState::Delivered { receipt: Receipt::default() },
        DeliveryState::Rejected { reason: "gone".into() },
        DeliveryState::DeadLetter { reason: "tried".into() },
    ] {
        assert!(matches!(claim(record(state), "a", at(2), at(1)), Claim::Ended(_)));
    }
}
