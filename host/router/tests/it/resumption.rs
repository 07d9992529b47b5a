//! Deliveries over several invocations: what is handed over, who may take it, and that nothing is sent twice.

use std::time::Duration;

use campanile_core::ledger::DeliveryState;
use campanile_core::notification::Presentation;
use campanile_core::outcome::{Outcome, OutcomeKind};
use campanile_core::retry::OnUnknown;
use campanile_router::{DeliveryStatus, EventResult};

use crate::script::{Step, delivered, delivers, waits};
use crate::support::{Scripted, Tower, between, delivery, now, seconds};

/// What a function may add to a claim, for writing the ledger and for clocks that differ.
const MARGIN: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn tg_56_a_wait_beyond_the_deadline_is_handed_over_and_only_that_channel_goes_on() {
    let tower = Tower::new([
        ("family", Scripted::new([waits(400), delivers()])),
        ("ops", Scripted::new([delivers()])),
    ]);
    let started = now();
    let first = tower.handle("request-1", seconds(30)).await;
    assert_eq!(now(), started, "nothing was slept");
    assert!(first.is_retryable());
    assert_eq!(delivery(&first, "ops").status, DeliveryStatus::Delivered);
    let family = delivery(&first, "family");
    let due = started + seconds(400);
    assert_eq!((family.status, family.due), (DeliveryStatus::Retrying, Some(due)));

    tokio::time::sleep(seconds(60)).await;
    let early = tower.handle("request-1", seconds(30)).await;
    assert!(early.is_retryable());
    assert_eq!(delivery(&early, "family").due, Some(due));
    assert_eq!(tower.asked("family").len(), 1, "the provider's wait is kept");

    tokio::time::sleep_until(tokio::time::Instant::now() + between(now(), due)).await;
    let last = tower.handle("request-1", seconds(30)).await;
    assert_eq!(last.result, EventResult::Delivered);
    assert_eq!(tower.asked("family")[1].number, 2);
    assert_eq!(tower.asked("ops").len(), 1, "the delivered one is not sent again");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_ends_within_the_next_invocation_is_waited_for() {
    let tower = Tower::of(Scripted::new([waits(40), delivers()]));
    tower.handle("request-1", seconds(20)).await;
    tokio::time::sleep(seconds(30)).await;
    let report = tower.handle("request-1", seconds(20)).await;
    assert_eq!(report.result, EventResult::Delivered);
    let asked = tower.asked("family");
    assert!(between(asked[0].at, asked[1].at) >= seconds(40));
}

#[tokio::test(start_paused = true)]
async fn the_next_invocation_goes_on_where_the_last_one_stopped() {
    let tower = Tower::of(Scripted::new([
        Step::Ends(Outcome::ContentRefused),
        Step::Leaves(Outcome::RateLimited(Some(seconds(60))), "part 2"),
        delivers(),
    ]));
    tower.handle("request-1", seconds(20)).await;
    tokio::time::sleep(seconds(60)).await;
    tower.handle("request-2", seconds(20)).await;
    let last = tower.asked("family").pop().unwrap();
    assert_eq!((last.number, last.presentation, last.resume.as_str()), (3, Presentation::Plain, "part 2"));
}

#[tokio::test(start_paused = true)]
async fn attempts_are_counted_over_invocations() {
    let tower = Tower::of(Scripted::new(vec![Step::Ends(Outcome::Transient); 2]).attempts(2));
    let first = tower.handle("request-1", seconds(4)).await;
    assert_eq!(first.deliveries[0].status, DeliveryStatus::Retrying);
    tokio::time::sleep(seconds(60)).await;
    let second = tower.handle("request-1", seconds(4)).await;
    assert_eq!(second.deliveries[0].status, DeliveryStatus::DeadLettered);
    assert_eq!(second.deliveries[0].attempts.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_twice_at_the_same_time_makes_one_message() {
    let tower = Tower::of(Scripted::new([Step::Takes(seconds(2), delivered())]));
    let (one, other) =
        tokio::join!(tower.handle("request-1", seconds(30)), tower.handle("request-2", seconds(30)));
    assert_eq!(one.result, EventResult::Delivered);
    assert_eq!(other.deliveries[0].status, DeliveryStatus::InProgress);
    assert!(other.is_retryable(), "the first may still fail");
    assert_eq!(tower.handle("request-2", seconds(30)).await.result, EventResult::Delivered);
    assert_eq!(tower.asked("family").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_claim_ends_with_its_invocation_and_not_before() {
    let tower = Tower::of(Scripted::new([Step::Hangs, delivers()]));
    let started = now();
    let crashing = tower.handle("request-1", seconds(30));
    tokio::time::timeout(seconds(5), crashing).await.unwrap_err();

    let meanwhile = tower.handle("request-2", seconds(30)).await;
    assert_eq!(meanwhile.deliveries[0].status, DeliveryStatus::InProgress);
    let until = meanwhile.deliveries[0].due.unwrap();
    let lease = between(started, until);
    assert!(lease >= seconds(30) && lease <= seconds(30) + MARGIN, "{lease:?}");

    tokio::time::sleep(between(now(), until)).await;
    assert_eq!(tower.handle("request-2", seconds(30)).await.result, EventResult::Delivered);
    assert_eq!(tower.asked("family").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_invocation_that_crashed_takes_its_own_claims_over_at_once() {
    let tower = Tower::of(Scripted::new([Step::Hangs, delivers()]));
    tokio::time::timeout(seconds(5), tower.handle("request-1", seconds(30))).await.unwrap_err();
    assert_eq!(tower.handle("request-1", seconds(30)).await.result, EventResult::Delivered);
}

#[tokio::test(start_paused = true)]
async fn an_invocation_that_lost_its_claim_does_not_overwrite_the_other() {
    let tower = Tower::of(Scripted::new([Step::Takes(seconds(40), Outcome::Transient), delivers()]));
    let slow = tokio::spawn({
        let tower = tower.clone();
        async move { tower.handle("request-1", seconds(30)).await }
    });
    tokio::time::sleep(seconds(32)).await;
    let other = tower.handle("request-2", seconds(30)).await;
    assert_eq!(other.result, EventResult::Delivered);
    let slow = slow.await.unwrap();
    assert_eq!(slow.deliveries[0].status, DeliveryStatus::InProgress);
    assert!(slow.deliveries[0].detail.contains("belongs to another invocation"));
    let record = tower.record("family").await.unwrap();
    assert!(matches!(record.state, DeliveryState::Delivered { .. }));
    let outcomes: Vec<OutcomeKind> = record.attempts.iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(outcomes, [OutcomeKind::Unknown, OutcomeKind::Delivered], "the slow one may have sent it");
}

#[tokio::test(start_paused = true)]
async fn who_would_rather_miss_a_message_is_not_sent_it_again_after_an_invocation_broke_off() {
    let hung = Scripted::new([Step::Takes(seconds(40), Outcome::Transient), delivers()]);
    let tower = Tower::of(hung.on_unknown(OnUnknown::Skip));
    let slow = tokio::spawn({
        let tower = tower.clone();
        async move { tower.handle("request-1", seconds(30)).await }
    });
    tokio::time::sleep(seconds(32)).await;
    let other = tower.handle("request-2", seconds(30)).await;
    assert_eq!(other.deliveries[0].status, DeliveryStatus::DeadLettered);
    assert_eq!(tower.asked("family").len(), 1, "nothing was sent again");
    slow.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn without_time_left_nothing_is_claimed_and_no_attempt_is_spent() {
    let tower = Tower::of(Scripted::new([delivers()]));
    let late = tower.handle("request-1", Duration::ZERO).await;
    assert!(late.is_retryable());
    assert_eq!(late.deliveries[0].detail, "the invocation has no time left");
    assert!(tower.record("family").await.is_none());
    assert_eq!(tower.handle("request-2", seconds(30)).await.result, EventResult::Delivered);
}
