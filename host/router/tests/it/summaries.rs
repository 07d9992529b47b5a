//! Many devices in one message: storms, and the end of quiet hours.

use campanile_core::ledger::{Brief, DeliveryKey, DeliveryState, Record, Told};
use campanile_core::notification::{Receipt, Severity};
use campanile_core::route::Route;
use campanile_core::transition::{Policy, QuietHours, Silence, Window};
use campanile_router::EventResult;
use campanile_store::Ledger as _;
use jiff::civil::time;

use crate::script::delivers;
use crate::support::{PLENTY, Scripted, Tower, now, seconds, transition};

fn device(number: u32) -> String {
    format!("heating-{number}")
}

/// The delivery of a device's alert, told on its own.
fn alert(number: u32) -> DeliveryKey {
    DeliveryKey {
        device: device(number),
        event: format!("01a20694-3550-7cc3-98c4-{number:012}"),
        channel: "family".to_owned(),
    }
}

/// What a message is opened with that tells this alert.
async fn brief_of(tower: &Tower, number: u32) -> Brief {
    let Record { brief, .. } = tower.router().store().find(&alert(1), now()).await.unwrap().unwrap();
    let DeliveryKey { device, event: news, .. } = alert(number);
    Brief { tells: vec![Told { device, news }], ..brief }
}

/// So many devices fail, one after the other.
async fn all_fail(tower: &Tower, count: u32) -> Vec<EventResult> {
    let mut results = Vec::new();
    for number in 1..=count {
        results.push(tower.hears(&transition(&device(number), number, "INACTIVE"), PLENTY).await.result);
    }
    results
}

#[tokio::test(start_paused = true)]
async fn of_a_site_that_fails_the_first_are_told_at_once_and_the_rest_in_one_message() {
    let tower = Tower::of(Scripted::new(vec![delivers(); 8]));
    let results = all_fail(&tower, 5).await;
    let (at_once, folded) = results.split_at(2);
    assert!(at_once.iter().all(|result| *result == EventResult::Delivered), "{results:?}");
    assert!(folded.iter().all(|result| *result == EventResult::Silent), "{results:?}");
    tokio::time::sleep(seconds(61)).await;
    assert_eq!(tower.ticks().await.deliveries.len(), 1);
    assert_eq!(tower.titles("family").len(), 3);
    // Whose alert was in the summary has a recovery, which can't edit what speaks of other devices too.
    let recovery = tower.hears(&transition(&device(4), 9, "ACTIVE"), PLENTY).await;
    assert_eq!(recovery.result, EventResult::Delivered);
    assert_eq!(tower.asked("family").pop().unwrap().earlier, None);
    tokio::time::sleep(seconds(601)).await;
    assert_eq!(tower.ticks().await.deliveries, [], "everything was reported");
}

/// Two invocations had its event: one began to tell it, the other one folded it.
#[tokio::test(start_paused = true)]
async fn a_folded_alert_that_was_told_on_its_own_too_keeps_its_recovery_back() {
    let tower = Tower::of(Scripted::new(vec![delivers(); 5]));
    all_fail(&tower, 3).await;
    let (store, brief) = (tower.router().store(), brief_of(&tower, 3).await);
    store.claim(&alert(3), &brief, "the one", now() + seconds(90), now()).await.unwrap();
    tokio::time::sleep(seconds(61)).await;
    assert_eq!(tower.ticks().await.deliveries.len(), 1, "the summary");

    let recovery = transition(&device(3), 9, "ACTIVE");
    let report = tower.hears(&recovery, seconds(5)).await;
    assert_eq!(report.deliveries[0].detail, "the message before it is not delivered yet", "{report:?}");
    for _ in 0..2 {
        tokio::time::sleep(seconds(30)).await;
        tower.ticks().await;
    }
    let titles = tower.titles("family");
    assert_eq!(titles[3..], ["heating-1: INACTIVE", "heating-3: ACTIVE again"], "{titles:?}");
}

/// The platform hands it over once more when its window is over and others have opened the next one.
#[tokio::test(start_paused = true)]
async fn an_alert_that_was_told_on_its_own_is_not_told_by_a_later_summary() {
    let tower = Tower::of(Scripted::new(vec![delivers(); 4]));
    let first = transition(&device(9), 1, "INACTIVE");
    tower.hears(&first, PLENTY).await;
    tokio::time::sleep(seconds(61)).await;
    all_fail(&tower, 2).await;
    let again = tower.hears(&first, PLENTY).await;
    assert_eq!(again.result, EventResult::Delivered, "{again:?}");
    tokio::time::sleep(seconds(61)).await;
    assert_eq!(tower.ticks().await.deliveries, []);
    assert_eq!(tower.titles("family").len(), 3);
}

/// An invocation broke off before it could report: by then another device has to be told of.
#[tokio::test(start_paused = true)]
async fn whom_a_summary_that_was_begun_earlier_does_not_tell_is_told_later() {
    let tower = Tower::of(Scripted::new(vec![delivers(); 4]));
    all_fail(&tower, 4).await;
    let (store, brief) = (tower.router().store(), brief_of(&tower, 3).await);
    let summary = DeliveryKey { event: format!("{}/storm", alert(3).event), ..alert(3) };
    store.claim(&summary, &brief, "the one", now() + seconds(90), now()).await.unwrap();
    let delivered = DeliveryState::Delivered { receipt: Receipt::default() };
    store.settle(&summary, "the one", delivered).await.unwrap();

    tokio::time::sleep(seconds(61)).await;
    tower.ticks().await;
    assert_eq!(tower.titles("family"), ["heating-1: INACTIVE", "heating-2: INACTIVE"]);
    tokio::time::sleep(seconds(300)).await;
    tower.ticks().await;
    assert_eq!(tower.titles("family")[2..], ["heating-4: INACTIVE"]);
    tokio::time::sleep(seconds(601)).await;
    assert_eq!(tower.ticks().await.deliveries, [], "everything was reported");
}

#[tokio::test(start_paused = true)]
async fn a_folded_alert_says_until_when() {
    let tower = Tower::of(Scripted::new(vec![delivers(); 2]));
    let until = now() + seconds(60);
    all_fail(&tower, 2).await;
    let report = tower.hears(&transition(&device(3), 3, "INACTIVE"), PLENTY).await;
    assert_eq!(report.silences[0].silence, Silence::Folded { until });
}

#[tokio::test(start_paused = true)]
async fn what_is_still_wrong_when_quiet_hours_end_is_one_message() {
    // The clock of the tests starts at 04:10.
    let window = Window { days: Vec::new(), start: time(0, 0, 0, 0), end: time(23, 0, 0, 0) };
    let quiet_hours = Some(QuietHours::new("UTC", vec![window]).unwrap());
    let policy = Policy { quiet_hours, severity: Severity::Error, ..Policy::default() };
    let route = Route { policy, storm: None, ..Route::to_all(vec!["family".to_owned()]) };
    let tower = Tower::with_routes(vec![route], [("family", Scripted::new(vec![delivers(); 3]))]);
    let results = all_fail(&tower, 4).await;
    assert!(results.iter().all(|result| *result == EventResult::Silent), "{results:?}");
    tower.hears(&transition(&device(4), 9, "ACTIVE"), PLENTY).await;
    tokio::time::sleep(seconds(19 * 3600)).await;
    let tick = tower.ticks().await;
    assert_eq!(tick.deliveries.len(), 1, "{tick:?}");
    let title = tower.titles("family").pop().unwrap();
    assert!(title.starts_with('3'), "{title}");
}
