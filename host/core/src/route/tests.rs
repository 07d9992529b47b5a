use serde_json::{Value, json};

use super::*;

fn event(change: impl FnOnce(&mut Value)) -> Event {
    let mut json = json!({
        "payload": { "device_id": "heating", "status": "INACTIVE", "previous": "ACTIVE", "reading": { "flow": 3 } },
        "topic": "home/heating/status",
        "trace_id": "t",
    });
    change(&mut json);
    Event::from_value(&json, Timestamp::UNIX_EPOCH).unwrap()
}

fn transition(previous: &str, status: &str) -> Event {
    event(|it| {
        it["payload"]["previous"] = previous.into();
        it["payload"]["status"] = status.into();
    })
}

fn on(when: &str) -> Route {
    Route { when: Some(Condition::compile(when).unwrap()), ..Route::to_all(Vec::new()) }
}

fn standing(route: &Route, event: &Event) -> Standing {
    let (standing, problem) = route.standing(event, Timestamp::UNIX_EPOCH);
    assert_eq!(problem, None);
    standing
}

#[test]
fn without_a_condition_inactive_is_an_alert() {
    for route in [Route::to_all(Vec::new()), on("event.status == 'INACTIVE'")] {
        let standing = |previous, status| {
            let Standing { bad, was_bad } = standing(&route, &transition(previous, status));
            (was_bad, bad)
        };
        assert_eq!(standing("ACTIVE", "INACTIVE"), (Some(false), true));
        assert_eq!(standing("INACTIVE", "ACTIVE"), (Some(true), false));
        assert_eq!(standing("ACTIVE", "LOST"), (Some(false), false));
    }
}

#[test]
fn the_condition_says_what_the_status_before_was_as_well() {
    let route = on("event.status not in ['ACTIVE', 'IDLE'] and event.reading.flow < 5");
    let fault = Standing { bad: true, was_bad: Some(true) };
    assert_eq!(standing(&route, &transition("LOST", "FAULT")), fault);
    assert_eq!(standing(&route, &transition("IDLE", "FAULT")), Standing { was_bad: Some(false), ..fault });
    let unknown = event(|it| it["payload"]["previous"] = Value::Null);
    assert_eq!(standing(&route, &unknown), Standing { bad: true, was_bad: None });
    let enough = event(|it| it["payload"]["reading"]["flow"] = 7.into());
    assert_eq!(standing(&route, &enough), Standing { bad: false, was_bad: Some(false) });
}

#[test]
fn a_condition_that_can_not_be_told_counts_as_true_and_is_reported() {
    let (standing, problem) =
        on("event.reading.temperature < 5").standing(&event(|_| ()), Timestamp::UNIX_EPOCH);
    assert_eq!(standing, Standing { bad: true, was_bad: None });
    let problem = problem.unwrap();
    assert!(problem.starts_with("route `default`: when: undefined value"), "{problem}");
}

#[test]
fn devices_are_grouped_by_the_first_level_of_their_topic() {
    let group = |topic: Value| {
        Route::to_all(Vec::new()).group(&event(|it| it["topic"] = topic), Timestamp::UNIX_EPOCH)
    };
    for (topic, expected) in [
        (json!("home/heating/status"), "home"),
        (json!("alone"), "alone"),
        (json!("/home"), ""),
        (Value::Null, ""),
    ] {
        assert_eq!(group(topic), (expected.to_owned(), None));
    }
}

#[test]
fn an_expression_groups_devices_in_another_way() {
    let storm =
        |group: &str| Some(Storm { group: Some(Expression::compile(group).unwrap()), ..Storm::default() });
    let group = |expression: &str, site: Value| {
        let route = Route { storm: storm(expression), ..Route::to_all(Vec::new()) };
        route.group(&event(|it| it["payload"]["site"] = site), Timestamp::UNIX_EPOCH)
    };
    for (site, expected) in
        [(json!("north"), "north"), (json!(7), "7"), (Value::Null, ""), (json!("a\n\u{202e}b"), "a b")]
    {
        assert_eq!(group("event.payload.site", site), (expected.to_owned(), None));
    }
    assert_eq!(group("event.payload.area", json!("north")), (String::new(), None), "the device has none");
    assert_eq!(group("event.payload.site", "x".repeat(9000).into()).0.len(), GROUP_BYTES);
    let (none, problem) = group("event.payload.site | round", json!("north"));
    assert!(
        none.is_empty() && problem.unwrap().starts_with("route `default`: storm.group: invalid operation")
    );
}

#[test]
fn routes_keep_their_order_and_are_found_by_name() {
    let named = |name: &str| Route { name: name.into(), ..Route::to_all(Vec::new()) };
    let routes = Routes::new(vec![named("second"), named("first")]);
    let names: Vec<&str> = routes.iter().map(|route| route.name.as_str()).collect();
    assert_eq!(names, ["second", "first"]);
    assert_eq!(routes.get("first").map(|route| route.name.as_str()), Some("first"));
    assert!(routes.get("third").is_none());
    let unseen = routes.with_recoveries_unseen();
    assert!(unseen.iter().all(|route| route.policy.recoveries == Recoveries::Unseen));
}
