//! Attempts within one invocation: how long between two, and what is handed on.

use campanile_core::notification::Presentation;
use campanile_core::outcome::{Outcome, OutcomeKind};
use campanile_router::DeliveryStatus;

use crate::script::{Asked, Step, delivered, delivers, waits};
use crate::support::{DEVICE, EVENT, PLENTY, Scripted, Tower, between, now, seconds};

/// Seconds from each attempt to the next.
fn gaps(asked: &[Asked]) -> Vec<f64> {
    asked.windows(2).map(|pair| between(pair[0].at, pair[1].at).as_secs_f64()).collect()
}

fn outcomes(delivery: &campanile_router::DeliveryReport) -> Vec<OutcomeKind> {
    delivery.attempts.iter().map(|attempt| attempt.outcome).collect()
}

#[tokio::test(start_paused = true)]
async fn tg_55_a_wait_is_kept_and_costs_no_attempt() {
    let tower = Tower::of(Scripted::new([waits(5), waits(5), delivers()]).attempts(1));
    let started = now();
    let family = tower.family().await;
    assert_eq!(family.status, DeliveryStatus::Delivered);
    assert_eq!(
        outcomes(&family),
        [OutcomeKind::RateLimited, OutcomeKind::RateLimited, OutcomeKind::Delivered]
    );
    let took = between(started, now());
    assert!(took >= seconds(10) && took < seconds(11), "{took:?}");
    assert!(gaps(&tower.asked("family")).iter().all(|gap| *gap >= 5.0));
}

#[tokio::test(start_paused = true)]
async fn dc_27_six_passing_failures_back_off_and_end_as_a_dead_letter() {
    let tower = Tower::of(Scripted::new(vec![Step::Ends(Outcome::Transient); 6]));
    let family = tower.family().await;
    assert_eq!(family.status, DeliveryStatus::DeadLettered);
    assert_eq!(family.detail, "6 attempts failed; the last: the script says transient");
    let gaps = gaps(&tower.asked("family"));
    assert_eq!(gaps.len(), 5);
    for (gap, expected) in gaps.iter().zip([1.0, 2.0, 4.0, 8.0, 16.0]) {
        // A millisecond on top: what the timer of tokio rounds up to.
        assert!((0.8 * expected..=1.2 * expected + 0.001).contains(gap), "{gap} is not about {expected}");
    }
}

#[tokio::test(start_paused = true)]
async fn tg_58_refused_content_becomes_simpler_at_once_and_that_is_recorded() {
    let refused = || Step::Ends(Outcome::ContentRefused);
    let tower = Tower::of(Scripted::new([refused(), refused(), delivers()]).attempts(1));
    let started = now();
    let family = tower.family().await;
    assert_eq!((family.status, family.presentation), (DeliveryStatus::Delivered, Presentation::Minimal));
    let ladder = [Presentation::Rich, Presentation::Plain, Presentation::Minimal];
    let asked: Vec<_> = tower.asked("family").iter().map(|asked| asked.presentation).collect();
    assert_eq!(asked, ladder);
    let record = tower.record("family").await.unwrap();
    assert_eq!(record.attempts.iter().map(|attempt| attempt.presentation).collect::<Vec<_>>(), ladder);
    assert!(between(started, now()) < seconds(1));
}

#[tokio::test(start_paused = true)]
async fn content_that_is_refused_however_simple_is_rejected() {
    let tower = Tower::of(Scripted::new(vec![Step::Ends(Outcome::ContentRefused); 3]));
    let family = tower.family().await;
    assert_eq!(family.status, DeliveryStatus::Rejected);
    assert_eq!(family.detail, "the script says content-refused");
}

#[tokio::test(start_paused = true)]
async fn an_attempt_knows_its_number_what_the_last_one_left_and_how_long_it_has() {
    let tower = Tower::of(Scripted::new([
        Step::Leaves(Outcome::RateLimited(Some(seconds(10))), "part 1"),
        Step::Leaves(Outcome::ContentRefused, "part 2"),
        Step::Takes(seconds(1), delivered()),
    ]));
    let report = tower.handle("request-1", seconds(30)).await;
    let asked = tower.asked("family");
    let handed: Vec<_> = asked.iter().map(|asked| (asked.number, asked.resume.as_str())).collect();
    assert_eq!(handed, [(1, ""), (2, "part 1"), (3, "part 2")]);
    assert!(asked.iter().all(|asked| asked.delivery_id == format!("{DEVICE}:{EVENT}:family")));
    assert!(asked[0].remaining < seconds(30) && asked[0].remaining >= seconds(29));
    assert!(asked[1].remaining <= asked[0].remaining - seconds(10));
    assert_eq!(report.deliveries[0].attempts[2].duration_ms, 1000);
    assert_eq!(report.deliveries[0].attempts[2].guest_log, ["info: scripted"]);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_always_says_wait_is_not_waited_for_for_ever() {
    let tower = Tower::of(Scripted::new(vec![waits(1); 40]));
    let report = tower.handle("request-1", PLENTY).await;
    assert_eq!(report.deliveries[0].status, DeliveryStatus::DeadLettered);
    assert_eq!(tower.asked("family").len(), campanile_core::retry::MOST_ATTEMPTS);
}
