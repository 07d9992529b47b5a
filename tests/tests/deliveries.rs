//! `campanile deliveries`: what became of events, after the process that handled them is gone.

use campanile_tests::event::inactive;
use campanile_tests::project::{Ended, Project};
use serde_json::json;

const STORE: &str = "sqlite:campanile.db";

/// What differs from run to run.
const FILTERS: [(&str, &str); 4] = [
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})?Z", "[time]"),
    (r" +[+]\d+\.\d{3} s", " [since] s"),
    (r"\d+ ms", "[ms]"),
    (r"message \d+", "message [id]"),
];

async fn deliveries(project: &Project, arguments: &[&str]) -> Ended {
    project.campanile(&[&["deliveries"], arguments, &["--store", STORE]].concat()).await
}

/// A project whose store has an event that Discord answered only at the second time, and one that is no event.
async fn told() -> Project {
    let project = Project::sample();
    let fault = ["--store", STORE, "--fault", "discord.com=500:times=1"];
    assert_eq!(project.send(&inactive(1), &fault).await.code, 0);
    assert_eq!(project.send(&json!([1]), &["--store", STORE]).await.code, 6);
    project
}

#[tokio::test]
async fn they_are_listed_and_shown_attempt_by_attempt() {
    let project = told().await;
    let listed = deliveries(&project, &[]).await;
    assert_eq!((listed.code, listed.stderr.as_str()), (0, ""));
    // Both were opened by the same event, side by side.
    let mut lines: Vec<&str> = listed.stdout.lines().collect();
    lines.sort_unstable_by(|one, other| other.cmp(one));
    let shown = deliveries(&project, &["show", "ops"]).await;
    assert_eq!((shown.code, shown.stderr.as_str()), (0, ""));
    let letters = deliveries(&project, &["letters"]).await;
    insta::with_settings!({ filters => FILTERS, omit_expression => true }, {
        insta::assert_snapshot!(lines.join("\n"));
        insta::assert_snapshot!(shown.stdout);
        insta::assert_snapshot!(letters.stdout);
    });
    let json =
        deliveries(&project, &["--status", "delivered", "--device", "home-heating", "--json"]).await.json();
    assert_eq!(json.as_array().unwrap().len(), 2);
    for nothing in [
        ["--status", "dead-letter"],
        ["--device", "nobody"],
        ["--channel", "nowhere"],
        ["--since", "2999-01-01"],
    ] {
        assert_eq!(deliveries(&project, &nothing).await.stderr, "no deliveries\n");
    }
}

#[tokio::test]
async fn lists_are_by_channel_and_time_and_go_on_where_they_ended() {
    let project = told().await;
    for number in [2, 3] {
        project.send(&inactive(number), &["--store", STORE]).await;
    }
    let ids = |ended: &Ended| -> Vec<String> {
        let listed = ended.json();
        listed
            .as_array()
            .unwrap()
            .iter()
            .map(|delivery| delivery["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let of_ops = ["--channel", "ops", "--since", "1h", "--json"];
    let all = deliveries(&project, &of_ops).await;
    let all = ids(&all);
    assert_eq!(all.iter().filter(|id| id.ends_with(":ops")).count(), 3, "{all:?}");
    let first = deliveries(&project, &[&of_ops[..], &["--limit", "2"]].concat()).await;
    let cursor = first.stderr.trim().strip_prefix("more: --after ").unwrap();
    let second = deliveries(&project, &[&of_ops[..], &["--limit", "2", "--after", cursor]].concat()).await;
    assert_eq!((ids(&first), ids(&second)), (all[..2].to_vec(), all[2..].to_vec()));
    assert_eq!(second.stderr, "");
}

#[tokio::test]
async fn what_waits_says_since_when_and_until_when() {
    let project = Project::sample();
    let fault = ["--store", STORE, "--fault", "discord.com=429:retry-after=3600"];
    assert_eq!(project.send(&inactive(1), &fault).await.code, 7);
    let shown = deliveries(&project, &["show", "ops"]).await.stdout;
    let since = [&FILTERS[..], &[(r"since \d\d:\d\d:\d\dZ \(\d+ s\)", "since [time]")]].concat();
    insta::with_settings!({ filters => since, omit_expression => true }, { insta::assert_snapshot!(shown) });
}

#[tokio::test]
async fn an_event_that_comes_again_is_not_told_again_by_another_process() {
    let project = Project::sample();
    let first = project.send(&inactive(1), &["--store", STORE]).await.json();
    let second = project.send(&inactive(1), &["--store", STORE]).await.json();
    assert_eq!(first["messages"].as_array().unwrap().len(), 2);
    assert_eq!(second["messages"], json!([]));
    assert_eq!(second["report"]["result"], "delivered");
}

#[tokio::test]
async fn what_can_not_be_shown_says_why() {
    let project = told().await;
    for (arguments, code, message) in [
        (vec!["show", "nosuch"], 4, "there is no delivery `nosuch`"),
        (vec!["show", "home-heating"], 4, "part of the ids of 2 deliveries"),
        (vec!["show", "home-heating"], 4, "one of\n  home-heating:01a20694-3550-7cc3-98c4-000000000001:"),
        (vec!["show", "000000000001:opps"], 4, "did you mean `home-heating:"),
        (vec!["--status", "lost"], 2, "dead-letter"),
    ] {
        let ended = deliveries(&project, &arguments).await;
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(message), "{arguments:?}: {}", ended.stderr);
    }
    project.write("broken.db", "this is no database, but long enough to look at");
    for (store, code, message) in [
        ("sqlite:nosuch.db", 1, "there is no store"),
        ("sqlite:broken.db", 1, "broken.db"),
        ("postgres:x", 2, "sqlite:PATH"),
    ] {
        let ended = project.campanile(&["deliveries", "--store", store]).await;
        assert_eq!(ended.code, code, "{store}: {}", ended.stderr);
        assert!(ended.stderr.contains(message), "{store}: {}", ended.stderr);
    }
    let ended = project.campanile(&["deliveries"]).await;
    assert_eq!((ended.code, ended.stderr.contains("kind = \"sqlite\"")), (3, true), "{}", ended.stderr);
}
