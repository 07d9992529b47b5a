//! Plugins that come, change and break while the function runs.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;
use std::time::Duration;

use campanile_local::catcher::Catcher;
use campanile_tests::dev::Dev;
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

/// Compiles what is there, which has this problem, and sends event `number`: the last good plugin delivers it.
async fn the_last_good_one_delivers(project: &Project, function: &Function, number: u32, problem: &str) {
    let compiled = project.campanile(&["plugin", "compile"]).await;
    assert_eq!(compiled.code, 5, "{problem}: {}{}", compiled.stdout, compiled.stderr);
    assert!(compiled.stderr.contains(problem), "{problem}: {}", compiled.stderr);
    let after = report(function, number).await;
    assert_eq!(delivery(&after, "lamp")["status"], "delivered", "{problem}: {after:#}");
}

fn mode(project: &Project, name: &str, mode: u32) {
    std::fs::set_permissions(project.path(name), Permissions::from_mode(mode)).unwrap();
}

/// What the lamp was told, request by request.
fn bodies(catcher: &Catcher) -> Vec<String> {
    let sent = sent_by(catcher, "lamp");
    sent.iter().map(|caught| String::from_utf8(caught.request.body.clone()).unwrap()).collect()
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
    project.rewrite(
        "desk-lamp",
        &[(r#""version": "0.1.0""#, r#""version": "0.2.0""#), (r#""color":"red""#, r#""color":"tan""#)],
    );
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    report(&function, 2).await;
    assert_eq!(bodies(&catcher), [r#"{"on":true,"color":"red"}"#, r#"{"on":true,"color":"tan"}"#]);
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

#[tokio::test]
async fn what_takes_a_plugins_place_and_is_no_file_leaves_the_last_good_one() {
    let project = Project::new(LAMP, &["desk-lamp"]);
    project.campanile(&["plugin", "compile"]).await;
    let (_catcher, function) = running(&project).await;
    report(&function, 1).await;
    let file = project.path("plugins/desk-lamp.wasm");
    std::fs::rename(&file, project.path("elsewhere.wasm")).unwrap();

    std::fs::create_dir(&file).unwrap();
    the_last_good_one_delivers(&project, &function, 2, "is a folder, not a file").await;
    std::fs::remove_dir(&file).unwrap();

    symlink("../elsewhere.wasm", &file).unwrap();
    the_last_good_one_delivers(&project, &function, 3, "is a link out of the folder of plugins").await;
    std::fs::remove_file(&file).unwrap();

    symlink("gone.wasm", &file).unwrap();
    the_last_good_one_delivers(&project, &function, 4, "is a link to `gone.wasm`, which is not there").await;
    std::fs::remove_file(&file).unwrap();

    // Whoever opens it like a file waits for somebody who writes.
    assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
    the_last_good_one_delivers(&project, &function, 5, "is a FIFO, not a file").await;
    std::fs::remove_file(&file).unwrap();

    symlink("/dev/zero", &file).unwrap();
    the_last_good_one_delivers(&project, &function, 6, "is a link out of the folder of plugins").await;
}

#[tokio::test]
async fn a_link_that_stays_in_the_folder_is_as_good_as_a_file() {
    let project = Project::new(LAMP, &["desk-lamp"]);
    std::fs::create_dir(project.path("plugins/versions")).unwrap();
    std::fs::rename(project.path("plugins/desk-lamp.wasm"), project.path("plugins/versions/1.wasm")).unwrap();
    symlink("versions/1.wasm", project.path("plugins/desk-lamp.wasm")).unwrap();
    let compiled = project.campanile(&["plugin", "compile"]).await;
    assert_eq!(compiled.code, 0, "{}", compiled.stderr);
    let (_catcher, function) = running(&project).await;
    assert_eq!(delivery(&report(&function, 1).await, "lamp")["status"], "delivered");
}

#[tokio::test]
async fn what_anybody_may_write_is_refused_until_it_is_repaired() {
    let project = Project::new(LAMP, &["desk-lamp"]);
    project.campanile(&["plugin", "compile"]).await;
    let (catcher, function) = running(&project).await;
    report(&function, 1).await;
    project.rewrite("desk-lamp", &[(r#""color":"red""#, r#""color":"tan""#)]);

    mode(&project, "plugins/desk-lamp.wasm", 0o666);
    the_last_good_one_delivers(&project, &function, 2, "chmod o-w plugins/desk-lamp.wasm").await;
    mode(&project, "plugins/desk-lamp.wasm", 0o644);
    mode(&project, "plugins", 0o777);
    the_last_good_one_delivers(&project, &function, 3, "chmod o-w plugins").await;
    mode(&project, "plugins", 0o755);
    mode(&project, "plugins/.compiled", 0o757);
    the_last_good_one_delivers(&project, &function, 4, "chmod o-w plugins/.compiled").await;
    mode(&project, "plugins/.compiled", 0o755);

    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    report(&function, 5).await;
    let (red, tan) = (r#"{"on":true,"color":"red"}"#, r#"{"on":true,"color":"tan"}"#);
    assert_eq!(bodies(&catcher), [red, red, red, red, tan]);
}

#[tokio::test]
async fn of_two_plugins_with_one_name_the_one_that_was_there_first_stays() {
    let project = Project::new(LAMP, &["desk-lamp"]);
    project.campanile(&["plugin", "compile"]).await;
    let good = std::fs::read(project.path("plugins/desk-lamp.wasm")).unwrap();
    project.rewrite("desk-lamp", &[(r#""color":"red""#, r#""color":"tan""#)]);
    // The other one comes first by the alphabet.
    std::fs::rename(project.path("plugins/desk-lamp.wasm"), project.path("plugins/a-lamp.wasm")).unwrap();
    project.write("plugins/desk-lamp.wasm", good);
    let both = "plugins/a-lamp.wasm` and `desk-lamp.wasm` both call themselves `desk-lamp`";

    let (catcher, function) = running(&project).await;
    report(&function, 1).await;
    the_last_good_one_delivers(&project, &function, 2, both).await;
    // A new process takes the same one.
    let (later, function) = running(&project).await;
    report(&function, 1).await;
    for body in bodies(&catcher).into_iter().chain(bodies(&later)) {
        assert_eq!(body, r#"{"on":true,"color":"red"}"#);
    }
    std::fs::remove_file(project.path("plugins/desk-lamp.wasm")).unwrap();
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    report(&function, 2).await;
    assert_eq!(bodies(&later).last().unwrap(), r#"{"on":true,"color":"tan"}"#);
}

#[tokio::test]
async fn hidden_files_and_other_names_are_not_looked_at() {
    let project = Project::new(LAMP, &[]);
    for name in [".desk-lamp.wasm", ".desk-lamp.wasm.unfinished", "desk-lamp.wasm.minisig", "README.md"] {
        project.write(&format!("plugins/{name}"), "no component");
    }
    let compiled = project.campanile(&["plugin", "compile", "--json"]).await;
    assert_eq!((compiled.code, &compiled.json()["plugins"]), (0, &json!([])));
}

#[tokio::test]
async fn a_running_system_takes_a_plugin_once_all_of_it_is_there() {
    let project = Project::new(LAMP, &["desk-lamp"]);
    let wasm = std::fs::read(project.path("plugins/desk-lamp.wasm")).unwrap();
    std::fs::remove_file(project.path("plugins/desk-lamp.wasm")).unwrap();
    let mut dev = Dev::start(&project, &[]).await;
    project.write("plugins/desk-lamp.wasm", &wasm[..wasm.len() / 2]);
    dev.next_where("plugins", |_| true).await;
    project.write("plugins/desk-lamp.wasm", &wasm);
    dev.next_where("plugins", |_| true).await;
    let sample = project.campanile(&["publish", "--sample", "--mqtt", dev.mqtt()]).await;
    assert_eq!(sample.code, 0, "{}", sample.stderr);
    assert_eq!(dev.attempt("lamp").await["attempt"]["outcome"], "delivered");

    // A folder in its place, and the folder of plugins gone as a whole and back.
    std::fs::remove_file(project.path("plugins/desk-lamp.wasm")).unwrap();
    std::fs::create_dir(project.path("plugins/desk-lamp.wasm")).unwrap();
    dev.next_where("plugins", |_| true).await;
    std::fs::remove_dir_all(project.path("plugins")).unwrap();
    dev.next_where("plugins", |_| true).await;
    std::fs::create_dir(project.path("plugins")).unwrap();
    project.write("plugins/desk-lamp.wasm", &wasm);
    dev.next_where("plugins", |_| true).await;
    let (stopped, code) = dev.stop().await;
    assert_eq!((&stopped["deliveries"], code), (&json!(0), 0));
}
