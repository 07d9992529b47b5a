//! Duplicates, late events, and devices whose clock or count is not to be trusted.

use super::*;

fn numbered(second: i64, seq: u64, status: &str) -> Event {
    Event { key: format!("e{second}-{seq}"), seq: Some(seq), ..event(second, status) }
}

#[test]
fn a_known_event_resumes_what_it_told() {
    let mut story = Story::new(Policy::default());
    assert_eq!(story.says(0, "ACTIVE"), "nothing wrong");
    assert_eq!(story.says(60, "INACTIVE"), "alert INACTIVE");
    assert_eq!(story.arrives(90, &event(60, "INACTIVE")), "again alert INACTIVE");
    assert_eq!(story.arrives(90, &event(0, "ACTIVE")), "duplicate");
    assert_eq!(story.says(120, "ACTIVE"), "recovery ACTIVE after 1m of e60");
    assert_eq!(story.arrives(130, &event(60, "INACTIVE")), "again alert INACTIVE");
}

#[test]
fn an_older_event_is_late_and_changes_nothing() {
    let mut story = Story::new(Policy::default());
    story.says(60, "ACTIVE");
    let before = story.state.clone();
    assert_eq!(story.arrives(61, &event(0, "INACTIVE")), "late");
    assert_eq!(story.state, before);
}

#[test]
fn the_count_decides_at_the_same_time() {
    let mut story = Story::new(Policy::default());
    assert_eq!(story.arrives(0, &numbered(0, 7, "INACTIVE")), "alert INACTIVE");
    assert_eq!(story.arrives(1, &numbered(0, 6, "ACTIVE")), "late");
    assert_eq!(story.arrives(2, &numbered(0, 8, "ACTIVE")), "recovery ACTIVE after 0s of e0-7");
}

#[test]
fn a_device_that_lost_its_count_is_heard() {
    let mut story = Story::new(Policy::default());
    story.arrives(0, &numbered(0, 900, "ACTIVE"));
    assert_eq!(story.arrives(10, &numbered(10, 0, "INACTIVE")), "alert INACTIVE");
    assert_eq!(story.arrives(20, &numbered(5, 901, "ACTIVE")), "late", "from before, and delayed");
    assert_eq!(story.arrives(30, &numbered(30, 1, "ACTIVE")), "recovery ACTIVE after 20s of e10-0");
}

#[test]
fn a_clock_that_was_set_back_silences_nobody() {
    let mut story = Story::new(Policy::default());
    story.arrives(0, &numbered(200, 1, "ACTIVE"));
    assert_eq!(story.arrives(60, &numbered(60, 2, "INACTIVE")), "alert INACTIVE");
    assert_eq!(story.arrives(70, &numbered(70, 3, "ACTIVE")), "recovery ACTIVE after 10s of e60-2");
}

#[test]
fn the_time_in_a_key_decides_if_nothing_else_does() {
    let keyed = |key: &str, status| Event { key: key.into(), ..event(0, status) };
    let first = keyed("01935a7e-0000-7000-8000-000000000000", "INACTIVE");
    let second = keyed("01935a7f-0000-7000-8000-000000000000", "ACTIVE");
    for order in [[&first, &second], [&second, &first]] {
        let mut story = Story::new(Policy::default());
        for event in order {
            story.arrives(0, event);
        }
        assert_eq!(story.state.status(), Some("ACTIVE"));
    }
}

#[test]
fn two_statuses_at_one_time_without_count_and_id_are_taken_as_they_come() {
    let mut story = Story::new(Policy::default());
    story.says(0, "ACTIVE");
    let same_time = Event { key: "trace".into(), ..event(0, "INACTIVE") };
    assert_eq!(story.arrives(1, &same_time), "alert INACTIVE");
}

#[test]
fn one_transition_under_two_names_is_told_once() {
    let mut story = Story::new(Policy::default());
    let named = |key: &str| Event { key: key.into(), ..event(0, "INACTIVE") };
    assert_eq!(story.arrives(0, &named("trace-1")), "alert INACTIVE");
    let again = story.arrival(1, &named("trace-2"));
    assert_eq!(again.verdict.news().map(|news| news.key.as_str()), Some("trace-1"));
    assert_eq!(again.state, story.state);
}
