//! What belongs to one instance: its WASI context, its limits, and what it did so far.

use std::sync::Arc;
use std::time::Duration;

use campanile_core::outcome::Usage;
use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, Store, StoreContextMut, UpdateDeadline};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::bindings::campanile::channel::{http, log, secrets, types};
use crate::egress::denial::Denial;
use crate::egress::failure::SendFailure;
use crate::egress::outlet::Outlet;
use crate::engine::Engine;
use crate::guest_log::GuestLog;
use crate::limits::{self, AttemptLimits};
use crate::secrets::reference::ReferenceError;
use crate::wasi_http::Hooks;

/// The data of a store.
pub(crate) struct State {
    wasi: WasiCtx,
    table: ResourceTable,
    budget: Budget,
    stdout: MemoryOutputPipe,
    stderr: MemoryOutputPipe,
    pub(crate) log: GuestLog,
    http: WasiHttpCtx,
    hooks: Hooks,
    /// What the attempt may reach; nothing while a plugin describes itself.
    outlet: Option<Arc<Outlet>>,
}

/// A store whose guest can use no more than `limits`.
pub(crate) fn store(engine: &Engine, limits: &AttemptLimits, outlet: Option<Arc<Outlet>>) -> Store<State> {
    let stdout = MemoryOutputPipe::new(limits::STDIO_BYTES);
    let stderr = MemoryOutputPipe::new(limits::STDIO_BYTES);
    let wasi = WasiCtx::builder()
        .stdout(stdout.clone())
        .stderr(stderr.clone())
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        .max_random_size(limits::RANDOM_BYTES)
        .build();
    let mut table = ResourceTable::new();
    table.set_max_capacity(limits::RESOURCES);
    let budget = Budget::new(limits);
    let hooks = Hooks::new(outlet.clone());
    let (log, mut http) = (GuestLog::default(), WasiHttpCtx::new());
    http.set_field_size_limit(limits::HEADER_BYTES);
    let state = State { wasi, table, budget, stdout, stderr, log, http, hooks, outlet };
    let mut store = Store::new(&engine.inner, state);
    store.limiter(|state| &mut state.budget);
    store.set_hostcall_fuel(limits::HOSTCALL_BYTES);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(tick);
    store
}

/// Called when the guest runs across an epoch: counts its processor time, and lets the runtime look at the clock.
fn tick(mut store: StoreContextMut<'_, State>) -> wasmtime::Result<UpdateDeadline> {
    let budget = &mut store.data_mut().budget;
    match budget.ticks.checked_sub(1) {
        Some(left) => budget.ticks = left,
        None => return Err(Exhausted::Processor(budget.cpu).into()),
    }
    Ok(UpdateDeadline::Yield(1))
}

impl State {
    pub(crate) fn denial(&self) -> Option<Denial> {
        self.outlet.as_ref().and_then(|outlet| outlet.denial())
    }

    /// What the instance used.
    pub(crate) fn usage(&self) -> Usage {
        let outlet = self.outlet.as_ref();
        Usage {
            requests: outlet.map_or(0, |outlet| outlet.requests()),
            http_status: outlet.and_then(|outlet| outlet.status()),
            cpu: self.budget.cpu_used(),
            memory: self.budget.memory_used,
        }
    }

    /// The lines that the plugin logged, printed or complained.
    pub(crate) fn into_log(mut self) -> Vec<String> {
        self.log.write_stream("stdout", &self.stdout.contents());
        self.log.write_stream("stderr", &self.stderr.contents());
        self.log.into_lines()
    }
}

/// What ran out. Part of the trap's error, so that an attempt can say why it ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Exhausted {
    #[error("it used its processor budget of {} ms", .0.as_millis())]
    Processor(Duration),
    #[error("it asked for more memory than its {} MiB", .0 / (1024 * 1024))]
    Memory(usize),
    #[error("it asked for a table of {0} elements; {max} are allowed", max = limits::TABLE_ELEMENTS)]
    Table(usize),
}

/// What is left for the instance.
#[derive(Debug)]
struct Budget {
    ticks: u128,
    cpu: Duration,
    memory: usize,
    memory_used: usize,
    elements_used: usize,
}

impl Budget {
    fn new(limits: &AttemptLimits) -> Self {
        let (cpu, memory) = (limits.cpu, limits.memory);
        Self { ticks: ticks(cpu), cpu, memory, memory_used: 0, elements_used: 0 }
    }

    fn cpu_used(&self) -> Duration {
        let used = ticks(self.cpu).saturating_sub(self.ticks);
        limits::EPOCH_TICK.saturating_mul(u32::try_from(used).unwrap_or(u32::MAX))
    }
}

/// The epochs in a processor budget.
fn ticks(cpu: Duration) -> u128 {
    cpu.as_millis() / limits::EPOCH_TICK.as_millis()
}

/// The limits hold for all memories and tables of the component together.
impl ResourceLimiter for Budget {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let used = self.memory_used.saturating_add(desired.saturating_sub(current));
        if used > self.memory {
            return Err(Exhausted::Memory(self.memory).into());
        }
        self.memory_used = used;
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let used = self.elements_used.saturating_add(desired.saturating_sub(current));
        if used > limits::TABLE_ELEMENTS {
            return Err(Exhausted::Table(desired).into());
        }
        self.elements_used = used;
        Ok(true)
    }

    fn instances(&self) -> usize {
        limits::INSTANCES
    }

    fn tables(&self) -> usize {
        limits::TABLES
    }

    fn memories(&self) -> usize {
        limits::MEMORIES
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl types::Host for State {}

impl log::Host for State {
    fn write(&mut self, level: log::Level, message: String) {
        self.log.write(level, &message);
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.hooks }
    }
}

impl secrets::Host for State {
    fn reference(&mut self, name: String) -> Result<String, secrets::ReferenceError> {
        let outlet = self.outlet.as_ref().ok_or(secrets::ReferenceError::Unset)?;
        outlet.reference(&name).map_err(|error| match error {
            ReferenceError::Undeclared => secrets::ReferenceError::Undeclared,
            ReferenceError::Unset | ReferenceError::Exhausted => secrets::ReferenceError::Unset,
        })
    }
}

impl http::Host for State {
    async fn send(&mut self, request: http::Request) -> Result<http::Response, http::SendError> {
        let Some(outlet) = self.outlet.clone() else {
            return Err(SendFailure::from(Denial::Describing).into());
        };
        let timeout = Some(request.timeout_ms).filter(|asked| *asked != 0);
        let timeout = timeout.map(|milliseconds| Duration::from_millis(milliseconds.into()));
        outlet.send(request, timeout).await.map_err(Into::into)
    }
}
