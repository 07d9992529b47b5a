//! One cold start, and one more event for the process that is warm then.

use std::time::{Duration, Instant};

use campanile_local::lambda::{Emulator, EmulatorConfig, Invocation};
use serde_json::{Value, json};

use super::contestant::Contestant;
use super::providers::{Arrival, Providers};
use super::quota::Quota;
use crate::event::inactive;
use crate::process::{children, peak_kib};

/// When what happened, from just before the process was started.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// The function asked for its first event.
    pub init: Duration,
    /// The first byte of a request was at a provider.
    pub first_byte: Duration,
    /// All requests were there.
    pub sent: Duration,
    /// The function had answered.
    pub answered: Duration,
    /// From the hand-over of a second event to the answer.
    pub warm: Duration,
    /// The most memory that the process had had by then, in KiB.
    pub peak_kib: u64,
    /// As `init`, of another process with a client for the ledger's table in DynamoDB, if the function has a ledger.
    pub init_with_table: Option<Duration>,
}

pub(super) async fn cold_start(
    contestant: &Contestant,
    providers: &Providers,
    quota: Option<&Quota>,
) -> Sample {
    let emulator = Emulator::start(contestant.config(quota)).unwrap();
    let began = Instant::now();
    let cold = emulator.invoke(event(1)).await.unwrap();
    let answered = began.elapsed();
    let arrivals = delivered(contestant, providers, &cold);
    let warm = emulator.invoke(event(2)).await.unwrap();
    delivered(contestant, providers, &warm);
    // One function runs at a time.
    let peak_kib = children(std::process::id()).into_iter().map(peak_kib).max().unwrap_or_default();
    emulator.shutdown().await;
    let init_with_table = match contestant.config_with_table(quota) {
        Some(config) => Some(init_alone(config).await),
        None => None,
    };
    let first_byte = arrivals.iter().map(|arrival| arrival.first_byte).min().unwrap();
    let complete = arrivals.iter().map(|arrival| arrival.complete).max().unwrap();
    Sample {
        init: cold.init.unwrap(),
        first_byte: first_byte - began,
        sent: complete - began,
        answered,
        warm: warm.duration,
        peak_kib,
        init_with_table,
    }
}

/// Of a function that then waits for a table that nobody serves, and is killed.
async fn init_alone(config: EmulatorConfig) -> Duration {
    let emulator = Emulator::start(config).unwrap();
    let init = emulator.invoke(event(1)).await.unwrap().init.unwrap();
    emulator.shutdown().await;
    init
}

/// Two devices, of which each is news.
fn event(device: u32) -> Value {
    let mut event = inactive(device);
    for place in ["/payload/device_id", "/client_id"] {
        *event.pointer_mut(place).unwrap() = json!(format!("heater-{device}"));
    }
    event
}

/// The event's requests, all of which a provider has accepted.
fn delivered(contestant: &Contestant, providers: &Providers, invocation: &Invocation) -> Vec<Arrival> {
    let (id, arrivals) = (contestant.id, providers.take());
    for arrival in &arrivals {
        assert_eq!(arrival.answer, Ok(()), "{id} sent what is refused");
    }
    match &invocation.result {
        Ok(answer) => assert_eq!(answer["result"], "delivered", "{id}: {answer:#}"),
        Err(error) => panic!("{id}: {error}\n{:#}", error.payload),
    }
    assert_eq!(arrivals.len(), contestant.requests, "{id}");
    arrivals
}
