//! What plugins cost that say the same in several languages. `tests/languages` builds them and runs this; it needs a folder of
//! components in `CAMPANILE_LANGUAGES`.
#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark that can't run has nothing to say, and its figures are what it prints"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use campanile_core::notification::{Attempt, Notification, Presentation, Severity, TextFormat};
use campanile_core::outcome::OutcomeKind;
use campanile_sandbox::compile::Compiler;
use campanile_sandbox::egress::Egress;
use campanile_sandbox::precompiled::{Entry, Manifest, folder, host_target};
use campanile_sandbox::secrets::Secret;
use campanile_sandbox::{Allocation, Channel, Engine, Plugin};
use serde_json::{Map, Value, json};

/// How often what is quick is done.
const TIMES: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let Some(components) = std::env::var_os("CAMPANILE_LANGUAGES") else {
        println!("CAMPANILE_LANGUAGES is not set: run tests/languages");
        return;
    };
    let mut files: Vec<String> = std::fs::read_dir(&components)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".wasm"))
        .collect();
    files.sort();
    println!(
        "| | Component | Compile, once | Machine code | Load | Instance | An attempt, up to its request | Memory |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for file in files {
        println!("{}", row(Path::new(&components), &file).await);
    }
}

async fn row(components: &Path, file: &str) -> String {
    let engine = Engine::new(Allocation::Pooling).unwrap();
    let plugins = tempfile::tempdir().unwrap();
    std::fs::copy(components.join(file), plugins.path().join(file)).unwrap();
    let started = Instant::now();
    Compiler::new(&engine, None).unwrap().compile(plugins.path(), file).await.unwrap();
    let compile = started.elapsed();

    let compiled = folder(plugins.path(), &host_target());
    let entry = Manifest::read(&compiled).unwrap().plugins.into_values().next().unwrap();
    let (component, code) = (size(&plugins.path().join(file)), size(&entry.code_path(&compiled)));
    let load = median((0..20).map(|_| time(|| drop(entry.load(&engine, &compiled).unwrap()))));
    let plugin = entry.load(&engine, &compiled).unwrap();
    let instance = instances(&plugin).await;
    let (attempt, memory) = attempts(&plugin, &entry).await;
    format!(
        "| {} | {:.2} MB | {:.1} s | {:.1} MB | {:.1} ms | {:.2} ms | {:.2} ms | {:.1} MiB |",
        file.trim_end_matches(".wasm"),
        component / 1e6,
        compile.as_secs_f64(),
        code / 1e6,
        milliseconds(load),
        milliseconds(instance),
        milliseconds(attempt),
        memory / 1024.0 / 1024.0,
    )
}

/// An instance that says what it is, which is a constant.
async fn instances(plugin: &Plugin) -> Duration {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        times.push(plugin.describe().await.unwrap().duration);
    }
    median(times.into_iter())
}

/// A fresh instance, the whole message, and a request that is refused because nothing is granted.
async fn attempts(plugin: &Plugin, entry: &Entry) -> (Duration, f64) {
    let channel = Arc::new(channel(entry));
    let (egress, notification, attempt) = (Egress::live().unwrap(), notification(), attempt());
    let (mut times, mut memory) = (Vec::new(), 0);
    for _ in 0..TIMES {
        let started = Instant::now();
        let report =
            plugin.attempt(&channel, &egress, &notification, &attempt, Duration::from_secs(10)).await;
        times.push(started.elapsed());
        assert_eq!(report.outcome.kind(), OutcomeKind::Denied, "{report:?}");
        memory = report.usage.memory.max(memory);
    }
    (median(times.into_iter()), memory as f64)
}

/// What the description suggests.
fn channel(entry: &Entry) -> Channel {
    let description = &entry.description;
    let required = description.settings["required"].as_array().unwrap();
    let settings: Map<String, Value> = required
        .iter()
        .map(|name| name.as_str().unwrap())
        .map(|name| (name.to_owned(), description.settings["properties"][name]["examples"][0].clone()))
        .collect();
    let secret = |secret: &campanile_core::description::SecretDescription| {
        let value = secret.example.clone().unwrap();
        Secret::new(&secret.name, secret.places.clone(), value, BTreeMap::new())
    };
    let names = description.secrets.iter().map(|secret| secret.name.clone()).collect();
    Channel::new("bench", json!(settings).to_string(), Vec::new()).with_secrets(
        description.secrets.iter().map(secret).collect(),
        names,
        Vec::new(),
    )
}

fn notification() -> Notification {
    Notification {
        event_id: "01935a7e-0000-7000-8000-000000000001".into(),
        device_id: "home-heating".into(),
        status: "INACTIVE".into(),
        severity: Severity::Critical,
        title: "home-heating: INACTIVE".into(),
        body: "home-heating changed from ACTIVE to INACTIVE at 2026-11-23 04:05:06 UTC.".into(),
        body_format: TextFormat::Text,
        occurred_at: "2026-11-23T04:05:06Z".into(),
        fields: Vec::new(),
        event_json: "{}".into(),
    }
}

fn attempt() -> Attempt {
    Attempt {
        delivery_id: "d".into(),
        number: 1,
        presentation: Presentation::Rich,
        resume: String::new(),
        earlier: None,
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn size(path: &Path) -> f64 {
    std::fs::metadata(path).unwrap().len() as f64
}
