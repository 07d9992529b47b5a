//! The description says what the code does.

use campanile_channel::Channel;
use my_channel::{MyChannel, Settings};
use serde_json::{Value, json};

fn description() -> Value {
    serde_json::from_str(MyChannel::DESCRIPTION).unwrap()
}

#[test]
fn name_and_version_are_those_of_the_crate() {
    assert_eq!(description()["name"], env!("CARGO_PKG_NAME"));
    assert_eq!(description()["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_code_reads_the_settings_that_the_schema_describes() {
    let mut settings = json!({});
    for (name, property) in description()["settings"]["properties"].as_object().unwrap() {
        settings[name] = property.get("default").unwrap_or(&property["examples"][0]).clone();
    }
    let read: Settings = serde_json::from_value(settings).unwrap();
    let least: Settings = serde_json::from_value(json!({ "url": read.url })).unwrap();
    assert_eq!(read.sender, least.sender, "the default of the schema is that of the code");
}
