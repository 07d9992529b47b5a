//! A publisher with a spool of its own.

use std::time::Duration;

use campanile_device::link::Limits;
use campanile_device::publisher::{Publisher, PublisherConfig};
use campanile_device::spool::{Bounds, Spool, SpoolError};
use campanile_device::transition::Found;
use jiff::Timestamp;
use rumqttc::{MqttOptions, Publish};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::broker::in_time;

pub(crate) struct Publishing {
    pub(crate) found: mpsc::Sender<Found>,
    stop: watch::Sender<bool>,
    running: JoinHandle<Result<Spool, SpoolError>>,
    _folder: TempDir,
}

impl Publishing {
    pub(crate) fn to(port: u16) -> Self {
        Self::with(port, |config| config)
    }

    pub(crate) fn with(port: u16, change: impl FnOnce(PublisherConfig) -> PublisherConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bounds = Bounds { bytes: 1024 * 1024, age: None, ..Bounds::default() };
        let (spool, _) = Spool::open(&folder.path().join("spool.db"), bounds).unwrap();
        let config = PublisherConfig {
            mqtt: MqttOptions::new("home-heating", "127.0.0.1", port),
            topic: "home/heating/status".to_owned(),
            limits: Limits { messages: 10_000.0, ..Limits::default() },
            acknowledge_within: Duration::from_secs(10),
            flush_within: Duration::from_secs(10),
            observer: None,
        };
        let (found, receiver) = mpsc::channel(1000);
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(Publisher::new(change(config), spool).run(receiver, stopped));
        Self { found, stop, running, _folder: folder }
    }

    /// Finds a transition.
    pub(crate) async fn finds(&self, status: &str) {
        self.finds_with(status, Value::Null).await;
    }

    pub(crate) async fn finds_with(&self, status: &str, reading: Value) {
        let found = Found {
            device_id: "home-heating".to_owned(),
            status: status.to_owned(),
            previous: None,
            occurred_at: Timestamp::now(),
            clock_synchronized: true,
            reading,
        };
        self.found.send(found).await.unwrap();
    }

    pub(crate) fn asks_to_stop(&self) {
        self.stop.send(true).unwrap();
    }

    /// The spool, when it has stopped.
    pub(crate) async fn stopped(self) -> Spool {
        self.asks_to_stop();
        in_time(self.running).await.unwrap().unwrap()
    }
}

pub(crate) fn payload(publish: &Publish) -> Value {
    serde_json::from_slice(&publish.payload).unwrap()
}
