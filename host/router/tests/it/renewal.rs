//! Secrets that become others while a delivery is on its way.

use campanile_core::outcome::{Outcome, OutcomeKind};
use campanile_router::DeliveryStatus;

use crate::script::{Step, delivers};
use crate::support::{Scripted, Tower, between};

fn refused() -> Step {
    Step::Ends(Outcome::Misconfigured)
}

#[tokio::test(start_paused = true)]
async fn with_other_secrets_the_attempt_is_made_again_at_once_and_costs_none() {
    let tower = Tower::of(Scripted::new([refused(), delivers()]).attempts(1));
    tower.renew("family");
    let family = tower.family().await;
    assert_eq!(family.status, DeliveryStatus::Delivered);
    let outcomes: Vec<OutcomeKind> = family.attempts.iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(outcomes, [OutcomeKind::Misconfigured, OutcomeKind::Delivered], "and both are kept");
    let asked = tower.asked("family");
    assert!(between(asked[0].at, asked[1].at).as_millis() <= 1);
}

#[tokio::test(start_paused = true)]
async fn that_is_done_once_in_a_delivery() {
    let tower = Tower::of(Scripted::new([refused(), refused()]));
    tower.renew("family");
    tower.renew("family");
    let family = tower.family().await;
    assert_eq!((family.status, family.attempts.len()), (DeliveryStatus::Rejected, 2));
}

#[tokio::test(start_paused = true)]
async fn without_others_a_refused_delivery_is_rejected_after_one_attempt() {
    let tower = Tower::of(Scripted::new([refused()]));
    let family = tower.family().await;
    assert_eq!((family.status, family.attempts.len()), (DeliveryStatus::Rejected, 1));
}
