//! An emulator of the Lambda service around the real function binary.
//!
//! Processes are started, fed through the Runtime API, timed out, retried and replaced as the service does it, so that
//! what runs here is what is deployed. It knows neither events nor channels: payloads are JSON values that go in and
//! come out. Sources: the Lambda developer guide and aws/aws-lambda-runtime-interface-emulator; where this differs from
//! the service, the item says so.

mod config;
mod environment;
mod invocation;
mod living;
mod log;
mod pool;
mod process;
mod queue;
mod record;
mod retry;
mod runtime_api;
mod schedule;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};
use tokio::task::JoinHandle;

pub use config::{ConfigError, EmulatorConfig};
pub use invocation::{FunctionError, Invocation, InvokeError};
pub use log::{LogLine, LogStream};
pub use queue::AsyncOutcome;
pub use record::{FailureRecord, RequestContext, ResponseContext};
pub use retry::{Condition, RetryPolicy};

use invocation::{Operation, Request};
use pool::Pool;

/// Events that may wait at a time. The service's own queue has no limit that a user can see; here 1000 of at most 1 MB
/// is more than one machine's devices send while a function is broken.
const WAITING_EVENTS: usize = 1000;

/// A running emulator of one function. Processes start with the first invocation that needs them; dropping the emulator
/// kills them and gives up the events that wait.
#[derive(Debug)]
pub struct Emulator {
    pool: Arc<Pool>,
    waiting: Arc<Semaphore>,
    stop: watch::Sender<bool>,
}

/// An event that the emulator has accepted: the answer 202 of the service.
#[derive(Debug)]
pub struct AsyncInvocation {
    request_id: String,
    outcome: JoinHandle<Result<AsyncOutcome, InvokeError>>,
}

impl Emulator {
    /// Gets ready to run `config.binary`. A schedule needs a tokio runtime, and begins now.
    ///
    /// # Errors
    /// [`ConfigError`] if the configuration is one that the service would not accept, or the binary is missing.
    pub fn start(config: EmulatorConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let (schedule, stop) = (config.schedule, watch::Sender::new(false));
        let pool = Arc::new(Pool::new(config));
        if let Some(period) = schedule {
            tokio::spawn(or_stopped(stop.subscribe(), run_schedule(Arc::clone(&pool), period)));
        }
        Ok(Self { pool, waiting: Arc::new(Semaphore::new(WAITING_EVENTS)), stop })
    }

    /// Invokes the function and waits for its answer.
    ///
    /// The service would refuse a call beyond the concurrency limit with 429; here it waits for its turn.
    ///
    /// # Errors
    /// [`InvokeError`] if the function was not called. A function that failed is an [`Invocation`].
    pub async fn invoke(&self, payload: Value) -> Result<Invocation, InvokeError> {
        let request = Request::new(payload, Operation::Invoke)?;
        let run = async { Ok(self.pool.slot().await?.invoke(&request).await) };
        or_stopped(self.stop.subscribe(), run).await
    }

