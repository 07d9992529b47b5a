//! Holds deliveries back while their channel or its provider is to be left alone. The rules are `campanile_core::breaker`'s;
//! here is one state of them for the process, and a bell that rings for those who wait.

use std::sync::{Mutex, PoisonError};

use campanile_core::breaker::{Answer, Breakers, Pass, Wait, Way};
use campanile_core::outcome::AttemptReport;
use jiff::Timestamp;
use tokio::sync::watch;

/// What is known of all channels.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    breakers: Mutex<Breakers>,
    bell: watch::Sender<()>,
}

/// Leave to make one attempt. If it is dropped without a word, another one may be made.
#[derive(Debug)]
pub(crate) struct Leave<'a> {
    gate: &'a Gate,
    way: Way<'a>,
    pass: Pass,
}

impl Gate {
    /// Leave for an attempt, or how long to wait for it.
    pub(crate) fn ask<'a>(&'a self, way: Way<'a>, now: Timestamp) -> Result<Leave<'a>, Wait> {
        match self.lock().ask(way, now) {
            Answer::Go(pass) => Ok(Leave { gate: self, way, pass }),
            Answer::Wait(wait) => Err(wait),
        }
    }

    /// Rings at every change from now on.
    pub(crate) fn bell(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }

    /// A channel has other secrets now.
    pub(crate) fn renewed(&self, way: Way<'_>) {
        self.change(|breakers| breakers.renewed(way));
    }

    /// All channels are others now.
    pub(crate) fn reset(&self) {
        self.change(|breakers| *breakers = Breakers::default());
    }

    fn change(&self, change: impl FnOnce(&mut Breakers)) {
        change(&mut self.lock());
        self.bell.send_replace(());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Breakers> {
        self.breakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leave<'_> {
    /// Tells how the attempt ended.
    pub(crate) fn ended(self, made: &AttemptReport, now: Timestamp) {
        self.gate.change(|breakers| breakers.ended(self.way, self.pass, &made.outcome, &made.detail, now));
    }

    /// Tells that the attempt was refused for secrets that are others now.
    pub(crate) fn renewed(self) {
        self.gate.renewed(self.way);
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.gate.change(|breakers| breakers.release(self.pass));
    }
}
