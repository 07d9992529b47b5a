//! `campanile bundle`: what is in the package delivers on the processor that it is deployed to, and what could not is not packed.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use campanile_local::catcher::Catcher;
use campanile_tests::built;
use campanile_tests::event::{delivery, inactive, outcomes};
use campanile_tests::function::{Function, catcher, sent_by};
use campanile_tests::package::{Unpacked, bootstrap};
use campanile_tests::project::{Ended, Project};
use serde_json::{Value, json};

/// A channel for each of the plugins that come with Campanile, as it is deployed.
const CONFIG: &str = r#"
[channels.alarm]
plugin = "webhook"
allow = ["https://example.com"]
settings.url = "https://example.com/hooks/campanile"
secrets.signing-secret = { ssm = "/campanile/signing-secret" }
[channels.family]
plugin = "telegram"
allow = ["https://api.telegram.org"]
settings.chat-id = "-1001234567890"
secrets.bot-token = { env = "TELEGRAM_BOT_TOKEN" }
[channels.ops]
plugin = "discord"
allow = ["https://discord.com"]
secrets.webhook-url = { ssm = "/campanile/discord-webhook-url" }
"#;

const PLUGINS: [&str; 3] = ["discord", "telegram", "webhook"];
const CHANNELS: [&str; 3] = ["alarm", "family", "ops"];

/// What is uploaded and unpacked at a cold start. Above this `campanile bundle` says a word.
const LARGEST: u64 = 8 * 1024 * 1024;

async fn bundle(project: &Project, arguments: &[&str]) -> Ended {
    bundle_of(project, bootstrap(), arguments).await
}

async fn bundle_of(project: &Project, bootstrap: PathBuf, arguments: &[&str]) -> Ended {
    let bootstrap = bootstrap.display().to_string();
    project.campanile(&[&["bundle", "--bootstrap", &bootstrap], arguments].concat()).await
}

/// What each channel has sent: method, URL, body.
fn sent(catcher: &Catcher) -> Vec<(String, String, Value)> {
    let requests = CHANNELS.into_iter().flat_map(|channel| sent_by(catcher, channel));
    let request = requests.map(|caught| {
        let request = &caught.request;
        assert!(caught.shown().is_some(), "the fake has refused it: {request:?}");
        let body = serde_json::from_slice(&request.body).unwrap();
        (request.method.clone(), request.url.to_string(), body)
    });
    request.collect()
}

async fn delivered(function: &Function) {
    let report = function.answer(&inactive(1)).await;
    for channel in CHANNELS {
        assert_eq!(outcomes(delivery(&report, channel)), ["delivered"], "{report:#}");
    }
}

#[tokio::test]
async fn what_is_in_the_package_delivers_on_its_processor_what_it_delivers_on_this_one() {
    let project = Project::new(CONFIG, &PLUGINS);
    let made = bundle(&project, &["--json"]).await;
    assert_eq!(made.code, 0, "{}", made.stderr);
    let package = Unpacked::of(&project.path("function.zip"));
    let before = package.list();

    let far = catcher().await;
    let function = package.start(&[("CAMPANILE_CATCH", &far.url())]);
    delivered(&function).await;
    assert_eq!(package.list(), before, "nothing is written into the package");

    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    let near = catcher().await;
    let function = Function::start(&project, &[("CAMPANILE_CATCH", &near.url())], Duration::from_secs(30));
    delivered(&function).await;
    assert_eq!((sent(&far).len(), sent(&far)), (CHANNELS.len(), sent(&near)));

    let (zip, unpacked) = (made.json()["bytes"].as_u64().unwrap(), &made.json()["unpacked-bytes"]);
    println!("function.zip: {zip} bytes, {unpacked} unpacked");
    assert!(zip <= LARGEST, "{zip}");
}

