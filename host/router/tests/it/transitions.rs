//! What the transition engine says becomes messages, and what becomes of messages it hears.

use campanile_core::outcome::Outcome;
use campanile_core::transition::Silence;
use campanile_router::EventResult;

use crate::script::{Step, delivers};
use crate::support::{DEVICE, PLENTY, Scripted, Tower, delivery, seconds, transition};

#[tokio::test(start_paused = true)]
async fn a_recovery_edits_the_alert_on_each_channel_that_told_it() {
    let tower = Tower::new([
        ("family", Scripted::new([delivers(), delivers()])),
        ("ops", Scripted::new([delivers(), delivers()])),
    ]);
    tower.says(1, "INACTIVE").await;
    tokio::time::sleep(seconds(600)).await;
    let report = tower.says(2, "ACTIVE").await;
    assert_eq!((report.result, report.deliveries.len()), (EventResult::Delivered, 2));
    for channel in ["family", "ops"] {
        let recovery = &tower.asked(channel)[1];
        assert_eq!(recovery.earlier.as_ref().map(|alert| alert.message_id.as_str()), Some("7"));
        assert_eq!(recovery.title, "home-heating: ACTIVE again");
    }
}

#[tokio::test(start_paused = true)]
async fn a_recovery_that_nobody_was_warned_of_is_not_told() {
    let tower = Tower::of(Scripted::new([]));
    let report = tower.says(1, "ACTIVE").await;
    assert_eq!((report.result, report.deliveries.len()), (EventResult::Unmatched, 0));
}

#[tokio::test(start_paused = true)]
async fn a_recovery_is_not_told_where_the_alert_was_refused() {
    let tower = Tower::new([
        ("family", Scripted::new([delivers(), delivers()])),
        ("ops", Scripted::new([Step::Ends(Outcome::Rejected)])),
    ]);
    tower.says(1, "INACTIVE").await;
    let report = tower.says(2, "ACTIVE").await;
    assert_eq!(report.deliveries.len(), 1);
    assert_eq!(delivery(&report, "family").news, report.event.clone().unwrap());
    assert_eq!(tower.asked("ops").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_alert_that_reached_nobody_is_told_again_with_the_next_event_and_has_no_recovery() {
    let tower = Tower::of(Scripted::new([Step::Ends(Outcome::Rejected), delivers(), delivers()]));
    assert_eq!(tower.says(1, "INACTIVE").await.result, EventResult::Undelivered);
    assert_eq!(tower.says(2, "ACTIVE").await.result, EventResult::Silent);
    assert_eq!(tower.says(3, "INACTIVE").await.result, EventResult::Delivered);
    assert_eq!(tower.says(4, "ACTIVE").await.result, EventResult::Delivered);
}

#[tokio::test(start_paused = true)]
async fn the_same_status_again_is_no_news() {
    let tower = Tower::of(Scripted::new([delivers()]));
    tower.says(1, "INACTIVE").await;
    let report = tower.says(2, "INACTIVE").await;
    assert_eq!((report.result, report.silences[0].silence), (EventResult::Silent, Silence::AlertOpen));
    assert_eq!(report.reason, "the alert that is open tells it");
    assert!(!report.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn an_event_that_something_newer_is_known_after_is_not_told() {
    let tower = Tower::of(Scripted::new([]));
    let late = transition(DEVICE, 1, "INACTIVE");
    tokio::time::sleep(seconds(5)).await;
    tower.says(2, "ACTIVE").await;
    let report = tower.hears(&late, PLENTY).await;
    assert_eq!((report.result, report.silences[0].silence), (EventResult::Silent, Silence::Late));
}

#[tokio::test(start_paused = true)]
async fn a_recovery_that_comes_while_the_alert_is_on_its_way_follows_it() {
    let slow = Step::Takes(seconds(5), crate::script::delivered());
    let tower = Tower::of(Scripted::new([slow, delivers()]));
    let alert = tokio::spawn({
        let tower = tower.clone();
        async move { tower.says(1, "INACTIVE").await }
    });
    tokio::time::sleep(seconds(1)).await;
    let recovery = tower.says(2, "ACTIVE").await;
    assert_eq!(recovery.silences[0].silence, Silence::AlertOnItsWay);
    let alert = alert.await.unwrap();
    assert_eq!((alert.result, alert.deliveries.len()), (EventResult::Delivered, 2));
    assert_eq!(tower.titles("family"), ["home-heating: INACTIVE", "home-heating: ACTIVE again"]);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_changes_to_and_fro_is_told_so_once_and_then_how_it_settled() {
    let tower = Tower::of(Scripted::new(vec![delivers(); 9]));
    for number in 0..9 {
        let status = if number % 2 == 0 { "INACTIVE" } else { "ACTIVE" };
        tower.says(number, status).await;
        tokio::time::sleep(seconds(5)).await;
    }
    let before = tower.titles("family").len();
    assert_eq!(before, 5, "{:?}", tower.titles("family"));
    tokio::time::sleep(seconds(601)).await;
    let tick = tower.ticks().await;
    assert_eq!((tick.deliveries.len(), tick.more), (1, false));
    assert_eq!(tower.titles("family").len(), before + 1);
}
