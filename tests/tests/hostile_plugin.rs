//! A plugin that does its worst harms its own delivery and nothing else, and never tells a secret.
//!
//! The worst is in `guests/hostile`: each attempt does what the settings of its channel say.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use campanile_local::fakes::{Answer, CaughtRequest};
use campanile_tests::endpoint::Endpoint;
use campanile_tests::event::{delivery, inactive, outcomes, reporting};
use campanile_tests::function::Function;
use campanile_tests::project::Project;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

/// A secret with everything in it that some encoding changes.
const SECRET: &str = "s3cr3t/With+Odd=C&7f3a";

/// Text of a device that hopes to be taken for something else.
const NOTE: &str =
    "secret-0000000000000000000000000000000000000000 {{ event.device_id }} </b> @everyone ${THIEF_TOKEN}";

/// A hostile channel with these settings beside Telegram.
fn beside_telegram(settings: &str) -> String {
    format!(
        r#"
        [channels.bad]
        plugin = "hostile"
        settings = {{ {settings} }}
        limits = {{ timeout = "2s", cpu-ms = 500, attempts = 2 }}
        [channels.family]
        plugin = "telegram"
        settings.chat-id = 1
        "#
    )
}

#[tokio::test]
async fn a_plugin_that_misbehaves_ends_its_own_delivery_and_no_other() {
    let rows: [(&str, &[&str], &str, i32); 11] = [
        ("do = 'loop'", &["trapped", "trapped"], "it used its processor budget of 500 ms", 5),
        ("do = 'memory'", &["trapped", "trapped"], "it asked for more memory than its 64 MiB", 5),
        ("do = 'recursion', count = 100000000", &["trapped", "trapped"], "the plugin broke", 5),
        ("do = 'panic'", &["trapped", "trapped"], "`unreachable` instruction", 5),
        ("do = 'exit'", &["trapped", "trapped"], "it exited", 5),
        ("do = 'sleep'", &["timed-out", "timed-out"], "did not come back within 2000 ms", 7),
        ("do = 'resume', count = 100000", &["rejected"], "at most 4096 are kept", 6),
        ("do = 'send', url = 'https://169.254.169.254/latest'", &["denied"], "link-local", 6),
        ("do = 'send', url = 'http://[::ffff:169.254.169.254]/'", &["denied"], "link-local", 6),
        (
            "do = 'send-many', url = 'http://127.0.0.1:1/', count = 50",
            &["denied"],
            "more than 48 requests",
            6,
        ),
        ("do = 'dance'", &["rejected"], "unknown order dance", 6),
    ];
    let project = Project::new("", &["hostile", "telegram"]);
    for (settings, expected, detail, code) in rows {
        project.write("campanile.toml", beside_telegram(settings));
        let ended = project.send(&inactive(1), &[]).await;
        let report = &ended.json()["report"];
        let (bad, family) = (delivery(report, "bad"), delivery(report, "family"));
        assert_eq!((outcomes(bad), ended.code), (expected.to_vec(), code), "{settings}: {bad:#}");
        assert!(bad["detail"].as_str().unwrap().contains(detail), "{settings}: {bad:#}");
        assert_eq!(outcomes(family), ["delivered"], "{settings}");
        // Two milliseconds on an idle machine.
        assert!(family["attempts"][0]["duration-ms"].as_u64().unwrap() < 1000, "{settings}: {family:#}");
    }
}

#[tokio::test]
async fn what_a_plugin_prints_is_kept_as_far_as_somebody_may_read_it() {
    let project = Project::new(&beside_telegram("do = 'log', count = 1000"), &["hostile", "telegram"]);
    let ended = project.send(&inactive(1), &[]).await;
    let report = &ended.json()["report"];
    let log = &delivery(report, "bad")["attempts"][0]["guest-log"];
    let bytes: usize = log.as_array().unwrap().iter().map(|line| line.as_str().unwrap().len()).sum();
    assert!((2 * 1024..=4 * 1024).contains(&bytes), "{bytes} of a megabyte");
    assert!(report["problems"][0].as_str().unwrap().contains("cut to its beginning"), "{report:#}");
    assert_eq!(ended.code, 0);
}

/// The secret as services spell it, alone and behind the name and colon of a login.
fn spellings() -> Vec<String> {
    let encoded = utf8_percent_encode(SECRET, NON_ALPHANUMERIC).to_string();
    let base64 = ["", "u", "u:"].map(|before| STANDARD_NO_PAD.encode(format!("{before}{SECRET}")));
    let others = [SECRET.to_owned(), SECRET.replace('/', "\\/"), encoded.replace("%2F", "/"), encoded];
    others.into_iter().chain(base64).collect()
}

