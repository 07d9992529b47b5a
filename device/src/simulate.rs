//! `campanile-device simulate`: a fleet on one machine, for load, tests and demonstrations. Each device is a real publisher with a
//! connection of its own; only its spool is in memory, and its network can be broken.

mod plan;
mod relay;
mod tally;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rumqttc::MqttOptions;
use serde_json::json;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

pub use self::plan::{Plan, Step};
pub use self::relay::{Relay, Way};
pub use self::tally::{Sum, Tally};
use crate::link::Limits;
use crate::publisher::{Progress, Publisher, PublisherConfig};
use crate::spool::{Bounds, Spool, SpoolError};
use crate::transition::Found;

/// How often it is told how it goes.
const TOLD: Duration = Duration::from_secs(1);

/// How long what waits at the end may take.
const FLUSH_WITHIN: Duration = Duration::from_secs(60);

/// A network that says nothing for so long is given up: a fleet's story is shorter than a device's.
const ACKNOWLEDGE_WITHIN: Duration = Duration::from_secs(3);

/// Transitions of a device that wait for its spool.
const QUEUE: usize = 64;

/// What is to happen.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// Where to: `HOST:PORT`, without TLS.
    pub broker: String,
    /// Where transitions are published; `{id}` stands for the device.
    pub topic: String,
    /// How many devices.
    pub devices: usize,
    /// How many transitions a second, of all together.
    pub rate: f64,
    /// For how long.
    pub lasts: Duration,
    /// The same seed gives the same story.
    pub seed: u64,
}

/// A device.
#[derive(Debug)]
struct Device {
    id: String,
    found: mpsc::Sender<Found>,
    relay: Relay,
    status: Option<&'static str>,
    skew: Option<i64>,
    /// When its network comes back.
    back: Option<Instant>,
}

/// Why it can't be.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// A fleet has a device, and something happens.
    #[error("a fleet has at least one device, and its rate is more than 0")]
    Empty,
    /// There are no ports or files left.
    #[error("there is no network for that many devices: {0} (ulimit -n)")]
    Network(#[from] std::io::Error),
    /// There is no memory left.
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

impl Simulation {
    /// Lets it happen, and tells how it goes every second; the sum when all is acknowledged, or the time for that is over.
    ///
    /// # Errors
    ///
    /// [`SimulationError`].
    pub async fn run(&self, mut tell: impl FnMut(Duration, &Sum)) -> Result<Sum, SimulationError> {
        if self.devices == 0 || !(self.rate > 0.0 && self.rate.is_finite()) {
            return Err(SimulationError::Empty);
        }
        let (stop, stopped) = watch::channel(false);
        let (progress, mut told) = mpsc::unbounded_channel();
        let mut publishing = JoinSet::new();
        let mut fleet = Vec::new();
        for number in 0..self.devices {
            fleet.push(self.device(number, &progress, &stopped, &mut publishing).await?);
        }
        drop(progress);
        let (began, mut tally) = (Instant::now(), Tally::default());
        let mut ticks = interval(TOLD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut plan = Plan::new(self.seed, self.devices, self.rate).take_while(|(at, _)| *at < self.lasts);
        let mut next = plan.next();
        loop {
            let at = next.as_ref().map_or(self.lasts, |(at, _)| *at);
            let back = fleet.iter().filter_map(|device| device.back).min();
            tokio::select! {
                () = sleep_until(began + at) => {
                    let Some((_, step)) = next.take() else { break };
                    happen(&mut fleet, &step).await;
                    next = plan.next();
                }
                () = until(back) => come_back(&mut fleet),
                Some((device, progress)) = told.recv() => tally.take(device, progress, Instant::now().into_std()),
                _ = ticks.tick() => tell(began.elapsed(), &tally.sum(out(&fleet))),
            }
        }
        for device in &mut fleet {
            (device.back, _) = (None, device.relay.set(Way::Open));
        }
        stop.send_replace(true);
        // All have ended when nobody can tell any more.
        loop {
            tokio::select! {
                heard = told.recv() => match heard {
                    Some((device, progress)) => tally.take(device, progress, Instant::now().into_std()),
                    None => break,
                },
                _ = ticks.tick() => tell(began.elapsed(), &tally.sum(0)),
            }
        }
        Ok(tally.sum(0))
    }

    async fn device(
        &self,
        number: usize,
        progress: &mpsc::UnboundedSender<(usize, Progress)>,
        stopped: &watch::Receiver<bool>,
        publishing: &mut JoinSet<()>,
    ) -> Result<Device, SimulationError> {
        let id = format!("sim-{number:04}");
        let relay = Relay::to(&self.broker).await?;
        let (observer, mut observed) = mpsc::unbounded_channel();
        let config = PublisherConfig {
            mqtt: MqttOptions::new(&id, "127.0.0.1", relay.port()),
            topic: self.topic.replace("{id}", &id),
            limits: Limits::default(),
            acknowledge_within: ACKNOWLEDGE_WITHIN,
            flush_within: FLUSH_WITHIN,
            observer: Some(observer),
        };
        let publisher = Publisher::new(config, Spool::in_memory(Bounds::default())?);
        let (found, receiver) = mpsc::channel(QUEUE);
        let (progress, stopped) = (progress.clone(), stopped.clone());
        publishing.spawn(async move { drop(publisher.run(receiver, stopped).await) });
        publishing.spawn(async move {
            while let Some(heard) = observed.recv().await {
                progress.send((number, heard)).ok();
            }
        });
        Ok(Device { id, found, relay, status: None, skew: Plan::skew(self.seed, number), back: None })
    }
}

impl Device {
    async fn change(&mut self, status: &'static str) {
        let skew = SignedDuration::from_secs(self.skew.unwrap_or_default());
        let found = Found {
            device_id: self.id.clone(),
            status: status.to_owned(),
            previous: self.status.replace(status).map(str::to_owned),
            occurred_at: Timestamp::now().checked_add(skew).unwrap_or(Timestamp::MAX),
            clock_synchronized: self.skew.is_none(),
            reading: json!({ "simulated": true }),
        };
        // An error means that its publisher has ended, which the sum tells.
        self.found.send(found).await.ok();
    }
}

async fn happen(fleet: &mut [Device], step: &Step) {
    match step {
        Step::Change { device, status } => {
            if let Some(device) = fleet.get_mut(*device) {
                device.change(status).await;
            }
        }
        Step::Outage { devices, lasts, is_silent } => {
            for device in devices {
                let Some(device) = fleet.get_mut(*device) else { continue };
                device.relay.set(if *is_silent { Way::Silent } else { Way::Cut });
                device.back = Some(Instant::now() + *lasts);
            }
        }
    }
}

fn come_back(fleet: &mut [Device]) {
    let now = Instant::now();
    for device in fleet.iter_mut().filter(|device| device.back.is_some_and(|back| back <= now)) {
        device.relay.set(Way::Open);
        device.back = None;
    }
}

fn out(fleet: &[Device]) -> usize {
    fleet.iter().filter(|device| device.back.is_some()).count()
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
