//! Any description and any configuration: bringing them together ends, and what can deliver has an object as its settings.
//!
//! The input is the description, a zero byte, and the configuration.
#![no_main]

use campanile_core::config::Config;
use campanile_core::description::Description;
use campanile_core::resolve::resolve;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let Some((description, config)) = input.split_once('\0') else { return };
    let Ok(description) = Description::parse(description) else { return };
    let Ok(config) = Config::parse(config) else { return };
    for channel in resolve(&config, &[&description]).channels {
        assert!(channel.settings_json.starts_with('{'), "{}", channel.settings_json);
    }
});
