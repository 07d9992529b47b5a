//! Events on their way to channels, and those that go no further.

use campanile_core::route::Route;
use campanile_core::template::{Condition, Template};
use campanile_router::{EventResult, Invocation, Report};
use serde_json::json;

use crate::script::delivers;
use crate::support::{DEVICE, EVENT, PLENTY, Scripted, Tower, event};

fn to(channels: &[&str]) -> Route {
    Route::to_all(channels.iter().map(|name| (*name).to_owned()).collect())
}

fn when(condition: &str, route: Route) -> Route {
    Route { when: Some(Condition::compile(condition).unwrap()), ..route }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_no_route_wants_is_unmatched() {
    let routes = vec![when("event.status == 'ACTIVE'", to(&["family"]))];
    let tower = Tower::with_routes(routes, [("family", Scripted::new([]))]);
    let report = tower.handle("request-1", PLENTY).await;
    assert_eq!((report.result, report.reason.as_str()), (EventResult::Unmatched, "no route wants it"));
    assert!(!report.is_retryable());
    assert_eq!(tower.asked("family"), []);
}

#[tokio::test(start_paused = true)]
async fn two_routes_to_one_channel_make_one_message_worded_by_the_first() {
    let titled = |title: &str, channels| Route {
        name: title.to_owned(),
        title: Some(Template::compile(title, campanile_core::notification::TextFormat::Text).unwrap()),
        ..to(channels)
    };
    let routes = vec![titled("first", &["family"]), titled("second", &["family", "ops"])];
    let channels = [("family", Scripted::new([delivers()])), ("ops", Scripted::new([delivers()]))];
    let tower = Tower::with_routes(routes, channels);
    let report = tower.handle("request-1", PLENTY).await;
    assert_eq!((report.result, report.deliveries.len()), (EventResult::Delivered, 2));
    assert_eq!((report.device.as_deref(), report.status.as_deref()), (Some(DEVICE), Some("INACTIVE")));
    assert_eq!(tower.asked("family").iter().map(|asked| asked.title.as_str()).collect::<Vec<_>>(), ["first"]);
    assert_eq!(tower.asked("ops")[0].title, "second");
}

#[tokio::test(start_paused = true)]
async fn a_condition_that_can_not_be_told_is_reported_and_holds() {
    let routes = vec![when("event.reading.flow < 1", to(&["family"]))];
    let tower = Tower::with_routes(routes, [("family", Scripted::new([delivers()]))]);
    let report = tower.handle("request-1", PLENTY).await;
    assert_eq!(report.result, EventResult::Delivered);
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
    assert!(report.problems[0].starts_with("route `default`: when: "), "{:?}", report.problems);
}

#[tokio::test(start_paused = true)]
async fn an_invalid_event_is_buried_with_its_reason_and_not_tried_again() {
    let tower = Tower::of(Scripted::new([]));
    let mut payload = event();
    payload["payload"]["status"] = json!("Inactive");
    let report = tower.router().handle(&payload, &Invocation::new("request-1", PLENTY)).await;
    assert_eq!(report.result, EventResult::Invalid);
    assert!(!report.is_retryable());
    let letters = tower.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].reason, report.reason);
    assert!(report.reason.starts_with("`status` is `Inactive`; send a word"), "{}", report.reason);
    assert_eq!(letters[0].payload, payload.to_string());
}

#[tokio::test(start_paused = true)]
async fn a_huge_invalid_event_is_kept_as_far_as_it_fits() {
    let tower = Tower::of(Scripted::new([]));
    let payload = json!({ "device_id": DEVICE, "status": "я".repeat(200_000) });
    tower.router().handle(&payload, &Invocation::new("request-1", PLENTY)).await;
    let kept = tower.letters().await.remove(0).payload;
    assert!(kept.len() <= 128 * 1024 && kept.len() > 128 * 1024 - 4, "{}", kept.len());
    assert!(payload.to_string().starts_with(&kept));
}

#[tokio::test(start_paused = true)]
async fn events_of_two_devices_with_one_id_are_two_events() {
    let tower = Tower::of(Scripted::new([delivers(), delivers()]));
    tower.handle("request-1", PLENTY).await;
    let other = json!({ "device_id": "garage", "event_id": EVENT, "status": "INACTIVE" });
    let report = tower.router().handle(&other, &Invocation::new("request-1", PLENTY)).await;
    assert_eq!(report.result, EventResult::Delivered);
    assert_eq!(tower.asked("family").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_report_survives_the_way_through_json() {
    let tower = Tower::of(Scripted::new([crate::script::waits(5), delivers()]));
    let report = tower.handle("request-1", PLENTY).await;
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["result"], "delivered");
    assert_eq!(json["deliveries"][0]["attempts"][0]["outcome"], "rate-limited");
    assert_eq!(serde_json::from_value::<Report>(json).unwrap(), report);
}
