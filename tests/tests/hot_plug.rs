//! Plugins that come, change and break while the function runs.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

use std::time::Duration;

use campanile_local::catcher::Catcher;
use campanile_tests::event::{delivery, inactive};
use campanile_tests::function::{Function, catcher, sent_by};
use campanile_tests::project::Project;
use serde_json::{Value, json};

const TIMEOUT: Duration = Duration::from_secs(30);

/// A channel of a plugin that nobody here has written.
const LAMP: &str = r#"
    [channels.lamp]
    plugin = "desk-lamp"
    allow = [{ origin = "http://bridge.example", private = true }]
    settings = { bridge = "http://bridge.example", light = "hall" }
    secrets.api-key = { env = "BRIDGE_KEY" }

    [[routes]]
    channels = ["lamp"]
    flapping = false
    storm = false
"#;

async fn running(project: &Project) -> (Catcher, Function) {
    let catcher = catcher().await;
    let function = Function::start(project, &[("CAMPANILE_CATCH", &catcher.url())], TIMEOUT);
    (catcher, function)
}

/// What the function makes of event `number`, without a new start.
async fn report(function: &Function, number: u32) -> Value {
    let invocation = function.invoke(&inactive(number)).await;
    assert_eq!(invocation.init.is_some(), number == 1, "one process for all events");
    invocation.result.unwrap()
}

/// Changes a plugin as a new version of it would: the same length, other bytes.
fn rewrite(project: &Project, replacements: &[(&str, &str)]) {
    let mut wasm = std::fs::read(project.path("plugins/desk-lamp.wasm")).unwrap();
    for (old, new) in replacements {
        assert_eq!(old.len(), new.len());
        let at = wasm.windows(old.len()).position(|window| window == old.as_bytes());
        let at = at.unwrap_or_else(|| panic!("`{old}` is not in the component"));
        wasm[at..at + new.len()].copy_from_slice(new.as_bytes());
    }
    project.write("plugins/desk-lamp.wasm", wasm);
}

#[tokio::test]
async fn a_dropped_plugin_is_listed_with_all_it_asks_for() {
    let project = Project::new(LAMP, &["desk-lamp"]);
    let listed = project.campanile(&["plugin", "list"]).await;
    assert_eq!(listed.code, 0);
    insta::with_settings!({ filters => [("sha256 [0-9a-f]+", "sha256 [digest]")] }, {
        insta::assert_snapshot!(listed.stdout, @r"
        desk-lamp 0.1.0  desk-lamp.wasm  sha256 [digest]
          Turns a lamp red.
          channels  lamp
          settings  bridge*, light*
          hosts     the setting bridge
          secrets   api-key*
        ");
    });
    let listed = project.campanile(&["plugin", "list", "--json"]).await.json();
    assert_eq!(listed[0]["channels"], json!(["lamp"]));
    assert_eq!(listed[0]["description"]["secrets"][0]["name"], "api-key");
}

#[tokio::test]
async fn a_plugin_dropped_while_the_function_runs_serves_the_next_event() {
    let project = Project::new(LAMP, &[]);
    let (catcher, function) = running(&project).await;
    let before = report(&function, 1).await;
    assert_eq!(delivery(&before, "lamp")["status"], "rejected");
    assert!(
        delivery(&before, "lamp")["detail"].as_str().unwrap().contains("no plugin `desk-lamp`"),
        "{before:#}"
    );

    project.drop_plugin("desk-lamp");
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    let after = report(&function, 2).await;
    assert_eq!(delivery(&after, "lamp")["status"], "delivered", "{after:#}");
    let sent = sent_by(&catcher, "lamp");
    let [lit] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(
        (lit.request.method.as_str(), lit.request.url.as_str()),
        ("PUT", "http://bridge.example/lights/hall")
    );
    assert!(lit.request.headers.contains(&("api-key".to_owned(), "an-example-key".to_owned())));
    assert_eq!(lit.request.body, br#"{"on":true,"color":"red"}"#);
}

#[tokio::test]
async fn another_version_takes_over_between_two_events() {
    let project = Project::new(LAMP, &["desk-lamp"]);
    project.campanile(&["plugin", "compile"]).await;
    let (catcher, function) = running(&project).await;
    report(&function, 1).await;
    rewrite(
        &project,
        &[(r#""version": "0.1.0""#, r#""version": "0.2.0""#), (r#""color":"red""#, r#""color":"tan""#)],
    );
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    report(&function, 2).await;
    let bodies: Vec<String> = sent_by(&catcher, "lamp")
        .iter()
        .map(|caught| String::from_utf8(caught.request.body.clone()).unwrap())
        .collect();
    assert_eq!(bodies, [r#"{"on":true,"color":"red"}"#, r#"{"on":true,"color":"tan"}"#]);
    let listed = project.campanile(&["plugin", "list", "--json"]).await.json();
    assert_eq!(listed[0]["description"]["version"], "0.2.0");
}

#[tokio::test]
async fn a_file_that_breaks_leaves_the_last_good_plugin_at_work() {
    let project = Project::new(LAMP, &["desk-lamp"]);
    project.campanile(&["plugin", "compile"]).await;
    let (catcher, function) = running(&project).await;
    report(&function, 1).await;
    let good = std::fs::read(project.path("plugins/desk-lamp.wasm")).unwrap();
    for (number, broken) in [(2, &good[..good.len() / 2]), (3, b"half a download"), (4, b"")] {
        project.write("plugins/desk-lamp.wasm", broken);
        let compiled = project.campanile(&["plugin", "compile"]).await;
        assert_eq!(compiled.code, 5, "{}", compiled.stdout);
        assert!(compiled.stderr.contains("desk-lamp.wasm"), "{}", compiled.stderr);
        let after = report(&function, number).await;
        assert_eq!(delivery(&after, "lamp")["status"], "delivered", "{after:#}");
    }
    assert_eq!(sent_by(&catcher, "lamp").len(), 4);
}

#[tokio::test]
async fn a_removed_plugin_serves_no_more() {
    let project = Project::new(LAMP, &["desk-lamp"]);
    project.campanile(&["plugin", "compile"]).await;
    let (catcher, function) = running(&project).await;
    report(&function, 1).await;
    std::fs::remove_file(project.path("plugins/desk-lamp.wasm")).unwrap();
    project.campanile(&["plugin", "compile"]).await;
    assert_eq!(delivery(&report(&function, 2).await, "lamp")["status"], "rejected");
    assert_eq!(sent_by(&catcher, "lamp").len(), 1);
}
