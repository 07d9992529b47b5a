//! The one wasmtime engine of the process, and the thread that ticks its epoch.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::limits;

/// How instances get their memory. Measured in `docs/decisions/0003-pooled-instances.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Allocation {
    /// Slots are reserved when the engine is made; where that much address space is not to be had, as on demand.
    #[default]
    Pooling,
    /// Each instance maps its own.
    OnDemand,
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// wasmtime refuses the configuration on this machine.
    #[error("wasmtime can't be set up here: {0}")]
    Configuration(String),
    /// The target triple is unknown.
    #[error("unknown target `{0}` (for example `aarch64-unknown-linux-gnu`)")]
    Target(String),
    /// The thread that interrupts guests can't be started.
    #[error("the thread that interrupts plugins can't be started: {0}")]
    Ticker(std::io::Error),
}

/// A wasmtime engine whose epoch advances every [`limits::EPOCH_TICK`] as long as the engine lives.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: wasmtime::Engine,
    pub(crate) linker: Arc<crate::link::ChannelLinker>,
    /// One permit for each instance that may run.
    pub(crate) turns: Arc<Semaphore>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine for this machine.
    ///
    /// # Errors
    /// [`EngineError`] if wasmtime does not work here.
    pub fn new(allocation: Allocation) -> Result<Self, EngineError> {
        let inner = match allocation {
            Allocation::Pooling => pooled().or_else(|error| {
                tracing::warn!("no pool of instances, each will map its own memory: {error:#}");
                wasmtime::Engine::new(&config())
            }),
            Allocation::OnDemand => wasmtime::Engine::new(&config()),
        };
        let inner = inner.map_err(configuration)?;
        start_ticker(&inner)?;
        let linker = Arc::new(crate::link::channel_linker(&inner).map_err(configuration)?);
        Ok(Self { inner, linker, turns: Arc::new(Semaphore::new(limits::RUNNING)) })
    }
}

/// The settings that compiled code depends on: the same wherever it is compiled and wherever it runs.
pub(crate) fn config() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .epoch_interruption(true)
        // Plugins are synchronous: without concurrency support a call costs a third (wasmtime pull request 14189).
        .concurrency_support(false)
        .max_wasm_stack(limits::GUEST_STACK)
        .async_stack_size(limits::FIBER_STACK);
    config
}

fn pooled() -> wasmtime::Result<wasmtime::Engine> {
    let mut config = config();
    config.allocation_strategy(pooling());
    wasmtime::Engine::new(&config)
}

/// Slots for [`limits::RUNNING`] instances at a time. Only address space is reserved: 4 GiB and a guard per memory.
fn pooling() -> InstanceAllocationStrategy {
    let instances = u32::try_from(limits::RUNNING).unwrap_or(u32::MAX);
    let mut pool = PoolingAllocationConfig::default();
    // As much as every running instance may have: nobody's greed leaves too little for another.
    let all = |one: usize| u32::try_from(one).unwrap_or(u32::MAX).saturating_mul(instances);
    pool.total_component_instances(instances)
        .total_stacks(instances)
        .total_memories(all(limits::MEMORIES))
        .total_core_instances(all(limits::INSTANCES))
        .total_tables(all(limits::TABLES))
        .max_memory_size(1024 * 1024 * 1024)
        .table_elements(limits::TABLE_ELEMENTS)
        .max_core_instance_size(4 * 1024 * 1024)
        .max_component_instance_size(4 * 1024 * 1024)
        // What a small plugin touches is wiped by hand, which is cheaper than giving pages back and faulting them in.
        .linear_memory_keep_resident(256 * 1024)
        .table_keep_resident(16 * 1024)
        .async_stack_keep_resident(64 * 1024);
    InstanceAllocationStrategy::Pooling(pool)
}

/// An OS thread, never a task of the runtime: a spinning guest may hold the only worker.
fn start_ticker(engine: &wasmtime::Engine) -> Result<(), EngineError> {
    let weak = engine.weak();
    let tick = move || {
        while let Some(engine) = weak.upgrade() {
            engine.increment_epoch();
            drop(engine);
            pause(limits::EPOCH_TICK);
        }
    };
    std::thread::Builder::new().name("epoch".into()).spawn(tick).map(drop).map_err(EngineError::Ticker)
}

#[expect(clippy::disallowed_methods, reason = "the ticker's own thread has nothing else to do")]
fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn configuration(error: wasmtime::Error) -> EngineError {
    EngineError::Configuration(format!("{error:#}"))
}
