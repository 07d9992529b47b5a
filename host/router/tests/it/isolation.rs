//! What one channel does is nothing to another.

use campanile_core::ledger::DeliveryState;
use campanile_core::outcome::Outcome;
use campanile_core::retry::OnUnknown;
use campanile_router::{Channels, DeliveryStatus, EventResult, ReadyChannel};

use crate::script::{Step, delivers};
use crate::support::{PLENTY, Scripted, Tower, between, delivery, now, seconds};

#[tokio::test(start_paused = true)]
async fn all_channels_start_at_once_and_a_hanging_one_delays_none() {
    let tower = Tower::new([
        ("family", Scripted::new([Step::Hangs])),
        ("neighbours", Scripted::new([Step::Hangs])),
        ("ops", Scripted::new([delivers()])),
    ]);
    let started = now();
    let working = tokio::spawn({
        let tower = tower.clone();
        async move { tower.handle("request-1", seconds(30)).await }
    });
    tokio::time::sleep(seconds(1)).await;
    for channel in ["family", "neighbours", "ops"] {
        assert_eq!(tower.asked(channel)[0].at, started, "{channel}");
    }
    assert!(matches!(tower.record("ops").await.unwrap().state, DeliveryState::Delivered { .. }));
    assert!(matches!(tower.record("family").await.unwrap().state, DeliveryState::Claimed { .. }));
    let report = working.await.unwrap();
    assert_eq!(report.result, EventResult::Retrying);
    assert_eq!(delivery(&report, "family").status, DeliveryStatus::Retrying);
    assert_eq!(delivery(&report, "ops").status, DeliveryStatus::Delivered);
    assert!(between(started, now()) < seconds(30), "there is time left to answer");
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_one_channel_leaves_the_others_delivered_and_itself_retryable() {
    let tower = Tower::new([
        ("family", Scripted::new([Step::Panics, delivers()])),
        ("ops", Scripted::new([delivers()])),
    ]);
    let report = tower.handle("request-1", PLENTY).await;
    assert!(report.is_retryable());
    assert_eq!(delivery(&report, "family").status, DeliveryStatus::Retrying);
    assert_eq!(delivery(&report, "family").plugin, "scripted");
    assert_eq!(delivery(&report, "ops").status, DeliveryStatus::Delivered);

    let again = tower.handle("request-1", PLENTY).await;
    assert_eq!(again.result, EventResult::Delivered);
    assert_eq!((tower.asked("family").len(), tower.asked("ops").len()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn tg_61_each_item_of_a_list_has_its_own_delivery() {
    let tower = Tower::new([
        ("family/-1001", Scripted::new([Step::Ends(Outcome::Rejected)])),
        ("family/-1002", Scripted::new([delivers()])),
    ]);
    let report = tower.handle("request-1", PLENTY).await;
    assert_eq!(report.result, EventResult::Undelivered);
    assert!(!report.is_retryable());
    let statuses: Vec<_> =
        report.deliveries.iter().map(|delivery| (delivery.channel.as_str(), delivery.status)).collect();
    let expected = [("family/-1001", DeliveryStatus::Rejected), ("family/-1002", DeliveryStatus::Delivered)];
    assert_eq!(statuses, expected);
    assert!(tower.asked("family/-1001")[0].delivery_id.ends_with(":family%2F-1001"));
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_is_not_ready_is_rejected_with_the_reason() {
    let tower = Tower::new([("family", Scripted::new([])), ("ops", Scripted::new([delivers()]))]);
    let reason = "the plugin `telegram` is not loaded";
    let broken = ReadyChannel {
        plugin: "telegram".to_owned(),
        version: String::new(),
        provider: "telegram".to_owned(),
        destination: Err(reason.to_owned()),
        attempts: 6,
        on_unknown: OnUnknown::Resend,
        fallback: None,
    };
    tower.router().replace_channels(Channels::new([("family".to_owned(), "family".to_owned(), broken)]));
    let family = tower.family().await;
    assert_eq!((family.status, family.detail.as_str()), (DeliveryStatus::Rejected, reason));
    assert_eq!(family.attempts, []);
    assert_eq!(
        tower.record("family").await.unwrap().state,
        DeliveryState::Rejected { reason: reason.to_owned() }
    );
}
