//! Many devices of one group that fail together.

use super::super::storm::{Closed, Fold, Group, StormPolicy, close, due, forget, join};
use super::super::{News, Policy, SUMMARY_MEMBERS};
use super::{at, event, first};
use crate::event::Event;
use crate::notification::Severity;

fn alert(device: usize, severity: Severity) -> News {
    let event =
        Event { device_id: format!("sensor-{device}"), key: format!("k{device}"), ..event(0, "INACTIVE") };
    let policy = Policy { severity, ..Policy::default() };
    first(&event, &policy, at(0)).verdict.news().unwrap().clone()
}

/// One alert of each device, a second apart.
fn storm(devices: usize) -> (Group, Vec<Fold>) {
    storm_under(&StormPolicy::default(), devices)
}

fn storm_under(policy: &StormPolicy, devices: usize) -> (Group, Vec<Fold>) {
    let mut group = Group::default();
    let mut folds = Vec::new();
    for device in 0..devices {
        let second = i64::try_from(device % 60).unwrap();
        let joined = join(&group, &alert(device, Severity::Error), policy, at(second));
        assert_eq!(joined.summary, None);
        group = joined.group;
        folds.push(joined.fold);
    }
    (group, folds)
}

#[test]
fn the_third_alert_in_a_minute_makes_a_storm() {
    let folded = Fold::Folded { until: at(60) };
    let (group, folds) = storm(5);
    assert_eq!(folds, [Fold::AtOnce, Fold::AtOnce, folded, folded, folded]);
    assert_eq!(due(&group), Some(at(60)));
    assert_eq!(close(&group, at(59)), Closed { group: group.clone(), summary: None });
    let Closed { group, summary } = close(&group, at(60));
    let summary = summary.unwrap();
    let keys: Vec<&str> = summary.members.iter().map(|member| member.key.as_str()).collect();
    assert_eq!((summary.key.as_str(), summary.more, keys), ("k2/storm", 0, vec!["k2", "k3", "k4"]));
    assert_eq!(forget(&group, &[summary]), Group::default());
}

#[test]
fn a_window_that_is_over_takes_nothing_in_by_a_clock_that_is_behind() {
    let (group, _) = storm(3);
    let Closed { group, summary } = close(&group, at(60));
    let joined = join(&group, &alert(9, Severity::Error), &StormPolicy::default(), at(59));
    assert_eq!((joined.fold, joined.summary), (Fold::AtOnce, None));
    assert_eq!(joined.group.untold().next(), summary.as_ref());
}

#[test]
fn a_summary_is_due_until_it_is_told() {
    let (group, _) = storm(4);
    let Closed { group, summary } = close(&group, at(60));
    assert_eq!(close(&group, at(61)), Closed { group: group.clone(), summary: None });
    assert_eq!(due(&group), Some(at(60)));
    let group = join(&group, &alert(9, Severity::Error), &StormPolicy::default(), at(70)).group;
    assert_eq!(due(&forget(&group, &[summary.unwrap()])), Some(at(130)));
}

#[test]
fn summaries_that_nobody_tells_do_not_make_the_state_grow() {
    let mut group = Group::default();
    for device in 0..30 {
        let second = i64::try_from(device).unwrap() * 25;
        group = join(&group, &alert(device, Severity::Error), &StormPolicy::default(), at(second)).group;
    }
    assert_eq!(
        group.untold().map(|summary| summary.key.as_str()).collect::<Vec<_>>(),
        ["k17/storm", "k20/storm", "k23/storm", "k26/storm"]
    );
}

#[test]
fn two_alerts_are_told_as_they_come() {
    let (group, folds) = storm(2);
    assert_eq!(folds, [Fold::AtOnce, Fold::AtOnce]);
    assert_eq!(close(&group, at(60)).summary, None);
}

#[test]
fn the_same_alert_again_gets_the_same_answer() {
    let (group, folds) = storm(5);
    for (device, fold) in folds.into_iter().enumerate() {
        let again = join(&group, &alert(device, Severity::Error), &StormPolicy::default(), at(30));
        assert_eq!((again.group, again.fold), (group.clone(), fold));
    }
}

#[test]
fn an_alert_after_the_window_closes_it_and_is_told_at_once() {
    let (group, _) = storm(4);
    let joined = join(&group, &alert(9, Severity::Error), &StormPolicy::default(), at(61));
    assert_eq!(joined.fold, Fold::AtOnce);
    assert_eq!(joined.summary.map(|summary| summary.members.len()), Some(2));
    let told: Vec<_> = joined.group.untold().cloned().collect();
    assert_eq!(due(&forget(&joined.group, &told)), Some(at(121)));
}

#[test]
fn a_summary_is_as_urgent_as_its_most_urgent_member() {
    let (group, _) = storm(3);
    let joined = join(&group, &alert(7, Severity::Critical), &StormPolicy::default(), at(5));
    let group = join(&joined.group, &alert(8, Severity::Info), &StormPolicy::default(), at(6)).group;
    assert_eq!(close(&group, at(60)).summary.unwrap().severity, Severity::Critical);
}

#[test]
fn a_great_storm_is_counted_and_the_state_stays_small() {
    let (group, folds) = storm(1000);
    assert!(serde_json::to_string(&group).unwrap().len() < 20_000);
    assert_eq!(folds.last(), Some(&Fold::Counted { until: at(60) }));
    let summary = close(&group, at(60)).summary.unwrap();
    assert_eq!((summary.members.len(), summary.more), (SUMMARY_MEMBERS, 1000 - 2 - SUMMARY_MEMBERS));
}

#[test]
fn no_threshold_makes_the_state_grow() {
    let policy = StormPolicy { threshold: usize::MAX, ..StormPolicy::default() };
    let (_, folds) = storm_under(&policy, 1000);
    assert_eq!(folds.iter().filter(|fold| **fold == Fold::AtOnce).count(), 16);
}

#[test]
fn the_first_alert_is_told_at_once_whatever_the_threshold() {
    for threshold in [0, 1, usize::MAX] {
        let policy = StormPolicy { threshold, ..StormPolicy::default() };
        assert_eq!(join(&Group::default(), &alert(0, Severity::Error), &policy, at(0)).fold, Fold::AtOnce);
    }
}

#[test]
fn a_group_can_be_stored() {
    let (group, _) = storm(5);
    let json = serde_json::to_string(&group).unwrap();
    assert_eq!(serde_json::from_str::<Group>(&json).unwrap(), group);
}