#[tokio::test]
async fn the_same_input_makes_the_same_bytes_and_all_of_it_is_told() {
    let project = Project::new(CONFIG, &PLUGINS);
    let first = bundle(&project, &["--json"]).await;
    assert_eq!(first.code, 0, "{}", first.stderr);
    // Another folder, another time, and plugins that are compiled anew.
    let other = Project::new(CONFIG, &PLUGINS);
    let second = bundle(&other, &["--json", "--out", "again.zip"]).await;
    let (zip, again) = ("function.zip", "again.zip");
    assert!(std::fs::read(project.path(zip)).unwrap() == std::fs::read(other.path(again)).unwrap());

    let told = first.json();
    assert_eq!(told["sha256"], second.json()["sha256"]);
    let bytes = STANDARD.decode(told["lambda-code-sha256"].as_str().unwrap()).unwrap();
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(told["sha256"], digits);
    assert_eq!(told["bytes"], std::fs::metadata(project.path(zip)).unwrap().len());
    let plugins = told["plugins"].as_array().unwrap();
    let names: Vec<_> = plugins.iter().map(|plugin| plugin["name"].as_str().unwrap()).collect();
    assert_eq!(names, PLUGINS);
    let secret = json!({ "channel": "family", "secret": "bot-token", "env": "TELEGRAM_BOT_TOKEN" });
    assert!(told["secrets"].as_array().unwrap().contains(&secret), "{told:#}");

    let folders = |name: &str| !name.contains('.') || name.ends_with("gnu") || name.ends_with(".compiled");
    let files: Vec<_> = Unpacked::of(&project.path(zip)).list();
    let files: Vec<_> = files.iter().filter(|(name, _)| name == "bootstrap" || !folders(name)).collect();
    let modes: Vec<_> = files.iter().map(|(name, mode)| (name == "bootstrap", *mode)).collect();
    assert!(modes.iter().all(|mode| [(true, 0o755), (false, 0o644)].contains(mode)), "{files:?}");
    assert_eq!(files.len(), told["files"].as_array().unwrap().len());
    assert!(!files.iter().any(|(name, _)| name.ends_with(".wasm")), "{files:?}");
}

