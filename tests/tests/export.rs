//! `campanile export`: what devices sent, as a file for other tools. `tests/notebook.py` reads such a file with those tools.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test that can not go on has failed")]

#[path = "../../host/store/tests/conformance/event_table.rs"]
mod event_table;
#[expect(dead_code, reason = "of the servers there, this needs one")]
#[path = "../../host/store/tests/conformance/servers.rs"]
mod servers;

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use campanile_store::{Appended, PastEvent, SqliteHistory};
use campanile_tests::built::binary;
use campanile_tests::dev::signal;
use campanile_tests::project::{Ended, Project};
use serde_json::{Map, Value, json};
use servers::Server;
use tokio::net::TcpListener;
use tokio::process::Command;

const STORE: &str = "sqlite:campanile.db";

/// 24 November 2026.
const START: i64 = 1_795_500_000_000;

fn selected(number: i64, status: &str, reading: &Value) -> Map<String, Value> {
    let item = json!({
        "client_id": format!("device-{}", number % 2), "trace_id": format!("t{number:05}"), "topic": "home/heating/status",
        "received_at": START + number * 1000, "raw": "e30=",
        "payload": { "device_id": format!("device-{}", number % 2), "status": status, "seq": number, "reading": reading },
    });
    item.as_object().unwrap().clone()
}

/// A project whose store has these.
async fn with(items: impl IntoIterator<Item = Map<String, Value>>) -> Project {
    let project = Project::new("", &[]);
    let history = SqliteHistory::open(&project.path("campanile.db")).await.unwrap();
    for item in items {
        assert_eq!(history.append(&PastEvent::new(item).unwrap()).await.unwrap(), Appended::New);
    }
    project
}

async fn export(project: &Project, arguments: &[&str]) -> Ended {
    project.campanile(&[&["export", "--store", STORE], arguments].concat()).await
}

