//! The Runtime API of one environment: the three paths by which a process takes events and gives answers.
//!
//! Every process has its own address, because the variable that tells it has no room for a path. Statuses and documents
//! are those of aws/aws-lambda-runtime-interface-emulator, `lambda/rapi`.

mod handlers;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use super::invocation::{FunctionError, Request};
use crate::ids;

type Answer = oneshot::Sender<Result<Value, FunctionError>>;
type Ready = oneshot::Sender<Result<(), FunctionError>>;

/// The server; it stops when this is dropped and its process has gone.
#[derive(Debug)]
pub(super) struct RuntimeApi {
    address: SocketAddr,
    jobs: mpsc::Sender<Job>,
    _running: oneshot::Sender<()>,
}

/// An event on its way to the process.
#[derive(Debug)]
pub(super) struct Job {
    request_id: String,
    body: Bytes,
    deadline_ms: i64,
    trace: String,
    answer: Answer,
}

/// What the handlers share.
#[derive(Debug)]
struct State {
    arn: String,
    jobs: tokio::sync::Mutex<mpsc::Receiver<Job>>,
    phase: Mutex<Phase>,
}

/// What the process is doing, as far as it has said.
#[derive(Debug)]
enum Phase {
    /// It has not asked for an event yet.
    Starting(Ready),
    /// It has nothing to answer.
    Idle,
    /// It has an event.
    Busy { request_id: String, answer: Answer },
}

impl RuntimeApi {
    /// Serves on a free port of the loopback interface. The receiver hears when the process asks for its first event, or
    /// reports that it can not start.
    pub(super) async fn serve(
        arn: String,
    ) -> std::io::Result<(Self, oneshot::Receiver<Result<(), FunctionError>>)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (jobs, queue) = mpsc::channel(1);
        let (ready, initialised) = oneshot::channel();
        let (running, stopped) = oneshot::channel::<()>();
        let phase = Mutex::new(Phase::Starting(ready));
        let state = Arc::new(State { arn, jobs: tokio::sync::Mutex::new(queue), phase });
        let server = axum::serve(listener, handlers::router(state)).with_graceful_shutdown(async {
            stopped.await.ok();
        });
        tokio::spawn(server.into_future());
        Ok((Self { address, jobs, _running: running }, initialised))
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Leaves `job` for the process to fetch.
    pub(super) async fn hand_over(&self, job: Job) {
        // There is room unless the process ignored the job before; then its answer is missing, and that is noticed.
        self.jobs.send(job).await.ok();
    }
}

impl Job {
    /// `request`, to be answered within `timeout` from now.
    pub(super) fn new(request: &Request, timeout: Duration, answer: Answer) -> Self {
        let now = jiff::Timestamp::now();
        let timeout_ms = i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX);
        Self {
            request_id: request.id.clone(),
            body: request.body.clone(),
            deadline_ms: now.as_millisecond().saturating_add(timeout_ms),
            trace: ids::trace_header(now),
            answer,
        }
    }
}

impl State {
    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
