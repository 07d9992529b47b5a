//! A device over several routes.

use std::time::Duration;

use super::*;
use crate::template::Condition;
use crate::transition::NewsKind;

/// 2026-11-24 09:00 UTC.
const START: i64 = 1_795_510_800;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

fn event(second: i64, status: &str) -> Event {
    let json = json!({
        "payload": { "device_id": "home-heating", "status": status, "occurred_at": at(second).to_string(), "reading": second },
        "topic": "home/heating/status",
        "trace_id": format!("e{second}"),
    });
    Event::from_value(&json, at(second)).unwrap()
}

fn route(name: &str, when: &str) -> Route {
    let when = Some(Condition::compile(when).unwrap());
    Route { name: name.to_owned(), when, ..Route::to_all(vec!["family".to_owned()]) }
}

fn routes() -> Routes {
    Routes::new(vec![
        route("heating", "event.status == 'INACTIVE'"),
        route("fault", "event.status == 'FAULT'"),
        route("other", "event.device_id == 'garage'"),
    ])
}

/// Takes an event in as it happens; what is told of it, route by route.
fn says(device: &mut Device, second: i64, status: &str) -> Vec<Result<NewsKind, Silence>> {
    let arrived = device.arrive(&event(second, status), &routes(), at(second));
    *device = arrived.device;
    arrived.verdicts.into_iter().map(|route| route.verdict.map(|told| told.news.kind)).collect()
}

/// A channel has delivered the news of the first route.
fn told(device: &mut Device, key: &str, second: i64) {
    *device = device.report(routes().get("heating").unwrap(), key, &Fate::Told(None), at(second)).device;
}

#[test]
fn each_route_has_its_own_alerts_and_recoveries() {
    let mut device = Device::default();
    let nothing = Err(Silence::NothingWrong);
    assert_eq!(says(&mut device, 0, "INACTIVE"), [Ok(NewsKind::Alert), nothing.clone(), nothing.clone()]);
    told(&mut device, "e0", 1);
    let after = Duration::from_secs(60);
    let recovery = NewsKind::Recovery { alerts: vec!["e0".into()], since: at(0), after };
    assert_eq!(says(&mut device, 60, "FAULT"), [Ok(recovery), Ok(NewsKind::Alert), nothing]);
}

#[test]
fn a_route_that_was_never_concerned_has_no_state() {
    let mut device = Device::default();
    says(&mut device, 0, "INACTIVE");
    let json = serde_json::to_value(&device).unwrap();
    let names: Vec<_> = json["routes"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["heating"]);
    assert_eq!(serde_json::from_value::<Device>(json).unwrap(), device);
}

#[test]
fn a_route_knows_what_came_before_it_was_concerned() {
    let mut device = Device::default();
    says(&mut device, 60, "ACTIVE");
    let late = Err(Silence::Late);
    assert_eq!(says(&mut device, 0, "INACTIVE"), [late.clone(), late.clone(), late]);
}

#[test]
fn news_is_rendered_from_the_newest_event() {
    let mut device = Device::default();
    says(&mut device, 0, "INACTIVE");
    // Nobody reports on it, and the device reports something else that is no news.
    says(&mut device, 10, "INACTIVE");
    let resumed = device.tick(&routes(), at(1000)).news;
    let [told] = resumed.as_slice() else { panic!("{resumed:?}") };
    assert_eq!(
        (told.event.key.as_str(), &told.event.reading),
        ("e0", &Value::Null),
        "all that the news says"
    );

    let mut device = Device::default();
    says(&mut device, 0, "INACTIVE");
    let resumed = device.tick(&routes(), at(1000)).news;
    assert_eq!(resumed[0].event, event(0, "INACTIVE"));
}

#[test]
fn what_was_overtaken_is_not_told_any_more() {
    let mut device = Device::default();
    says(&mut device, 0, "INACTIVE");
    says(&mut device, 10, "ACTIVE");
    says(&mut device, 20, "INACTIVE");
    told(&mut device, "e20", 21);
    says(&mut device, 30, "ACTIVE");
    // The alert of e0 was never reported on: its invocation broke off.
    let again = says(&mut device, 0, "INACTIVE");
    assert_eq!(again[0], Err(Silence::Overtaken));
    assert_eq!(device.tick(&routes(), at(1000)).news.len(), 1, "only the recovery");
}

#[test]
fn messages_are_told_in_sequence() {
    let mut device = Device::default();
    says(&mut device, 0, "INACTIVE");
    let summary = SummaryName { device: "garage".into(), key: "s".into() };
    let routes = routes();
    let heating = routes.get("heating").unwrap();
    device = device.report(heating, "e0", &Fate::Told(Some(summary.clone())), at(1)).device;
    let arrived = device.arrive(&event(60, "ACTIVE"), &routes, at(60));
    let told = arrived.verdicts[0].verdict.clone().unwrap();
    assert_eq!(told.before, [Message { news: "e0".into(), summary: Some(summary) }]);
}
