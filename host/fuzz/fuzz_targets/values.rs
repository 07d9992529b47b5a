//! Any text as what a plugin is told, any memory as what it answers: the attempt ends with an outcome.
//!
//! The first 256 bytes are the memory that the guest returns, the rest are texts, each ended by a zero byte.
#![no_main]

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use campanile_core::notification::{
    Attempt, Field, Notification, Presentation, Receipt, Severity, TextFormat,
};
use campanile_fuzz::{CHOSEN, RUNTIME, component, load};
use campanile_sandbox::Channel;
use campanile_sandbox::egress::Egress;
use libfuzzer_sys::fuzz_target;

static EGRESS: LazyLock<Egress> = LazyLock::new(|| Egress::live().unwrap());

fuzz_target!(|input: &[u8]| {
    let (chosen, told) = input.split_at(input.len().min(CHOSEN));
    let told = String::from_utf8_lossy(told).into_owned();
    let mut texts = told.split('\0').map(str::to_owned);
    let mut text = || texts.next().unwrap_or_default();
    let notification = Notification {
        event_id: text(),
        device_id: text(),
        status: text(),
        severity: Severity::Critical,
        title: text(),
        body: text(),
        body_format: TextFormat::Html,
        occurred_at: text(),
        fields: vec![Field { name: text(), value: text() }],
        event_json: text(),
    };
    let earlier = Receipt { message_id: text(), target: text(), warnings: vec![text()] };
    let attempt = Attempt {
        delivery_id: text(),
        number: 1,
        presentation: Presentation::Plain,
        resume: text(),
        earlier: Some(earlier),
    };
    let plugin = load(&component(chosen)).expect("only its answer is strange");
    let channel = Arc::new(Channel::new("fuzz", text(), Vec::new()));
    let made = plugin.attempt(&channel, &EGRESS, &notification, &attempt, Duration::from_secs(5));
    let report = RUNTIME.block_on(made);
    assert!(report.detail.len() <= 8192, "{} bytes of detail", report.detail.len());
});
