//! `campanile rule`: the rules of the template and their SQL, as a user sees them.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::path::Path;

use campanile_tests::project::{Ended, Project};
use serde_json::json;

const TEMPLATE: &str = include_str!("../../deploy/template.yaml");

/// The sample project with the template that is deployed.
fn project() -> Project {
    let project = Project::sample();
    std::fs::create_dir(project.path("deploy")).unwrap();
    project.write("deploy/template.yaml", TEMPLATE);
    project
}

async fn rule(project: &Project, arguments: &[&str]) -> Ended {
    project.campanile(&[&["rule"], arguments].concat()).await
}

#[tokio::test]
async fn the_rules_of_the_template_are_listed_with_what_they_do() {
    let ended = rule(&project(), &["list", "--parameter", "NotifyRecovery=false"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(ended.stdout) });
    let listed = rule(&project(), &["list", "--json"]).await.json();
    let deployed: Vec<_> = listed.as_array().unwrap().iter().map(|rule| &rule["deployed"]).collect();
    assert_eq!(deployed, [true, true, true, false, false]);
}

#[tokio::test]
async fn the_template_has_nothing_to_find() {
    let ended = rule(&project(), &["lint", "--deny-warnings"]).await;
    assert_eq!(
        (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
        (0, "5 rules, 1 policy\n0 errors, 0 warnings\n", "")
    );
}

#[tokio::test]
async fn what_is_wrong_is_shown_in_the_resolved_sql_with_the_line_of_the_template() {
    let project = project();
    project.write(
        "deploy/template.yaml",
        TEMPLATE.replacen("WHERE status = 'INACTIVE'", "WHERE status == 'INACTIVE'", 1),
    );
    let ended = rule(&project, &["lint"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (3, "5 rules, 1 policy\n1 error, 0 warnings\n"));
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(ended.stderr) });
    let json = rule(&project, &["lint", "--json"]).await.json();
    let finding = &json["findings"][0];
    assert_eq!((&finding["code"], &finding["line"]), (&json!("sql::not-aws"), &json!(2)));
    assert!(finding["in"].as_str().unwrap().contains("HotRule Sql"), "{finding}");
}

#[tokio::test]
async fn statements_are_linted_from_the_command_line_and_from_files() {
    let project = project();
    project.write("hot.sql", "SELECT *, topic() AS topic FROM 'a' WHERE temperature = '5'");
    let ended = rule(&project, &["lint", "hot.sql"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "1 statement\n0 errors, 2 warnings\n"));
    assert!(ended.stderr.contains("sql::name-collision") && ended.stderr.contains("sql::number-as-text"));
    assert_eq!(rule(&project, &["lint", "hot.sql", "--deny-warnings"]).await.code, 3);
    let external = "SELECT get_secret('a', 'SecretString', 'role') AS s FROM 'a'";
    assert_eq!(rule(&project, &["lint", "--sql", external]).await.code, 3);
    assert_eq!(rule(&project, &["lint", "--sql", external, "--stub", "get_secret=\"s\""]).await.code, 0);
}

#[tokio::test]
async fn a_message_that_does_not_match_is_told_why() {
    let ended = rule(
        &project(),
        &[
            "eval",
            "--rule",
            "HotRule",
            "--topic",
            "home/heating/status",
            "--payload",
            r#"{"status":"ACTIVE"}"#,
        ],
    )
    .await;
    assert_eq!(ended.code, 4);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(ended.stdout) });
    let sql = "SELECT * FROM 'a/+' WHERE status = 'X' AND (temperature > 20 OR enabled) AND NOT sensor.muted";
    let payload = r#"{"status":"X","temperature":18.5,"enabled":"false","sensor":{}}"#;
    let ended = rule(&project(), &["eval", "--sql", sql, "--topic", "a/b", "--payload", payload]).await;
    assert_eq!(ended.code, 4);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(ended.stdout) });
    let other = rule(&project(), &["eval", "--sql", sql, "--topic", "b", "--payload", payload]).await;
    assert_eq!((other.code, other.stdout.as_str()), (4, "other topic: the rule listens to 'a/+'\n"));
}

#[tokio::test]
async fn a_message_that_matches_shows_what_the_actions_get_digit_by_digit() {
    let project = project();
    let sql = "SELECT n, clientid() AS id FROM 'a'";
    let payload = r#"{"n":12345678901234567890.10}"#;
    project.write("payload.json", payload);
    for given in [payload, "@payload.json"] {
        let ended =
            rule(&project, &["eval", "--sql", sql, "--topic", "a", "--payload", given, "--client-id", "h"])
                .await;
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (0, "{\"n\":12345678901234567890.10,\"id\":\"h\"}\n")
        );
    }
    let arguments = ["rule", "eval", "--sql", sql, "--topic", "a", "--payload", "-", "--json"];
    let ended = project.campanile_with(&arguments, &[], payload).await;
    assert!(
        ended.stdout.contains("\"output\": {\"n\":12345678901234567890.10,\"id\":\"n/a\"}"),
        "{}",
        ended.stdout
    );
}

