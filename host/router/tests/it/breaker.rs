//! What the end of one delivery means for others: who waits, for how long, and that all of them end well.

use std::time::Duration;

use campanile_core::ledger::{DeliveryKey, DeliveryState};
use campanile_core::outcome::Outcome;
use campanile_router::{DeliveryReport, DeliveryStatus, Invocation, Report};
use campanile_store::Ledger as _;
use tokio::task::{JoinHandle, JoinSet};

use crate::script::{Step, delivers, waits};
use crate::support::{EVENT, PLENTY, Scripted, Tower, between, delivery, event, now, seconds};

/// Less than any wait here.
const SHORT: Duration = Duration::from_secs(4);

fn refused() -> Step {
    Step::Ends(Outcome::Misconfigured)
}

fn device(number: u32) -> String {
    format!("heating-{number}")
}

/// The alert of device number `number`, which has nothing in common with others.
async fn tell(tower: &Tower, number: u32, time: Duration) -> Report {
    let mut event = event();
    event["payload"]["device_id"] = device(number).into();
    event["client_id"] = device(number).into();
    event["topic"] = serde_json::Value::Null;
    tower.router().handle(&event, &Invocation::new(format!("request-{number}"), time)).await
}

async fn family(tower: &Tower, number: u32, time: Duration) -> DeliveryReport {
    delivery(&tell(tower, number, time).await, "family").clone()
}

/// The same beside everything else.
fn telling(tower: &Tower, number: u32) -> JoinHandle<DeliveryReport> {
    let tower = tower.clone();
    tokio::spawn(async move { family(&tower, number, PLENTY).await })
}

