//! Alerts and their recoveries.

use super::*;

fn coming(second: i64, status: &str, previous: &str) -> Event {
    Event { previous: Some(previous.into()), ..event(second, status) }
}

#[test]
fn an_alert_and_its_recovery_are_a_pair() {
    let mut story = Story::new(Policy::default());
    assert_eq!(story.says(0, "INACTIVE"), "alert INACTIVE");
    assert_eq!(story.state.bad_since(), Some(at(0)));
    assert_eq!(story.says(60, "INACTIVE"), "alert open");
    assert_eq!(story.says(300, "ACTIVE"), "recovery ACTIVE after 5m of e0");
    assert_eq!(story.state.bad_since(), None);
    assert_eq!(story.due(), None);
}

#[test]
fn a_recovery_waits_for_an_alert_that_is_on_its_way() {
    let mut story = Story::new(Policy::default());
    story.delivers = false;
    story.says(0, "INACTIVE");
    assert_eq!(story.says(2, "ACTIVE"), "alert on its way");
    assert_eq!(story.says(3, "IDLE"), "alert on its way");
    assert_eq!(story.told(5, "e0"), ["recovery IDLE after 2s of e0"]);
}

#[test]
fn a_recovery_tells_when_the_device_was_bad_however_late_it_is_told() {
    let mut story = Story::new(Policy::default());
    story.delivers = false;
    story.says(1, "INACTIVE");
    story.says(61, "ACTIVE");
    story.says(90, "IDLE");
    let news = told(&story.state, "e1", &story.policy, at(99)).news;
    let alerts = vec!["e1".to_owned()];
    assert_eq!(news[0].kind, NewsKind::Recovery { alerts, since: at(1), after: minutes(1) });
    assert_eq!(news[0].occurred_at, at(90), "that of the device's latest event");
    let state = told(&story.state, "e1", &story.policy, at(99)).state;
    assert_eq!((state.news(&news[0].key), state.news("e7")), (Some(&news[0]), None));
}

#[test]
fn a_recovery_of_an_alert_that_reached_nobody_is_not_told() {
    for recovers_first in [true, false] {
        let mut story = Story::new(Policy::default());
        story.delivers = false;
        story.says(0, "INACTIVE");
        if recovers_first {
            assert_eq!(story.says(2, "ACTIVE"), "alert on its way");
            story.lost("e0");
        } else {
            story.lost("e0");
            assert_eq!(story.says(2, "ACTIVE"), "alert not told");
        }
        assert_eq!(story.says(4, "IDLE"), "nothing wrong");
        assert!(story.told(5, "e0").is_empty());
        assert_eq!(story.due(), None);
    }
}

#[test]
fn a_recovery_takes_back_every_message_that_still_says_bad() {
    let mut story = Story::new(Policy::default());
    story.delivers = false;
    story.says(0, "INACTIVE");
    story.says(2, "ACTIVE");
    assert_eq!(story.says(4, "INACTIVE"), "alert INACTIVE");
    assert!(story.told(5, "e0").is_empty(), "it is bad again");
    assert!(story.told(6, "e4").is_empty());
    assert_eq!(story.says(64, "ACTIVE"), "recovery ACTIVE after 1m of e0+e4");
}

#[test]
fn a_recovery_that_was_not_seen_does_not_swallow_the_next_alert() {
    let mut story = Story::new(Policy::default());
    assert_eq!(story.arrives(0, &coming(0, "INACTIVE", "ACTIVE")), "alert INACTIVE");
    assert_eq!(story.arrives(HOUR, &coming(HOUR, "INACTIVE", "ACTIVE")), "alert INACTIVE");
    assert_eq!(story.arrives(HOUR + 1, &coming(HOUR + 1, "INACTIVE", "INACTIVE")), "alert open");
}

#[test]
fn without_recoveries_each_bad_event_is_a_transition() {
    let mut story =
        Story::new(Policy { recoveries: Recoveries::Unseen, repeat: Some(minutes(10)), ..Policy::default() });
    assert_eq!(story.says(0, "INACTIVE"), "alert INACTIVE");
    assert_eq!(story.says(HOUR, "INACTIVE"), "alert INACTIVE");
    assert_eq!(story.due(), None, "no reminder of what may be over");
}

#[test]
fn every_status_but_the_good_ones_can_be_bad() {
    let mut story = Story::on(|status| status != "ACTIVE", Policy::default());
    assert_eq!(story.says(0, "FAULT"), "alert FAULT");
    assert_eq!(story.says(60, "ACTIVE"), "recovery ACTIVE after 1m of e0");
}
