//! Any text as a CloudFormation template: reading it and looking at its rules and policies ends, and does not panic.
#![no_main]

use std::hint::black_box;

use campanile_rules::Stubs;
use campanile_rules::review::review;
use campanile_rules::template::{Settings, Template};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(template) = Template::read(text, &Settings::default()) {
        black_box(review(&template, "template.yaml", text, &Stubs::default()));
    }
});
