//! What a sandbox costs: an attempt in a fresh instance, loading compiled code, compiling. Needs the components that
//! `campanile plugin build` and `tests/run` make.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark that can't run has nothing to say, and its figures are what it prints"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use campanile_core::notification::{Attempt, Notification, Presentation, Severity, TextFormat};
use campanile_sandbox::catalogue::Catalogue;
use campanile_sandbox::compile::Compiler;
use campanile_sandbox::egress::Egress;
use campanile_sandbox::precompiled::{Manifest, folder, host_target};
use campanile_sandbox::{Allocation, Channel, Engine};
use criterion::{Criterion, criterion_group};
use tokio::runtime::Runtime;

const PLUGINS: [&str; 3] = ["telegram", "discord", "webhook"];

fn components() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(default, PathBuf::from);
    target.join("wasm32-wasip2/release")
}

/// A folder with one component, as a user would drop it.
fn dropped(plugin: &str) -> tempfile::TempDir {
    let plugins = tempfile::tempdir().unwrap();
    let built = components().join(format!("campanile_{plugin}.wasm"));
    std::fs::copy(&built, plugins.path().join("plugin.wasm"))
        .unwrap_or_else(|error| panic!("{}: {error}", built.display()));
    plugins
}

fn compiled(runtime: &Runtime, engine: &Engine, plugin: &str) -> tempfile::TempDir {
    let plugins = dropped(plugin);
    let compiler = Compiler::new(engine, None).unwrap();
    runtime.block_on(compiler.compile(plugins.path(), "plugin.wasm")).unwrap();
    plugins
}

/// An empty text: the plugin does all its work up to the request, and makes none.
fn notification() -> Notification {
    Notification {
        event_id: "01935a7e-0000-7000-8000-000000000001".into(),
        device_id: "home-heating".into(),
        status: "INACTIVE".into(),
        severity: Severity::Critical,
        title: String::new(),
        body: String::new(),
        body_format: TextFormat::Text,
        occurred_at: "2026-11-23T04:05:06Z".into(),
        fields: Vec::new(),
        event_json: "{}".into(),
    }
}

/// Attempts that make no request, with a fresh instance each.
struct Attempts {
    runtime: Runtime,
    plugin: campanile_sandbox::Plugin,
    channel: Arc<Channel>,
    egress: Egress,
}

impl Attempts {
    fn new(allocation: Allocation) -> Self {
        let runtime = Runtime::new().unwrap();
        let engine = Engine::new(allocation).unwrap();
        let plugins = compiled(&runtime, &engine, "telegram");
        let plugin = Catalogue::open(&engine, plugins.path()).unwrap().get("telegram").unwrap().clone();
        let channel = Arc::new(Channel::new("bench", r#"{"chat-id":"1"}"#, Vec::new()));
        Self { runtime, plugin, channel, egress: Egress::live().unwrap() }
    }

    fn run(&self, notification: &Notification, attempt: &Attempt) {
        let made =
            self.plugin.attempt(&self.channel, &self.egress, notification, attempt, Duration::from_secs(10));
        black_box(self.runtime.block_on(made));
    }

    fn percentiles(&self, name: &str) {
        let (notification, attempt) = (notification(), attempt());
        let mut times: Vec<Duration> = (0..20_000)
            .map(|_| {
                let started = Instant::now();
                self.run(&notification, &attempt);
                started.elapsed()
            })
            .collect();
        times.sort_unstable();
        let at = |share: f64| times[(times.len() as f64 * share) as usize].as_secs_f64() * 1e6;
        println!(
            "attempt, {name}: p50 {:.1} µs, p90 {:.1} µs, p99 {:.1} µs (20 000 attempts)",
            at(0.5),
            at(0.9),
            at(0.99)
        );
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

fn attempts(criterion: &mut Criterion) {
    for (name, allocation) in [("pooling", Allocation::Pooling), ("on-demand", Allocation::OnDemand)] {
        let attempts = Attempts::new(allocation);
        let (notification, attempt) = (notification(), attempt());
        criterion.bench_function(&format!("attempt in a fresh instance, no request ({name})"), |bencher| {
            bencher.iter(|| attempts.run(&notification, &attempt));
        });
        attempts.percentiles(name);
    }
}

fn loading(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let engine = Engine::new(Allocation::Pooling).unwrap();
    for plugin in PLUGINS {
        let plugins = compiled(&runtime, &engine, plugin);
        let folder = folder(plugins.path(), &host_target());
        let manifest = Manifest::read(&folder).unwrap();
        let entry = manifest.plugins.values().next().unwrap();
        criterion.bench_function(&format!("load precompiled {plugin}"), |bencher| {
            bencher.iter(|| entry.load(&engine, &folder).unwrap());
        });
    }
}

fn compiling(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let engine = Engine::new(Allocation::Pooling).unwrap();
    for plugin in PLUGINS {
        let compiler = Compiler::new(&engine, None).unwrap();
        criterion.bench_function(&format!("compile {plugin}"), |bencher| {
            bencher.iter_batched(
                || dropped(plugin),
                |plugins| runtime.block_on(compiler.compile(plugins.path(), "plugin.wasm")).unwrap(),
                criterion::BatchSize::PerIteration,
            );
        });
    }
}

criterion_group!(fast, attempts, loading);
criterion_group! {
    name = slow;
    config = Criterion::default().sample_size(10);
    targets = compiling
}

fn main() {
    fast();
    slow();
    Criterion::default().configure_from_args().final_summary();
}
