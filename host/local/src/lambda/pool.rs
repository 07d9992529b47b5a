//! The execution environments of a function: at most `concurrency` at a time, kept warm between invocations.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit, broadcast};
use tokio::time::Instant;

use super::config::EmulatorConfig;
use super::environment::{Environment, Function};
use super::invocation::{Invocation, InvokeError, Request};
use super::log::LogLine;
use super::queue::Attempt;
use super::retry::RetryPolicy;

/// All environments of one function.
#[derive(Debug)]
pub(super) struct Pool {
    function: Function,
    slots: Semaphore,
    /// Warm ones; the one used last is used next, as the service does.
    idle: Mutex<Vec<Environment>>,
    /// How often all had to go.
    generation: AtomicU32,
}

/// The right to run one invocation.
pub(super) struct Slot<'pool> {
    pool: &'pool Pool,
    _permit: SemaphorePermit<'pool>,
}

impl Pool {
    pub(super) fn new(config: EmulatorConfig) -> Self {
        let slots = Semaphore::new(config.concurrency);
        Self { function: Function::new(config), slots, idle: Mutex::default(), generation: AtomicU32::new(0) }
    }

    /// Waits for a turn. First come, first served.
    pub(super) async fn slot(&self) -> Result<Slot<'_>, InvokeError> {
        let permit = self.slots.acquire().await.map_err(|_| InvokeError::Stopped)?;
        Ok(Slot { pool: self, _permit: permit })
    }

    /// One attempt of an event that is too old after `expires`.
    pub(super) async fn attempt(&self, request: &Request, expires: Instant) -> Result<Attempt, InvokeError> {
        match tokio::time::timeout_at(expires, self.slot()).await {
            Ok(slot) => Ok(Attempt::Ended(slot?.invoke(request).await.result)),
            Err(_) => Ok(Attempt::Expired),
        }
    }

    pub(super) fn logs(&self) -> broadcast::Receiver<LogLine> {
        self.function.logs()
    }

    pub(super) fn retry_policy(&self) -> RetryPolicy {
        self.function.retry_policy()
    }

    pub(super) fn arn(&self) -> &str {
        self.function.arn()
    }

    pub(super) fn function_name(&self) -> &str {
        self.function.name()
    }

    /// Lets all environments go as soon as they are idle.
    pub(super) fn renew(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
        self.idle().clear();
    }

    /// Whether all places are free.
    pub(super) fn is_idle(&self) -> bool {
        self.slots.available_permits() == self.function.concurrency()
    }

    pub(super) fn processes(&self) -> Vec<u32> {
        self.function.living().numbers()
    }

    /// Kills a process. One that is busy ends with the invocation that waits for it, an idle one with its environment.
    pub(super) fn crash(&self, number: u32) -> bool {
        let mut idle = self.idle();
        let place = idle.iter().position(|environment| environment.number() == number);
        match place {
            Some(place) => drop(idle.remove(place)),
            None => return self.function.living().crash(number),
        }
        true
    }

    /// Lets nobody in any more and ends the idle processes. Busy ones end with the invocation that holds them.
    pub(super) async fn stop(&self) {
        self.slots.close();
        let idle = std::mem::take(&mut *self.idle());
        for environment in idle {
            environment.stop().await;
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A warm environment whose process still lives.
    fn warm(&self) -> Option<Environment> {
        let mut idle = self.idle();
        while let Some(mut environment) = idle.pop() {
            if environment.is_alive() {
                return Some(environment);
            }
        }
        None
    }
}

impl Slot<'_> {
    /// Invokes the function in a warm environment, or in a new one.
    pub(super) async fn invoke(self, request: &Request) -> Invocation {
        let generation = self.pool.generation.load(Ordering::Relaxed);
        let (environment, init) = match self.pool.warm() {
            Some(environment) => (Ok(environment), None),
            None => {
                let begun = Instant::now();
                let started = Environment::start(&self.pool.function, &request.id).await;
                (started, Some(begun.elapsed()))
            }
        };
        let begun = Instant::now();
        let result = match environment {
            Ok(mut environment) => {
                let result = environment.invoke(request).await;
                let is_current = self.pool.generation.load(Ordering::Relaxed) == generation;
                if is_current && environment.is_alive() {
                    self.pool.idle().push(environment);
                }
                result
            }
            Err(error) => Err(error),
        };
        Invocation { request_id: request.id.clone(), result, duration: begun.elapsed(), init }
    }
}
