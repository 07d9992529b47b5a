//! What is on its way over one connection, and whose an acknowledgement is.
//!
//! rumqttc says which packet identifier a publish has got when it leaves, in the order in which publishes were handed to it, and later
//! which identifier was acknowledged: [`Window`] knows which transition that is. It also keeps rumqttc away from the one thing it can't
//! bear: its identifiers go round, and one that comes round while it is still in use stops everything that follows.

use std::collections::VecDeque;

/// Most transitions on their way: enough for a slow network, and few enough to send again.
pub const WINDOW: usize = 32;

/// How many identifiers rumqttc goes round (its `inflight`).
pub const PACKET_IDS: u16 = 100;

/// The transitions of a connection that are on their way.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Oldest first. Acknowledged ones stay until all before them are, for their identifiers are counted from the oldest.
    flights: VecDeque<Flight>,
}

#[derive(Clone, Copy, Debug)]
struct Flight {
    seq: u64,
    packet_id: Option<u16>,
    is_acknowledged: bool,
}

impl Window {
    /// Whether another one may leave.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.in_flight() < WINDOW && self.flights.len() < usize::from(PACKET_IDS) - 1
    }

    /// The transition `seq` was handed to rumqttc.
    pub fn handed_over(&mut self, seq: u64) {
        self.flights.push_back(Flight { seq, packet_id: None, is_acknowledged: false });
    }

    /// The next one has left, as `packet_id`.
    pub fn left(&mut self, packet_id: u16) {
        if let Some(flight) = self.flights.iter_mut().find(|flight| flight.packet_id.is_none()) {
            flight.packet_id = Some(packet_id);
        }
    }

    /// The transition that the broker has acknowledged; none if it acknowledges what nobody sent.
    pub fn acknowledged(&mut self, packet_id: u16) -> Option<u64> {
        let is_meant = |flight: &&mut Flight| flight.packet_id == Some(packet_id) && !flight.is_acknowledged;
        let flight = self.flights.iter_mut().find(is_meant)?;
        flight.is_acknowledged = true;
        let seq = flight.seq;
        while self.flights.front().is_some_and(|flight| flight.is_acknowledged) {
            self.flights.pop_front();
        }
        Some(seq)
    }

    /// How many are not acknowledged.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.flights.iter().filter(|flight| !flight.is_acknowledged).count()
    }

    /// Whether none is on its way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flights.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn acknowledgements_come_in_any_order() {
        let mut window = Window::default();
        for seq in [7, 8, 9] {
            window.handed_over(seq);
        }
        window.left(1);
        window.left(2);
        assert_eq!(window.acknowledged(3), None, "it has not left");
        window.left(3);
        assert_eq!([3, 1, 1, 2].map(|id| window.acknowledged(id)), [Some(9), Some(7), None, Some(8)]);
        assert!(window.is_empty());
    }

    #[test]
    fn one_that_stays_open_ends_the_round_before_its_identifier_comes_again() {
        let mut window = Window::default();
        window.handed_over(1);
        window.left(1);
        let mut sent = 1;
        while window.has_room() {
            sent += 1;
            window.handed_over(sent);
            window.left(u16::try_from(sent).unwrap());
            window.acknowledged(u16::try_from(sent).unwrap());
        }
        assert_eq!((sent, window.in_flight()), (u64::from(PACKET_IDS) - 1, 1));
        assert_eq!(window.acknowledged(1), Some(1));
        assert!(window.has_room() && window.is_empty());
    }

    proptest! {
        /// Whatever order a broker acknowledges in, each transition is heard of once, and no identifier is used twice at a time.
        #[test]
        fn each_is_heard_of_once(choices in prop::collection::vec(0..1000usize, 1..2000)) {
            let (mut window, mut next, mut seq) = (Window::default(), 1, 0);
            let (mut used, mut heard) = (Vec::<u16>::new(), BTreeSet::new());
            for choice in choices {
                if choice.is_multiple_of(2) && window.has_room() {
                    seq += 1;
                    window.handed_over(seq);
                    window.left(next);
                    prop_assert!(!used.contains(&next));
                    used.push(next);
                    next = if next == PACKET_IDS { 1 } else { next + 1 };
                } else if !used.is_empty() {
                    let id = used.swap_remove(choice % used.len());
                    prop_assert!(heard.insert(window.acknowledged(id).unwrap()));
                }
            }
            prop_assert_eq!(window.in_flight(), used.len());
            prop_assert_eq!(u64::try_from(heard.len() + used.len()).unwrap(), seq);
        }
    }
}
