//! What only `wasi:http` can do: requests beside the guest, answers that nobody reads, a guest that is gone before its request.

use std::sync::atomic::Ordering;
use std::time::Duration;

use campanile_core::outcome::{AttemptReport, OutcomeKind};
use campanile_sandbox::limits::{self, AttemptLimits};
use serde_json::{Value, json};

use crate::server::{Behaviour, Server, ok};
use crate::support::{attempt, built, channel, fetcher, load, private_grant};

async fn run(behaviour: Behaviour, mut orders: Value) -> (AttemptReport, Server) {
    let server = Server::start(behaviour).await;
    orders["url"] = format!("{}/x", server.origin()).into();
    orders["via"] = "fetch".into();
    let limits = AttemptLimits {
        cpu: Duration::from_secs(10),
        wall: Duration::from_secs(8),
        ..AttemptLimits::default()
    };
    let channel = channel(&orders, vec![private_grant(&server.origin())]).with_limits(limits);
    (attempt(&fetcher().await, channel).await, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_at_the_same_time_are_few_and_the_others_wait() {
    let (report, server) = run(Behaviour::Slow, json!({ "count": 20, "together": true })).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Delivered, "{report:?}");
    assert_eq!(server.hits(), 20);
    assert!(server.most.load(Ordering::SeqCst) <= limits::FETCHES, "{:?}", server.most);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_at_the_same_time_share_the_limit_of_an_attempt() {
    let many = json!({ "count": 20, "together": true, "rounds": 3 });
    let (report, server) = run(Behaviour::Answer(ok("")), many).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Denied, "{report:?}");
    assert!(report.detail.contains("more than 48 requests"), "{report:?}");
    assert_eq!(server.hits(), 48);
}

/// Each request has nine resources in the host, of which a guest may have so many.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_at_the_same_time_than_the_host_keeps_end_the_plugin() {
    let (report, server) = run(Behaviour::Slow, json!({ "count": 200, "together": true })).await;
    assert!(report.detail.contains("resource table has no free keys"), "{report:?}");
    assert!(server.hits() <= 48);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_nobody_reads_are_bounded() {
    let large = Behaviour::Answer(ok(&"x".repeat(1 << 20)));
    let (report, server) = run(large, json!({ "count": 12, "together": true, "unread": true })).await;
    assert!(server.hits() <= 12);
    let failed = report.guest_log.iter().find(|line| line.contains("of 12 failed")).unwrap();
    assert!(!failed.contains("info: 0 of"), "all twelve were kept: {report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_its_plugin_forgets_does_not_hold_the_attempt() {
    let (report, server) = run(Behaviour::Silence, json!({ "forgotten": true })).await;
    assert!(report.duration < Duration::from_secs(10), "{report:?}");
    assert!(server.hits() <= 1, "{report:?}");
    assert!(matches!(report.outcome.kind(), OutcomeKind::Delivered | OutcomeKind::Unknown), "{report:?}");
}

/// `fetch` throws "network error" whatever the reason. Whoever does not catch it still has an operator who wants to know.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denial_that_breaks_the_plugin_is_told_as_a_denial() {
    let orders = json!({ "via": "fetch", "url": "https://evil.example/", "uncaught": true });
    let limits = AttemptLimits { cpu: Duration::from_secs(10), ..AttemptLimits::default() };
    let report = attempt(&fetcher().await, channel(&orders, Vec::new()).with_limits(limits)).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Denied, "{report:?}");
    assert!(report.detail.contains("allow = [\"https://evil.example\"]"), "{report:?}");
}

/// Rust's own client over `wasi:http`, as it is on crates.io.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wstd_works_unchanged() {
    let plugin = load(&std::fs::read(built("campanile_guest_wstd.wasm")).unwrap()).await;
    let server = Server::start(Behaviour::Answer(ok("hello from the server"))).await;
    let settings = json!({ "url": format!("{}/x", server.origin()) });
    let report = attempt(&plugin, channel(&settings, vec![private_grant(&server.origin())])).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Delivered, "{report:?}");
    assert!(format!("{report:?}").contains("200 hello from the server"), "{report:?}");
    let received = server.received();
    assert!(
        received[0].starts_with("POST /x HTTP/1.1\r\n") && received[0].ends_with("a message"),
        "{received:?}"
    );
    let denied = attempt(&plugin, channel(&settings, Vec::new())).await;
    assert_eq!(denied.outcome.kind(), OutcomeKind::Denied, "{denied:?}");
}