    /// Hands an event to the function's queue and returns at once. The function is tried again as
    /// [`EmulatorConfig::retry`] says, every time with the same request id.
    ///
    /// # Errors
    /// [`InvokeError`] if the event was not accepted.
    pub fn invoke_async(&self, payload: Value) -> Result<AsyncInvocation, InvokeError> {
        if *self.stop.borrow() {
            return Err(InvokeError::Stopped);
        }
        let request = Request::new(payload, Operation::InvokeAsync)?;
        let place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| InvokeError::QueueFull)?;
        Ok(self.queued(request, place))
    }

    /// The same, but waits for room in the queue: for a caller that has the event elsewhere as well.
    ///
    /// # Errors
    /// [`InvokeError`] if the event is too large or the emulator stopped first.
    pub async fn enqueue(&self, payload: Value) -> Result<AsyncInvocation, InvokeError> {
        let request = Request::new(payload, Operation::InvokeAsync)?;
        let room =
            async { Arc::clone(&self.waiting).acquire_owned().await.map_err(|_| InvokeError::Stopped) };
        let place = or_stopped(self.stop.subscribe(), room).await?;
        Ok(self.queued(request, place))
    }

    fn queued(&self, request: Request, place: OwnedSemaphorePermit) -> AsyncInvocation {
        let request_id = request.id.clone();
        let work = run_queued(Arc::clone(&self.pool), request, place);
        let outcome = tokio::spawn(or_stopped(self.stop.subscribe(), work));
        AsyncInvocation { request_id, outcome }
    }

    /// Hands the function a scheduled event now, whatever the schedule says, and waits for its answer.
    ///
    /// # Errors
    /// [`InvokeError`] if the function was not called.
    pub async fn tick(&self) -> Result<Invocation, InvokeError> {
        self.invoke(schedule::event(&rule_of(&self.pool), jiff::Timestamp::now())).await
    }

    /// Lets the processes go: idle ones now, busy ones after their invocation. The next ones start anew, as after a deployment.
    pub fn renew(&self) {
        self.pool.renew();
    }

    /// Whether no invocation is under way; events may wait for their next attempt.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.pool.is_idle()
    }

    /// What the processes print from now on. A reader that falls behind loses the oldest lines.
    #[must_use]
    pub fn logs(&self) -> broadcast::Receiver<LogLine> {
        self.pool.logs()
    }

    /// The processes that live at the moment, by the number of their environment, as in [`LogLine::environment`].
    #[must_use]
    pub fn processes(&self) -> Vec<u32> {
        self.pool.processes()
    }

    /// Kills a process with `SIGKILL`, whatever it is doing: a fault for tests. Whether there was one of this number.
    pub fn crash(&self, process: u32) -> bool {
        self.pool.crash(process)
    }

    /// Ends invocations under way with [`InvokeError::Stopped`] and kills the processes, as the service does with a
    /// function without extensions.
    pub async fn shutdown(&self) {
        self.stop.send_replace(true);
        self.stop.closed().await;
        self.pool.stop().await;
    }
}

impl AsyncInvocation {
    /// The same for all attempts.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Waits until the function succeeded or the emulator gave the event up.
    ///
    /// # Errors
    /// [`InvokeError::Stopped`] if the emulator went away first.
    pub async fn outcome(self) -> Result<AsyncOutcome, InvokeError> {
        self.outcome.await.unwrap_or(Err(InvokeError::Stopped))
    }
}

async fn run_queued(
    pool: Arc<Pool>,
    request: Request,
    _place: OwnedSemaphorePermit,
) -> Result<AsyncOutcome, InvokeError> {
    let end = queue::run(pool.retry_policy(), |expires| pool.attempt(&request, expires)).await?;
    Ok(queue::outcome(end, &request, pool.arn()))
}

/// Hands the function a scheduled event at every beat. What becomes of them is in the function's log.
async fn run_schedule(pool: Arc<Pool>, period: Duration) -> Result<(), InvokeError> {
    let rule = rule_of(&pool);
    schedule::run(period, || async {
        let event = schedule::event(&rule, jiff::Timestamp::now());
        let Ok(request) = Request::new(event, Operation::InvokeAsync) else { return };
        queue::run(pool.retry_policy(), |expires| pool.attempt(&request, expires)).await.ok();
    })
    .await;
    Ok(())
}

/// The name of the EventBridge rule behind the schedule.
fn rule_of(pool: &Pool) -> String {
    format!("{}-tick", pool.function_name())
}

/// Runs `work` until the emulator stops or is dropped.
async fn or_stopped<T>(
    mut stop: watch::Receiver<bool>,
    work: impl Future<Output = Result<T, InvokeError>>,
) -> Result<T, InvokeError> {
    tokio::select! {
        biased;
        // An error means that the emulator was dropped, which is the same to us.
        _ = stop.wait_for(|stopped| *stopped) => Err(InvokeError::Stopped),
        result = work => result,
    }
}
