//! `campanile plugin test`: what an author is told of a plugin, good or bad.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_tests::project::{Ended, Project};
use serde_json::{Value, json};

/// A case that a webhook passes.
const TAKEN: &str = r#"{
  "answers": [{ "status": 204 }],
  "expect": { "outcome": "delivered" }
}
"#;

async fn test(project: &Project, arguments: &[&str]) -> Ended {
    project.campanile(&[&["plugin", "test"], arguments].concat()).await
}

fn entry<'r>(report: &'r Value, name: &str) -> &'r Value {
    let entries = report["entries"].as_array().unwrap();
    entries.iter().find(|entry| entry["name"] == name).unwrap_or(&Value::Null)
}

/// What was found of `name`, a line each.
fn found(report: &Value, name: &str) -> String {
    let findings = entry(report, name)["findings"].as_array().unwrap();
    findings.iter().map(|finding| format!("{}\n", finding["text"].as_str().unwrap())).collect()
}

/// A project with the plugin and a folder of cases.
fn with_cases(plugin: &str, cases: &[(&str, &str)]) -> Project {
    let project = Project::new("", &[plugin]);
    std::fs::create_dir(project.path("cases")).unwrap();
    for (name, text) in cases {
        project.write(&format!("cases/{name}.json"), text);
    }
    project
}

#[tokio::test]
async fn our_own_plugins_conform_and_stand_every_bad_day() {
    for plugin in ["telegram", "discord", "webhook", "ntfy", "email"] {
        let project = Project::new("", &[plugin]);
        let ended = test(&project, &[&format!("plugins/{plugin}.wasm"), "--json"]).await;
        let report = ended.json();
        let entries = report["entries"].as_array().unwrap();
        let failed: Vec<&Value> = entries.iter().filter(|entry| entry["verdict"] == "failed").collect();
        assert!(failed.is_empty() && ended.code == 0, "{plugin}: {failed:#?}");
        let conformance = entries.iter().filter(|entry| entry["section"] == "conformance");
        assert!(conformance.clone().all(|entry| entry["verdict"] == "passed"), "{plugin}: {report:#}");
        assert_eq!(conformance.count(), 7, "{plugin}");
        assert_eq!(entry(&report, "rate-limited")["summary"], "rate-limited, 7000 ms", "{plugin}");
    }
}

const ELSEWHERE: &str = "https://elsewhere.example/";

/// It does what its settings say, and its schema knows nothing of it.
#[tokio::test]
async fn a_hostile_plugin_is_told_what_it_did() {
    let project = Project::new("", &["hostile"]);
    for (settings, script, words) in [
        (json!({ "do": "panic" }), "success", "the plugin broke: wasm trap: wasm `unreachable`"),
        (json!({ "do": "nothing" }), "success", "`delivered`, and nothing was sent"),
        (json!({ "do": "loop" }), "success", "it used its processor budget"),
        (json!({ "do": "send", "url": ELSEWHERE }), "status-500", "`delivered`, and the answer was 500"),
        (json!({ "do": "send-many", "count": 50, "url": ELSEWHERE }), "success", "what the host refuses"),
    ] {
        let settings = settings.to_string();
        let ended =
            test(&project, &["plugins/hostile.wasm", "--json", "--settings", &settings, "--only", script])
                .await;
        assert_eq!(ended.code, 8, "{settings}: {}", ended.stdout);
        let report = ended.json();
        assert!(found(&report, script).contains(words), "{settings}: {report:#}");
    }
}

#[tokio::test]
async fn what_is_no_plugin_fails_with_the_reason() {
    let project = Project::new("", &[]);
    project.write("plugins/text.wasm", "#!/bin/sh\n");
    project.write("plugins/module.wasm", b"\0asm\x01\0\0\0");
    for (file, words) in [("text", "not a WebAssembly file"), ("module", "a core WebAssembly module")] {
        let ended = test(&project, &[&format!("plugins/{file}.wasm"), "--json"]).await;
        assert_eq!(ended.code, 8);
        assert!(found(&ended.json(), "component").contains(words), "{}", ended.stdout);
    }
}

#[tokio::test]
async fn a_report_is_readable() {
    let cases = [
        ("status-404", r#"{ "answers": [{ "status": 404 }], "expect": { "outcome": "delivered" } }"#),
        ("taken", TAKEN),
    ];
    let project = with_cases("webhook", &cases);
    let ended = test(&project, &["plugins/webhook.wasm", "--cases", "cases"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (8, ""), "{}", ended.stdout);
    insta::with_settings!({ omit_expression => true, filters => vec![
        (r"\d+ KiB", "[size]"),
        (r"in \d+ ms", "in [time]"),
        (r"\d+\.\d MiB", "[memory]"),
        (r"and \d+ ms of", "and [time] of"),
    ] }, { insta::assert_snapshot!(ended.stdout) });
}

#[tokio::test]
async fn requests_are_written_kept_and_compared() {
    let project = with_cases("webhook", &[("taken", TAKEN)]);
    let arguments = ["plugins/webhook.wasm", "--cases", "cases", "--only", "taken"];
    let updating = [&arguments[..], &["--update"]].concat();
    let read = || std::fs::read_to_string(project.path("cases/taken.json")).unwrap();

    let first = test(&project, &updating).await;
    assert_eq!(first.code, 0, "{}", first.stdout);
    assert!(first.stdout.contains("written to the case"), "{}", first.stdout);
    let written = read();
    assert!(written.starts_with(TAKEN.trim_end().trim_end_matches('}').trim_end()), "{written}");
    let case: Value = serde_json::from_str(&written).unwrap();
    let request = &case["requests"][0];
    assert_eq!(
        (&request["method"], &request["headers"]["authorization"]),
        (&json!("POST"), &json!("{{secret:authorization}}"))
    );
    assert_eq!(request["headers"]["webhook-signature"], "{{any}}", "{request:#}");
    assert!(!written.contains("example-token"), "{written}");

    let again = test(&project, &updating).await;
    assert_eq!((again.code, read()), (0, written.clone()));
    assert!(!again.stdout.contains("written to the case"), "{}", again.stdout);
    assert_eq!(test(&project, &arguments).await.code, 0);

    project.write("cases/taken.json", written.replace("POST", "PUT"));
    let other = test(&project, &arguments).await;
    assert_eq!(other.code, 8);
    for line in ["-    \"method\": \"PUT\",", "+    \"method\": \"POST\","] {
        assert!(other.stdout.contains(line), "{}", other.stdout);
    }
    assert_eq!(test(&project, &updating).await.code, 0);
    assert_eq!(read(), written);
}

#[tokio::test]
async fn a_slip_in_a_case_is_shown_with_its_place() {
    let slip = "{\n  \"expct\": {}\n}\n";
    let unknown = r#"{ "secrets": { "tokn": null }, "expect": { "outcome": "delivered" } }"#;
    let project = with_cases("webhook", &[("slip", slip), ("unknown", unknown)]);
    let arguments = ["plugins/webhook.wasm", "--cases", "cases", "--json"];
    let report = test(&project, &arguments).await.json();
    assert!(found(&report, "slip").starts_with("cases/slip.json:2:"), "{report:#}");
    assert!(found(&report, "slip").contains("unknown field `expct`"), "{report:#}");
    assert!(found(&report, "unknown").contains("no secret `tokn`"), "{report:#}");
    let nothing = test(&project, &["plugins/webhook.wasm", "--only", "rate-limitd"]).await;
    assert_eq!(nothing.code, 4);
    assert!(nothing.stderr.contains("did you mean `rate-limited`?"), "{}", nothing.stderr);
}
