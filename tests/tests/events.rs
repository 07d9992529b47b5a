//! `campanile events`: what devices sent, on one machine and in AWS.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that can not go on has failed"
)]

#[path = "../../host/store/tests/conformance/event_table.rs"]
mod event_table;
#[expect(dead_code, reason = "of the servers there, this needs one")]
#[path = "../../host/store/tests/conformance/servers.rs"]
mod servers;

use std::path::Path;

use campanile_tests::event::inactive;
use campanile_tests::project::{Ended, Project};
use serde_json::{Value, json};
use servers::Server;

const STORE: &str = "sqlite:campanile.db";

async fn events(project: &Project, arguments: &[&str]) -> Ended {
    project.campanile(&[&["events"], arguments, &["--store", STORE]].concat()).await
}

/// The sample with the template that is deployed.
fn with_template() -> Project {
    let project = Project::sample();
    std::fs::create_dir(project.path("deploy")).unwrap();
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/template.yaml");
    std::fs::copy(template, project.path("deploy/template.yaml")).unwrap();
    project
}

/// Sends events that people hear of, that nobody hears of, and that are none.
async fn sent() -> Project {
    let project = with_template();
    let mut recovery = inactive(2);
    recovery["payload"]["status"] = json!("ACTIVE");
    recovery["payload"]["previous"] = json!("INACTIVE");
    recovery["received_at"] = json!(1_795_407_451_000_i64);
    let mut garage = inactive(3);
    garage["payload"] = json!({ "device_id": "garage-door", "status": "ACTIVE" });
    garage["client_id"] = json!("garage-door");
    garage["received_at"] = json!(1_795_420_000_000_i64);
    let mut text = inactive(4);
    text["payload"] = json!("INACTIVE\u{202e}");
    text["received_at"] = json!(1_795_420_000_001_i64);
    for event in [inactive(1), recovery, garage, text] {
        let ended = project.send(&event, &["--store", STORE]).await;
        assert!(!ended.stderr.contains("history"), "{}", ended.stderr);
    }
    project
}

#[tokio::test]
async fn all_that_devices_sent_is_listed_and_shown() {
    let project = sent().await;
    let listed = events(&project, &[]).await;
    assert_eq!((listed.code, listed.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(listed.stdout);
    // By the event's own id, and by a part of the history's.
    for id in ["01a20694-3550-7cc3-98c4-000000000001", "home-heating:5f0c1b2e-8a47-4d19-9c3e-000000000001"] {
        let shown = events(&project, &["show", id]).await;
        assert_eq!((shown.code, shown.stderr.as_str()), (0, ""));
        insta::allow_duplicates! { insta::assert_snapshot!("an_event_is_shown_as_it_was_sent", shown.stdout) }
    }
    let hostile = events(&project, &["show", "9c3e-000000000004"]).await;
    assert!(hostile.stdout.ends_with("\n  \"INACTIVE\\u{202e}\"\n"), "{}", hostile.stdout);
}

#[tokio::test]
async fn for_machines_there_is_all_that_is_kept() {
    let project = sent().await;
    let listed = events(&project, &["--device", "garage-door", "--json"]).await.json();
    insta::assert_json_snapshot!(listed);
    let shown = events(&project, &["show", "garage-door", "--json"]).await.json();
    assert_eq!(listed, json!([shown]));
}

#[tokio::test]
async fn lists_are_by_device_and_time_and_go_on_where_they_ended() {
    let project = sent().await;
    let ids = |ended: &Ended| -> Vec<String> {
        let listed = ended.json();
        let ids = listed.as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap());
        ids.map(|id| id.rsplit('0').next().unwrap().to_owned()).collect()
    };
    for (arguments, expected) in [
        (vec!["--device", "home-heating"], vec!["4", "2", "1"]),
        (vec!["--since", "2026-11-23T04:10:00Z"], vec!["4", "3", "2"]),
        (vec!["--since", "2026-11-23", "--until", "2026-11-23T05:00:00+01:00"], vec![]),
        (vec!["--until", "2026-11-23T04:10:00Z"], vec!["1"]),
    ] {
        let ended = events(&project, &[&arguments[..], &["--json"]].concat()).await;
        assert_eq!(ids(&ended), expected, "{arguments:?}");
    }
    let first = events(&project, &["--limit", "3", "--json"]).await;
    assert_eq!(ids(&first), ["4", "3", "2"]);
    let cursor = first.stderr.trim().strip_prefix("more: --after ").unwrap();
    let second = events(&project, &["--limit", "3", "--json", "--after", cursor]).await;
    assert_eq!((ids(&second), second.stderr.as_str()), (vec!["1".to_owned()], ""));
}

#[tokio::test]
async fn the_templates_own_rule_says_what_is_kept() {
    let project = with_template();
    let elsewhere = json!({ "payload": {}, "topic": "home/garage", "client_id": "d", "trace_id": "t" });
    for (event, note) in [
        (elsewhere, "it was published to `home/garage`, and the rule listens to `home/heating/status`"),
        (inactive(1), ""),
        (inactive(1), ""),
        (
            json!({ "payload": 1, "topic": "home/heating/status", "client_id": "home-heating",
                    "trace_id": inactive(1)["trace_id"] }),
            "another one is kept as `home-heating:5f0c1b2e-8a47-4d19-9c3e-000000000001`",
        ),
    ] {
        let ended = project.send(&event, &["--store", STORE]).await;
        let notes = ended
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("note: the event is not in the history: "));
        assert_eq!(notes.collect::<String>(), note);
    }
    let listed = events(&project, &["--json"]).await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["payload"], inactive(1)["payload"]);

    let template = std::fs::read_to_string(project.path("deploy/template.yaml")).unwrap();
    project.write("deploy/template.yaml", template.replace("DynamoDBv2", "DynamoDB"));
    let ended = project.send(&inactive(2), &["--store", STORE]).await;
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stderr.contains("the template has no rule that keeps events"), "{}", ended.stderr);
}

