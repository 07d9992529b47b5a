//! `campanile send` as a user runs it: the tool, the function, the plugins and the fakes are the real ones.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::path::{Path, PathBuf};

use campanile_tests::event::{delivery, inactive, outcomes, reporting};
use campanile_tests::project::Project;
use serde_json::{Value, json};

/// What differs from run to run.
const CHANGING: [(&str, &str); 4] = [
    (r" +\d+ ms", " [time]"),
    (r"message \d{15,}", "message [snowflake]"),
    (r"until \S+ \S+ UTC", "until [time]"),
    (r"(discord|telegram) \d+\.\d+\.\d+", "$1 [version]"),
];

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/events");
    let mut files: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[tokio::test]
async fn every_example_shows_what_people_would_read() {
    let project = Project::sample();
    for example in examples() {
        let ended = project.campanile(&["send", example.to_str().unwrap()]).await;
        insta::with_settings!({ filters => CHANGING, omit_expression => true }, {
            let name = example.file_stem().unwrap().to_str().unwrap();
            insta::assert_snapshot!(name, format!("exit code {}\n\n{}", ended.code, ended.stdout));
        });
    }
}

#[tokio::test]
async fn for_machines_there_is_the_report_and_every_message() {
    let ended = Project::sample().send(&inactive(1), &["--channel", "family"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    insta::assert_json_snapshot!(ended.json(), {
        r#".**["start-ms"]"# => "[time]",
        r#".**["duration-ms"]"# => "[time]",
        r#".**["started-at"]"# => "[time]",
    });
}

#[tokio::test]
async fn a_named_channel_is_the_only_one() {
    let project = Project::sample();
    let report = project.send(&inactive(1), &["--channel", "ops"]).await.json();
    assert_eq!(report["report"]["deliveries"].as_array().unwrap().len(), 1);
    assert_eq!(delivery(&report["report"], "ops")["status"], "delivered");

    let unknown = project.send(&inactive(1), &["--channel", "opps"]).await;
    assert_eq!(unknown.code, 3);
    assert_eq!(unknown.stderr, "error: there is no channel `opps`; there are: family, ops\n");
}

#[tokio::test]
async fn a_passing_fault_delays_the_message_and_loses_nothing() {
    let refused = json!({
        "ok": false, "error_code": 400,
        "description": "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 7",
    });
    let refused = format!("api.telegram.org=400:times=1:body={refused}");
    let rows: [(&str, &str, &[&str]); 6] = [
        ("api.telegram.org=429:retry-after=1:times=1", "family", &["rate-limited", "delivered"]),
        ("discord.com=429:retry-after=0.5:times=1", "ops", &["rate-limited", "delivered"]),
        ("discord.com=500:times=2", "ops", &["transient", "transient", "delivered"]),
        ("discord.com=reset:times=1", "ops", &["unknown", "delivered"]),
        ("api.telegram.org=garbage:times=1", "family", &["transient", "delivered"]),
        (&refused, "family", &["content-refused", "delivered"]),
    ];
    let project = Project::sample();
    for (fault, channel, expected) in rows {
        let ended = project.send(&inactive(1), &["--channel", channel, "--fault", fault]).await;
        let played = ended.json();
        assert_eq!(outcomes(delivery(&played["report"], channel)), expected, "{fault}");
        assert_eq!(ended.code, 0, "{fault}");
        let messages = played["messages"].as_array().unwrap();
        assert_eq!(messages.len(), expected.len(), "{fault}: one request for each attempt");
        let shown = messages.iter().filter(|message| !message["shown"].is_null()).count();
        assert_eq!(shown, 1, "{fault}: people see one message");
    }
}

#[tokio::test]
async fn a_wait_that_the_provider_asks_for_is_waited_for() {
    let fault = ["--channel", "family", "--fault", "api.telegram.org=429:retry-after=1:times=1"];
    let played = Project::sample().send(&inactive(1), &fault).await.json();
    assert!(played["duration-ms"].as_f64().unwrap() >= 1000.0, "{}", played["duration-ms"]);
}

#[tokio::test]
async fn refused_markup_is_sent_again_without_any() {
    let fault = r#"api.telegram.org=400:times=1:body={"ok":false,"error_code":400,"description":"Bad Request: can't parse entities"}"#;
    let played =
        Project::sample().send(&inactive(1), &["--channel", "family", "--fault", fault]).await.json();
    let bodies: Vec<&Value> =
        played["messages"].as_array().unwrap().iter().map(|message| &message["body"]).collect();
    assert_eq!(bodies[0]["parse_mode"], "HTML");
    assert_eq!(bodies[1]["parse_mode"], Value::Null);
    assert!(bodies[1]["text"].as_str().unwrap().contains("home-heating: INACTIVE"));
    assert_eq!(delivery(&played["report"], "family")["presentation"], "plain");
}

#[tokio::test]
async fn a_provider_that_never_answers_does_not_hold_the_other_up() {
    let sample = Project::sample();
    let config = std::fs::read_to_string(sample.path("campanile.toml")).unwrap();
    sample.write(
        "campanile.toml",
        format!("{config}\n[channels.family.limits]\ntimeout = \"1s\"\nattempts = 1\n"),
    );
    let ended = sample.send(&inactive(1), &["--fault", "api.telegram.org=hang"]).await;
    let report = &ended.json()["report"];
    let (family, ops) = (delivery(report, "family"), delivery(report, "ops"));
    assert_eq!((&family["status"], outcomes(family)), (&json!("dead-lettered"), vec!["unknown"]));
    assert_eq!((&ops["status"], outcomes(ops)), (&json!("delivered"), vec!["delivered"]));
    assert!(ops["attempts"][0]["duration-ms"].as_u64().unwrap() < 1000, "{ops:#}");
    assert_eq!(ended.code, 7);
}

#[tokio::test]
async fn a_lasting_fault_ends_in_the_exit_code_that_says_so() {
    let project = Project::sample();
    let rows = [
        ("discord.com=404", "rejected", "misconfigured", 6),
        ("discord.com=429:retry-after=3600", "retrying", "rate-limited", 7),
    ];
    for (fault, status, outcome, code) in rows {
        let ended = project.send(&inactive(1), &["--channel", "ops", "--fault", fault]).await;
        let report = &ended.json()["report"];
        let ops = delivery(report, "ops");
        assert_eq!((&ops["status"], outcomes(ops)), (&json!(status), vec![outcome]), "{fault}");
        assert_eq!(ended.code, code, "{fault}");
    }
}

#[tokio::test]
async fn what_is_no_fault_is_refused_with_an_example() {
    let ended = Project::sample().send(&inactive(1), &["--fault", "discord.com=boom"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(ended.stderr, @r"
    error: `discord.com=boom` is not a fault for a provider: `boom` is no fault; use a status such as `500` or `429`, or `reset`, `lost`, `hang`, `garbage` or `slow`
    help: for example: --fault discord.com=429:retry-after=2:times=1
    ");
}

#[tokio::test]
async fn an_invalid_event_is_kept_with_the_reason() {
    let too_large = reporting(1, &json!("y".repeat(130 * 1024)));
    let mut spoofed = inactive(1);
    spoofed["client_id"] = json!("garage-door");
    let mut wrong_type = inactive(1);
    wrong_type["payload"]["seq"] = json!("one");
    let rows = [
        (json!("INACTIVE"), "publish a JSON object"),
        (json!([1]), "publish a JSON object"),
        (wrong_type, "`seq` is text"),
        (spoofed, "client `garage-door` published it"),
        (too_large, "send at most 131072"),
    ];
    let project = Project::sample();
    for (event, reason) in rows {
        let ended = project.send(&event, &[]).await;
        let report = &ended.json()["report"];
        assert_eq!((ended.code, &report["result"]), (6, &json!("invalid")), "{reason}");
        assert!(report["reason"].as_str().unwrap().contains(reason), "{}", report["reason"]);
        assert_eq!(ended.json()["messages"], json!([]), "{reason}");
    }
}

#[tokio::test]
async fn text_that_is_no_json_never_reaches_the_function() {
    let project = Project::sample();
    let ended = project.campanile_with(&["send", "-"], &[], r#"{"device_id":"#).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (6, ""));
    assert!(ended.stderr.starts_with("error: `-` is not JSON: EOF"), "{}", ended.stderr);
}

#[tokio::test]
async fn markup_that_telegram_has_no_room_for_is_no_reason_to_lose_the_alert() {
    let link = format!("<a href='https://example.com/{}'>x</a> ", "u".repeat(900));
    let config = format!(
        "[channels.family]\nplugin = \"telegram\"\nsettings.chat-id = 1\n\
         [[routes]]\nchannels = [\"family\"]\nformat = \"html\"\nbody = \"{}\"\n",
        link.repeat(40)
    );
    let ended = Project::new(&config, &["telegram"]).send(&inactive(1), &[]).await;
    let report = &ended.json()["report"];
    assert_eq!(outcomes(delivery(report, "family")), ["content-refused", "delivered"]);
}

#[tokio::test]
async fn an_address_in_a_reading_is_shown_as_it_was_sent() {
    for text in ["[https://example.com]", "https://example.com/x<y", "(see https://example.com)"] {
        let played = Project::sample().send(&reporting(1, &json!(text)), &["--channel", "ops"]).await.json();
        let fields = &played["messages"][0]["shown"]["parts"][0]["embed"]["fields"];
        assert_eq!(fields[1]["value"]["text"], text);
    }
}
