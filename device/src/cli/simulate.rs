//! `campanile-device simulate`.

use std::process::ExitCode;
use std::time::Duration;

use jiff::SignedDuration;

use super::output::print;
use super::{FAILED, failed};
use crate::simulate::{Simulation, Sum};

/// Behaves like a fleet: devices that change, flap, lose their network and come back, some with wrong clocks.
///
/// Each device is a real publisher with a connection of its own, and a spool in memory. At the end all has to be acknowledged, or it ends
/// with 1. Without TLS, so for brokers like that of `campanile dev`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  campanile-device simulate
  campanile-device simulate --devices 200 --rate 50 --for 5m
  campanile-device simulate --broker 10.0.0.7:1883 --topic 'home/{id}/status' --seed 7 --json")]
pub(super) struct Simulate {
    /// Where to.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:1883")]
    broker: String,
    /// Where transitions are published; `{id}` stands for the device.
    #[arg(long, default_value = "home/heating/status")]
    topic: String,
    /// How many devices.
    #[arg(long, value_name = "N", default_value_t = 20)]
    devices: usize,
    /// How many transitions a second, of all devices together.
    #[arg(long, value_name = "R", default_value_t = 5.0)]
    rate: f64,
    /// For how long.
    #[arg(long = "for", value_name = "TIME", default_value = "60s")]
    lasts: SignedDuration,
    /// The same seed gives the same story; by default it is another one each time, and told.
    #[arg(long)]
    seed: Option<u64>,
    /// One JSON object at the end, and nothing before.
    #[arg(long)]
    json: bool,
}

impl Simulate {
    pub(super) async fn run(self) -> ExitCode {
        let seed = self.seed.unwrap_or_else(|| fastrand::u64(..));
        let simulation = Simulation {
            broker: self.broker,
            topic: self.topic,
            devices: self.devices,
            rate: self.rate,
            lasts: self.lasts.unsigned_abs(),
            seed,
        };
        if !self.json {
            print(&format!("{} devices, {} transitions a second, seed {seed}\n", self.devices, self.rate));
        }
        let tell = |at: Duration, sum: &Sum| {
            if !self.json {
                print(&format!("{:>5} s  {}\n", at.as_secs(), line(sum)));
            }
        };
        match simulation.run(tell).await {
            Ok(sum) => {
                print(&if self.json { as_json(&sum, seed) } else { format!("  sum    {}\n", line(&sum)) });
                if sum.waiting == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
            }
            Err(error) => failed(&error, FAILED),
        }
    }
}

fn line(sum: &Sum) -> String {
    format!(
        "found {:<6} acknowledged {:<6} waiting {:<5} out {:<4} p50 {} ms  p99 {} ms",
        sum.found, sum.acknowledged, sum.waiting, sum.out, sum.p50_ms, sum.p99_ms
    )
}

fn as_json(sum: &Sum, seed: u64) -> String {
    let mut told = serde_json::to_value(sum).unwrap_or_default();
    if let Some(told) = told.as_object_mut() {
        told.insert("seed".to_owned(), seed.into());
    }
    format!("{told}\n")
}
