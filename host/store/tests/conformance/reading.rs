//! Reading all of a history: everything once, some at a time, wherever it is kept.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use campanile_store::{AnyHistory, Batch, DynamoHistory, EventFilter, EventReader, History, PastEvent};
use serde_json::json;

use crate::event_table;
use crate::history::{Place, event, traces};
use crate::servers::Server;
use crate::support::at;
use crate::throttle::Throttle;

/// Every part, one after the other.
async fn parts(history: &AnyHistory, filter: &EventFilter) -> Vec<Batch> {
    let mut reader = history.read(filter);
    let mut parts = Vec::new();
    while let Some(part) = reader.next().await.unwrap() {
        parts.push(part);
    }
    assert!(reader.next().await.unwrap().is_none(), "the end stays the end");
    parts
}

async fn all(history: &AnyHistory, filter: &EventFilter) -> Vec<PastEvent> {
    parts(history, filter).await.into_iter().flat_map(|part| part.events).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_filter_wants_is_read_once() {
    for place in Place::all().await {
        for (device, trace, second) in
            [("a", "3", 30), ("b", "9", 10), ("a", "1", 20), ("b", "5", 20), ("a", "2", 0)]
        {
            place.keep(&event(device, trace, second, &json!({}))).await;
        }
        let bare = json!({ "client_id": "c", "trace_id": "bare" });
        place.keep(&PastEvent::new(bare.as_object().unwrap().clone()).unwrap()).await;
        let history = place.history().await;
        let filter = |device: Option<&str>, since: Option<i64>, until: Option<i64>| EventFilter {
            device: device.map(str::to_owned),
            since: since.map(at),
            until: until.map(at),
        };
        for (filter, expected) in [
            (filter(None, None, None), vec!["bare", "2", "9", "1", "5", "3"]),
            (filter(Some("a"), None, None), vec!["2", "1", "3"]),
            (filter(None, Some(20), None), vec!["1", "5", "3"]),
            (filter(None, Some(10), Some(30)), vec!["9", "1", "5"]),
            (filter(None, None, Some(20)), vec!["bare", "2", "9"]),
            (filter(Some("nobody"), None, None), vec![]),
        ] {
            let mut events = all(&history, &filter).await;
            if let Place::Table { .. } = place {
                events.sort_by_key(PastEvent::cursor);
            }
            assert_eq!(traces(&events), expected, "{filter:?}");
        }
    }
}

/// Moments between two milliseconds, which the table does not know.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ends_of_a_time_are_exact() {
    for place in Place::all().await {
        place.keep(&event("a", "1", 5, &json!({}))).await;
        let history = place.history().await;
        let (before, after) =
            (at(5) - jiff::SignedDuration::from_micros(1), at(5) + jiff::SignedDuration::from_micros(1));
        for (since, until, count) in [
            (Some(before), Some(after), 1),
            (Some(at(5)), None, 1),
            (Some(after), None, 0),
            (None, Some(at(5)), 0),
            (None, Some(before), 0),
        ] {
            let filter = EventFilter { device: None, since, until };
            assert_eq!(all(&history, &filter).await.len(), count, "{filter:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_bounded_by_bytes() {
    let payload = json!({ "reading": "x".repeat(120 * 1024) });
    for place in Place::all().await {
        for second in 0..30 {
            place.keep(&event("a", &format!("{second:02}"), second, &payload)).await;
        }
        let history = place.history().await;
        let of_device = EventFilter { device: Some("a".to_owned()), ..EventFilter::default() };
        for filter in [EventFilter::default(), of_device] {
            let parts = parts(&history, &filter).await;
            assert!(parts.iter().all(|part| part.events.len() <= 10), "{}", parts.len());
            let mut events: Vec<_> = parts.into_iter().flat_map(|part| part.events).collect();
            events.sort_by_key(PastEvent::cursor);
            let expected: Vec<_> = (0..30).map(|second| format!("{second:02}")).collect();
            assert_eq!(traces(&events), expected);
        }
    }
}

#[tokio::test]
async fn what_comes_while_a_file_is_read_does_not_disturb() {
    let place = Place::File(tempfile::tempdir().unwrap());
    let large = json!({ "reading": "x".repeat(600 * 1024) });
    for second in 0..6 {
        place.keep(&event("a", &second.to_string(), second, &large)).await;
    }
    let history = place.history().await;
    let mut reader = history.read(&EventFilter::default());
    let first = reader.next().await.unwrap().unwrap();
    assert_eq!(traces(&first.events), ["0", "1"]);
    place.keep(&event("a", "late", -5, &json!({}))).await;
    place.keep(&event("a", "new", 50, &json!({}))).await;
    let mut rest = Vec::new();
    while let Some(part) = reader.next().await.unwrap() {
        rest.extend(part.events);
    }
    assert_eq!(traces(&rest), ["2", "3", "4", "5", "new"]);
}

#[tokio::test]
async fn an_item_that_no_rule_wrote_is_left_out_and_named() {
    let Some(moto) = Server::moto().await else { return };
    let table = event_table::create(moto).await;
    event_table::put(moto, &table, event("a", "good", 1, &json!({})).item()).await;
    let key = [("client_id", "a b"), ("trace_id", "bad")];
    let key = key.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
    let set = ("tags".to_owned(), AttributeValue::Ss(vec!["x".to_owned()]));
    let item = HashMap::from_iter(key.into_iter().chain([set]));
    moto.client().put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();
    let history = AnyHistory::from(DynamoHistory::new(moto.client(), &table));
    let parts = parts(&history, &EventFilter::default()).await;
    assert_eq!(parts.iter().map(|part| part.events.len()).sum::<usize>(), 1);
    let [unreadable] = parts[0].unreadable.as_slice() else { panic!("{parts:?}") };
    assert_eq!(unreadable.name, "a+b:bad");
    assert_eq!(unreadable.reason, "a rule's action writes no sets and no binary");
}

#[tokio::test]
async fn another_programs_row_is_left_out_and_named() {
    let place = Place::File(tempfile::tempdir().unwrap());
    place.keep(&event("a", "good", 1, &json!({}))).await;
    let Place::File(folder) = &place else { panic!() };
    let insert = "INSERT INTO events (client_id, trace_id, received_at, name, item) VALUES (?, 't', 0, ?, ?)";
    let file = rusqlite::Connection::open(folder.path().join("campanile.db")).unwrap();
    file.execute(insert, ["b", "b:t", r#"{"client_id":"b"}"#]).unwrap();
    let parts = parts(&place.history().await, &EventFilter::default()).await;
    assert_eq!(traces(&parts[0].events), ["good"]);
    let [unreadable] = parts[0].unreadable.as_slice() else { panic!("{parts:?}") };
    assert_eq!(unreadable.name, "b:t");
    assert_eq!(
        unreadable.reason,
        "the rule selects no text `trace_id`, which is a part of the event table's key"
    );
}

#[tokio::test]
async fn another_table_is_not_read() {
    let Some(moto) = Server::moto().await else { return };
    let table = moto.create_table().await;
    let item = ["pk", "sk"].map(|name| (name.to_owned(), AttributeValue::S("x".to_owned())));
    moto.client().put_item().table_name(&table).set_item(Some(HashMap::from(item))).send().await.unwrap();
    let history = DynamoHistory::new(moto.client(), &table);
    let error = history.read(&EventFilter::default()).next().await.unwrap_err().to_string();
    assert!(
        error.contains("has an item that can't be understood: the rule selects no text `client_id`"),
        "{error}"
    );
}

/// A table that has no capacity left for a while: more often than a request is tried that is in a hurry.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_throttled_table_is_waited_for_once_it_has_answered() {
    let Some(moto) = Server::moto().await else { return };
    let table = event_table::create(moto).await;
    let payload = json!({ "reading": "x".repeat(120 * 1024) });
    for second in 0..12 {
        event_table::put(moto, &table, event("a", &second.to_string(), second, &payload).item()).await;
    }
    let throttle = Throttle::start(&moto.endpoint).await;
    let history = DynamoHistory::new(crate::servers::client(&throttle.endpoint), &table);
    let mut reader = history.read(&EventFilter::default());
    let first = reader.next().await.unwrap().unwrap();
    throttle.refuse_next(5);
    let second = reader.next().await.unwrap().unwrap();
    assert_eq!((throttle.to_refuse(), first.events.len() + second.events.len()), (0, 12));
}
