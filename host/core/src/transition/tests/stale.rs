//! Events that were old when they came.

use super::*;
use crate::notification::Severity;

#[test]
fn an_old_event_is_told_with_its_age_if_nothing_newer_comes() {
    let mut story = Story::new(Policy::default());
    assert_eq!(story.arrives(3 * HOUR, &event(0, "INACTIVE")), format!("stale until {}", 3 * HOUR + 30));
    assert_eq!(story.due(), Some(3 * HOUR + 30));
    assert!(story.ticks(3 * HOUR + 29).is_empty());
    assert_eq!(story.ticks(3 * HOUR + 60), ["stale INACTIVE 181m ago"]);
    assert!(story.ticks(4 * HOUR).is_empty());
}

#[test]
fn of_a_queue_only_the_end_is_told() {
    let mut story = Story::new(Policy::default());
    for (index, status) in
        ["INACTIVE", "ACTIVE", "INACTIVE", "ACTIVE", "INACTIVE", "ACTIVE"].iter().enumerate()
    {
        let second = i64::try_from(index).unwrap() * 20 * MINUTE;
        let told = story.arrives(3 * HOUR, &event(second, status));
        assert!(told.starts_with("stale") || told == "alert not told", "{told}");
    }
    assert_eq!(story.due(), None, "it is well");
    assert!(story.ticks(4 * HOUR).is_empty());
}

#[test]
fn what_a_device_did_long_ago_is_no_flapping() {
    let mut story = Story::new(Policy { stale_wait: Duration::ZERO, ..Policy::default() });
    for minute in 0..10 {
        let status = if minute % 2 == 0 { "INACTIVE" } else { "ACTIVE" };
        story.arrives(3 * HOUR, &event(minute * MINUTE, status));
    }
    assert!(!story.state.is_flapping());
    assert_eq!(story.says(3 * HOUR + 1, "INACTIVE"), "alert INACTIVE");
}

#[test]
fn a_fresh_event_after_old_ones_is_told_at_once() {
    let mut story = Story::new(Policy::default());
    story.arrives(3 * HOUR, &event(0, "INACTIVE"));
    assert_eq!(story.says(3 * HOUR + 1, "INACTIVE"), "alert INACTIVE");
    assert_eq!(story.arrives(3 * HOUR + 2, &event(HOUR, "INACTIVE")), "late");
}

#[test]
fn an_old_recovery_waits_for_the_rest_of_the_queue_as_well() {
    let mut story = Story::new(Policy::default());
    story.says(0, "INACTIVE");
    assert_eq!(story.arrives(3 * HOUR, &event(HOUR, "ACTIVE")), format!("stale until {}", 3 * HOUR + 30));
    assert_eq!(story.ticks(3 * HOUR + 30), ["recovery ACTIVE after 1h of e0"]);
}

#[test]
fn an_old_recovery_does_not_follow_its_alert_before_the_queue_ends() {
    let mut story = Story::new(Policy::default());
    story.delivers = false;
    story.says(0, "INACTIVE");
    story.arrives(3 * HOUR, &event(HOUR, "ACTIVE"));
    assert!(story.told(3 * HOUR + 1, "e0").is_empty());
    assert_eq!(story.ticks(3 * HOUR + 30), ["recovery ACTIVE after 1h of e0"]);
}

#[test]
fn the_end_of_a_wait_is_no_end_of_quiet_hours() {
    let mut story = Story::new(Policy { all_clear: true, ..Policy::default() });
    story.delivers = false;
    story.says(0, "INACTIVE");
    story.arrives(3 * HOUR, &event(HOUR, "ACTIVE"));
    story.lost("e0");
    assert!(story.ticks(3 * HOUR + 30).is_empty());
}

#[test]
fn a_stale_event_is_less_urgent() {
    let policy = Policy { stale_wait: Duration::ZERO, severity: Severity::Critical, ..Policy::default() };
    let arrival = first(&event(0, "INACTIVE"), &policy, at(HOUR));
    let news = arrival.verdict.news().unwrap();
    assert_eq!((news.kind.name(), news.severity), ("stale", Severity::Warning));
}

#[test]
fn the_platforms_time_of_receipt_counts_not_ours() {
    let mut story = Story::new(Policy::default());
    let event = Event { received_at: Some(at(1)), ..event(0, "INACTIVE") };
    assert_eq!(story.arrives(HOUR, &event), "alert INACTIVE");
}
