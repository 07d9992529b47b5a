//! `campanile-device run`: signals become transitions, and those go to the publisher.

use std::time::Duration;

use rumqttc::{LastWill, MqttOptions, QoS, TlsConfiguration, Transport};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::clock::{self, Clock};
use crate::config::{Config, Metrics};
use crate::input::{Heard, Input};
use crate::metrics;
use crate::publisher::{Publisher, PublisherConfig};
use crate::signal::{Change, Debounce, Interpreter, Names};
use crate::spool::{Spool, SpoolError};
use crate::tls::{self, TlsError};
use crate::transition::Found;

/// Transitions that wait for the disk.
const QUEUE: usize = 64;

/// How long it publishes on when it is asked to stop: systemd kills after 90 s.
const FLUSH_WITHIN: Duration = Duration::from_secs(10);

/// Why it does not run, or not on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The spool.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// Certificates and key.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The threshold.
    #[error("status: {0}")]
    Threshold(#[from] crate::signal::ThresholdError),
    /// The publisher broke off; what it has kept is on the disk.
    #[error("the publisher broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

/// Runs until the input ends, or `stop` is true; then publishes what is there as long as it may.
///
/// # Errors
///
/// [`RunError`].
pub async fn run(config: &Config, mut stop: watch::Receiver<bool>) -> Result<(), RunError> {
    let publishing = publisher_config(config)?;
    let (spool, aside) = Spool::open(&config.spool.path, config.bounds())?;
    if let Some(aside) = aside {
        tracing::error!("the spool was broken; it is kept as `{}`, and a new one was begun", aside.display());
    }
    let known = spool.latest(&config.device.id)?;
    let names = Names {
        good: config.status.good.clone(),
        bad: config.status.bad.clone(),
        field: config.status.field.clone(),
    };
    let debounce = Debounce::new(config.status.held(), known);
    let interpreter = Interpreter::new(names, config.status.threshold()?, debounce);
    let (found, receiver) = mpsc::channel(QUEUE);
    let (stop_publisher, stopped) = watch::channel(false);
    let mut publishing = tokio::spawn(Publisher::new(publishing, spool).run(receiver, stopped));
    let _metrics = metrics(config);
    tokio::select! {
        () = listen(config, interpreter, found) => tracing::info!("the input has ended"),
        // An error means that nobody can ask any more.
        _ = stop.wait_for(|stop| *stop) => {}
        ended = &mut publishing => return Ok(ended?.map(drop)?),
    }
    stop_publisher.send_replace(true);
    let spool = publishing.await??;
    let left = spool.figures()?.spooled;
    if left > 0 {
        tracing::warn!("{left} transitions stay in the spool for the next start");
    }
    Ok(())
}

/// Writes them for as long as it is not dropped.
fn metrics(config: &Config) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    if let Some(Metrics { path, every }) = config.metrics.clone() {
        let (device, spool) = (config.device.id.clone(), config.spool.path.clone());
        tasks.spawn(async move { metrics::keep(&path, every.unsigned_abs(), &device, &spool).await });
    }
    tasks
}

/// Hands on what is found until the input ends.
async fn listen(config: &Config, mut interpreter: Interpreter, found: mpsc::Sender<Found>) {
    let (clock, began) = (Clock::default(), Instant::now());
    let mut input = Input::open(&config.input);
    let mut trouble = None;
    loop {
        let sure_at = interpreter.sure_at().map(|at| began + at);
        let change = tokio::select! {
            heard = input.next() => match heard {
                Some(Heard::Line(line)) => heard_line(&mut interpreter, &line, clock.elapsed(), &mut trouble),
                Some(Heard::Trouble(why)) => {
                    tell(&mut trouble, why);
                    None
                }
                None => return,
            },
            () = sure(sure_at) => interpreter.elapse(clock.elapsed()),
        };
        let Some((change, reading)) = change else { continue };
        if found.send(transition(config, change, reading, &clock)).await.is_err() {
            return;
        }
    }
}

fn heard_line(
    interpreter: &mut Interpreter,
    line: &str,
    at: Duration,
    trouble: &mut Option<String>,
) -> Option<(Change, Value)> {
    match interpreter.hear(line, at) {
        Ok(change) => {
            *trouble = None;
            change
        }
        Err(error) => {
            tell(trouble, format!("a signal says nothing: {error}"));
            None
        }
    }
}

/// The same trouble is told once, until all is well again.
fn tell(trouble: &mut Option<String>, why: String) {
    if trouble.as_ref() != Some(&why) {
        tracing::warn!("{why}");
        *trouble = Some(why);
    }
}

async fn sure(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

fn transition(config: &Config, change: Change, reading: Value, clock: &Clock) -> Found {
    Found {
        device_id: config.device.id.clone(),
        status: change.status,
        previous: change.previous,
        occurred_at: clock.time_at(change.since),
        clock_synchronized: clock::is_synchronized(),
        reading,
    }
}

fn publisher_config(config: &Config) -> Result<PublisherConfig, TlsError> {
    Ok(PublisherConfig {
        mqtt: mqtt_options(config)?,
        topic: config.device.topic.clone(),
        limits: config.broker.limits.into(),
        acknowledge_within: config.broker.acknowledge_within.unsigned_abs(),
        flush_within: FLUSH_WITHIN,
        observer: None,
    })
}

/// How it connects.
///
/// # Errors
///
/// [`TlsError`].
pub fn mqtt_options(config: &Config) -> Result<MqttOptions, TlsError> {
    let (device, broker) = (&config.device, &config.broker);
    let mut options = MqttOptions::new(&device.id, &broker.host, broker.port());
    options.set_keep_alive(broker.keep_alive.unsigned_abs());
    if let Some(topic) = &device.last_will {
        // The broker's words for us: it is told them when we connect, so they can't say when we went.
        let will = json!({ "device_id": device.id, "status": "OFFLINE" }).to_string();
        options.set_last_will(LastWill::new(topic, will, QoS::AtLeastOnce, false));
    }
    if let Some(tls) = &broker.tls {
        let config = tls::client_config(tls, broker.port())?;
        options.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(config)));
    }
    Ok(options)
}
