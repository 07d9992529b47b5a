//! Which of two events of a device is the newer one.
//!
//! MQTT and Lambda may deliver a message twice, rules may reorder, and a device that was offline sends its queue later.

use std::cmp::Ordering;

use super::state::{DeviceState, Latest};
use crate::event::{CLOCK_TOLERANCE, Event};

/// How far ahead a `seq` may be of the watermark's to show that the device's clock was set back. More is rather an event
/// from before the device lost its count.
const FOLLOWING: u64 = 8;

/// Where an event stands beside those that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is known.
    Duplicate,
    /// Something newer is known.
    Late,
    /// It is the device's latest state.
    Newest,
}

pub(super) fn place(state: &DeviceState, event: &Event) -> Place {
    let Some(latest) = &state.latest else { return Place::Newest };
    if state.recent.holds(&event.key) {
        return Place::Duplicate;
    }
    match order(event, latest) {
        Ordering::Less => Place::Late,
        Ordering::Equal => Place::Duplicate,
        Ordering::Greater => Place::Newest,
    }
}

fn order(event: &Event, latest: &Latest) -> Ordering {
    match event.occurred_at.cmp(&latest.occurred_at) {
        _ if event.key == latest.key => Ordering::Equal,
        // The time goes before the count, so that a device that lost its count is heard.
        Ordering::Less if clock_was_set_back(event, latest) => Ordering::Greater,
        Ordering::Equal => order_at_once(event, latest),
        order => order,
    }
}

/// A clock that was a little ahead, and was then set right, must not silence the device until the wrong time is reached.
fn clock_was_set_back(event: &Event, latest: &Latest) -> bool {
    let follows = |(seq, before): (u64, u64)| seq > before && seq - before <= FOLLOWING;
    let back = super::between(event.occurred_at, latest.occurred_at);
    back <= CLOCK_TOLERANCE && event.seq.zip(latest.seq).is_some_and(follows)
}

/// Two events at the same time.
fn order_at_once(event: &Event, latest: &Latest) -> Ordering {
    match event.seq.zip(latest.seq).map(|(seq, other)| seq.cmp(&other)) {
        Some(order @ (Ordering::Less | Ordering::Greater)) => order,
        // The same transition under another key: the platform gives each publish an id, a device without ids none.
        _ if event.status == latest.status => Ordering::Equal,
        _ if is_time_ordered(&event.key) && is_time_ordered(&latest.key) => event.key.cmp(&latest.key),
        // Nothing tells them apart, and a device's messages mostly stay in order.
        _ => Ordering::Greater,
    }
}

/// Whether it is a `UUIDv7`, which begins with its time: RFC 9562 §5.7.
fn is_time_ordered(key: &str) -> bool {
    key.len() == 36 && key.as_bytes().get(14) == Some(&b'7')
}
