//! What a plugin may do to the host: nothing. Each attack ends within its limit, with a typed outcome, and the next attempt
//! works.

use std::time::{Duration, Instant};

use campanile_core::outcome::{AttemptReport, OutcomeKind};
use campanile_sandbox::limits;
use serde_json::json;

use crate::support::{attempt, channel, hostile};

/// Makes an attempt with these orders, and then checks that the host is well.
async fn attack(settings: serde_json::Value) -> AttemptReport {
    let plugin = hostile().await;
    let started = Instant::now();
    let report = attempt(&plugin, channel(&settings, Vec::new())).await;
    assert!(started.elapsed() < Duration::from_secs(8), "{settings} took {:?}", started.elapsed());
    let after = attempt(&plugin, channel(&json!({ "do": "nothing" }), Vec::new())).await;
    assert_eq!(after.outcome.kind(), OutcomeKind::Delivered, "the next attempt: {after:?}");
    report
}

fn trapped(report: &AttemptReport, why: &str) {
    assert_eq!(report.outcome.kind(), OutcomeKind::Trapped, "{report:?}");
    assert!(report.detail.contains(why), "{report:?}");
}

#[tokio::test]
async fn an_infinite_loop_ends_with_its_processor_budget() {
    let report = attack(json!({ "do": "loop" })).await;
    trapped(&report, "processor budget of 300 ms");
    assert!(report.duration < Duration::from_secs(3), "{:?}", report.duration);
}

/// With a single worker a guest that never yields would stop everything: timers, servers, other attempts.
#[tokio::test(flavor = "current_thread")]
async fn an_infinite_loop_does_not_hold_the_runtime() {
    let plugin = hostile().await;
    let mut beats = 0;
    let spinning = attempt(&plugin, channel(&json!({ "do": "loop" }), Vec::new()));
    tokio::pin!(spinning);
    loop {
        tokio::select! {
            biased;
            report = &mut spinning => { trapped(&report, "processor budget"); break }
            () = tokio::time::sleep(Duration::from_millis(5)) => beats += 1,
        }
    }
    assert!(beats >= 5, "the runtime's clock advanced {beats} times");
}

#[tokio::test]
async fn a_memory_bomb_ends_at_its_memory_limit() {
    // Touching 64 MiB takes a while on a busy machine; this test is about the memory.
    let limits = limits::AttemptLimits { cpu: Duration::from_secs(5), ..limits::AttemptLimits::default() };
    let bomb = channel(&json!({ "do": "memory" }), Vec::new()).with_limits(limits);
    trapped(&attempt(&hostile().await, bomb).await, "more memory than its 64 MiB");
}

#[tokio::test]
async fn deep_recursion_ends_at_the_end_of_the_stack() {
    // A Rust guest keeps its frames in linear memory; `descriptions.rs` has one that uses up the engine's stack.
    trapped(&attack(json!({ "do": "recursion", "count": 10_000_000 })).await, "out of bounds memory access");
}

#[tokio::test]
async fn an_abort_is_the_plugins_own() {
    trapped(&attack(json!({ "do": "panic" })).await, "unreachable");
}

#[tokio::test]
async fn an_exit_ends_the_instance_alone() {
    trapped(&attack(json!({ "do": "exit" })).await, "exited with status 1");
}

#[tokio::test]
async fn a_plugin_that_sleeps_is_stopped_by_the_clock() {
    let plugin = hostile().await;
    let limits =
        limits::AttemptLimits { wall: Duration::from_millis(400), ..limits::AttemptLimits::default() };
    let report = attempt(&plugin, channel(&json!({ "do": "sleep" }), Vec::new()).with_limits(limits)).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::TimedOut, "{report:?}");
    assert!(report.duration < Duration::from_secs(2), "{report:?}");
}

#[tokio::test]
async fn a_log_flood_is_cut_and_counted() {
    let report = attack(json!({ "do": "log", "count": 5_000 })).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Delivered, "{report:?}");
    assert!(report.guest_log.iter().map(String::len).sum::<usize>() < 2 * limits::LOG_BYTES);
    assert!(
        report.guest_log.last().unwrap().contains("more lines were dropped"),
        "{:?}",
        report.guest_log.last()
    );
}

#[tokio::test]
async fn a_flood_of_standard_output_is_cut() {
    let report = attack(json!({ "do": "print", "count": 5_000 })).await;
    assert!(report.guest_log.iter().map(String::len).sum::<usize>() < 2 * limits::LOG_BYTES);
    assert!(report.guest_log.iter().any(|line| line == "stdout: out 0"), "{:?}", report.guest_log.first());
}

#[tokio::test]
async fn an_oversized_resume_token_is_refused() {
    let report = attack(json!({ "do": "resume", "count": 5_000 })).await;
    assert_eq!(report.outcome.kind(), OutcomeKind::Rejected);
    assert!(report.detail.contains("resume token has 5000 bytes"), "{report:?}");
}

#[tokio::test]
async fn a_hundred_attacks_at_once_leave_the_host_unharmed() {
    let plugin = hostile().await;
    let orders = ["loop", "recursion", "panic", "exit", "memory"];
    let attacks = (0..100).map(|number| {
        let plugin = plugin.clone();
        let settings = json!({ "do": orders[number % orders.len()], "count": 10_000_000 });
        let short =
            limits::AttemptLimits { cpu: Duration::from_millis(50), ..limits::AttemptLimits::default() };
        tokio::spawn(async move { attempt(&plugin, channel(&settings, Vec::new()).with_limits(short)).await })
    });
    for attack in attacks.collect::<Vec<_>>() {
        let report = attack.await.unwrap();
        let kind = report.outcome.kind();
        assert!(matches!(kind, OutcomeKind::Trapped | OutcomeKind::TimedOut), "{report:?}");
    }
    let after = attempt(&plugin, channel(&json!({ "do": "nothing" }), Vec::new())).await;
    assert_eq!(after.outcome.kind(), OutcomeKind::Delivered);
}
