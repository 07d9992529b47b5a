//! `campanile redrive`: deliveries that ended without success, tried again.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that can not go on has failed"
)]

#[expect(dead_code, reason = "of the servers there, this needs one")]
#[path = "../../host/store/tests/conformance/servers.rs"]
mod servers;

use std::time::Duration;

use campanile_local::fakes::Answer;
use campanile_tests::endpoint::Endpoint;
use campanile_tests::event::inactive;
use campanile_tests::function::{Function, catcher, sent_by};
use campanile_tests::project::{Ended, Project};
use serde_json::{Value, json};
use servers::Server;

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
async fn what_was_refused_is_told_after_the_repair() {
    let project = refused().await;
    let redriven = redrive(&project, &["--all"]).await;
    assert_eq!(redriven.code, 0, "{}", redriven.stderr);
    let shown = project.campanile(&["deliveries", "show", "000000000001:ops", "--store", STORE]).await;
    let changing = [&FILTERS[..], &[(r"message \d+", "message [id]")]].concat();
    insta::with_settings!({ filters => changing, omit_expression => true }, {
        insta::assert_snapshot!(redriven.stdout);
        insta::assert_snapshot!(shown.stdout);
    });
    assert_eq!(statuses(&deliveries(&project, &[]).await), ["delivered"; 4]);
    let again = redrive(&project, &["--all"]).await;
    assert_eq!((again.code, again.stdout.as_str()), (0, ""), "nothing is told twice");
}

#[tokio::test]
async fn what_is_refused_again_or_has_to_wait_says_so() {
    for (fault, status, outcomes, code) in [
        ("discord.com=404", "rejected", &["misconfigured"][..], 6),
        ("discord.com=429:retry-after=3600", "retry", &["rate-limited"], 7),
        ("discord.com=429:retry-after=1:times=1", "delivered", &["rate-limited", "delivered"], 0),
    ] {
        let project = refused().await;
        let ended = redrive(&project, &["000000000001:ops", "--json", "--fault", fault]).await;
        assert_eq!(ended.code, code, "{fault}: {}", ended.stderr);
        let redriven = ended.json();
        let [delivery] = redriven["deliveries"].as_array().unwrap().as_slice() else {
            panic!("{redriven:#}")
        };
        assert_eq!(
            (&delivery["before"], &delivery["record"]["counted-from"]),
            (&json!("rejected"), &json!(1))
        );
        assert_eq!(delivery["record"]["state"]["status"], status, "{fault}");
        let expected = [&["misconfigured"], outcomes].concat();
        assert_eq!(campanile_tests::event::outcomes(&delivery["record"]), expected, "{fault}");
    }
}

/// A channel that refuses is left alone for a minute: nobody has to watch that.
#[tokio::test]
async fn a_channel_that_is_still_broken_is_not_waited_for() {
    let project = refused().await;
    let ended = redrive(&project, &["--all", "--fault", "discord.com=404"]).await;
    assert_eq!(ended.code, 7, "{}", ended.stderr);
    assert!(ended.stdout.ends_with("\n2 deliveries: 1 retry, 1 rejected\n"), "{}", ended.stdout);
    assert!(ended.stderr.contains("goes on when the function runs"), "{}", ended.stderr);
}

#[tokio::test]
async fn only_those_that_are_meant_are_tried_again() {
    let project = Project::sample();
    let blocked =
        json!({ "ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user" });
    let blocked = format!("api.telegram.org=403:body={blocked}");
    let faults = ["--store", STORE, "--fault", "discord.com=404", "--fault", &blocked];
    for number in [1, 2] {
        assert_eq!(project.send(&inactive(number), &faults).await.code, 6);
    }
    assert_eq!(redrive(&project, &["000000000001:family"]).await.code, 0);
    assert_eq!(redrive(&project, &["--channel", "ops", "--device", "nobody"]).await.code, 0);
    let of = async |channel: &str| {
        let listed = deliveries(&project, &["--channel", channel]).await;
        statuses(&listed).join(" ")
    };
    assert_eq!(
        (of("family").await.as_str(), of("ops").await.as_str()),
        ("rejected delivered", "rejected rejected")
    );
    assert_eq!(redrive(&project, &["--channel", "ops"]).await.code, 0);
    assert_eq!(
        (of("family").await.as_str(), of("ops").await.as_str()),
        ("rejected delivered", "delivered delivered")
    );
}

#[tokio::test]
async fn live_really_sends() {
    let hook =
        Endpoint::start(|_| Answer { status: 204, headers: Vec::new(), body: Vec::new(), shown: None }).await;
    let origin = hook.origin();
    let config = format!(
        "[channels.hook]\nplugin = \"webhook\"\nsettings.url = \"{origin}/alerts\"\n\
         allow = [{{ origin = \"{origin}\", private = true }}]\n"
    );
    let project = Project::new(&config, &["webhook"]);
    let refused = project.send(&inactive(1), &["--store", STORE, "--fault", "*=404"]).await;
    assert_eq!(refused.code, 6, "{}", refused.stderr);
    let ended = redrive(&project, &["hook", "--live"]).await;
    assert_eq!(ended.code, 0, "{}\n{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("live: messages really go out"), "{}", ended.stdout);
    let received: Vec<_> = hook.requests().iter().map(|request| request.url.path().to_owned()).collect();
    assert_eq!(received, ["/alerts"]);
}

/// What EventBridge hands over each minute.
fn tick() -> Value {
    json!({
        "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "detail-type": "Scheduled Event",
        "source": "aws.events", "account": "123456789012", "time": "2026-11-24T09:00:00Z", "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/tick"], "detail": {},
    })
}

#[tokio::test]
async fn in_a_table_they_are_reopened_for_the_deployed_function() {
    let Some(moto) = Server::moto().await else { return };
    let project = Project::sample();
    let store = format!("dynamodb:{}", moto.create_table().await);
    let cloud = cloud(moto);
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

#[tokio::test]
async fn the_deployed_functions_schedule_goes_on_with_them_while_somebody_waits() {
    let Some(moto) = Server::moto().await else { return };
    let project = Project::sample();
    let store = format!("dynamodb:{}", moto.create_table().await);
    let cloud = cloud(moto);
    let send = ["send", "-", "--store", &store, "--fault", "discord.com=404"];
    assert_eq!(project.campanile_with(&send, &cloud, &inactive(1).to_string()).await.code, 6);

    let catcher = catcher().await;
    let catch = catcher.url();
    let environment = [&cloud[..], &[("CAMPANILE_STORE", &store), ("CAMPANILE_CATCH", &catch)]].concat();
    let function = Function::start(&project, &environment, Duration::from_secs(20));
    let schedule = async {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            function.answer(&tick()).await;
        }
    };
    let wait = ["redrive", "ops", "--wait", "--store", &store];
    let ended = tokio::select! {
        () = schedule => unreachable!("it never ends"),
        ended = project.campanile_with(&wait, &cloud, "") => ended,
    };
    assert_eq!(ended.code, 0, "{}\n{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.ends_with("\n1 delivery: 1 delivered\n"), "{}", ended.stdout);
    assert_eq!(sent_by(&catcher, "ops").len(), 1);
}

fn cloud(moto: &Server) -> [(&str, &str); 4] {
    [
        ("AWS_ENDPOINT_URL", moto.endpoint.as_str()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "AKIATEST"),
        ("AWS_SECRET_ACCESS_KEY", "SECRETTEST"),
    ]
}
