//! What was built for a version of the contract that is out works for ever: the guests in `wit/released` are never built again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use campanile_core::description::SecretPlace;
use campanile_core::grant::Origin;
use campanile_core::outcome::OutcomeKind;
use campanile_sandbox::inspect::inspect;
use campanile_sandbox::secrets::Secret;
use serde_json::json;

use crate::server::{Behaviour, Server, ok};
use crate::support::{attempt, channel, load, private_grant};

const KEY: &str = "a-key-that-the-bridge-knows";

fn released() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/released")
}

/// The versions with a frozen text.
fn versions() -> Vec<String> {
    let files = std::fs::read_dir(released()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let version = |name: String| Some(name.strip_prefix("channel-")?.strip_suffix(".wit")?.to_owned());
    names.filter_map(version).collect()
}

#[tokio::test]
async fn a_guest_of_every_released_contract_delivers_today() {
    let versions = versions();
    assert!(versions.contains(&"0.1.0".to_owned()), "{versions:?}");
    for version in versions {
        let wasm = std::fs::read(released().join(format!("guest-{version}.wasm")))
            .unwrap_or_else(|error| panic!("version {version} is out and has no guest: {error}"));
        assert_eq!(inspect(&wasm).unwrap().contract, version);
        let server = Server::start(Behaviour::Answer(ok("{}"))).await;
        let settings = json!({ "bridge": server.origin(), "light": "desk" });
        let secret = Secret::new("api-key", vec![SecretPlace::Header], KEY.into(), BTreeMap::new());
        let channel = channel(&settings, vec![private_grant(&server.origin())]).with_secrets(
            vec![secret],
            vec!["api-key".into()],
            vec![Origin::parse(&server.origin()).unwrap()],
        );
        let report = attempt(&load(&wasm).await, channel).await;
        assert_eq!(report.outcome.kind(), OutcomeKind::Delivered, "{version}: {report:?}");
        let received = server.received().concat();
        assert!(received.starts_with("PUT /lights/desk HTTP/1.1\r\n"), "{version}: {received}");
        assert!(received.contains(&format!("api-key: {KEY}\r\n")), "{version}: {received}");
    }
}
