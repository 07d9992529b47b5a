//! Components made to do harm, each in a way that a compiler would hardly make: `tests/corpus`. Whatever they do is contained, has
//! a typed outcome, and the next event of another plugin is delivered at once.

use std::time::{Duration, Instant};

use campanile_core::outcome::OutcomeKind;
use campanile_sandbox::compile::{CompileError, Compiler};
use campanile_sandbox::{Plugin, limits};
use serde_json::json;

use crate::by_hand::{attack, component, with_section};
use crate::support::{ENGINE, attempt, channel, limits as short, load};

/// File, how the attempt ends, and what the operator reads of it.
const ATTEMPTS: &[(&str, OutcomeKind, &str)] = &[
    ("bodies-parked", OutcomeKind::Trapped, "no free keys"),
    ("fields-bomb", OutcomeKind::Trapped, ""),
    ("fields-leak", OutcomeKind::Trapped, "no free keys"),
    ("handle-forged", OutcomeKind::Trapped, "handle"),
    ("log-beyond-memory", OutcomeKind::Trapped, ""),
    ("log-of-no-level", OutcomeKind::Trapped, ""),
    ("poll-list-beyond-memory", OutcomeKind::Trapped, ""),
    ("poll-nothing", OutcomeKind::Trapped, "empty poll list"),
    ("pollable-leak", OutcomeKind::Trapped, "no free keys"),
    ("post-return-calls", OutcomeKind::Trapped, "leave"),
    ("post-return-loop", OutcomeKind::Trapped, "processor budget"),
    ("random-flood", OutcomeKind::Trapped, "processor budget"),
    ("random-gulp", OutcomeKind::Trapped, "exceeds limit 65536"),
    ("realloc-calls", OutcomeKind::Trapped, "leave"),
    ("realloc-loop", OutcomeKind::Trapped, "processor budget"),
    ("realloc-outside", OutcomeKind::Trapped, ""),
    ("receipt-list-beyond-memory", OutcomeKind::Trapped, ""),
    ("receipt-not-utf-8", OutcomeKind::Trapped, "utf-8"),
    ("receipt-of-empty-strings", OutcomeKind::Trapped, "fuel"),
    ("result-misaligned", OutcomeKind::Trapped, "aligned"),
    ("result-of-no-case", OutcomeKind::Trapped, ""),
    ("sleep-forever", OutcomeKind::TimedOut, "did not come back"),
    ("stdin-read", OutcomeKind::Delivered, ""),
    ("stdout-zeroes", OutcomeKind::Trapped, "zeroes"),
    ("stream-leak", OutcomeKind::Trapped, "no free keys"),
];

/// File, and why it does not become a plugin.
const REFUSED: &[(&str, &str)] = &[
    ("data-outside", "out of bounds"),
    ("memories", "memor"),
    ("start-loop", "processor budget"),
    ("table-bomb", "table"),
];

async fn good() -> Plugin {
    load(&component(
        r#"(module (memory (export "memory") 17)
            (data (i32.const 8) "\00\04\00\00")
            (data (i32.const 1024) "{\"describe-version\":1,\"name\":\"good\",\"version\":\"1.0.0\",\"summary\":\"x\",\"settings\":{\"type\":\"object\"}}")
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536))
            (func (export "campanile:channel/plugin@0.1.0#describe") (result i32)
                (i32.store (i32.const 12) (i32.const 97)) (i32.const 8))
            (func (export "campanile:channel/plugin@0.1.0#deliver") (param i32) (result i32) (i32.const 512)))"#,
    ))
    .await
}

/// The next event, by a plugin that does nothing wrong.
async fn the_next_is_delivered_at_once(plugin: &Plugin, after: &str) {
    let next = attempt(plugin, channel(&json!({}), Vec::new()));
    let next = tokio::time::timeout(Duration::from_secs(2), next).await;
    let next = next.unwrap_or_else(|_| panic!("after {after} nothing was delivered within two seconds"));
    assert_eq!(next.outcome.kind(), OutcomeKind::Delivered, "after {after}: {next:?}");
}

