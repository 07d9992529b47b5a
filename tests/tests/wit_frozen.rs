//! The contract that plugins are built against does not change under a version that is out.

use std::fs;
use std::path::Path;

#[test]
fn the_contract_is_the_frozen_text_of_its_version() {
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit");
    let contract = fs::read_to_string(wit.join("channel.wit")).unwrap();
    let version = contract
        .lines()
        .find_map(|line| line.strip_prefix("package campanile:channel@")?.strip_suffix(';'))
        .expect("channel.wit names its package and version");
    let frozen = fs::read_to_string(wit.join(format!("released/channel-{version}.wit")))
        .unwrap_or_else(|error| panic!("there is no frozen text of version {version}: {error}"));
    assert!(
        contract == frozen,
        "version {version} is out: raise the version in channel.wit and freeze its text"
    );
}
