//! What has to last before it is told.

use super::*;

fn story() -> Story {
    Story::new(Policy { lasting: minutes(5), ..Policy::default() })
}

#[test]
fn a_bad_status_is_told_when_it_has_lasted() {
    let mut story = story();
    assert_eq!(story.says(0, "INACTIVE"), "pending until 300");
    assert_eq!(story.due(), Some(300));
    assert!(story.ticks(299).is_empty());
    assert_eq!(story.ticks(300), ["alert INACTIVE"]);
    assert_eq!(story.says(420, "ACTIVE"), "recovery ACTIVE after 7m of e0/alert-1");
    assert_eq!(story.due(), None);
}

#[test]
fn what_is_over_sooner_is_not_told() {
    let mut story = story();
    story.says(0, "INACTIVE");
    assert_eq!(story.says(200, "ACTIVE"), "alert not told");
    assert_eq!(story.due(), None);
    assert_eq!(story.says(250, "INACTIVE"), "pending until 550");
}

#[test]
fn the_wait_is_for_the_alert_and_not_for_the_last_event() {
    let mut story = Story::on(is_inactive_or_fault, story().policy);
    story.says(0, "INACTIVE");
    assert_eq!(story.says(200, "FAULT"), "pending until 300");
    assert_eq!(story.ticks(300), ["alert FAULT"]);
    assert_eq!(story.says(310, "INACTIVE"), "alert INACTIVE", "people know that something is wrong");
}

#[test]
fn what_has_lasted_when_it_is_heard_of_is_told_at_once() {
    assert_eq!(story().arrives(400, &event(0, "INACTIVE")), "alert INACTIVE");
}

#[test]
fn an_alert_that_was_lost_does_not_wait_again() {
    let mut story = story();
    story.delivers = false;
    story.says(0, "INACTIVE");
    assert_eq!(story.ticks(300), ["alert INACTIVE"]);
    story.lost("e0/alert-1");
    assert_eq!(story.says(310, "INACTIVE"), "alert INACTIVE");
}

#[test]
fn a_device_that_changes_to_and_fro_is_told_to_do_so() {
    let mut story = story();
    for second in [0, 60, 120, 180] {
        story.says(second, if second % 120 == 0 { "INACTIVE" } else { "ACTIVE" });
    }
    assert_eq!(story.says(240, "INACTIVE"), "flapping INACTIVE 5 changes");
}

#[test]
fn a_stale_event_waits_for_the_rest_first() {
    let mut story = Story::new(Policy { lasting: minutes(24 * 60), ..Policy::default() });
    assert_eq!(story.arrives(3 * HOUR, &event(0, "INACTIVE")), format!("stale until {}", 3 * HOUR + 30));
    assert!(story.ticks(3 * HOUR + 30).is_empty());
    assert_eq!(story.due(), Some(24 * HOUR));
    assert_eq!(story.ticks(24 * HOUR), ["stale INACTIVE 1d ago"]);
}

#[test]
fn the_end_of_quiet_hours_does_not_shorten_it() {
    let window = Window {
        days: Vec::new(),
        start: jiff::civil::time(12, 0, 0, 0),
        end: jiff::civil::time(13, 0, 0, 0),
    };
    let quiet_hours = Some(QuietHours::new("UTC", vec![window]).unwrap());
    let mut story = Story::new(Policy { quiet_hours, ..story().policy });
    assert_eq!(story.says(58 * MINUTE, "INACTIVE"), format!("quiet until {HOUR}"));
    assert!(story.ticks(HOUR).is_empty());
    assert_eq!(story.ticks(63 * MINUTE), ["alert INACTIVE"]);
}

#[test]
fn where_recoveries_are_not_seen_nothing_waits() {
    let policy = Policy { recoveries: Recoveries::Unseen, ..story().policy };
    assert_eq!(Story::new(policy).says(0, "INACTIVE"), "alert INACTIVE");
}
