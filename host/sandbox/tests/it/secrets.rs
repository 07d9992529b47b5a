//! Secrets leave with the request that may carry them, and show up nowhere else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use campanile_core::description::SecretPlace;
use campanile_core::grant::Origin;
use campanile_core::notification::{Attempt, Presentation};
use campanile_core::outcome::{AttemptReport, Outcome, OutcomeKind};
use campanile_sandbox::Channel;
use campanile_sandbox::egress::Egress;
use campanile_sandbox::secrets::Secret;
use serde_json::{Value, json};

use crate::server::{Behaviour, Server, ok};
use crate::support::{attempt, attempt_with, channel, hostile, notification, private_grant};

const TOKEN: &str = "987654321:AAHsecretsecret-tokenvalue_0123456789";

fn with_token(settings: &Value, server: &Server, bound: bool) -> Channel {
    let secret = Secret::new(
        "token",
        vec![SecretPlace::Path, SecretPlace::Query, SecretPlace::Header, SecretPlace::Body],
        TOKEN.into(),
        BTreeMap::new(),
    );
    let hosts = if bound { vec![Origin::parse(&server.origin()).unwrap()] } else { Vec::new() };
    let channel = channel(settings, vec![private_grant(&server.origin())]);
    channel.with_secrets(vec![secret], vec!["token".into()], hosts)
}

/// Everything that an attempt says, as text.
fn everything(report: &AttemptReport) -> String {
    format!("{report:?}")
}

fn assert_no_trace(text: &str) {
    for trace in [TOKEN, "AAHsecretsecret", "tokenvalue", "QUFIc2VjcmV0", "987654321%3AAAH"] {
        assert!(!text.contains(trace), "`{trace}` in {text}");
    }
}

#[tokio::test]
async fn the_value_arrives_where_it_belongs_and_nothing_that_comes_back_shows_it() {
    let places = [
        (
            "path",
            json!({ "url": "/bot{secret}/send" }),
            "POST /bot987654321:AAHsecretsecret-tokenvalue_0123456789/send",
        ),
        (
            "query",
            json!({ "url": "/send?key={secret}" }),
            "key=987654321%3AAAHsecretsecret-tokenvalue_0123456789",
        ),
        (
            "header",
            json!({ "url": "/", "headers": [["authorization", "Bearer {secret}"]] }),
            "authorization: Bearer 987654321:AAH",
        ),
        ("body", json!({ "url": "/", "body": "key={secret}" }), "key=987654321:AAHsecretsecret"),
    ];
    for (place, mut settings, expected) in places {
        for end in ["succeed", "fail"] {
            let server = Server::start(Behaviour::Echo).await;
            let path = settings["url"].as_str().unwrap().to_owned();
            let path = path.strip_prefix(&server.origin()).unwrap_or(&path).to_owned();
            let path = path
                .split_once("127.0.0.1")
                .map_or(path.clone(), |(_, rest)| format!("/{}", rest.split_once('/').unwrap().1));
            settings["url"] = format!("{}{path}", server.origin()).into();
            settings["do"] = "leak".into();
            settings["needle"] = end.into();
            let report = attempt(&hostile().await, with_token(&settings, &server, true)).await;
            assert!(server.received()[0].contains(expected), "{place}: {:?}", server.received());
            assert!(
                everything(&report).contains("[secret token]"),
                "{place}: the echo was seen and masked: {report:?}"
            );
            assert_no_trace(&everything(&report));
        }
    }
}

#[tokio::test]
async fn no_byte_of_guest_memory_holds_the_value() {
    let server = Server::start(Behaviour::Echo).await;
    let reversed: String = TOKEN.chars().rev().collect();
    let settings =
        json!({ "do": "scan", "url": format!("{}/bot{{secret}}/x", server.origin()), "needle": reversed });
    let plugin = hostile().await;
    let slow =
        campanile_sandbox::limits::AttemptLimits { cpu: Duration::from_secs(20), ..Default::default() };
    let report = attempt(&plugin, with_token(&settings, &server, true).with_limits(slow)).await;
    let Outcome::Delivered(receipt) = &report.outcome else { panic!("{report:?}") };
    assert!(server.received()[0].contains(TOKEN), "the value did leave");
    // The control is the same text in capitals, which the guest did make: the search finds what is there.
    assert!(receipt.message_id.starts_with("status 200 found 0 control "), "{receipt:?}");
    assert!(!receipt.message_id.contains("control 0"), "{receipt:?}");
}

