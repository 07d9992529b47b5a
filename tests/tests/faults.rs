//! What must hold whatever goes wrong: the deployed binary, killed at random moments, its events repeated, late and out of
//! order, several processes at once, providers that fail.
//!
//! Each run has a seed, which failures name. `CAMPANILE_FAULT_SEED=N` repeats one run, `CAMPANILE_FAULT_RUNS=N` makes more of
//! them. What a seed repeats is what happens and when; which process is faster is the machine's choice.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that can not go on has failed, and these tell what they do"
)]

#[path = "faults/check.rs"]
mod check;
#[path = "faults/course.rs"]
mod course;
#[path = "faults/dice.rs"]
mod dice;
#[path = "faults/evidence.rs"]
mod evidence;
#[path = "faults/history.rs"]
mod history;
#[path = "faults/patience.rs"]
mod patience;
#[path = "faults/runs.rs"]
mod runs;
#[expect(dead_code, reason = "of the servers there, this needs one")]
#[path = "../../host/store/tests/conformance/servers.rs"]
mod servers;
#[path = "faults/stage.rs"]
mod stage;
#[path = "faults/store.rs"]
mod store;
#[path = "faults/trouble.rs"]
mod trouble;

use crate::servers::Server;
use crate::store::Store;

/// Runs on SQLite in `tests/run`; the longer mode is `CAMPANILE_FAULT_RUNS=20000`.
const SQLITE_RUNS: u64 = 1000;

/// Runs on DynamoDB, whose server in tests takes milliseconds for what takes SQLite microseconds.
const DYNAMO_RUNS: u64 = 40;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_on_sqlite() {
    runs::play(SQLITE_RUNS, 40, async || Store::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_on_dynamodb() {
    let Some(moto) = Server::moto().await else { return };
    runs::play(DYNAMO_RUNS, 4, async || Store::dynamo(moto).await).await;
}
