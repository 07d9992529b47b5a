//! What a client subscribes to and what waits for it: outlives the connection if the client wants that. Pure; knows no
//! connection.

use std::collections::VecDeque;
use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;

use tokio::time::Instant;

use crate::message::{Message, Qos};
use crate::topic::Filter;

/// The most filters a connection may subscribe to: "Subscriptions per connection" of AWS IoT Core's quotas.
pub(crate) const MAX_SUBSCRIPTIONS: usize = 50;

/// Bytes that wait for one subscriber, beside the number of messages that [`Limits`](crate::Limits) allows.
const MAX_QUEUED_BYTES: usize = 16 * 1024 * 1024;

/// A message on its way to subscribers.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) message: Message,
    /// When it is no longer worth delivering, if its publisher said so (MQTT 5).
    pub(crate) expires: Option<Instant>,
}

/// What a client asked for, with the options of MQTT 5.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) filter: Filter,
    pub(crate) qos: Qos,
    pub(crate) no_local: bool,
    pub(crate) retain_as_published: bool,
    pub(crate) id: Option<NonZeroU32>,
}

/// A message for one subscriber.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) published: Arc<Published>,
    pub(crate) qos: Qos,
    pub(crate) retain: bool,
    pub(crate) subscription_ids: Vec<NonZeroU32>,
}

/// A delivery to be written now.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// None with QoS 0.
    pub(crate) packet_id: Option<NonZeroU16>,
    /// Whether it was written on an earlier connection.
    pub(crate) dup: bool,
    pub(crate) delivery: Delivery,
}

/// What became of a message that was offered to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offered {
    NotMeant,
    Queued,
    /// The queue is full.
    LeftOut,
}

#[derive(Debug)]
struct InFlight {
    packet_id: NonZeroU16,
    /// Whether it has been written on this connection, and on any.
    written: bool,
    dup: bool,
    delivery: Delivery,
}

#[derive(Debug)]
pub(crate) struct Session {
    subscriptions: Vec<Subscription>,
    queue: VecDeque<Delivery>,
    queued_bytes: usize,
    in_flight: VecDeque<InFlight>,
    last_id: u16,
    room: usize,
}

impl Session {
    /// A session in which at most `room` messages wait.
    pub(crate) fn new(room: usize) -> Self {
        let (queue, in_flight) = (VecDeque::new(), VecDeque::new());
        Self { subscriptions: Vec::new(), queue, queued_bytes: 0, in_flight, last_id: 0, room }
    }

    pub(crate) fn filters(&self) -> impl Iterator<Item = &str> {
        self.subscriptions.iter().map(|subscription| subscription.filter.as_str())
    }

    /// Adds or replaces a subscription. Tells if it is new; none if there are too many.
    pub(crate) fn subscribe(&mut self, new: Subscription) -> Option<bool> {
        if let Some(old) = self.subscriptions.iter_mut().find(|old| old.filter == new.filter) {
            *old = new;
            return Some(false);
        }
        if self.subscriptions.len() >= MAX_SUBSCRIPTIONS {
            return None;
        }
        self.subscriptions.push(new);
        Some(true)
    }

    /// Whether there was such a subscription.
    pub(crate) fn unsubscribe(&mut self, filter: &str) -> bool {
        let before = self.subscriptions.len();
        self.subscriptions.retain(|subscription| subscription.filter.as_str() != filter);
        self.subscriptions.len() < before
    }

    /// Queues a message if a filter matches it: once, however many do, with the best QoS that one of them asks for. `local`
    /// says that the client itself has published it, `away` that it is not connected.
    pub(crate) fn offer(&mut self, published: &Arc<Published>, local: bool, away: bool) -> Offered {
        let message = &published.message;
        let meant = |subscription: &&Subscription| {
            subscription.filter.matches(&message.topic) && !(local && subscription.no_local)
        };
        let matching: Vec<&Subscription> = self.subscriptions.iter().filter(meant).collect();
        let Some(best) = matching.iter().map(|subscription| subscription.qos).max() else {
            return Offered::NotMeant;
        };
        let qos = best.min(message.qos);
        if away && qos == Qos::AtMostOnce {
            return Offered::NotMeant;
        }
        let delivery = Delivery {
            published: Arc::clone(published),
            qos,
            retain: message.retain && matching.iter().any(|subscription| subscription.retain_as_published),
            subscription_ids: matching.iter().filter_map(|subscription| subscription.id).collect(),
        };
        self.push(delivery)
    }

    /// Queues a retained message for a subscription that was just made.
    pub(crate) fn offer_retained(
        &mut self,
        published: &Arc<Published>,
        subscription: &Subscription,
    ) -> Offered {
        self.push(Delivery {
            published: Arc::clone(published),
            qos: subscription.qos.min(published.message.qos),
            retain: true,
            subscription_ids: subscription.id.into_iter().collect(),
        })
    }

    fn push(&mut self, delivery: Delivery) -> Offered {
        let bytes = self.queued_bytes + delivery.published.message.payload.len();
        if self.queue.len() >= self.room || bytes > MAX_QUEUED_BYTES {
            return Offered::LeftOut;
        }
        self.queued_bytes = bytes;
        self.queue.push_back(delivery);
        Offered::Queued
    }

    fn pop(&mut self) -> Option<Delivery> {
        let delivery = self.queue.pop_front()?;
        self.queued_bytes -= delivery.published.message.payload.len();
        Some(delivery)
    }

    /// The client has come back: what it has not acknowledged is written again, as [MQTT-4.4.0-1] asks for.
    pub(crate) fn resume(&mut self) {
        for waiting in &mut self.in_flight {
            waiting.dup |= waiting.written;
            waiting.written = false;
        }
    }

    /// What is to be written next, while fewer than `window` messages are not acknowledged.
    pub(crate) fn next(&mut self, window: usize, now: Instant) -> Option<Outgoing> {
        if let Some(waiting) = self.in_flight.iter_mut().find(|waiting| !waiting.written) {
            waiting.written = true;
            let (packet_id, dup) = (Some(waiting.packet_id), waiting.dup);
            return Some(Outgoing { packet_id, dup, delivery: waiting.delivery.clone() });
        }
        while self.queue.front()?.published.expires.is_some_and(|expires| expires <= now) {
            self.pop();
        }
        if self.queue.front()?.qos == Qos::AtMostOnce {
            let delivery = self.pop()?;
            return Some(Outgoing { packet_id: None, dup: false, delivery });
        }
        if self.in_flight.len() >= window {
            return None;
        }
        let packet_id = self.free_id();
        let delivery = self.pop()?;
        let kept = delivery.clone();
        self.in_flight.push_back(InFlight { packet_id, written: true, dup: false, delivery: kept });
        Some(Outgoing { packet_id: Some(packet_id), dup: false, delivery })
    }

    /// The client has a message. Nothing happens if it did not wait for that: brokers of AWS may acknowledge twice, and so may
    /// clients.
    pub(crate) fn acknowledged(&mut self, packet_id: NonZeroU16) {
        self.in_flight.retain(|waiting| waiting.packet_id != packet_id);
    }

    fn free_id(&mut self) -> NonZeroU16 {
        loop {
            self.last_id = self.last_id.checked_add(1).unwrap_or(1);
            let id = NonZeroU16::new(self.last_id).unwrap_or(NonZeroU16::MIN);
            // Far fewer are in flight than there are ids.
            if !self.in_flight.iter().any(|waiting| waiting.packet_id == id) {
                return id;
            }
        }
    }
}

#[cfg(test)]
mod tests;
