//! The channel that stands in for one that gave up.

use campanile_core::outcome::Outcome;
use campanile_core::route::Route;
use campanile_router::{DeliveryStatus, EventResult};

use crate::script::{Step, delivers};
use crate::support::{Scripted, Tower, delivery};

fn gives_up() -> Step {
    Step::Ends(Outcome::Misconfigured)
}

fn to_family() -> Vec<Route> {
    vec![Route::to_all(vec!["family".to_owned()])]
}

#[tokio::test(start_paused = true)]
async fn another_channel_tells_what_one_could_not_and_its_recovery() {
    let channels = [
        ("family", Scripted::new([gives_up()]).fallback("ops")),
        ("ops", Scripted::new([delivers(), delivers()])),
    ];
    let tower = Tower::with_routes(to_family(), channels);
    let report = tower.says(1, "INACTIVE").await;
    assert_eq!(report.result, EventResult::Undelivered);
    assert_eq!(delivery(&report, "family").status, DeliveryStatus::Rejected);
    assert_eq!(delivery(&report, "ops").status, DeliveryStatus::Delivered);

    let recovery = tower.says(2, "ACTIVE").await;
    assert_eq!((recovery.result, recovery.deliveries.len()), (EventResult::Delivered, 1));
    assert!(tower.asked("ops")[1].earlier.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_has_told_it_already_does_not_tell_it_twice() {
    let channels =
        [("family", Scripted::new([gives_up()]).fallback("ops")), ("ops", Scripted::new([delivers()]))];
    let tower = Tower::new(channels);
    let report = tower.says(1, "INACTIVE").await;
    assert_eq!(report.deliveries.len(), 2);
    assert_eq!(tower.asked("ops").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_fallback_has_a_fallback_and_two_that_point_to_each_other_end() {
    let channels = [
        ("a", Scripted::new([gives_up()]).fallback("b")),
        ("b", Scripted::new([gives_up()]).fallback("c")),
        ("c", Scripted::new([gives_up()]).fallback("a")),
    ];
    let tower = Tower::with_routes(vec![Route::to_all(vec!["a".to_owned()])], channels);
    let report = tower.says(1, "INACTIVE").await;
    assert_eq!((report.result, report.deliveries.len()), (EventResult::Undelivered, 3));
}
