//! The history of events: what one machine appends and what a rule's action puts into a table are read alike.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use campanile_store::{
    AnyHistory, Appended, Cursor, DynamoHistory, EventFilter, History, PastEvent, SqliteHistory,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::event_table;
use crate::servers::Server;
use crate::support::at;

/// Where events are kept, and how they get there.
pub(crate) enum Place {
    File(TempDir),
    Table { moto: &'static Server, table: String },
}

impl Place {
    /// A file, and a table if there is a server for it.
    pub(crate) async fn all() -> Vec<Self> {
        let file = Self::File(tempfile::tempdir().unwrap());
        let Some(moto) = Server::moto().await else { return vec![file] };
        vec![file, Self::Table { moto, table: event_table::create(moto).await }]
    }

    pub(crate) async fn history(&self) -> AnyHistory {
        match self {
            Self::File(_) => self.file().await.into(),
            Self::Table { moto, table } => DynamoHistory::new(moto.client(), table).into(),
        }
    }

    async fn file(&self) -> SqliteHistory {
        let Self::File(folder) = self else { panic!("a table is written by a rule's action") };
        SqliteHistory::open(&folder.path().join("campanile.db")).await.unwrap()
    }

    /// Keeps it as the rule's action would.
    pub(crate) async fn keep(&self, event: &PastEvent) {
        match self {
            Self::File(_) => assert_eq!(self.file().await.append(event).await.unwrap(), Appended::New),
            Self::Table { moto, table } => event_table::put(moto, table, event.item()).await,
        }
    }
}

/// What the template's cold rule selects of a message.
pub(crate) fn event(device: &str, trace: &str, second: i64, payload: &Value) -> PastEvent {
    let item = json!({
        "client_id": device,
        "trace_id": trace,
        "topic": format!("home/{device}/status"),
        "received_at": at(second).as_millisecond(),
        "payload": payload,
        "raw": "eyJzdGF0dXMiOiJBQ1RJVkUifQ==",
    });
    PastEvent::new(item.as_object().unwrap().clone()).unwrap()
}

pub(crate) fn traces(events: &[PastEvent]) -> Vec<&str> {
    events.iter().map(PastEvent::trace_id).collect()
}

/// Every page of a list, joined.
async fn all(history: &AnyHistory, filter: &EventFilter, limit: usize) -> Vec<PastEvent> {
    let (mut events, mut after) = (Vec::new(), None);
    loop {
        let page = history.list(filter, after, limit).await.unwrap();
        assert!(page.entries.len() <= limit);
        events.extend(page.entries);
        // As text and back, which is how it comes from a command line.
        let Some(next) = page.next else { return events };
        after = Some(next.to_string().parse::<Cursor>().unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_selected_comes_back_as_it_was() {
    let payload = json!({
        "status": "INACTIVE", "seq": 41, "reading": { "t": -21.5, "ok": true, "none": null, "list": [[], {}, ""] },
        "a.b#c": "ü \u{0} \u{1F514}", "client_id": "spoofed",
    });
    for place in Place::all().await {
        let kept = event("home-heating", "5f0c", 7, &payload);
        place.keep(&kept).await;
        let page = place.history().await.list(&EventFilter::default(), None, 10).await.unwrap();
        assert_eq!(page.entries, [kept]);
        let [event] = page.entries.as_slice() else { panic!() };
        assert_eq!((event.received_at(), event.topic()), (Some(at(7)), Some("home/home-heating/status")));
        assert_eq!((event.payload(), event.to_string()), (Some(&payload), "home-heating:5f0c".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_by_device_and_time_newest_first() {
    for place in Place::all().await {
        for (device, trace, second) in
            [("a", "3", 30), ("b", "9", 10), ("a", "1", 20), ("b", "5", 20), ("a", "2", 0)]
        {
            place.keep(&event(device, trace, second, &json!({}))).await;
        }
        let history = place.history().await;
        let filter = |device: Option<&str>, since: Option<i64>, until: Option<i64>| EventFilter {
            device: device.map(str::to_owned),
            since: since.map(at),
            until: until.map(at),
        };
        for (filter, expected) in [
            (filter(None, None, None), vec!["3", "5", "1", "9", "2"]),
            (filter(Some("a"), None, None), vec!["3", "1", "2"]),
            (filter(None, Some(20), None), vec!["3", "5", "1"]),
            (filter(None, Some(10), Some(30)), vec!["5", "1", "9"]),
            (filter(Some("b"), Some(11), None), vec!["5"]),
            (filter(Some("a"), Some(1), Some(20)), vec![]),
            (filter(Some("nobody"), None, None), vec![]),
        ] {
            for limit in [1, 2, 10] {
                assert_eq!(traces(&all(&history, &filter, limit).await), expected, "{filter:?}");
            }
        }
    }
}

/// A request answers with 1 MB at most.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_large_events_are_all_listed() {
    let payload = json!({ "reading": "x".repeat(120 * 1024) });
    for place in Place::all().await {
        for second in 0..25 {
            place.keep(&event("a", &format!("{:02}", (second * 7) % 25), second, &payload)).await;
        }
        let history = place.history().await;
        let of_device = EventFilter { device: Some("a".to_owned()), ..EventFilter::default() };
        for filter in [EventFilter::default(), of_device] {
            let events = all(&history, &filter, 10).await;
            let expected: Vec<_> = (0..25).rev().map(|second| Some(at(second))).collect();
            assert_eq!(events.iter().map(PastEvent::received_at).collect::<Vec<_>>(), expected);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_tells_only_its_key_is_the_oldest() {
    for place in Place::all().await {
        let bare = json!({ "client_id": "a", "trace_id": "bare" });
        place.keep(&PastEvent::new(bare.as_object().unwrap().clone()).unwrap()).await;
        place.keep(&event("a", "whole", 1, &json!("not an object"))).await;
        let history = place.history().await;
        assert_eq!(traces(&all(&history, &EventFilter::default(), 1).await), ["whole", "bare"]);
        let since = EventFilter { since: Some(at(0)), ..EventFilter::default() };
        assert_eq!(traces(&all(&history, &since, 5).await), ["whole"]);
    }
}

#[tokio::test]
async fn an_event_is_kept_once_and_stays_as_it_is() {
    let place = Place::File(tempfile::tempdir().unwrap());
    let (first, other) = (event("a", "1", 1, &json!({ "seq": 1 })), event("a", "1", 2, &json!({ "seq": 2 })));
    let file = place.file().await;
    assert_eq!(file.append(&first).await.unwrap(), Appended::New);
    assert_eq!(file.append(&first).await.unwrap(), Appended::Again);
    // Another process is told the same.
    assert_eq!(place.file().await.append(&other).await.unwrap(), Appended::Different);
    assert_eq!(all(&place.history().await, &EventFilter::default(), 5).await, [first]);
}

#[tokio::test]
async fn an_item_that_no_rule_wrote_is_named() {
    let Some(moto) = Server::moto().await else { return };
    let table = event_table::create(moto).await;
    let item = [("client_id", "a"), ("trace_id", "1")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let item = item.map(|(key, value)| (key, AttributeValue::S(value)));
    let set = ("tags".to_owned(), AttributeValue::Ss(vec!["x".to_owned()]));
    let item = HashMap::from_iter(item.into_iter().chain([set]));
    moto.client().put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();
    let history = DynamoHistory::new(moto.client(), &table);
    let error = history.list(&EventFilter::default(), None, 1).await.unwrap_err().to_string();
    let expected = "has an item that can't be understood: a rule's action writes no sets and no binary";
    assert!(error.contains(expected) && error.contains(&table), "{error}");
}