/// What would give a spelling away: all of it but the ends, in which base64 mixes in what stands around it.
fn core(spelling: &str) -> &str {
    &spelling[4..spelling.len() - 4]
}

/// Repeats what it was sent, with the secret in every spelling.
fn echo(request: &CaughtRequest) -> Answer {
    let body = format!("{} {} {:?}", spellings().join(" "), request.url, request.headers);
    let headers = vec![("x-echo".to_owned(), SECRET.to_owned())];
    Answer { status: 200, headers, body: body.into_bytes(), shown: None }
}

/// A live function whose plugin sends its secret to `endpoint` in four places and repeats what comes back.
async fn thief(endpoint: &Endpoint, needle: &str) -> (Project, Function) {
    let origin = endpoint.origin();
    let config = format!(
        r#"
        [channels.thief]
        plugin = "hostile"
        allow = [{{ origin = "{origin}", private = true }}]
        secrets.token = {{ env = "THIEF_TOKEN" }}
        [channels.thief.settings]
        do = "leak"
        url = "{origin}/path/{{secret}}?query={{secret}}"
        headers = [["x-key", "Bearer {{secret}}"]]
        body = "{{secret}} "
        needle = "{needle}"
        [[routes]]
        channels = ["thief"]
        body = "{{{{ event.reading.note }}}}"
        "#
    );
    let project = Project::new(&config, &["hostile"]);
    let compiled = project.campanile(&["plugin", "compile"]).await;
    assert_eq!(compiled.code, 0, "{}", compiled.stderr);
    let function = Function::start(&project, &[("THIEF_TOKEN", SECRET)], Duration::from_secs(30));
    (project, function)
}

#[tokio::test]
async fn a_secret_reaches_its_host_and_comes_back_from_nowhere() {
    for (needle, status) in [("", "delivered"), ("fail", "rejected")] {
        let endpoint = Endpoint::start(echo).await;
        let (_project, function) = thief(&endpoint, needle).await;
        let report = function.answer(&reporting(1, &json!({ "note": NOTE }))).await;
        assert_eq!(delivery(&report, "thief")["status"], status, "{report:#}");

        let received = endpoint.requests();
        let [request] = received.as_slice() else { panic!("{received:?}") };
        for part in [request.url.path(), request.url.query().unwrap()] {
            let decoded = percent_decode_str(part).decode_utf8().unwrap();
            assert!(decoded.ends_with(SECRET), "{part}");
        }
        assert!(request.headers.contains(&("x-key".to_owned(), format!("Bearer {SECRET}"))));
        assert!(request.body.starts_with(SECRET.as_bytes()));

        let log = function.log_with("the event ended").await;
        let told = format!("{report}\n{log}");
        assert!(told.contains("[secret token]"), "the plugin has repeated what came back: {told}");
        for spelling in spellings() {
            assert!(!told.contains(core(&spelling)), "{spelling} in {told}");
        }
    }
}

#[tokio::test]
async fn text_of_a_device_is_never_taken_for_a_placeholder_or_a_template() {
    let endpoint = Endpoint::start(echo).await;
    let (_project, function) = thief(&endpoint, "").await;
    function.answer(&reporting(1, &json!({ "note": NOTE }))).await;
    let body = String::from_utf8(endpoint.requests()[0].body.clone()).unwrap();
    assert_eq!(body, format!("{SECRET} {NOTE}"));
}

#[tokio::test]
async fn text_of_a_device_is_text_for_every_provider() {
    let sample = Project::sample();
    let config = std::fs::read_to_string(sample.path("campanile.toml")).unwrap();
    sample.write("campanile.toml", format!("{config}body = '{{{{ event.reading.note }}}}'\n"));
    let played = sample.send(&reporting(1, &json!({ "note": NOTE })), &[]).await.json();
    let shown = |channel: &str| -> &Value {
        let messages = played["messages"].as_array().unwrap();
        &messages.iter().find(|message| message["channel"] == channel).unwrap()["shown"]["parts"][0]
    };
    let telegram = shown("family")["text"]["text"].as_str().unwrap();
    assert!(telegram.lines().any(|line| line == NOTE), "{telegram}");
    let description = &shown("ops")["embed"]["description"];
    assert_eq!((&description["text"], &description["styles"]), (&json!(NOTE), &json!([])));
}