#[tokio::test]
async fn a_guessed_placeholder_in_the_events_text_stays_what_it_is() {
    let server = Server::start(Behaviour::Echo).await;
    let settings =
        json!({ "do": "leak", "url": format!("{}/bot{{secret}}/x", server.origin()), "body": "text: " });
    let guesses = format!("secret-{} {{{{secret}}}} ${{token}} secret-token [secret token]", "0".repeat(40));
    let channel = with_token(&settings, &server, true);
    attempt_with(&hostile().await, channel, &notification(&guesses)).await;
    let received = server.received()[0].clone();
    let (_, body) = received.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, format!("text: {guesses}"));
}

#[tokio::test]
async fn the_value_does_not_go_to_a_host_that_the_description_does_not_name() {
    let server = Server::start(Behaviour::Echo).await;
    let settings = json!({ "do": "leak", "url": format!("{}/{{secret}}", server.origin()) });
    let report = attempt(&hostile().await, with_token(&settings, &server, false)).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Denied, "{report:?}");
    assert!(report.detail.contains("bound to the hosts"), "{report:?}");
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn a_redirect_does_not_carry_the_value_on() {
    let thief = Server::start(Behaviour::Echo).await;
    let redirect =
        format!("HTTP/1.1 307 Temporary\r\nlocation: {}/\r\ncontent-length: 0\r\n\r\n", thief.origin());
    let server = Server::start(Behaviour::Answer(redirect)).await;
    let settings = json!({ "do": "leak", "url": format!("{}/bot{{secret}}/x", server.origin()) });
    attempt(&hostile().await, with_token(&settings, &server, true)).await;
    assert_eq!((server.hits(), thief.hits()), (1, 0));
}

#[tokio::test]
async fn a_failed_connection_does_not_tell_the_url() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let server = Server::start(Behaviour::Answer(ok(""))).await;
    let closed = Server { port: free.port(), ..server };
    let settings = json!({ "do": "leak", "url": format!("{}/bot{{secret}}/x", closed.origin()) });
    let report = attempt(&hostile().await, with_token(&settings, &closed, true)).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Transient, "{report:?}");
    assert_no_trace(&everything(&report));
}

#[tokio::test]
async fn debug_output_of_a_channel_and_its_secrets_shows_names_alone() {
    let server = Server::start(Behaviour::Echo).await;
    let secret = Secret::new("token", vec![SecretPlace::Path], TOKEN.into(), BTreeMap::new());
    assert_no_trace(&format!("{secret:?} {:?}", with_token(&json!({}), &server, true)));
}

#[tokio::test]
async fn a_caught_request_keeps_path_query_and_tells_where_it_was_going() {
    let catcher = Server::start(Behaviour::Answer(ok("caught"))).await;
    let egress = Egress::caught(&catcher.origin()).unwrap();
    let settings = json!({ "do": "send", "url": "https://api.telegram.org/bot1/sendMessage?a=b" });
    let channel = channel(&settings, vec![crate::support::grant("https://api.telegram.org")]);
    let first = Attempt {
        delivery_id: "d".into(),
        number: 1,
        presentation: Presentation::Rich,
        resume: String::new(),
        earlier: None,
    };
    let plugin = hostile().await;
    let report =
        plugin.attempt(&Arc::new(channel), &egress, &notification(""), &first, Duration::from_secs(5)).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Delivered, "{report:?}");
    let received = catcher.received()[0].clone();
    assert!(received.starts_with("POST /bot1/sendMessage?a=b HTTP/1.1"), "{received}");
    for header in [
        "campanile-original-url: https://api.telegram.org/bot1/sendMessage?a=b",
        "campanile-channel: test",
        "campanile-delivery: d",
        "campanile-attempt: 1",
    ] {
        assert!(received.contains(&format!("\r\n{header}\r\n")), "{header}: {received}");
    }
}

#[test]
fn a_catcher_is_an_http_address_without_a_path() {
    for wrong in ["", "nonsense", "https://127.0.0.1:1", "http://127.0.0.1:1/path", "ftp://x"] {
        assert!(Egress::caught(wrong).is_err(), "{wrong}");
    }
}
