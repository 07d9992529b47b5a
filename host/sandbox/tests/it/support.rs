//! A compiled guest, and attempts with it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use campanile_core::grant::{Grant, Origin};
use campanile_core::notification::{Attempt, Notification, Presentation, Severity, TextFormat};
use campanile_core::outcome::AttemptReport;
use campanile_sandbox::catalogue::Catalogue;
use campanile_sandbox::compile::Compiler;
use campanile_sandbox::egress::Egress;
use campanile_sandbox::limits::AttemptLimits;
use campanile_sandbox::{Allocation, Channel, Engine, Plugin};

pub(crate) static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Allocation::Pooling).unwrap());

/// The folder where cargo put the components for wasm32-wasip2.
pub(crate) fn built(file: &str) -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(default, PathBuf::from);
    let path = target.join("wasm32-wasip2/release").join(file);
    assert!(path.exists(), "{} is missing; `tests/run` builds it", path.display());
    path
}

/// Compiles `wasm` as the tool does, and loads it as the Lambda function does.
pub(crate) async fn load(wasm: &[u8]) -> Plugin {
    let plugins = tempfile::tempdir().unwrap();
    std::fs::write(plugins.path().join("guest.wasm"), wasm).unwrap();
    Compiler::new(&ENGINE, None).unwrap().compile(plugins.path(), "guest.wasm").await.unwrap();
    let catalogue = Catalogue::open(&ENGINE, plugins.path()).unwrap();
    let name = catalogue.descriptions().next().unwrap().name.clone();
    let plugin = catalogue.get(&name).cloned();
    plugin.unwrap_or_else(|| panic!("{:?}", catalogue.problems()))
}

/// The guest that sends by `http.send` and by `fetch`. Compiling its engine takes half a minute, so its code is kept.
pub(crate) async fn fetcher() -> Plugin {
    let wasm = built("campanile_guest_fetch.wasm");
    let folder = wasm.with_file_name("compiled-guests");
    std::fs::create_dir_all(&folder).unwrap();
    // Every test is a process: the first one compiles, the others wait.
    let lock = std::fs::File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    std::fs::copy(&wasm, folder.join("fetch.wasm")).unwrap();
    Compiler::new(&ENGINE, None).unwrap().compile(&folder, "fetch.wasm").await.unwrap();
    Catalogue::open(&ENGINE, &folder).unwrap().get("fetch").unwrap().clone()
}

pub(crate) async fn hostile() -> Plugin {
    load(&std::fs::read(built("campanile_guest_hostile.wasm")).unwrap()).await
}

pub(crate) fn grant(origin: &str) -> Grant {
    Grant { origin: Origin::parse(origin).unwrap(), private: false }
}

/// What tests on this machine need: everything here is a private address.
pub(crate) fn private_grant(origin: &str) -> Grant {
    Grant { private: true, ..grant(origin) }
}

pub(crate) fn limits() -> AttemptLimits {
    AttemptLimits {
        cpu: Duration::from_millis(300),
        wall: Duration::from_secs(5),
        ..AttemptLimits::default()
    }
}

pub(crate) fn channel(settings: &serde_json::Value, allow: Vec<Grant>) -> Channel {
    Channel::new("test", settings.to_string(), allow).with_limits(limits())
}

pub(crate) async fn attempt(plugin: &Plugin, channel: Channel) -> AttemptReport {
    attempt_with(plugin, channel, &notification("")).await
}

pub(crate) async fn attempt_with(
    plugin: &Plugin,
    channel: Channel,
    notification: &Notification,
) -> AttemptReport {
    let egress = Egress::live().unwrap();
    let attempt = Attempt {
        delivery_id: "018f:test".into(),
        number: 1,
        presentation: Presentation::Rich,
        resume: String::new(),
        earlier: None,
    };
    plugin.attempt(&Arc::new(channel), &egress, notification, &attempt, Duration::from_secs(20)).await
}

pub(crate) fn notification(body: &str) -> Notification {
    Notification {
        event_id: "01935a7e-0000-7000-8000-000000000001".into(),
        device_id: "home-heating".into(),
        status: "INACTIVE".into(),
        severity: Severity::Critical,
        title: "home-heating: INACTIVE".into(),
        body: body.into(),
        body_format: TextFormat::Text,
        occurred_at: "2026-11-23T04:05:06Z".into(),
        fields: Vec::new(),
        event_json: "{}".into(),
    }
}
