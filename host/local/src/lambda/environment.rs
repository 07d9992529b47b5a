//! One execution environment: a process, and the Runtime API that only it can reach.
//!
//! An environment serves one invocation at a time and is thrown away when its process has gone, as the service does.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::{broadcast, oneshot};

use super::config::EmulatorConfig;
use super::invocation::{FunctionError, Request};
use super::living::Living;
use super::log::{self, LogLine};
use super::process::Process;
use super::retry::RetryPolicy;
use super::runtime_api::{Job, RuntimeApi};

/// What all environments of a function share.
#[derive(Debug)]
pub(super) struct Function {
    config: EmulatorConfig,
    arn: String,
    started: AtomicU32,
    lines: broadcast::Sender<LogLine>,
    living: Living,
}

/// A process that is ready for events, or busy with one.
#[derive(Debug)]
pub(super) struct Environment {
    process: Process,
    api: RuntimeApi,
    timeout: Duration,
}

impl Function {
    pub(super) fn new(config: EmulatorConfig) -> Self {
        let arn = config.arn();
        Self {
            config,
            arn,
            started: AtomicU32::new(0),
            lines: broadcast::Sender::new(log::LINES),
            living: Living::default(),
        }
    }

    pub(super) fn logs(&self) -> broadcast::Receiver<LogLine> {
        self.lines.subscribe()
    }

    pub(super) fn retry_policy(&self) -> RetryPolicy {
        self.config.retry
    }

    pub(super) fn arn(&self) -> &str {
        &self.arn
    }

    pub(super) fn name(&self) -> &str {
        &self.config.function_name
    }

    pub(super) fn concurrency(&self) -> usize {
        self.config.concurrency
    }

    pub(super) fn living(&self) -> &Living {
        &self.living
    }
}

impl Environment {
    /// Starts a process and waits until it asks for its first event. Errors are told as those of request `request_id`,
    /// which the process is started for.
    pub(super) async fn start(function: &Function, request_id: &str) -> Result<Self, FunctionError> {
        let config = &function.config;
        let fail = |kind: &str, reason: String| FunctionError::of_service(kind, request_id, &reason);
        let (api, ready) = RuntimeApi::serve(function.arn.clone())
            .await
            .map_err(|error| fail("Sandbox.Failure", format!("no Runtime API: {error}")))?;
        let number = function.started.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let process = Process::spawn(config, api.address(), number, &function.lines, &function.living);
        let mut process = process.map_err(|error| {
            fail("Runtime.InvalidEntrypoint", format!("fork/exec {}: {error}", config.binary.display()))
        })?;
        let limit = config.init_timeout;
        let outcome = tokio::select! {
            biased;
            Ok(outcome) = ready => outcome,
            reason = process.exit() => Err(fail("Runtime.ExitError", reason)),
            () = tokio::time::sleep(limit) => Err(fail("Sandbox.Timedout", timed_out(limit))),
        };
        let environment = Self { process, api, timeout: config.timeout };
        match outcome {
            Ok(()) => Ok(environment),
            Err(error) => {
                environment.stop().await;
                Err(error)
            }
        }
    }

    /// Hands the event over and waits for the answer, the process's end or the timeout.
    pub(super) async fn invoke(&mut self, request: &Request) -> Result<serde_json::Value, FunctionError> {
        let fail = |kind: &str, reason: String| FunctionError::of_service(kind, &request.id, &reason);
        let (answer, answered) = oneshot::channel();
        self.api.hand_over(Job::new(request, self.timeout, answer)).await;
        tokio::select! {
            biased;
            Ok(result) = answered => result,
            reason = self.process.exit() => Err(fail("Runtime.ExitError", reason)),
            () = tokio::time::sleep(self.timeout) => {
                self.process.kill().await;
                Err(fail("Sandbox.Timedout", timed_out(self.timeout)))
            }
        }
    }

    pub(super) fn number(&self) -> u32 {
        self.process.number()
    }

    /// Whether the process can take another event.
    pub(super) fn is_alive(&mut self) -> bool {
        self.process.is_alive()
    }

    pub(super) async fn stop(mut self) {
        self.process.kill().await;
    }
}

fn timed_out(limit: Duration) -> String {
    format!("Task timed out after {:.2} seconds", limit.as_secs_f64())
}
