//! What happens to news that nobody reports on.

use super::*;

#[test]
fn unreported_news_is_given_out_again_less_and_less_often() {
    let mut story = Story::new(Policy::default());
    story.delivers = false;
    story.says(0, "INACTIVE");
    let mut times = Vec::new();
    while let Some(due) = story.due().filter(|due| *due < 24 * HOUR) {
        assert_eq!(story.ticks(due), ["alert INACTIVE"]);
        times.push(due / MINUTE);
    }
    assert_eq!(times, [5, 10, 20, 40, 80, 160, 320, 640, 1280]);
    assert!(story.told(24 * HOUR, "e0").is_empty());
    assert_eq!(story.due(), None);
}

#[test]
fn a_report_of_what_was_never_told_changes_nothing() {
    let mut story = Story::new(Policy::default());
    story.says(0, "INACTIVE");
    let before = story.state.clone();
    story.told(1, "e7");
    story.lost("e7");
    assert_eq!(story.state, before);
}

#[test]
fn unreported_news_is_remembered_longer_than_other_events() {
    let mut story = Story::new(Policy::default());
    story.delivers = false;
    story.says(0, "INACTIVE");
    for second in 1..100 {
        assert_eq!(story.says(second, "INACTIVE"), "alert open");
    }
    assert_eq!(story.ticks(10 * MINUTE), ["alert INACTIVE"]);
}

#[test]
fn one_channel_that_delivers_is_enough() {
    let mut story = Story::new(Policy::default());
    story.says(0, "INACTIVE");
    story.lost("e0");
    assert_eq!(story.says(60, "ACTIVE"), "recovery ACTIVE after 1m of e0");
}

#[test]
fn a_repeated_event_resumes_news_that_the_tick_does_not_know_of_any_more() {
    let mut story = Story::new(Policy::default());
    story.says(0, "INACTIVE");
    assert_eq!(story.due(), None);
    assert_eq!(story.arrives(60, &event(0, "INACTIVE")), "again alert INACTIVE");
}