fn names(project: &Project) -> BTreeSet<String> {
    let entries = std::fs::read_dir(project.path(".")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("out")).collect()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_file_has_what_was_asked_for_in_the_order_of_time() {
    let project = with((0..5).map(|number| selected(number, "ACTIVE", &json!(number)))).await;
    let (since, until) = ("2026-11-24T06:00:01Z", "2026-11-24T06:00:04Z");
    for (name, magic) in [("out.parquet", &b"PAR1"[..]), ("out.csv", b"received_at,"), ("out.jsonl", b"{")] {
        let ended = export(&project, &["--out", name, "--since", since, "--until", until, "--json"]).await;
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        let file = std::fs::read(project.path(name)).unwrap();
        assert!(file.starts_with(magic), "{name}");
        let expected = json!({
            "rows": 3, "bytes": file.len(), "file": name, "from": since, "to": "2026-11-24T06:00:03Z", "skipped": 0,
        });
        assert_eq!(ended.json(), expected);
    }
    let rows = lines(&std::fs::read_to_string(project.path("out.jsonl")).unwrap());
    assert_eq!(rows.iter().map(|row| &row["seq"]).collect::<Vec<_>>(), [1, 2, 3]);
    let csv = std::fs::read_to_string(project.path("out.csv")).unwrap();
    assert_eq!(csv.lines().count(), 4);
    let ended = export(&project, &["--device", "device-1", "--out", "out-1.csv"]).await;
    let size = std::fs::metadata(project.path("out-1.csv")).unwrap().len();
    let time = "received 2026-11-24 06:00:01Z to 2026-11-24 06:00:03Z";
    assert_eq!(ended.stdout, format!("2 events in out-1.csv, {size} bytes, {time}\n"));
}

#[tokio::test]
async fn what_goes_to_another_program_is_nothing_but_rows() {
    let project = with((0..3).map(|number| selected(number, "=1+1", &json!(null)))).await;
    let ended = export(&project, &["--format", "jsonl", "--out", "-"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(lines(&ended.stdout).len(), 3);
    let ended = export(&project, &["--format", "csv", "--out", "-"]).await;
    assert!(ended.stdout.contains(",'=1+1,"), "{}", ended.stdout);
    assert_eq!(names(&project), BTreeSet::new());
}

#[tokio::test]
async fn what_can_not_be_done_says_why() {
    let project = with([selected(0, "ACTIVE", &json!(null))]).await;
    project.write("out.csv", "mine");
    for (arguments, code, message) in [
        (
            vec!["--out", "out.csv"],
            1,
            "error: `out.csv` is there already\nhelp: name another file, or replace it: --force\n",
        ),
        (
            vec!["--out", "out.json"],
            2,
            "`out.json` does not say what it is to be written as\nhelp: name the format: --format",
        ),
        (vec!["--out", "-"], 2, "`-` does not say what it is to be written as"),
        (vec!["--out", "-", "--format", "csv", "--json"], 2, "--json prints to the standard output"),
        (vec!["--out", "out.xml", "--format", "xml"], 2, "write parquet, csv or jsonl"),
        (vec!["--out", "out.parquet", "--since", "1h", "--until", "2h"], 2, "--since is not before --until"),
        (vec!["--out", "none/out.parquet"], 1, "none/out.parquet.unfinished`: No such file or directory"),
        (vec!["--out", ".", "--format", "csv", "--force"], 1, "`.`: is a directory"),
    ] {
        let ended = export(&project, &arguments).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (code, ""), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(message), "{arguments:?}: {}", ended.stderr);
    }
    let missing = project.campanile(&["export", "--store", "sqlite:no.db", "--out", "out.parquet"]).await;
    assert_eq!(missing.code, 1, "{}", missing.stderr);
    assert_eq!(names(&project), BTreeSet::from(["out.csv".to_owned()]));
    assert_eq!(std::fs::read(project.path("out.csv")).unwrap(), b"mine");
    assert_eq!(export(&project, &["--out", "out.csv", "--force"]).await.code, 0);
    assert_ne!(std::fs::read(project.path("out.csv")).unwrap(), b"mine");
}

/// What another program wrote into the file.
#[tokio::test]
async fn what_is_no_event_is_left_out_with_a_word() {
    let project = with([selected(0, "ACTIVE", &json!(null))]).await;
    let file = rusqlite::Connection::open(project.path("campanile.db")).unwrap();
    let insert =
        "INSERT INTO events (client_id, trace_id, received_at, name, item) VALUES ('b', 't', 0, ?, '{}')";
    file.execute(insert, ["b\u{202e}:t"]).unwrap();
    let ended = export(&project, &["--out", "out.jsonl", "--json"]).await;
    assert_eq!(ended.code, 6, "{}", ended.stderr);
    assert_eq!((&ended.json()["rows"], &ended.json()["skipped"]), (&json!(1), &json!(1)));
    let expected = "left out: b\\u{202e}:t: the rule selects no text `client_id`, which is a part of the event table's key\n";
    assert_eq!(ended.stderr, expected);
    assert_eq!(names(&project), BTreeSet::from(["out.jsonl".to_owned()]));
}

#[tokio::test]
async fn a_full_disk_is_told() {
    let project = with((0..100).map(|number| selected(number, "ACTIVE", &json!("x".repeat(5000))))).await;
    for format in ["parquet", "csv", "jsonl"] {
        let ended = tool(&project, &["--store", STORE, "--format", format, "--out", "-"], &[])
            .stdout(File::options().write(true).open("/dev/full").unwrap())
            .spawn()
            .unwrap()
            .wait_with_output();
        let ended = tokio::time::timeout(Duration::from_secs(60), ended).await.unwrap().unwrap();
        let stderr = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{stderr}");
        let expected = "error: `standard output`: No space left on device (os error 28)\nhelp: make room, or write elsewhere";
        assert!(stderr.starts_with(expected), "{stderr}");
    }
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_is_no_error() {
    let project = with((0..200).map(|number| selected(number, "ACTIVE", &json!("x".repeat(5000))))).await;
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = tool(&project, &["--store", STORE, "--format", "jsonl", "--out", "-"], &[])
        .stdout(writer)
        .spawn()
        .unwrap()
        .wait_with_output();
    let ended = tokio::time::timeout(Duration::from_secs(60), ended).await.unwrap().unwrap();
    assert_eq!((ended.status.code(), ended.stderr), (Some(0), Vec::new()));
}

/// The table answers nothing, so it is in the middle until it is stopped.
#[tokio::test]
async fn ctrl_c_leaves_nothing() {
    let project = Project::new("", &[]);
    project.write("out.parquet", "before");
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    for name in ["INT", "TERM"] {
        let arguments = ["--store", "dynamodb:events", "--out", "out.parquet", "--force"];
        let child = tool(&project, &arguments, &cloud(&endpoint)).spawn().unwrap();
        // It has made its file and asks.
        let _connection =
            tokio::time::timeout(Duration::from_secs(60), silent.accept()).await.unwrap().unwrap();
        assert!(project.path("out.parquet.unfinished").exists());
        signal(child.id().unwrap(), name).await;
        let ended =
            tokio::time::timeout(Duration::from_secs(60), child.wait_with_output()).await.unwrap().unwrap();
        let stderr = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(
            (ended.status.code(), stderr.as_str()),
            (Some(130), "error: stopped before it was complete\n")
        );
        assert_eq!(names(&project), BTreeSet::from(["out.parquet".to_owned()]));
        assert_eq!(std::fs::read(project.path("out.parquet")).unwrap(), b"before");
    }
}

/// `campanile export` with the sample's surroundings and nothing of the developer's.
fn tool(project: &Project, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(binary("campanile"));
    command
        .arg("export")
        .args(arguments)
        .current_dir(project.path("."))
        .env_clear()
        .envs(environment.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

fn cloud(endpoint: &str) -> [(&str, &str); 4] {
    [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "AKIATEST"),
        ("AWS_SECRET_ACCESS_KEY", "SECRETTEST"),
    ]
}

/// 3 MB, which DynamoDB answers in as many parts.
#[tokio::test]
async fn the_event_table_is_exported_whole() {
    let Some(moto) = Server::moto().await else { return };
    let table = event_table::create(moto).await;
    for number in 0..30 {
        event_table::put(moto, &table, &selected(number, "ACTIVE", &json!("x".repeat(100 * 1024)))).await;
    }
    let key = [("client_id", "device-0"), ("trace_id", "binary")];
    let key = key.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
    let binary = ("raw".to_owned(), AttributeValue::B(vec![0_u8].into()));
    let item = HashMap::from_iter(key.into_iter().chain([binary]));
    moto.client().put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();

    let project = Project::new("", &[]);
    let store = format!("dynamodb:{table}");
    let arguments = ["export", "--store", &store, "--out", "out.jsonl", "--json"];
    let ended = project.campanile_with(&arguments, &cloud(&moto.endpoint), "").await;
    assert_eq!(ended.code, 6, "{}", ended.stderr);
    assert_eq!(ended.stderr, "left out: device-0:binary: a rule's action writes no sets and no binary\n");
    assert_eq!((&ended.json()["rows"], &ended.json()["skipped"]), (&json!(30), &json!(1)));
    let rows = lines(&std::fs::read_to_string(project.path("out.jsonl")).unwrap());
    let seqs: BTreeSet<_> = rows.iter().map(|row| row["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (0..30).collect());

    let arguments = ["export", "--store", &store, "--device", "device-1", "--since", "2026-11-24T06:00:10Z"];
    let arguments = [&arguments[..], &["--out", "out.parquet", "--json"]].concat();
    let ended = project.campanile_with(&arguments, &cloud(&moto.endpoint), "").await;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(ended.json()["rows"], json!(10));
    assert!(Path::new(&project.path("out.parquet")).exists());
}
