//! From an empty folder to a caught message, in each language, as the author of a plugin gets there.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can not go on has failed"
)]

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use campanile_tests::built::binary;
use campanile_tests::dev::Dev;
use campanile_tests::project::Project;
use serde_json::json;
use tokio::process::Command;

/// Installing a language's tools for the first time takes most of it.
const PATIENCE: Duration = Duration::from_secs(580);

/// What an author writes to see the plugin's messages.
const CHANNEL: &str = r#"
    [channels.pager]
    plugin = "night-pager"
    settings.url = "https://pager.example.com/notify"
    allow = ["https://pager.example.com"]

    [[routes]]
    channels = ["pager"]
"#;

/// Runs `plugins/night-pager/build`, which has all that an author has: a network, a home, a cache.
async fn build(project: &Project, arguments: &[&str]) {
    run(project, &project.path("plugins/night-pager/build"), arguments).await;
}

/// Tries the component as a stranger would, and its own cases.
async fn test(project: &Project) {
    let arguments = ["plugin", "test", "plugins/night-pager.wasm", "--cases", "plugins/night-pager/cases"];
    run(project, &binary("campanile"), &arguments).await;
}

async fn run(project: &Project, program: &Path, arguments: &[&str]) {
    let ended = Command::new(program)
        .args(arguments)
        .current_dir(project.path("."))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let ended = tokio::time::timeout(PATIENCE, ended).await.unwrap().unwrap();
    let said = [ended.stdout, ended.stderr].concat();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&said));
}

/// Three commands while a system runs: `plugin new`, `build`, and an event; and a channel in the configuration.
async fn from_nothing_to_a_message(language: &str, called: &str) -> Project {
    let project = Project::new("", &[]);
    let mut dev = Dev::start(&project, &[]).await;
    let started = Instant::now();
    let new = project.campanile(&["plugin", "new", "night-pager", "--lang", language]).await;
    assert_eq!(new.code, 0, "{}", new.stderr);
    let begun = started.elapsed();
    build(&project, &[]).await;
    let built = started.elapsed();
    dev.next_where("plugins", |_| true).await;
    project.write("campanile.toml", CHANNEL);
    dev.next_where("reloaded", |_| true).await;
    let sample = project.campanile(&["publish", "--sample", "--mqtt", dev.mqtt()]).await;
    assert_eq!(sample.code, 0, "{}", sample.stderr);
    let attempt = dev.attempt("pager").await;
    assert_eq!(attempt["attempt"]["outcome"], json!("delivered"), "{attempt:#}");
    let ready = started.elapsed();
    println!(
        "{language}: new {} ms, build {:.1} s, loaded and caught {:.1} s later; 3 commands",
        begun.as_millis(),
        (built - begun).as_secs_f64(),
        (ready - built).as_secs_f64()
    );
    let inspected = project.campanile(&["plugin", "inspect", "night-pager", "--json"]).await.json();
    assert!(inspected["languages"].as_array().unwrap().contains(&json!(called)), "{inspected:#}");
    // What the author is told to do next works too.
    build(&project, &["--test"]).await;
    test(&project).await;
    drop(dev);
    project
}

#[tokio::test]
async fn in_rust() {
    drop(from_nothing_to_a_message("rust", "Rust").await);
}

#[tokio::test]
async fn in_javascript() {
    let project = from_nothing_to_a_message("javascript", "JavaScript").await;
    a_save_is_the_next_message(&project).await;
}

/// What is saved is built, and serves the next event. What can't be built is told, and the last good code goes on to serve.
async fn a_save_is_the_next_message(project: &Project) {
    let file = "plugins/night-pager/src/plugin.js";
    let source = std::fs::read_to_string(project.path(file)).unwrap();
    let mut dev = Dev::of_author(project, "plugins/night-pager").await;
    let next = async |dev: &mut Dev, device: &str| {
        let sample =
            project.campanile(&["publish", "--sample", "--device", device, "--mqtt", dev.mqtt()]).await;
        assert_eq!(sample.code, 0, "{}", sample.stderr);
        dev.attempt("night-pager").await["attempt"].clone()
    };
    assert_eq!(next(&mut dev, "first").await["outcome"], json!("delivered"));

    let saying = "  host.log(\"info\", \"as saved\");\n  const response = host.send({";
    project.write(file, source.replace("  const response = host.send({", saying));
    dev.next_where("plugins", |_| true).await;
    let saved = next(&mut dev, "second").await;
    assert!(saved.to_string().contains("as saved"), "{saved:#}");

    project.write(file, "export function deliver( {");
    dev.next_where("note", |note| note.to_string().contains("the last good one stays")).await;
    let still = next(&mut dev, "third").await;
    assert!(still.to_string().contains("as saved"), "{still:#}");
}

#[tokio::test]
async fn in_python() {
    drop(from_nothing_to_a_message("python", "Python").await);
}

#[tokio::test]
async fn a_project_that_is_there_stays_as_it_is() {
    let project = Project::new("", &[]);
    let arguments = ["plugin", "new", "night-pager", "--json"];
    let first = project.campanile(&arguments).await;
    assert_eq!((first.code, first.json()["build"].as_str()), (0, Some("plugins/night-pager/build")));
    project.write("plugins/night-pager/describe.json", "mine");
    let second = project.campanile(&arguments).await;
    assert_eq!(second.code, 1);
    assert!(second.stderr.contains("is there already"), "{}", second.stderr);
    assert_eq!(std::fs::read_to_string(project.path("plugins/night-pager/describe.json")).unwrap(), "mine");
    let wrong = project.campanile(&["plugin", "new", "Night_Pager"]).await;
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("lower case letters"), "{}", wrong.stderr);
}
