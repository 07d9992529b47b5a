//! Any text as a statement, any bytes as a payload: reading, linting, evaluating and explaining end, and don't panic.
//!
//! The input is the statement, a zero byte, and the payload.
#![no_main]

use std::hint::black_box;

use campanile_rules::message::Fixed;
use campanile_rules::{Message, Options, Outcome, Rule, Substitution, Version};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |byte| *byte == 0);
    let (Some(sql), payload) = (parts.next(), parts.next().unwrap_or(b"{}")) else { return };
    let Ok(sql) = std::str::from_utf8(sql) else { return };
    for version in [Version::V2016, Version::V2015] {
        let Ok(rule) = Rule::load(sql, Options { version, ..Options::default() }) else { continue };
        let message = Message::new("$aws/rules/any/home/heating/status", payload);
        if let Outcome::Selected(output) = rule.evaluate(&message, &Fixed::default()) {
            black_box(output.bytes());
        }
        black_box(rule.explain(&message, &Fixed::default()));
        black_box(rule.lint());
        if let Ok(field) = Substitution::read(sql, &rule) {
            black_box(field.text(&rule, &message, &Fixed::default()));
        }
    }
});
