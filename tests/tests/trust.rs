//! What an operator agrees to is what runs: `plugin add` and `plugin remove`, the lock, signatures.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::io::Cursor;

use campanile_tests::dev::Dev;
use campanile_tests::event::{delivery, inactive};
use campanile_tests::project::{Ended, Project};
use minisign::KeyPair;
use serde_json::json;

/// Settings and a route of the channel that `plugin add --channel lamp` makes.
const REST: &str = r#"
settings.bridge = "http://bridge.example"
settings.light = "hall"

[[routes]]
channels = ["lamp"]
flapping = false
storm = false
"#;

/// As the plugin writes it, and with as many characters.
const HEADER: &str = r#""places": ["header"],"#;
const BODY: &str = r#""places": ["body"]  ,"#;

/// A project with a component outside of its folder of plugins.
fn project(config: &str) -> Project {
    let project = Project::new(config, &["desk-lamp"]);
    std::fs::rename(project.path("plugins/desk-lamp.wasm"), project.path("lamp.wasm")).unwrap();
    project
}

/// A project that has added the plugin, and a channel of it.
async fn with_lamp() -> Project {
    let project = project("");
    let added = add(&project, &["lamp.wasm", "--yes", "--channel", "lamp"]).await;
    assert_eq!(added.code, 0, "{}", added.stderr);
    let config = read(&project, "campanile.toml");
    project.write("campanile.toml", format!("{config}{REST}"));
    project
}

async fn add(project: &Project, arguments: &[&str]) -> Ended {
    project.campanile(&[&["plugin", "add"], arguments].concat()).await
}

fn read(project: &Project, name: &str) -> String {
    std::fs::read_to_string(project.path(name)).unwrap()
}

