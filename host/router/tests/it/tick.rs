//! What is due is done by the tick: waits, broken invocations, reminders, and news that nobody reported on.

use std::time::Duration;

use campanile_core::route::Route;
use campanile_core::transition::{Policy, Silence};
use campanile_router::{DeliveryStatus, EventResult};

use crate::script::{Step, delivers, waits};
use crate::support::{DEVICE, Scripted, Tower, now, seconds, transition};

fn with_policy(policy: Policy, steps: Vec<Step>) -> Tower {
    let route = Route { policy, ..Route::to_all(vec!["family".to_owned()]) };
    Tower::with_routes(vec![route], [("family", Scripted::new(steps))])
}

#[tokio::test(start_paused = true)]
async fn tg_56_a_wait_is_ended_by_the_tick_without_the_event() {
    let tower = Tower::of(Scripted::new([waits(400), delivers(), delivers()]));
    tower.hears(&transition(DEVICE, 1, "INACTIVE"), seconds(30)).await;
    assert_eq!(tower.ticks().await.deliveries, []);
    tokio::time::sleep(seconds(401)).await;
    let tick = tower.ticks().await;
    assert_eq!((tick.deliveries.len(), tick.deliveries[0].status), (1, DeliveryStatus::Delivered));
    assert_eq!(tick.problems, [""; 0]);
    // The device has heard of it.
    assert_eq!(tower.says(2, "ACTIVE").await.result, EventResult::Delivered);
}

#[tokio::test(start_paused = true)]
async fn what_a_killed_invocation_left_is_taken_over() {
    let tower = Tower::of(Scripted::new([Step::Hangs, delivers()]));
    let alert = transition(DEVICE, 1, "INACTIVE");
    tokio::time::timeout(seconds(5), tower.hears(&alert, seconds(30))).await.unwrap_err();
    tokio::time::sleep(seconds(60)).await;
    let tick = tower.ticks().await;
    assert_eq!(tick.deliveries[0].status, DeliveryStatus::Delivered);
    assert_eq!(tower.asked("family").len(), 2);
    assert_eq!(tower.ticks().await.deliveries, []);
}

/// An invocation that broke off has perhaps not opened all deliveries. That `ops` was not there is the same to the next one.
#[tokio::test(start_paused = true)]
async fn whoever_goes_on_with_a_message_opens_what_is_missing() {
    let tower = Tower::new([
        ("family", Scripted::new([Step::Hangs, delivers(), delivers()])),
        ("ops", Scripted::new([delivers(), delivers()])),
    ]);
    tower.narrow(&["family"]);
    let alert = transition(DEVICE, 1, "INACTIVE");
    tokio::time::timeout(seconds(5), tower.hears(&alert, seconds(30))).await.unwrap_err();
    tower.reload();
    tokio::time::sleep(seconds(60)).await;
    let tick = tower.ticks().await;
    let told: Vec<_> = tick.deliveries.iter().map(|one| (one.channel.as_str(), one.status)).collect();
    assert_eq!(told, [("family", DeliveryStatus::Delivered), ("ops", DeliveryStatus::Delivered)]);
    assert_eq!(tick.problems, [""; 0]);
    // Nothing is opened twice, and the recovery goes where the alert went.
    assert_eq!(tower.ticks().await.deliveries, []);
    assert_eq!(tower.says(2, "ACTIVE").await.deliveries.len(), 2);
    assert_eq!(tower.titles("ops").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_open_alert_is_told_again_if_the_route_wants_that() {
    let policy = Policy { repeat: Some(seconds(3600)), ..Policy::default() };
    let tower = with_policy(policy, vec![delivers(); 3]);
    tower.says(1, "INACTIVE").await;
    for _ in 0..2 {
        tokio::time::sleep(seconds(3601)).await;
        assert_eq!(tower.ticks().await.deliveries.len(), 1);
    }
    assert_eq!(tower.ticks().await.states, 0);
    let ids: Vec<String> = tower.asked("family").into_iter().map(|asked| asked.delivery_id).collect();
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 3, "{ids:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stale_event_is_told_late_and_only_if_nothing_newer_came() {
    for newer in [false, true] {
        let tower = Tower::of(Scripted::new([delivers()]));
        let stale = transition(DEVICE, 1, "INACTIVE");
        tokio::time::sleep(seconds(3 * 3600)).await;
        let report = tower.hears(&stale, seconds(30)).await;
        let until = now() + seconds(30);
        assert_eq!(
            (report.result, report.silences[0].silence),
            (EventResult::Silent, Silence::Stale { until })
        );
        if newer {
            tower.says(2, "ACTIVE").await;
        }
        tokio::time::sleep(seconds(31)).await;
        let told = tower.ticks().await.deliveries.len();
        assert_eq!(told, usize::from(!newer));
    }
}

#[tokio::test(start_paused = true)]
async fn without_time_a_tick_leaves_everything_as_it_is() {
    let tower = Tower::of(Scripted::new([waits(400), delivers()]));
    tower.hears(&transition(DEVICE, 1, "INACTIVE"), seconds(30)).await;
    tokio::time::sleep(seconds(401)).await;
    let invocation = campanile_router::Invocation::new("tick", Duration::from_secs(2));
    let tick = tower.router().tick(&invocation).await;
    assert!(tick.more && tick.deliveries.is_empty());
    assert_eq!(tower.ticks().await.deliveries.len(), 1);
}
