use serde_json::json;

use super::*;

fn event(status: &str) -> Event {
    let json = json!({ "payload": { "device_id": "heating", "status": status }, "trace_id": "t" });
    Event::from_value(&json, Timestamp::UNIX_EPOCH).unwrap()
}

fn route(name: &str, when: &str, channels: &[&str]) -> Route {
    let channels = channels.iter().map(ToString::to_string).collect();
    Route { name: name.into(), when: Some(Condition::compile(when).unwrap()), ..Route::to_all(channels) }
}

/// Names and channels of the routes that an event with `status` takes.
fn taken<'r>(routes: &'r Routes, status: &str) -> Vec<(&'r str, Vec<&'r str>)> {
    let matching = routes.matching(&event(status), Timestamp::UNIX_EPOCH);
    matching.into_iter().map(|it| (it.route.name.as_str(), it.channels)).collect()
}

#[test]
fn an_event_takes_every_route_whose_condition_holds() {
    let routes = Routes::new(vec![
        route("alert", "event.status == 'INACTIVE'", &["family"]),
        route("back", "event.status == 'ACTIVE'", &["ops"]),
        route("all", "true", &["log"]),
    ]);
    assert_eq!(taken(&routes, "INACTIVE"), [("alert", vec!["family"]), ("all", vec!["log"])]);
    assert_eq!(taken(&routes, "LOST"), [("all", vec!["log"])]);
}

#[test]
fn a_channel_gets_the_message_of_the_first_route_that_leads_to_it() {
    let routes = Routes::new(vec![
        route("first", "true", &["family", "family"]),
        route("second", "true", &["family", "ops"]),
        route("third", "true", &["ops"]),
    ]);
    assert_eq!(taken(&routes, "INACTIVE"), [("first", vec!["family"]), ("second", vec!["ops"])]);
}

#[test]
fn a_condition_that_can_not_be_told_counts_as_true_and_is_reported() {
    let routes = Routes::new(vec![route("cold", "event.reading.temperature < 5", &["family"])]);
    let matching = routes.matching(&event("INACTIVE"), Timestamp::UNIX_EPOCH);
    assert_eq!(matching[0].channels, ["family"]);
    let problem = matching[0].problem.as_deref().unwrap();
    assert!(problem.starts_with("route `cold`: when: undefined value"), "{problem}");
}

#[test]
fn without_routes_every_event_goes_to_all_channels() {
    let routes = Routes::new(vec![Route::to_all(vec!["family".into(), "ops".into()])]);
    assert_eq!(taken(&routes, "ANY"), [("default", vec!["family", "ops"])]);
}
