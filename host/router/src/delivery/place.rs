//! Whether it is a message's turn on its channel. Asked with the delivery already claimed: of two that look at the same time, at least
//! one finds the other in the ledger.

use campanile_core::ledger::{Brief, DeliveryKey, Record};
use campanile_core::transition::device::{Device, Message};
use campanile_store::{Ledger, StateKey, States};
use jiff::Timestamp;

use crate::states::{StateError, look};
use crate::telling::{Standing, keys_of, standing};

/// Where a message stands among those of its device on its channel.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is next.
    Next,
    /// This one has to end before.
    After(DeliveryKey),
    /// Something newer was sent already, or is about to be.
    Overtaken,
}

pub(super) async fn place<S: Ledger + States>(
    store: &S,
    key: &DeliveryKey,
    brief: &Brief,
    now: Timestamp,
) -> Result<Place, StateError> {
    // A summary has no place among the messages of one device.
    let Some(told) = brief.tells.iter().find(|told| told.news == key.event) else { return Ok(Place::Next) };
    let device: Device = look(store, &StateKey::Device(told.device.clone())).await?;
    let (before, after) = device.around(&brief.route, &told.news);
    let keys = |message: &Message| keys_of(message, &told.device, &key.channel);
    let earlier: Vec<Vec<DeliveryKey>> = before.iter().rev().map(keys).collect();
    let later: Vec<DeliveryKey> = after.iter().flat_map(keys).collect();
    for newer in &later {
        let record = store.find(newer, now).await?;
        if record.is_some_and(|record| !waits_for(&record, key, &later)) {
            return Ok(Place::Overtaken);
        }
    }
    for older in &earlier {
        match standing(store, older, now).await? {
            Standing::Pending(older) => return Ok(Place::After(older)),
            Standing::Ended => return Ok(Place::Next),
            Standing::Unknown => {}
        }
    }
    Ok(Place::Next)
}

/// Whether it comes after the message `key`, or after one that does.
fn waits_for(newer: &Record, key: &DeliveryKey, later: &[DeliveryKey]) -> bool {
    newer.brief.after.as_ref().is_some_and(|after| after == key || later.contains(after))
}