#[tokio::test]
async fn what_a_device_sends_is_kept_without_a_template_too() {
    let project = Project::sample();
    project.send(&inactive(1)["payload"], &["--store", STORE]).await;
    let listed = events(&project, &["--json"]).await.json();
    assert_eq!(
        (&listed[0]["client-id"], &listed[0]["topic"]),
        (&json!("home-heating"), &json!("home-heating"))
    );
    assert_eq!(listed[0]["payload"], inactive(1)["payload"]);
}

#[tokio::test]
async fn what_can_not_be_shown_says_why() {
    let project = sent().await;
    for (arguments, code, message) in [
        (vec!["show", "nosuch"], 4, "there is no event `nosuch`\nhelp: `campanile events` lists the newest"),
        (vec!["show", "home-heating:5f0c1b2e-8a47-4d19-9c3e-000000000009"], 4, "did you mean `home-heating:"),
        (vec!["show", "home-heating"], 4, "part of the ids of 3 events\nhelp: give more of the id, one of\n"),
        (vec!["--since", "yesterday"], 2, "write how long ago as `15m`"),
        (vec!["--after", "here"], 2, "is not a place in a list"),
    ] {
        let ended = events(&project, &arguments).await;
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(message), "{arguments:?}: {}", ended.stderr);
    }
    assert_eq!(events(&project, &["--device", "nobody"]).await.stderr, "no events\n");
    let dispatch = project.campanile_with(&["events"], &[("CAMPANILE_STORE", "dynamodb:dispatch")], "").await;
    assert_eq!(dispatch.code, 3, "{}", dispatch.stderr);
    assert!(dispatch.stderr.contains("the dispatch table `dispatch` has no events"), "{}", dispatch.stderr);
    let memory = project.campanile(&["events"]).await;
    assert_eq!((memory.code, memory.stderr.contains("kind = \"sqlite\"")), (3, true), "{}", memory.stderr);
}

/// What the template's cold rule selects of an event.
fn selected(event: &Value) -> serde_json::Map<String, Value> {
    let mut selected = event.as_object().unwrap().clone();
    selected.insert("raw".to_owned(), json!("e30="));
    selected
}

#[tokio::test]
async fn the_event_table_is_read_like_the_file() {
    let Some(moto) = Server::moto().await else { return };
    let table = event_table::create(moto).await;
    for number in 1..=3 {
        let mut event = inactive(number);
        event["received_at"] = json!(1_795_406_708_000_i64 + i64::from(number));
        event_table::put(moto, &table, &selected(&event)).await;
    }
    let cloud = [
        ("AWS_ENDPOINT_URL", moto.endpoint.as_str()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "AKIATEST"),
        ("AWS_SECRET_ACCESS_KEY", "SECRETTEST"),
    ];
    let project = Project::sample();
    let store = format!("dynamodb:{table}");
    let listed = project.campanile_with(&["events", "--store", &store, "--limit", "2"], &cloud, "").await;
    assert_eq!(listed.code, 0, "{}", listed.stderr);
    insta::assert_snapshot!(listed.stdout);
    let cursor = listed.stderr.trim().strip_prefix("more: --after ").unwrap();

    // The environment names it, then the configuration.
    let named = [&cloud[..], &[("CAMPANILE_EVENT_TABLE", table.as_str())]].concat();
    let rest = project.campanile_with(&["events", "--json", "--after", cursor], &named, "").await.json();
    assert_eq!(rest.as_array().unwrap().len(), 1);
    let config = std::fs::read_to_string(project.path("campanile.toml")).unwrap();
    let store = format!("[store]\nkind = \"dynamodb\"\ntable = \"dispatch\"\nevents-table = \"{table}\"\n");
    project.write("campanile.toml", format!("{config}\n{store}"));
    let shown =
        project.campanile_with(&["events", "show", "000000000001", "--json"], &cloud, "").await.json();
    assert_eq!((&shown, &shown["payload"]), (&rest[0], &inactive(1)["payload"]));
    // The function's table is another one.
    let dispatch = format!("dynamodb:{}", moto.create_table().await);
    let dispatch = [&cloud[..], &[("CAMPANILE_STORE", &dispatch)]].concat();
    let by_id = ["events", "show", "home-heating:5f0c1b2e-8a47-4d19-9c3e-000000000001", "--json"];
    assert_eq!(project.campanile_with(&by_id, &dispatch, "").await.json(), shown);
}