/// Another version, which does as much and wants as much.
fn change(project: &Project) {
    project.rewrite("desk-lamp", &[(r#""color":"red""#, r#""color":"tan""#)]);
}

/// Signs a file of the project: `FILE.minisig` lies beside it.
fn sign(project: &Project, keys: &KeyPair, file: &str) {
    let bytes = std::fs::read(project.path(file)).unwrap();
    let signed = minisign::sign(None, &keys.sk, Cursor::new(bytes), Some("desk-lamp"), None).unwrap();
    project.write(&format!("{file}.minisig"), signed.into_string());
}

#[tokio::test]
async fn what_is_added_is_shown_pinned_and_serves_its_channel() {
    let project = project("# Ours: keep this.\n[store] # and this\nkind = \"memory\"\n");
    let added = add(&project, &["lamp.wasm", "--yes", "--channel", "lamp"]).await;
    assert_eq!(added.code, 0, "{}", added.stderr);
    let filters = [
        ("[0-9a-f]{64}", "DIGEST"),
        ("[0-9]+ KiB", "N KiB"),
        ("language .*", "language  LANGUAGES"),
        ("made with .*", "made with TOOLS"),
        (r"(?m)^ +wasi:.*\n", ""),
    ];
    insta::with_settings!({ filters => filters, omit_expression => true }, {
        insta::assert_snapshot!(added.stdout, @r"
        desk-lamp 0.1.0  lamp.wasm
          Turns a lamp red.
          sha256    DIGEST
          size      N KiB
          signature none
          contract  campanile:channel@0.1.0
          language  LANGUAGES
          made with TOOLS
          imports   campanile:channel/http@0.1.0
                    campanile:channel/secrets@0.1.0
                    campanile:channel/types@0.1.0
          exports   campanile:channel/plugin@0.1.0
          hosts     the host of the setting bridge
          secrets   api-key in header: Shown by the bridge after its button is pressed.
          settings  bridge*, light*

        desk-lamp is new here
        installed  plugins/desk-lamp.wasm, pinned in plugins.lock
        channel lamp, in campanile.toml
          to do  fill in settings.bridge
          to do  fill in settings.light
          to do  set DESK_LAMP_API_KEY
          to do  name it in a route
        ");
    });
    let config = read(&project, "campanile.toml");
    insta::assert_snapshot!(config, @r##"
    # Ours: keep this.
    [store] # and this
    kind = "memory"

    [channels.lamp]
    plugin = "desk-lamp"
    allow = []
    # Origin of the bridge.
    # settings.bridge = …
    # Id of the lamp.
    # settings.light = …
    secrets.api-key = { env = "DESK_LAMP_API_KEY" }
    "##);
    let lock = read(&project, "plugins.lock");
    assert!(lock.contains("[plugins.desk-lamp.wants]") && !lock.contains("lamp.wasm.minisig"), "{lock}");

    project.write("campanile.toml", format!("{config}{REST}"));
    let sent = project.send(&inactive(1), &[]).await;
    assert_eq!(delivery(&sent.json()["report"], "lamp")["status"], "delivered", "{}", sent.stdout);
    let checked = project.campanile(&["check", "--json"]).await.json();
    assert_eq!(checked["broken-plugins"], json!([]));
}

#[tokio::test]
async fn nothing_is_changed_without_somebody_who_agrees() {
    let project = project("");
    let asked = add(&project, &["lamp.wasm", "--json", "--channel", "lamp"]).await;
    assert_eq!(asked.code, 2, "{}", asked.stderr);
    assert!(asked.stderr.contains("nobody to ask") && asked.stderr.contains("--yes"), "{}", asked.stderr);
    let told = asked.json();
    assert_eq!((&told["installed"], &told["change"]), (&json!(false), &json!("new")));
    assert_eq!(told["description"]["secrets"][0]["places"], json!(["header"]));
    assert!(!told["tools"].as_array().unwrap().is_empty(), "{told:#}");
    let is_there = |name: &str| project.path(name).exists();
    assert!(!is_there("plugins/desk-lamp.wasm") && !is_there("plugins.lock"));
    assert_eq!(read(&project, "campanile.toml"), "");
}

#[tokio::test]
async fn what_is_no_plugin_or_not_fetched_safely_is_refused() {
    let project = project("[channels.lamp]\nplugin = \"x\"\n");
    project.write("text.wasm", "no component");
    for (arguments, code, said) in [
        (&["text.wasm", "--yes"][..], 5, "`text.wasm`: not a WebAssembly file"),
        (&["gone.wasm", "--yes"], 5, "gone.wasm"),
        (&["http://localhost/lamp.wasm", "--yes"], 2, "is not https"),
        (&["https://me:hunter2@localhost/lamp.wasm", "--yes"], 2, "has a user or a password"),
        (&["lamp.wasm", "--yes", "--channel", "lamp"], 3, "there is a channel `lamp` already"),
        (&["lamp.wasm", "--yes", "--channel", "The Lamp"], 2, "no name for a channel"),
        (&["lamp.wasm", "--yes", "--publisher-key", "nonsense"], 2, "neither a public key"),
    ] {
        let ended = add(&project, arguments).await;
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(said) && !ended.stderr.contains("hunter2"), "{said}: {}", ended.stderr);
    }
    assert!(!project.path("plugins.lock").exists());
}

#[tokio::test]
async fn the_first_lock_pins_what_is_there_already() {
    let project = project("");
    project.drop_plugin("telegram");
    let added = add(&project, &["lamp.wasm", "--yes", "--json"]).await;
    assert_eq!(added.json()["pinned"], json!(["telegram"]));
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
}

#[tokio::test]
async fn a_changed_or_unlisted_plugin_is_refused_everywhere_until_it_is_added() {
    let project = with_lamp().await;
    let event = project.path("event.json").display().to_string();
    project.write("event.json", inactive(1).to_string());
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    change(&project);
    project.drop_plugin("webhook");
    for (arguments, code) in
        [(&["check"][..], 5), (&["plugin", "compile"], 5), (&["plugin", "list"], 5), (&["send", &event], 0)]
    {
        let ended = project.campanile(arguments).await;
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.stderr);
        for said in [
            "`desk-lamp.wasm` has the digest ",
            ", and plugins.lock pins ",
            "campanile plugin add plugins/desk-lamp.wasm",
            "is not in plugins.lock; if that is meant: campanile plugin add plugins/webhook.wasm",
        ] {
            assert!(ended.stderr.contains(said), "{arguments:?}: {}", ended.stderr);
        }
    }
    for file in ["plugins/desk-lamp.wasm", "plugins/webhook.wasm"] {
        let added = add(&project, &[file, "--yes"]).await;
        assert_eq!(added.code, 0, "{}", added.stderr);
    }
    assert_eq!(project.campanile(&["check"]).await.code, 0);
}

#[tokio::test]
async fn a_running_system_goes_on_with_what_is_pinned() {
    let project = with_lamp().await;
    let mut dev = Dev::start(&project, &[]).await;
    change(&project);
    dev.next_where("plugins", |_| true).await;
    let sample = project.campanile(&["publish", "--sample", "--mqtt", dev.mqtt()]).await;
    assert_eq!(sample.code, 0, "{}", sample.stderr);
    assert_eq!(dev.attempt("lamp").await["attempt"]["outcome"], "delivered");

    let added = add(&project, &["plugins/desk-lamp.wasm", "--yes"]).await;
    assert_eq!(added.code, 0, "{}", added.stderr);
    dev.next_where("plugins", |_| true).await;
    dev.stop().await;
}

#[tokio::test]
async fn an_update_that_wants_more_is_not_agreed_to_by_a_flag() {
    let project = with_lamp().await;
    project.rewrite("desk-lamp", &[(HEADER, BODY)]);
    let asked = add(&project, &["plugins/desk-lamp.wasm", "--yes", "--json"]).await;
    assert_eq!(asked.code, 2, "{}", asked.stderr);
    assert_eq!(asked.json()["also-wants"], json!({ "secrets": { "api-key": ["body"] } }));
    assert!(asked.stderr.contains("also wants: the secret api-key in body"), "{}", asked.stderr);
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 5);

    // What somebody has taken out is new when it comes again.
    std::fs::copy(project.path("plugins/desk-lamp.wasm"), project.path("lamp.wasm")).unwrap();
    assert_eq!(project.campanile(&["plugin", "remove", "desk-lamp", "--yes"]).await.code, 0);
    assert_eq!(add(&project, &["lamp.wasm", "--yes"]).await.code, 0);
}

#[tokio::test]
async fn once_a_publisher_is_known_every_update_is_signed_by_it() {
    let project = with_lamp().await;
    let keys = KeyPair::generate_unencrypted_keypair().unwrap();
    let key = keys.pk.to_base64();
    let file = "plugins/desk-lamp.wasm";
    let unsigned = add(&project, &[file, "--yes", "--publisher-key", &key]).await;
    assert!(unsigned.code == 5 && unsigned.stderr.contains("it is not signed"), "{}", unsigned.stderr);

    sign(&project, &keys, file);
    let signed = add(&project, &[file, "--yes", "--publisher-key", &key, "--json"]).await;
    assert_eq!(signed.code, 0, "{}", signed.stderr);
    assert_eq!(
        signed.json()["signature"],
        json!({ "state": "good", "publisher-key": key, "comment": "desk-lamp" })
    );
    assert!(read(&project, "plugins.lock").contains(&format!("publisher-key = \"{key}\"")));
    let inspected = project.campanile(&["plugin", "inspect", "desk-lamp", "--json"]).await;
    assert_eq!(inspected.json()["signature"]["state"], "good", "{}", inspected.stderr);

    change(&project);
    let stale = add(&project, &[file, "--yes"]).await;
    assert!(stale.code == 5 && stale.stderr.contains("it has changed since"), "{}", stale.stderr);
    sign(&project, &KeyPair::generate_unencrypted_keypair().unwrap(), file);
    let stranger = add(&project, &[file, "--yes"]).await;
    assert!(stranger.code == 5 && stranger.stderr.contains("signed by somebody else"), "{}", stranger.stderr);
    let other = KeyPair::generate_unencrypted_keypair().unwrap().pk.to_base64();
    let other = add(&project, &[file, "--yes", "--publisher-key", &other]).await;
    assert!(other.code == 5 && other.stderr.contains("another publisher's key"), "{}", other.stderr);
    sign(&project, &keys, file);
    assert_eq!(add(&project, &[file, "--yes"]).await.code, 0);
}

#[tokio::test]
async fn a_plugin_that_serves_a_channel_is_removed_only_if_that_is_meant() {
    let project = with_lamp().await;
    let refused = project.campanile(&["plugin", "remove", "desk-lamp"]).await;
    assert!(refused.code == 3 && refused.stderr.contains("serves lamp"), "{}", refused.stderr);
    let removed = project.campanile(&["plugin", "remove", "desk-lamp", "--yes", "--json"]).await;
    assert_eq!((removed.code, &removed.json()["channels"]), (0, &json!(["lamp"])));
    assert!(!project.path("plugins/desk-lamp.wasm").exists());
    assert!(!read(&project, "plugins.lock").contains("desk-lamp"));
    assert_eq!(project.campanile(&["plugin", "remove", "desk-lamp", "--yes"]).await.code, 5);
    // The lock binds still.
    project.drop_plugin("desk-lamp");
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 5);
}
