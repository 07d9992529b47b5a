//! Where a plugin may send, and what an answer may do to the host.

use std::time::{Duration, Instant};

use campanile_core::outcome::{AttemptReport, OutcomeKind};
use campanile_sandbox::limits;
use serde_json::json;

use crate::server::{Behaviour, Server, ok};
use crate::support::{attempt, channel, grant, hostile, private_grant};

async fn send_to(url: &str, grants: &[&str]) -> AttemptReport {
    let grants = grants.iter().map(|origin| grant(origin)).collect();
    attempt(&hostile().await, channel(&json!({ "do": "send", "url": url }), grants)).await
}

/// Sends to a server on this machine, which the channel may reach.
async fn exchange(behaviour: Behaviour, order: &str, count: u32) -> (AttemptReport, Server) {
    let server = Server::start(behaviour).await;
    let settings = json!({ "do": order, "url": format!("{}/x", server.origin()), "count": count });
    let report = attempt(&hostile().await, channel(&settings, vec![private_grant(&server.origin())])).await;
    (report, server)
}

fn denied(report: &AttemptReport, why: &str) {
    assert_eq!(report.outcome.kind(), OutcomeKind::Denied, "{report:?}");
    assert!(report.detail.contains(why), "{report:?}");
}

fn unknown(report: &AttemptReport, within: Duration) {
    assert_eq!(report.outcome.kind(), OutcomeKind::Unknown, "{report:?}");
    assert!(report.duration < within, "{report:?}");
}

#[tokio::test]
async fn a_granted_request_gets_its_answer() {
    let (report, server) = exchange(Behaviour::Answer(ok("hello")), "send", 0).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Delivered, "{report:?}");
    assert!(server.received()[0].starts_with("POST /x HTTP/1.1\r\n"), "{:?}", server.received());
    assert!(server.received()[0].contains("user-agent: Campanile ("), "{:?}", server.received());
}

#[tokio::test]
async fn ten_thousand_requests_are_stopped_at_the_limit() {
    let started = Instant::now();
    let (report, server) = exchange(Behaviour::Answer(ok("")), "send-many", 10_000).await;
    denied(&report, "more than 48 requests in one attempt");
    assert_eq!(server.hits(), 48);
    assert_eq!(report.guest_log, ["info: 9952 of 10000 failed"]);
    assert!(started.elapsed() < Duration::from_secs(8));
}

#[tokio::test]
async fn an_answer_of_a_gigabyte_is_cut_off() {
    for behaviour in [Behaviour::Gigabyte, Behaviour::Endless] {
        let (report, _) = exchange(behaviour, "send", 0).await;
        unknown(&report, Duration::from_secs(3));
        assert!(report.detail.contains("too large"), "{report:?}");
    }
}

#[tokio::test]
async fn a_trickling_answer_is_given_up_in_time() {
    let (report, _) = exchange(Behaviour::Trickle, "send", 500).await;
    unknown(&report, Duration::from_secs(2));
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_in_time() {
    let (report, _) = exchange(Behaviour::Silence, "send", 500).await;
    unknown(&report, Duration::from_secs(2));
}

#[tokio::test]
async fn a_host_call_that_hangs_ends_with_the_attempt() {
    let server = Server::start(Behaviour::Silence).await;
    let settings = json!({ "do": "send", "url": server.origin() });
    let limits =
        limits::AttemptLimits { wall: Duration::from_millis(500), ..limits::AttemptLimits::default() };
    let channel = channel(&settings, vec![private_grant(&server.origin())]).with_limits(limits);
    unknown(&attempt(&hostile().await, channel).await, Duration::from_secs(2));
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_is_unknown_and_before_it_transient() {
    let (report, _) = exchange(Behaviour::Close, "send", 0).await;
    unknown(&report, Duration::from_secs(2));
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let origin = format!("http://{free}");
    let channel = channel(&json!({ "do": "send", "url": origin }), vec![private_grant(&origin)]);
    let refused = attempt(&hostile().await, channel).await;
    assert_eq!(refused.outcome.kind(), OutcomeKind::Transient, "{refused:?}");
}

#[tokio::test]
async fn a_plugin_that_breaks_after_sending_may_have_delivered() {
    let (report, _) = exchange(Behaviour::Answer(ok("")), "send-then-loop", 0).await;
    unknown(&report, Duration::from_secs(3));
    assert!(report.detail.contains("processor budget"), "{report:?}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_leads_nowhere() {
    let secret_place = Server::start(Behaviour::Answer(ok("metadata"))).await;
    let redirect =
        format!("HTTP/1.1 302 Found\r\nlocation: {}/\r\ncontent-length: 0\r\n\r\n", secret_place.origin());
    let (report, _) = exchange(Behaviour::Answer(redirect), "send", 0).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Delivered, "the plugin sees the 302: {report:?}");
    assert_eq!(secret_place.hits(), 0);
}

#[tokio::test]
async fn literal_private_addresses_are_denied_in_every_spelling() {
    let server = Server::start(Behaviour::Answer(ok(""))).await;
    let port = server.port;
    for host in
        ["127.0.0.1", "2130706433", "0x7f.0.0.1", "017700000001", "127.1", "[::ffff:127.0.0.1]", "[::1]"]
    {
        let url = format!("http://{host}:{port}/");
        let origin = url.trim_end_matches('/').to_owned();
        denied(&send_to(&url, &[&origin]).await, "private = true");
    }
    denied(
        &send_to("http://169.254.169.254/latest/meta-data/", &["http://169.254.169.254"]).await,
        "no channel may reach",
    );
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn a_name_that_resolves_to_loopback_is_denied() {
    let server = Server::start(Behaviour::Answer(ok(""))).await;
    let origin = format!("http://localhost:{}", server.port);
    let report = send_to(&origin, &[&origin]).await;
    denied(&report, "`localhost` is a loopback address");
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn a_name_with_a_private_grant_is_reached() {
    let server = Server::start(Behaviour::Answer(ok(""))).await;
    let origin = format!("http://localhost:{}", server.port);
    let channel = channel(&json!({ "do": "send", "url": origin }), vec![private_grant(&origin)]);
    let report = attempt(&hostile().await, channel).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Delivered, "{report:?}");
}

#[tokio::test]
async fn a_forged_host_header_is_denied() {
    let server = Server::start(Behaviour::Answer(ok(""))).await;
    let settings = json!({ "do": "send", "url": server.origin(), "headers": [["Host", "api.telegram.org"]] });
    let report = attempt(&hostile().await, channel(&settings, vec![private_grant(&server.origin())])).await;
    denied(&report, "the header `host`");
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn a_url_that_hides_its_host_is_denied() {
    let allowed = "https://api.telegram.org";
    denied(
        &send_to("https://api.telegram.org@evil.example/", &[allowed, "https://evil.example"]).await,
        "user@host",
    );
    denied(
        &send_to("https://evil.example\\@api.telegram.org/", &[allowed]).await,
        "`https://evil.example` is not in",
    );
    denied(
        &send_to("https://evil.example#@api.telegram.org/", &[allowed]).await,
        "`https://evil.example` is not in",
    );
}

#[tokio::test]
async fn another_port_or_scheme_than_granted_is_denied() {
    denied(
        &send_to("https://api.telegram.org:8443/", &["https://api.telegram.org"]).await,
        "https://api.telegram.org:8443",
    );
    denied(
        &send_to("http://api.telegram.org/", &["https://api.telegram.org"]).await,
        "http://api.telegram.org",
    );
    denied(
        &send_to("https://sub.api.telegram.org/", &["https://api.telegram.org"]).await,
        "https://sub.api.telegram.org",
    );
}