#[tokio::test]
async fn a_terminal_is_safe_from_what_a_device_sends() {
    let arguments = ["eval", "--sql", "SELECT * FROM 'a'", "--topic", "a", "--payload", "\u{1b}[2J\u{202e}x"];
    let ended = rule(&project(), &arguments).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "\\u{1b}[2J\\u{202e}x\n"));
}

#[tokio::test]
async fn cases_close_with_their_sum_and_failures_name_the_difference() {
    let project = project();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/rules/tests/iot-sql.jsonl");
    let ended = rule(&project, &["test", cases.to_str().unwrap()]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "196 passed, 0 failed\n"));
    let broken = [
        r#"{"id":"ok","sql":"SELECT a FROM 't'","topic":"t","payload":{"a":1},"expect":{"a":1.0}}"#,
        r#"{"id":"value","sql":"SELECT a FROM 't'","topic":"t","payload":{"a":1},"expect":{"a":2}}"#,
        r#"{"id":"runs","sql":"SELECT a FROM 't'","topic":"t","payload":{"a":1},"expect":null}"#,
        r#"{"id":"syntax","sql":"SELEC a","topic":"t","payload":{},"expect":null}"#,
        r#"{"id":"no-topic","sql":"SELECT a FROM 't'","payload":{},"expect":null}"#,
        "no json",
    ];
    project.write("cases.jsonl", broken.join("\n"));
    let ended = rule(&project, &["test", "cases.jsonl"]).await;
    assert_eq!(ended.code, 8);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(ended.stdout) });
    let json = rule(&project, &["test", "cases.jsonl", "--json"]).await.json();
    assert_eq!((&json["passed"], &json["failed"]), (&json!(1), &json!(5)));
}

#[tokio::test]
async fn wrong_arguments_name_the_remedy() {
    let project = project();
    project.write("large", "x".repeat(131_073));
    for (arguments, code, message) in [
        (vec!["eval", "--rule", "HotRul", "--topic", "a", "--payload", "{}"], 3, "did you mean `HotRule`?"),
        (vec!["eval", "--topic", "a", "--payload", "{}"], 2, "--sql"),
        (vec!["eval", "--sql", "SELECT", "--topic", "a", "--payload", "{}"], 3, "expected an expression"),
        (
            vec!["eval", "--sql", "SELECT * FROM 'a'", "--topic", "a/+", "--payload", "{}"],
            2,
            "only filters can have",
        ),
        (vec!["eval", "--sql", "SELECT * FROM 'a'", "--topic", "a", "--payload", "@large"], 6, "131072"),
        (vec!["lint", "--sql", "x", "--stub", "get_secret"], 2, "write for example --stub"),
        (vec!["lint", "--sql", "x", "--sql-version", "2017"], 2, "2016-03-23"),
        (vec!["lint", "--parameter", "x"], 2, "NAME=VALUE"),
        (vec!["lint", "nosuch.yaml"], 1, "nosuch.yaml"),
        (vec!["list", "--template", "campanile.toml"], 3, "no CloudFormation template"),
    ] {
        let ended = rule(&project, &arguments).await;
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(message), "{arguments:?}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn check_includes_the_template() {
    let project = project();
    let ended = project.campanile(&["check"]).await;
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (0, "2 channels, 1 route, 2 plugins, 5 rules\n0 errors, 2 warnings\n")
    );
    project.write("deploy/template.yaml", TEMPLATE.replace("iot:Publish", "iot:Publsh"));
    let ended = project.campanile(&["check", "--json"]).await;
    let json = ended.json();
    assert_eq!((ended.code, &json["errors"]), (3, &json!(1)), "{json}");
    let finding =
        json["findings"].as_array().unwrap().iter().find(|found| found["severity"] == "error").unwrap();
    assert_eq!(
        (&finding["in"], &finding["help"]),
        (&json!("deploy/template.yaml"), &json!("did you mean `iot:Publish`?"))
    );
}

#[tokio::test]
async fn a_template_that_the_configuration_names_must_be_there() {
    let project = project();
    let config = std::fs::read_to_string(project.path("campanile.toml")).unwrap();
    project.write("campanile.toml", format!("{config}\n[template]\npath = \"iac/stack.yaml\"\n"));
    let ended = project.campanile(&["check"]).await;
    assert_eq!(ended.code, 3);
    assert!(ended.stderr.contains("config::no-template"), "{}", ended.stderr);
    std::fs::create_dir(project.path("iac")).unwrap();
    project.write("iac/stack.yaml", TEMPLATE);
    assert_eq!(project.campanile(&["check"]).await.code, 0);
    let listed = rule(&project, &["list"]).await;
    let recovery = listed.stdout.lines().find(|line| line.starts_with("campanile_recovery")).unwrap();
    assert!(!recovery.contains("not deployed"), "the parameters are those of the configuration: {recovery}");
}