/// Bytes that this process has in memory.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[tokio::test]
async fn every_attack_on_an_attempt_is_contained() {
    let good = good().await;
    for (name, kind, why) in ATTEMPTS {
        let plugin = load(&attack(name)).await;
        let (started, before) = (Instant::now(), resident());
        let limits = limits::AttemptLimits { wall: Duration::from_secs(2), ..short() };
        let report = attempt(&plugin, channel(&json!({}), Vec::new()).with_limits(limits)).await;
        assert_eq!(report.outcome.kind(), *kind, "{name}: {report:?}");
        assert!(report.detail.to_lowercase().contains(why), "{name}: {report:?}");
        assert!(started.elapsed() < Duration::from_secs(6), "{name} took {:?}", started.elapsed());
        let grown = resident().saturating_sub(before);
        assert!(grown < 96 << 20, "{name} made the host grow by {} MiB", grown >> 20);
        the_next_is_delivered_at_once(&good, name).await;
    }
}

async fn compile(wasm: &[u8]) -> Result<(), CompileError> {
    let plugins = tempfile::tempdir().unwrap();
    std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
    Compiler::new(&ENGINE, None).unwrap().compile(plugins.path(), "guest.wasm").await.map(drop)
}

#[tokio::test]
async fn what_breaks_while_it_is_made_does_not_become_a_plugin() {
    let good = good().await;
    for (name, why) in REFUSED {
        let refused = compile(&attack(name)).await.map_or_else(|error| error.to_string(), |()| String::new());
        assert!(refused.contains("guest.wasm") && refused.contains(why), "{name}: {refused}");
        the_next_is_delivered_at_once(&good, name).await;
    }
}

/// All memories, tables and instances that are allowed, in as many attempts as may run: others still get theirs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_many_greedy_attempts_as_may_run_leave_room_for_others() {
    let plugin = load(&attack("sleep-forever")).await;
    let limits = limits::AttemptLimits { wall: Duration::from_millis(500), ..short() };
    let greedy = (0..2 * limits::RUNNING).map(|_| {
        let plugin = plugin.clone();
        tokio::spawn(
            async move { attempt(&plugin, channel(&json!({}), Vec::new()).with_limits(limits)).await },
        )
    });
    for attempt in greedy.collect::<Vec<_>>() {
        let report = attempt.await.unwrap();
        assert_eq!(report.outcome.kind(), OutcomeKind::TimedOut, "no slot was missing: {report:?}");
    }
}

#[tokio::test]
async fn a_huge_custom_section_is_carried_and_a_larger_file_refused() {
    let mut name = vec![4];
    name.extend_from_slice(b"junk");
    let section = |bytes: usize| [name.as_slice(), &vec![0; bytes]].concat();
    let plugin = load(&with_section(attack("stdin-read"), 0, &section(10 << 20))).await;
    the_next_is_delivered_at_once(&plugin, "ten megabytes of junk").await;
    let limit = usize::try_from(limits::COMPONENT_BYTES).unwrap();
    let refused = compile(&with_section(attack("stdin-read"), 0, &section(limit))).await.unwrap_err();
    assert!(refused.to_string().contains("at most"), "{refused}");
}

/// Each level is a component with a component in it: neither the reader's stack nor the compiler's time goes down with them.
#[tokio::test]
async fn components_in_components_are_refused_before_they_are_compiled() {
    let empty = b"\0asm\x0d\0\x01\0".to_vec();
    let mut nested = empty.clone();
    for _ in 0..20_000 {
        nested = with_section(empty.clone(), 4, &nested);
    }
    let refused = compile(&with_section(attack("stdin-read"), 4, &nested)).await.unwrap_err().to_string();
    assert!(refused.contains("components nested more than 32 deep"), "{refused}");
    the_next_is_delivered_at_once(&good().await, "deep nesting").await;
}

#[tokio::test]
async fn an_interface_of_the_right_name_with_other_functions_is_refused() {
    for inside in ["", r#"(export "describe" (func $f))"#] {
        let wasm = wat::parse_str(format!(
            r#"(component
                (core module $m (func (export "f")))
                (core instance $i (instantiate $m))
                (func $f (canon lift (core func $i "f")))
                (instance $p {inside})
                (export "campanile:channel/plugin@0.1.0" (instance $p)))"#
        ));
        let refused = compile(&wasm.unwrap()).await.unwrap_err().to_string();
        assert!(refused.contains("does not link"), "{refused}");
    }
}

#[tokio::test]
async fn a_name_that_could_forge_a_line_is_refused() {
    for name in ["a\\u001b[31m", "two\\nlines", "../up", "", "nul\\u0000"] {
        let text = format!(
            r#"{{"describe-version":1,"name":"{name}","version":"1.0.0","summary":"x","settings":{{"type":"object"}}}}"#
        );
        assert!(campanile_core::description::Description::parse(&text).is_err(), "{text}");
    }
}
