//! Devices that change to and fro.

use super::*;

/// `count` changes, one each minute; the first is bad.
fn flap(story: &mut Story, count: i64) -> Vec<String> {
    let status = |minute: i64| if minute % 2 == 0 { "INACTIVE" } else { "ACTIVE" };
    (0..count).map(|minute| story.says(minute * MINUTE, status(minute))).collect()
}

#[test]
fn the_fifth_change_is_the_last_one_that_is_told() {
    let mut story = Story::new(Policy::default());
    let told = flap(&mut story, 8);
    let expected = [
        "alert INACTIVE",
        "recovery ACTIVE after 1m of e0",
        "alert INACTIVE",
        "recovery ACTIVE after 1m of e120",
        "flapping INACTIVE 5 changes",
        "flapping",
        "flapping",
        "flapping",
    ];
    assert_eq!(told, expected);
    assert!(story.state.is_flapping());
}

#[test]
fn it_is_told_once_when_it_is_stable_and_good() {
    let mut story = Story::new(Policy::default());
    flap(&mut story, 8);
    assert_eq!(story.due(), Some(17 * MINUTE));
    assert!(story.ticks(17 * MINUTE - 1).is_empty());
    assert_eq!(story.ticks(17 * MINUTE), ["settled ACTIVE of e240"]);
    assert_eq!((story.due(), story.state.is_flapping()), (None, false));
    assert_eq!(story.says(18 * MINUTE, "ACTIVE"), "nothing wrong");
    assert_eq!(story.says(19 * MINUTE, "INACTIVE"), "alert INACTIVE");
}

#[test]
fn settling_bad_is_an_alert_that_has_a_recovery() {
    let mut story = Story::new(Policy::default());
    flap(&mut story, 7);
    assert_eq!(story.ticks(16 * MINUTE), ["settled INACTIVE of e240"]);
    assert_eq!(story.says(20 * MINUTE, "ACTIVE"), "recovery ACTIVE after 14m of e240+e360/settled-1");
}

#[test]
fn an_event_that_comes_before_the_tick_ends_the_flapping_too() {
    let mut story = Story::new(Policy::default());
    flap(&mut story, 7);
    assert_eq!(story.says(30 * MINUTE, "ACTIVE"), "recovery ACTIVE after 24m of e240");
}

#[test]
fn a_change_starts_the_stable_time_anew() {
    let mut story = Story::new(Policy::default());
    flap(&mut story, 8);
    assert_eq!(story.says(16 * MINUTE, "INACTIVE"), "flapping");
    assert!(story.ticks(17 * MINUTE).is_empty());
    assert_eq!(story.due(), Some(26 * MINUTE));
}

#[test]
fn slow_changes_are_no_flapping() {
    let mut story = Story::new(Policy::default());
    for hour in 0..20 {
        let status = if hour % 2 == 0 { "INACTIVE" } else { "ACTIVE" };
        assert_ne!(story.says(hour * HOUR, status), "flapping");
        assert!(!story.state.is_flapping());
    }
}

#[test]
fn good_statuses_may_change_as_they_like() {
    let mut story = Story::new(Policy::default());
    for second in 0..50 {
        assert_eq!(story.says(second, if second % 2 == 0 { "ACTIVE" } else { "IDLE" }), "nothing wrong");
    }
    assert!(!story.state.is_flapping());
}

#[test]
fn a_notice_that_reached_nobody_is_told_with_the_next_change() {
    let mut story = Story::new(Policy::default());
    flap(&mut story, 4);
    story.delivers = false;
    assert_eq!(story.says(4 * MINUTE, "INACTIVE"), "flapping INACTIVE 5 changes");
    story.lost("e240");
    assert_eq!(story.says(5 * MINUTE, "ACTIVE"), "alert not told");
    assert_eq!(story.says(6 * MINUTE, "INACTIVE"), "flapping INACTIVE 7 changes");
}

#[test]
fn who_hears_no_recoveries_hears_how_the_flapping_ended() {
    let mut story = Story::new(Policy { recoveries: Recoveries::Silent, ..Policy::default() });
    flap(&mut story, 6);
    assert_eq!(story.ticks(HOUR), ["settled ACTIVE of e240"]);
}

#[test]
fn changes_that_were_not_seen_count() {
    let mut story = Story::new(Policy::default());
    let told: Vec<String> = (0..3)
        .map(|minute| {
            let second = minute * MINUTE;
            story.arrives(second, &Event { previous: Some("ACTIVE".into()), ..event(second, "INACTIVE") })
        })
        .collect();
    assert_eq!(told, ["alert INACTIVE", "alert INACTIVE", "flapping INACTIVE 5 changes"]);
}
