//! What the devices of a run do, and how the platform hands it over: twice, late, in another order.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::dice::Dice;

pub(crate) const GOOD: &str = "ACTIVE";
pub(crate) const BAD: &str = "INACTIVE";

/// Most transitions of a device: one more of them counts as flapping.
const MOST: u32 = 4;

/// When the first transition happened: long enough ago that the last one is not in the future.
const BEGAN: SignedDuration = SignedDuration::from_secs(-60);

/// A transition of a device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Transition {
    /// Counted from 1.
    pub(crate) device: u32,
    /// Counted from 1 for each device.
    pub(crate) seq: u32,
    pub(crate) bad: bool,
    pub(crate) occurred_at: Timestamp,
}

/// All transitions of a run, device by device, oldest first.
#[derive(Debug)]
pub(crate) struct History(pub(crate) Vec<Transition>);

/// One message from the platform to the function.
#[derive(Debug)]
pub(crate) struct HandOver {
    pub(crate) transition: Transition,
    /// Since the run's start.
    pub(crate) after: Duration,
}

impl Transition {
    pub(crate) fn device_id(&self) -> String {
        format!("boiler-{}", self.device)
    }

    pub(crate) fn key(&self) -> String {
        format!("01a20694-3550-7cc3-{:04x}-{:012}", self.device, self.seq)
    }

    /// What tells the messages about it from all others.
    pub(crate) fn mark(&self) -> String {
        format!("d{}s{}m", self.device, self.seq)
    }

    /// The event, in the envelope that the rules select.
    pub(crate) fn event(&self) -> Value {
        let (status, previous) = if self.bad { (BAD, GOOD) } else { (GOOD, BAD) };
        json!({
            "payload": {
                "event_id": self.key(),
                "device_id": self.device_id(),
                "status": status,
                "previous": previous,
                "occurred_at": self.occurred_at.to_string(),
                "seq": self.seq,
                "reading": { "mark": self.mark() },
            },
            "topic": "home/heating/status",
            "client_id": self.device_id(),
            "received_at": Timestamp::now().as_millisecond(),
        })
    }
}

impl History {
    pub(crate) fn thrown(dice: &mut Dice, now: Timestamp) -> Self {
        let mut transitions = Vec::new();
        for device in 1..=dice.within(1, 3) {
            let mut occurred_at = now + BEGAN;
            let mut bad = dice.strikes(75);
            for seq in 1..=dice.within(1, MOST) {
                transitions.push(Transition { device, seq, bad, occurred_at });
                occurred_at += SignedDuration::from_millis(dice.within(1, 10_000).into());
                bad = !bad;
            }
        }
        Self(transitions)
    }

    /// Each transition at least once, mostly soon, and mostly in about the order in which they happened.
    pub(crate) fn handed_over(&self, dice: &mut Dice) -> Vec<HandOver> {
        let mut order = self.0.clone();
        order.sort_by_key(|transition| transition.occurred_at);
        match dice.below(3) {
            0 => {}
            1 => dice.shuffle(&mut order),
            _ => order.chunks_mut(2).for_each(|pair| dice.shuffle(pair)),
        }
        let pause = dice.within(0, 250);
        let mut handed = Vec::new();
        for (place, transition) in (0..).zip(order) {
            let times = dice.one_of(&[1, 1, 1, 2, 2, 3]);
            for _ in 0..times {
                let late = if dice.strikes(20) { dice.within(0, 1500) } else { dice.within(0, 60) };
                let after = Duration::from_millis((place * pause + late).into());
                handed.push(HandOver { transition: transition.clone(), after });
            }
        }
        handed
    }

    /// The newest transition of each device.
    pub(crate) fn latest(&self) -> impl Iterator<Item = &Transition> {
        self.0.iter().filter(|transition| self.is_latest(transition))
    }

    pub(crate) fn is_latest(&self, transition: &Transition) -> bool {
        !self.0.iter().any(|other| other.device == transition.device && other.seq > transition.seq)
    }
}
