//! The rows CORE-01 to CORE-11: Alertmanager's `TestDedupStageNeedsUpdate` (`notify/notify_test.go`), for one device.
//!
//! Its sets of alerts are statuses here: a set with a new member is another bad status, "resolved" is a good one.

use super::*;

fn policy() -> Policy {
    Policy { repeat: Some(minutes(10)), flapping: None, ..Policy::default() }
}

fn story() -> Story {
    Story::on(is_inactive_or_fault, policy())
}

fn silent() -> Story {
    Story::on(is_inactive_or_fault, Policy { recoveries: Recoveries::Silent, ..policy() })
}

#[test]
fn core_01_the_first_bad_event_alerts() {
    assert_eq!(story().says(0, "INACTIVE"), "alert INACTIVE");
}

#[test]
fn core_02_a_recovery_nobody_was_warned_about_is_not_told() {
    assert_eq!(story().says(0, "ACTIVE"), "nothing wrong");
}

#[test]
fn core_03_another_bad_status_alerts_again() {
    let mut story = story();
    story.says(0, "INACTIVE");
    assert_eq!(story.says(60, "FAULT"), "alert FAULT");
}

#[test]
fn core_04_an_alert_that_reached_nobody_is_told_with_the_next_event() {
    let mut story = story();
    story.delivers = false;
    story.says(0, "INACTIVE");
    assert_eq!(story.says(60, "INACTIVE"), "alert open");
    story.lost("e0");
    assert_eq!(story.says(120, "INACTIVE"), "alert INACTIVE");
}

#[test]
fn core_05_the_same_status_within_the_repeat_interval_is_not_told() {
    let mut story = story();
    story.says(0, "INACTIVE");
    assert_eq!(story.says(9 * MINUTE, "INACTIVE"), "alert open");
}

#[test]
fn core_06_the_same_status_after_the_repeat_interval_is_a_reminder() {
    let mut story = story();
    story.says(0, "INACTIVE");
    assert_eq!(story.says(11 * MINUTE, "INACTIVE"), "reminder INACTIVE 1 after 11m");
}

#[test]
fn core_07_nothing_is_told_of_one_good_status_after_another() {
    let mut story = story();
    story.says(0, "ACTIVE");
    assert_eq!(story.says(11 * MINUTE, "IDLE"), "nothing wrong");
}

#[test]
fn core_08_a_recovery_is_not_told_if_the_policy_tells_none() {
    let mut story = silent();
    story.says(0, "INACTIVE");
    assert_eq!(story.says(60, "ACTIVE"), "recoveries silent");
}

#[test]
fn core_09_back_to_the_status_before_is_told_as_people_know_the_other_one() {
    let mut story = story();
    story.says(0, "INACTIVE");
    story.says(60, "FAULT");
    assert_eq!(story.says(120, "INACTIVE"), "alert INACTIVE");
}

#[test]
fn core_10_a_silent_recovery_ends_the_alert_all_the_same() {
    let mut story = silent();
    story.says(0, "INACTIVE");
    story.says(60, "ACTIVE");
    assert_eq!(story.state.bad_since(), None);
    assert_eq!(story.says(120, "INACTIVE"), "alert INACTIVE");
}

#[test]
fn core_11_a_recovery_is_told_once() {
    let mut story = story();
    story.says(0, "INACTIVE");
    assert_eq!(story.says(60, "ACTIVE"), "recovery ACTIVE after 1m of e0");
    assert_eq!(story.says(120, "ACTIVE"), "nothing wrong");
}
