//! Deliveries that end without success, and why.

use campanile_core::ledger::DeliveryState;
use campanile_core::outcome::Outcome;
use campanile_core::retry::OnUnknown;
use campanile_router::{DeliveryStatus, EventResult};

use crate::script::{Step, delivers};
use crate::support::{PLENTY, Scripted, Tower};

#[tokio::test(start_paused = true)]
async fn what_can_not_work_ends_at_once_with_the_reason() {
    for outcome in [Outcome::Rejected, Outcome::Misconfigured, Outcome::Denied] {
        let reason = format!("the script says {}", outcome.kind());
        let tower = Tower::of(Scripted::new([Step::Ends(outcome)]));
        let report = tower.handle("request-1", PLENTY).await;
        assert_eq!(report.result, EventResult::Undelivered, "{reason}");
        assert!(!report.is_retryable(), "{reason}");
        let family = &report.deliveries[0];
        assert_eq!((family.status, &family.detail), (DeliveryStatus::Rejected, &reason));
        assert_eq!(family.attempts.len(), 1);
        assert_eq!(tower.record("family").await.unwrap().state, DeliveryState::Rejected { reason });
    }
}

#[tokio::test(start_paused = true)]
async fn a_plugin_that_breaks_once_has_another_chance() {
    let tower = Tower::of(Scripted::new([Step::Ends(Outcome::Trapped), delivers()]));
    assert_eq!(tower.family().await.status, DeliveryStatus::Delivered);
}

#[tokio::test(start_paused = true)]
async fn a_plugin_that_breaks_twice_makes_a_dead_letter() {
    let tower = Tower::of(Scripted::new(vec![Step::Ends(Outcome::Trapped); 2]));
    let family = tower.family().await;
    assert_eq!(family.status, DeliveryStatus::DeadLettered);
    let reason = "the plugin broke twice; the last: the script says trapped".to_owned();
    assert_eq!(family.detail, reason);
    assert_eq!(tower.record("family").await.unwrap().state, DeliveryState::DeadLetter { reason });
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_delivered_is_left_alone_if_the_channel_says_skip() {
    let tower = Tower::of(Scripted::new([Step::Ends(Outcome::Unknown)]).on_unknown(OnUnknown::Skip));
    let family = tower.family().await;
    assert_eq!((family.status, family.attempts.len()), (DeliveryStatus::DeadLettered, 1));
    assert!(family.detail.contains("on-unknown is \"skip\""), "{}", family.detail);
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_delivered_is_sent_again_if_the_channel_says_resend() {
    let tower =
        Tower::of(Scripted::new([Step::Ends(Outcome::Unknown), delivers()]).on_unknown(OnUnknown::Resend));
    let family = tower.family().await;
    assert_eq!((family.status, family.attempts.len()), (DeliveryStatus::Delivered, 2));
}

#[tokio::test(start_paused = true)]
async fn what_has_ended_is_reported_again_but_not_tried_again() {
    for step in [delivers(), Step::Ends(Outcome::Rejected)] {
        let tower = Tower::of(Scripted::new([step]));
        let first = tower.handle("request-1", PLENTY).await;
        let second = tower.handle("request-2", PLENTY).await;
        assert_eq!(second, first);
        assert_eq!(tower.asked("family").len(), 1);
    }
}