#[tokio::test]
async fn for_people_there_is_a_list() {
    let family = CONFIG.split("[channels.ops]").next().unwrap().split_once("[channels.family]").unwrap().1;
    let project = Project::new(&format!("[channels.family]{family}"), &PLUGINS);
    let ended = bundle(&project, &[]).await;
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let filters = [
        (r" +[0-9]+ KiB", " N KiB"),
        ("[0-9a-f]{64}|[0-9a-f]{12}", "DIGEST"),
        (r"[0-9A-Za-z+/]{43}=", "BASE64"),
        (r"glibc [0-9.]+", "glibc N"),
    ];
    insta::with_settings!({ filters => filters, omit_expression => true }, {
        insta::assert_snapshot!(ended.stdout, @r"
        function.zip N KiB, N KiB unpacked, for aarch64-unknown-linux-gnu

          bootstrap N KiB N KiB  glibc N or newer
          campanile.toml N KiB N KiB
          plugins.lock N KiB N KiB
          telegram 0.1.0 N KiB N KiB  code DIGEST of DIGEST
          manifest.json N KiB N KiB

          secrets     family: bot-token, env TELEGRAM_BOT_TOKEN
          left out    discord, webhook, which no channel uses
          sha256      DIGEST
          CodeSha256  BASE64  as Lambda shows it
        ");
    });
}

#[tokio::test]
async fn what_lambda_could_not_start_is_no_bootstrap() {
    let project = Project::new(CONFIG, &PLUGINS);
    let other = match std::env::consts::ARCH {
        "aarch64" => "x86_64-unknown-linux-gnu",
        _ => "aarch64-unknown-linux-gnu",
    };
    let ended = bundle_of(&project, built::binary("bootstrap"), &["--target", other]).await;
    let expected = format!("is for {}, and the package is for {other}", std::env::consts::ARCH);
    assert!(ended.code == 1 && ended.stderr.contains(&expected), "{}", ended.stderr);
    let ended = bundle_of(&project, project.path("campanile.toml"), &[]).await;
    assert!(ended.code == 1 && ended.stderr.contains("is no program for Linux"), "{}", ended.stderr);
    let ended = bundle_of(&project, project.path("nothing"), &[]).await;
    assert!(ended.code == 1 && ended.stderr.contains("No such file"), "{}", ended.stderr);
    let ended = bundle(&project, &["--target", "riscv64gc-unknown-linux-gnu"]).await;
    assert!(ended.code == 2 && ended.stderr.contains("possible values"), "{}", ended.stderr);
    assert!(!project.path("function.zip").exists());
}

#[tokio::test]
async fn a_plugin_that_does_not_load_is_not_deployed() {
    let project = Project::new(CONFIG, &PLUGINS);
    assert_eq!(bundle(&project, &[]).await.code, 0);
    let before = std::fs::read(project.path("function.zip")).unwrap();
    project.write("plugins/pager.wasm", "no component");
    let ended = bundle(&project, &[]).await;
    assert!(ended.code == 5 && ended.stderr.contains("pager.wasm"), "{}", ended.stderr);
    assert!(std::fs::read(project.path("function.zip")).unwrap() == before, "the last package stays");
    std::fs::remove_file(project.path("plugins/pager.wasm")).unwrap();

    std::fs::copy(project.path("plugins/telegram.wasm"), project.path("plugins/copy.wasm")).unwrap();
    let ended = bundle(&project, &[]).await;
    assert!(ended.code == 5 && ended.stderr.contains("both call themselves `telegram`"), "{}", ended.stderr);
}

#[tokio::test]
async fn what_works_on_this_machine_only_is_not_deployed() {
    let mistakes = [
        ("{ env = \"TELEGRAM_BOT_TOKEN\" }", "{ file = \"token\" }", "deploy::secret"),
        ("allow = [\"https://discord.com\"]", "", "config::not-granted"),
        ("secrets.webhook-url", "secrets.webhok-url", "config::unknown-secret"),
        ("[channels.alarm]", "[store]\nkind = \"sqlite\"\n[channels.alarm]", "deploy::store"),
    ];
    let project = Project::new(CONFIG, &PLUGINS);
    for (from, to, code) in mistakes {
        project.write("campanile.toml", CONFIG.replace(from, to));
        for ended in [bundle(&project, &[]).await, project.campanile(&["check", "--deploy"]).await] {
            assert!(ended.code == 3 && ended.stderr.contains(code), "{code}: {}", ended.stderr);
        }
        assert!(!project.path("function.zip").exists());
    }
}

#[tokio::test]
async fn other_plugins_than_those_that_are_pinned_are_not_deployed() {
    let project = Project::new(CONFIG, &PLUGINS);
    assert_eq!(bundle(&project, &["--lock"]).await.code, 0);
    let lock = std::fs::read_to_string(project.path("plugins.lock")).unwrap();
    assert_eq!(bundle(&project, &[]).await.code, 0);

    let digest = lock.split("[plugins.telegram]").nth(1).unwrap().split("sha256 = \"").nth(1).unwrap();
    project.write("plugins.lock", lock.replace(&digest[..64], &"0".repeat(64)));
    for ended in [bundle(&project, &[]).await, project.campanile(&["check", "--deploy"]).await] {
        let expected = "and plugins.lock pins 000000000000";
        assert!(ended.code == 5 && ended.stderr.contains(expected), "{}", ended.stderr);
    }
    assert_eq!(bundle(&project, &["--lock"]).await.code, 0);
    assert_eq!(std::fs::read_to_string(project.path("plugins.lock")).unwrap(), lock);

    project.write("plugins.lock", "plugins = 1");
    assert_eq!(bundle(&project, &[]).await.code, 3);
}
