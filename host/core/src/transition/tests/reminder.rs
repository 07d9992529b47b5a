//! Reminders of an alert that stays open.

use super::*;

fn story() -> Story {
    Story::new(Policy { repeat: Some(minutes(60)), ..Policy::default() })
}

#[test]
fn an_open_alert_is_told_again_until_it_recovers() {
    let mut story = story();
    story.says(0, "INACTIVE");
    assert_eq!(story.due(), Some(HOUR));
    assert!(story.ticks(HOUR - 1).is_empty());
    assert_eq!(story.ticks(HOUR), ["reminder INACTIVE 1 after 1h"]);
    assert_eq!(story.ticks(2 * HOUR + 60), ["reminder INACTIVE 2 after 121m"]);
    assert_eq!(story.says(3 * HOUR, "ACTIVE"), "recovery ACTIVE after 3h of e0+e0/reminder-1+e0/reminder-2");
    assert!(story.ticks(9 * HOUR).is_empty());
    assert_eq!(story.due(), None);
}

#[test]
fn nothing_is_repeated_by_default() {
    let mut story = Story::new(Policy::default());
    story.says(0, "INACTIVE");
    assert_eq!(story.due(), None);
    assert_eq!(story.says(24 * HOUR, "INACTIVE"), "alert open");
}

#[test]
fn an_alert_on_its_way_is_not_repeated_but_resumed() {
    let mut story = story();
    story.delivers = false;
    story.says(0, "INACTIVE");
    assert_eq!(story.ticks(HOUR), ["alert INACTIVE"]);
}

#[test]
fn an_alert_that_reached_nobody_is_repeated() {
    let mut story = story();
    story.delivers = false;
    story.says(0, "INACTIVE");
    story.lost("e0");
    assert_eq!(story.ticks(HOUR), ["reminder INACTIVE 1 after 1h"]);
}

#[test]
fn a_long_outage_does_not_make_the_state_grow() {
    let mut story = story();
    story.says(0, "INACTIVE");
    for hour in 1..200 {
        assert_eq!(story.ticks(hour * HOUR).len(), 1);
    }
    let told = story.says(200 * HOUR, "ACTIVE");
    let expected = "of e0+e0/reminder-197+e0/reminder-198+e0/reminder-199";
    assert!(told.ends_with(expected), "{told}");
}
