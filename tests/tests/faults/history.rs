//! What the devices of a run do, and how the platform hands it over: twice, late, in another order.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::dice::Dice;

/// What all devices are called, before their number.
pub(crate) const DEVICE: &str = "boiler-";

/// Most transitions of a device.
const MOST: u32 = 5;

/// When the first transition happened: long enough ago that the last one is not in the future.
const BEGAN: SignedDuration = SignedDuration::from_secs(-120);

/// A transition of a device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Transition {
    /// Counted from 1.
    pub(crate) device: u32,
    /// Counted from 1 for each device.
    pub(crate) seq: u32,
    pub(crate) is_bad: bool,
    pub(crate) occurred_at: Timestamp,
}

/// All transitions of a run, device by device, oldest first.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) transitions: Vec<Transition>,
    /// Whether devices may flap and alerts may be folded, so that not every transition is told on its own.
    pub(crate) is_wild: bool,
}

/// When the function was given a transition, since the run's start.
#[derive(Clone, Debug)]
pub(crate) struct Handed {
    pub(crate) transition: Transition,
    pub(crate) from: Duration,
    /// When it had answered that all is done; `None` if the platform gave up.
    pub(crate) until: Option<Duration>,
}

/// One message from the platform to the function.
#[derive(Debug)]
pub(crate) struct HandOver {
    pub(crate) transition: Transition,
    /// Since the run's start.
    pub(crate) after: Duration,
}

impl Transition {
    pub(crate) fn device_id(&self) -> String {
        device_id(self.device)
    }

    pub(crate) fn key(&self) -> String {
        format!("01a20694-3550-7cc3-{:04x}-{:012}", self.device, self.seq)
    }

    /// A word of its own, so that what people read tells one transition from the other.
    fn status(&self) -> String {
        status(self.is_bad, self.seq)
    }

    /// How its messages are entitled, whatever else they say.
    pub(crate) fn title(&self) -> String {
        format!("{}: {}", self.device_id(), self.status())
    }

    /// Whether it is a later one of the same device.
    pub(crate) fn is_newer_than(&self, other: &Self) -> bool {
        self.device == other.device && self.seq > other.seq
    }

    /// The event, in the envelope that the rules select.
    pub(crate) fn event(&self) -> Value {
        json!({
            "payload": {
                "event_id": self.key(),
                "device_id": self.device_id(),
                "status": self.status(),
                "previous": status(!self.is_bad, self.seq - 1),
                "occurred_at": self.occurred_at.to_string(),
                "seq": self.seq,
            },
            "topic": "home/heating/status",
            "client_id": self.device_id(),
            "received_at": Timestamp::now().as_millisecond(),
        })
    }
}

impl History {
    pub(crate) fn thrown(dice: &mut Dice, now: Timestamp) -> Self {
        let is_wild = dice.strikes(10);
        let mut transitions = Vec::new();
        for device in 1..=dice.within(1, 3) {
            let mut occurred_at = now + BEGAN;
            let mut is_bad = dice.strikes(75);
            for seq in 1..=dice.within(1, MOST) {
                transitions.push(Transition { device, seq, is_bad, occurred_at });
                occurred_at += SignedDuration::from_millis(dice.within(1, 10_000).into());
                is_bad = !is_bad;
            }
        }
        Self { transitions, is_wild }
    }

    /// Each transition at least once, mostly soon, and mostly in about the order in which they happened.
    pub(crate) fn handed_over(&self, dice: &mut Dice) -> Vec<HandOver> {
        let mut order = self.transitions.clone();
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
        self.transitions.iter().filter(|transition| self.is_latest(transition))
    }

    pub(crate) fn is_latest(&self, transition: &Transition) -> bool {
        !self.transitions.iter().any(|other| other.is_newer_than(transition))
    }
}

fn device_id(device: u32) -> String {
    format!("{DEVICE}{device}")
}

fn status(is_bad: bool, seq: u32) -> String {
    let word = if is_bad { "INACTIVE" } else { "ACTIVE" };
    format!("{word}-{seq}")
}
