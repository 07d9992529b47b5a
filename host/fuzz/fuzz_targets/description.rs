//! Any text as what `describe` returned: reading ends, and what was read is the same when it is written and read again.
#![no_main]

use campanile_core::description::Description;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(description) = Description::parse(text) else { return };
    // The manifest of compiled plugins keeps it as JSON.
    let written = serde_json::to_string(&description).expect("what was read can be written");
    assert_eq!(Description::parse(&written).as_ref().ok(), Some(&description), "{written}");
});
