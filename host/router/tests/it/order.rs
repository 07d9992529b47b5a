//! On each channel people read the messages about a device in the order in which things happened.

use campanile_core::outcome::Outcome;
use campanile_router::DeliveryStatus;

use crate::script::{Step, delivers, waits};
use crate::support::{DEVICE, Scripted, Tower, delivery, seconds, transition};

/// `family` tells at once; on `ops` the alert has to wait for longer than its invocation lasts.
async fn with_a_slow_alert_on_ops(steps: Vec<Step>) -> Tower {
    let steps: Vec<Step> = [waits(120)].into_iter().chain(steps).collect();
    let tower =
        Tower::new([("family", Scripted::new([delivers(), delivers()])), ("ops", Scripted::new(steps))]);
    let report = tower.hears(&transition(DEVICE, 1, "INACTIVE"), seconds(30)).await;
    assert_eq!(delivery(&report, "ops").status, DeliveryStatus::Retrying);
    tower
}

#[tokio::test(start_paused = true)]
async fn a_recovery_waits_for_its_alert() {
    let tower = with_a_slow_alert_on_ops(vec![delivers(), delivers()]).await;
    let report = tower.hears(&transition(DEVICE, 2, "ACTIVE"), seconds(30)).await;
    assert_eq!(delivery(&report, "family").status, DeliveryStatus::Delivered);
    let held = delivery(&report, "ops");
    assert_eq!((held.status, held.attempts.len()), (DeliveryStatus::Retrying, 0));
    assert_eq!(held.detail, "the message before it is not delivered yet");
    assert!(report.is_retryable());

    tokio::time::sleep(seconds(121)).await;
    tower.ticks().await;
    tokio::time::sleep(seconds(2)).await;
    tower.ticks().await;
    let expected = ["home-heating: INACTIVE", "home-heating: INACTIVE", "home-heating: ACTIVE again"];
    assert_eq!(tower.titles("ops"), expected);
    assert_eq!(tower.asked("ops")[2].earlier.as_ref().unwrap().message_id, "7");
}

#[tokio::test(start_paused = true)]
async fn what_comes_after_an_alert_that_failed_waits_no_longer() {
    let tower = with_a_slow_alert_on_ops(vec![Step::Ends(Outcome::Rejected), delivers()]).await;
    tower.hears(&transition(DEVICE, 2, "ACTIVE"), seconds(30)).await;
    for _ in 0..3 {
        tokio::time::sleep(seconds(130)).await;
        tower.ticks().await;
    }
    let recovery = tower.titles("ops").pop().unwrap();
    assert_eq!(recovery, "home-heating: ACTIVE again");
}