#[tokio::test(start_paused = true)]
async fn dc_28_a_storm_on_a_dead_webhook_makes_one_request_and_then_a_probe_per_cool_down() {
    let steps = [refused(), refused(), refused()].into_iter().chain((0..47).map(|_| delivers()));
    let tower = Tower::of(Scripted::new(steps).attempts(1));
    let started = now();
    let first = family(&tower, 0, PLENTY).await;
    assert_eq!(
        (first.status, first.detail.as_str()),
        (DeliveryStatus::Rejected, "the script says misconfigured")
    );

    let mut storm = JoinSet::new();
    for number in 1..50 {
        let tower = tower.clone();
        storm.spawn(async move { family(&tower, number, PLENTY).await });
    }
    let ended = storm.join_all().await;
    let count = |status| ended.iter().filter(|delivery| delivery.status == status).count();
    assert_eq!((count(DeliveryStatus::Rejected), count(DeliveryStatus::Delivered)), (2, 47));
    assert!(ended.iter().all(|delivery| delivery.attempts.len() == 1), "waiting costs no attempt");

    let asked: Vec<u64> =
        tower.asked("family").iter().map(|asked| between(started, asked.at).as_secs()).collect();
    assert_eq!(asked[..4], [0, 60, 180, 420], "two probes that are refused, and one that works");
    assert!(asked.len() == 50 && asked[4..].iter().all(|second| *second == 420), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_does_not_fit_is_handed_over_with_its_cause() {
    let tower = Tower::of(Scripted::new([refused(), delivers()]));
    let started = now();
    tell(&tower, 1, PLENTY).await;
    let waiting = family(&tower, 2, SHORT).await;
    assert_eq!((waiting.status, waiting.due), (DeliveryStatus::Retrying, Some(started + seconds(60))));
    let cause = "an earlier delivery to this channel was refused: the script says misconfigured";
    assert_eq!((waiting.detail.as_str(), waiting.attempts.len()), (cause, 0));
    let key = DeliveryKey { device: device(2), event: EVENT.into(), channel: "family".into() };
    let record = tower.router().store().find(&key, now()).await.unwrap().unwrap();
    assert_eq!(record.state, DeliveryState::Retry { not_before: started + seconds(60) });

    tokio::time::sleep(seconds(60)).await;
    let family = family(&tower, 2, SHORT).await;
    assert_eq!((family.status, family.attempts.len()), (DeliveryStatus::Delivered, 1));
}

#[tokio::test(start_paused = true)]
async fn other_secrets_end_the_wait_when_the_next_delivery_comes() {
    let tower = Tower::of(Scripted::new([refused(), delivers()]));
    tell(&tower, 1, PLENTY).await;
    tower.renew("family");
    assert_eq!(family(&tower, 2, SHORT).await.status, DeliveryStatus::Delivered);
}

#[tokio::test(start_paused = true)]
async fn other_channels_end_the_wait_of_all() {
    let tower = Tower::of(Scripted::new([refused(), delivers(), delivers()]));
    tell(&tower, 1, PLENTY).await;
    let (one, other) = (telling(&tower, 2), telling(&tower, 3));
    tokio::time::sleep(seconds(1)).await;
    assert_eq!(tower.asked("family").len(), 1);
    tower.reload();
    let started = now();
    for waiting in [one, other] {
        assert_eq!(waiting.await.unwrap().status, DeliveryStatus::Delivered);
    }
    assert!(between(started, now()) < seconds(1));
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_breaks_inside_the_host_lets_the_next_one_go() {
    let tower = Tower::of(Scripted::new([refused(), Step::Panics, delivers()]));
    tell(&tower, 1, PLENTY).await;
    let (one, other) = (telling(&tower, 2), telling(&tower, 3));
    let mut statuses = [one.await.unwrap().status, other.await.unwrap().status];
    statuses.sort_by_key(|status| status.name());
    assert_eq!(statuses, [DeliveryStatus::Delivered, DeliveryStatus::Retrying]);
}

#[tokio::test(start_paused = true)]
async fn those_behind_a_probe_wait_for_its_end_and_no_longer() {
    let slow = Step::Takes(seconds(25), crate::script::delivered());
    let tower = Tower::of(Scripted::new([refused(), slow, delivers()]));
    let started = now();
    tell(&tower, 1, PLENTY).await;
    let (one, other) = (telling(&tower, 2), telling(&tower, 3));
    for waiting in [one, other] {
        assert_eq!(waiting.await.unwrap().status, DeliveryStatus::Delivered);
    }
    let last = tower.asked("family").pop().unwrap();
    assert_eq!(between(started, last.at).as_secs(), 85);
}

#[tokio::test(start_paused = true)]
async fn tg_55_a_hint_holds_for_the_other_deliveries_of_the_channel() {
    let tower = Tower::of(Scripted::new([waits(5), delivers(), delivers()]));
    let started = now();
    let (one, other) = (telling(&tower, 1), telling(&tower, 2));
    for waiting in [one, other] {
        assert_eq!(waiting.await.unwrap().status, DeliveryStatus::Delivered);
    }
    let asked: Vec<u64> =
        tower.asked("family").iter().map(|asked| between(started, asked.at).as_secs()).collect();
    assert_eq!(asked, [0, 5, 5], "the second did not run into it");
}

#[tokio::test(start_paused = true)]
async fn dc_23_without_a_hint_the_other_channels_of_the_provider_wait_as_well() {
    let limited = Step::Ends(Outcome::RateLimited(None));
    let tower = Tower::new([
        ("family", Scripted::new([limited, delivers(), delivers()])),
        ("ops", Scripted::new([delivers(), delivers()])),
    ]);
    let started = now();
    assert!(tell(&tower, 1, seconds(3)).await.is_retryable());
    let before = tower.asked("ops").len();
    for number in [1, 2] {
        let report = tell(&tower, number, PLENTY).await;
        assert!(!report.is_retryable(), "{report:?}");
    }
    let after = &tower.asked("ops")[before..];
    assert!(
        !after.is_empty() && after.iter().all(|asked| between(started, asked.at) >= seconds(1)),
        "{after:?}"
    );
    assert_eq!((tower.asked("family").len(), tower.asked("ops").len()), (3, 2));
}
