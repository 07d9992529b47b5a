//! `campanile redrive`: deliveries that ended without success, tried again.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can not go on has failed")]

#[path = "../../host/store/tests/conformance/moto.rs"]
mod moto;

use campanile_tests::event::inactive;
use campanile_tests::project::{Ended, Project};
use moto::Moto;
use serde_json::{Value, json};

const STORE: &str = "sqlite:campanile.db";

/// What differs from run to run.
const FILTERS: [(&str, &str); 4] = [
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})?Z", "[time]"),
    (r" +[+]\d+\.\d{3} s", " [since] s"),
    (r" +\d+ ms", " [ms]"),
    (r"(discord|telegram) \d+\.\d+\.\d+", "$1 [version]"),
];

async fn redrive(project: &Project, arguments: &[&str]) -> Ended {
    project.campanile(&[&["redrive"], arguments, &["--store", STORE]].concat()).await
}

async fn deliveries(project: &Project, arguments: &[&str]) -> Value {
    let arguments = [&["deliveries", "--json"], arguments, &["--store", STORE]].concat();
    project.campanile(&arguments).await.json()
}

fn statuses(deliveries: &Value) -> Vec<&str> {
    let deliveries = deliveries.as_array().unwrap().iter();
    deliveries.map(|delivery| delivery["record"]["state"]["status"].as_str().unwrap()).collect()
}

/// A project whose store has two events that Discord refused, and one that is no event.
async fn refused() -> Project {
    let project = Project::sample();
    let fault = ["--store", STORE, "--fault", "discord.com=404"];
    for number in [1, 2] {
        assert_eq!(project.send(&inactive(number), &fault).await.code, 6);
    }
    let mut no_event = inactive(3);
    no_event["payload"]["seq"] = json!("three");
    assert_eq!(project.send(&no_event, &fault).await.code, 6);
    project
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_tried_again_and_changes_nothing() {
    let project = refused().await;
    let before = deliveries(&project, &[]).await;
    let planned = redrive(&project, &["--all", "--dry-run"]).await;
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    insta::with_settings!({ filters => FILTERS, omit_expression => true }, {
        insta::assert_snapshot!(format!("{}\n{}", planned.stdout, planned.stderr));
    });
    let json = redrive(&project, &["--channel", "ops", "--dry-run", "--json"]).await.json();
    assert_eq!((&json["dry-run"], &json["letters"]), (&json!(true), &json!(1)));
    assert_eq!(json["deliveries"].as_array().unwrap().len(), 2);
    assert_eq!(json["deliveries"][0]["key"]["event"], inactive(1)["payload"]["event_id"], "oldest first");
    let nothing = redrive(&project, &["--channel", "family"]).await;
    assert_eq!((nothing.code, nothing.stdout.as_str()), (0, ""));
    assert!(nothing.stderr.starts_with("no delivery has ended without success\n"), "{}", nothing.stderr);
    assert_eq!(deliveries(&project, &[]).await, before);
}

#[tokio::test]
async fn what_can_not_be_redriven_says_why() {
    let project = refused().await;
    for (arguments, code, message) in [
        (
            vec!["000000000001:family"],
            4,
            "000000000001:family` has been delivered, so there is nothing to redrive",
        ),
        (
            vec!["000000000003"],
            6,
            "`000000000003` is no event, so it has no delivery to redrive: `seq` is text",
        ),
        (vec!["nosuch"], 4, "there is no delivery `nosuch`"),
        (
            vec!["000000000001:opps"],
            4,
            "help: did you mean `home-heating:01a20694-3550-7cc3-98c4-000000000001:ops`?",
        ),
        (
            vec!["ops"],
            4,
            "`ops` is part of the ids of 2 deliveries\nhelp: give more of the id, one of\n  home-",
        ),
        (vec![], 2, "<ID|--all|--channel <NAME>|--device <DEVICE>>"),
        (vec!["x", "--all"], 2, "cannot be used with"),
    ] {
        let ended = redrive(&project, &arguments).await;
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(message), "{arguments:?}: {}", ended.stderr);
    }
    // A configuration that the function can't run with leaves everything as it is.
    let before = deliveries(&project, &[]).await;
    project.write("campanile.toml", "[channels.ops]\nplugin = 1\n");
    assert_eq!(redrive(&project, &["--all"]).await.code, 3);
    assert_eq!(deliveries(&project, &[]).await, before);
}

#[tokio::test]
async fn in_a_table_they_are_reopened_for_the_deployed_function() {
    let Some(moto) = Moto::get().await else { return };
    let project = Project::sample();
    let store = format!("dynamodb:{}", moto.create_table().await);
    let cloud = [
        ("AWS_ENDPOINT_URL", moto.endpoint.as_str()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "AKIATEST"),
        ("AWS_SECRET_ACCESS_KEY", "SECRETTEST"),
    ];
    let send = ["send", "-", "--store", &store, "--fault", "discord.com=404"];
    let sent = project.campanile_with(&send, &cloud, &inactive(1).to_string()).await;
    assert_eq!(sent.code, 6, "{}", sent.stderr);
    let ended = project.campanile_with(&["redrive", "--all", "--store", &store, "--json"], &cloud, "").await;
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let redriven = &ended.json()["deliveries"];
    assert_eq!((statuses(redriven), &redriven[0]["before"]), (vec!["retry"], &json!("rejected")));
    let listed = ["deliveries", "--status", "retry", "--channel", "ops", "--json", "--store", &store];
    assert_eq!(statuses(&project.campanile_with(&listed, &cloud, "").await.json()), ["retry"]);
}
