//! What quiet hours hold, and what is told when they end.

use jiff::civil::time;

use super::*;
use crate::notification::Severity;

/// Quiet from 22:00 to 07:00 UTC; the story starts at 12:00.
fn policy() -> Policy {
    let window = Window { days: Vec::new(), start: time(22, 0, 0, 0), end: time(7, 0, 0, 0) };
    Policy { quiet_hours: Some(QuietHours::new("UTC", vec![window]).unwrap()), ..Policy::default() }
}

const EVENING: i64 = 9 * HOUR;
const NIGHT: i64 = 12 * HOUR;
const MORNING: i64 = 19 * HOUR;

#[test]
fn what_is_still_wrong_in_the_morning_is_told_in_one_digest() {
    let mut story = Story::new(policy());
    assert_eq!(story.says(NIGHT, "INACTIVE"), format!("quiet until {MORNING}"));
    assert_eq!(story.due(), Some(MORNING));
    assert!(story.ticks(NIGHT + HOUR).is_empty());
    assert_eq!(story.ticks(MORNING), ["digest INACTIVE since 7h, 1 held"]);
    assert_eq!(story.due(), None);
    let recovered = story.says(MORNING + HOUR, "ACTIVE");
    assert_eq!(recovered, format!("recovery ACTIVE after 8h of e{NIGHT}/digest-1"));
}

#[test]
fn what_recovered_in_the_night_is_not_told_unless_wanted() {
    for (all_clear, expected) in [(false, vec![]), (true, vec!["all-clear ACTIVE 1 held"])] {
        let mut story = Story::new(Policy { all_clear, ..policy() });
        story.says(NIGHT, "INACTIVE");
        assert_eq!(story.says(NIGHT + HOUR, "ACTIVE"), "alert not told");
        assert_eq!(story.ticks(MORNING), expected);
        assert_eq!(story.due(), None);
    }
}

#[test]
fn a_recovery_of_what_was_told_before_waits_for_the_morning() {
    let mut story = Story::new(policy());
    assert_eq!(story.says(EVENING, "INACTIVE"), "alert INACTIVE");
    assert_eq!(story.says(NIGHT, "ACTIVE"), format!("quiet until {MORNING}"));
    assert_eq!(story.ticks(MORNING), [format!("recovery ACTIVE after 3h of e{EVENING}")]);
}

#[test]
fn what_recovered_and_failed_again_is_still_wrong() {
    let mut story = Story::new(policy());
    story.says(EVENING, "INACTIVE");
    story.says(NIGHT, "ACTIVE");
    story.says(NIGHT + HOUR, "INACTIVE");
    assert_eq!(story.ticks(MORNING), ["digest INACTIVE since 6h, 2 held"]);
}

#[test]
fn critical_news_is_not_held() {
    let mut story = Story::new(Policy { severity: Severity::Critical, ..policy() });
    assert_eq!(story.says(NIGHT, "INACTIVE"), "alert INACTIVE");
    assert_eq!(story.says(NIGHT + 60, "ACTIVE"), format!("recovery ACTIVE after 1m of e{NIGHT}"));
}

#[test]
fn an_event_in_the_morning_is_told_before_the_tick() {
    let mut story = Story::new(policy());
    story.says(NIGHT, "INACTIVE");
    assert_eq!(story.says(MORNING + 1, "INACTIVE"), "alert INACTIVE");
    assert!(story.ticks(MORNING + 2).is_empty());
}

#[test]
fn reminders_sleep_too() {
    let mut story = Story::new(Policy { repeat: Some(minutes(120)), ..policy() });
    story.says(EVENING, "INACTIVE");
    assert!(story.ticks(EVENING + 2 * HOUR).is_empty());
    assert_eq!(story.due(), Some(MORNING));
    assert_eq!(story.ticks(MORNING), ["reminder INACTIVE 1 after 10h"]);
}

#[test]
fn flapping_in_the_night_is_told_in_the_morning_if_it_goes_on() {
    let mut story = Story::new(policy());
    for minute in 0..9 {
        let status = if minute % 2 == 0 { "INACTIVE" } else { "ACTIVE" };
        story.says(MORNING + (minute - 9) * MINUTE, status);
    }
    assert_eq!(story.ticks(MORNING), ["flapping INACTIVE 9 changes"]);
}

#[test]
fn flapping_that_ended_in_the_night_is_told_by_its_end() {
    let mut story = Story::new(policy());
    for minute in 0..9 {
        let status = if minute % 2 == 0 { "INACTIVE" } else { "ACTIVE" };
        story.says(NIGHT + minute * MINUTE, status);
    }
    assert!(story.ticks(NIGHT + HOUR).is_empty());
    assert_eq!(story.ticks(MORNING), ["digest INACTIVE since 412m, 6 held"]);
}

#[test]
fn one_message_tells_of_many_devices() {
    let mut news = Vec::new();
    for (device, second) in [("pump", 3), ("boiler", 1), ("valve", 2)] {
        let event = Event { device_id: device.into(), ..event(NIGHT + second, "INACTIVE") };
        let held = first(&event, &policy(), at(NIGHT + second)).state;
        news.extend(tick(&held, &policy(), at(MORNING)).news);
    }
    let summary = Summary::of(&news).unwrap();
    let devices: Vec<&str> = summary.members.iter().map(|member| member.device_id.as_str()).collect();
    assert_eq!(devices, ["boiler", "valve", "pump"]);
    assert_eq!((summary.more, summary.severity), (0, Severity::Error));
    assert_eq!(Summary::of(news.iter().rev()), Some(summary));
    assert_eq!(Summary::of([]), None);
}
