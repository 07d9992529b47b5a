use bytes::Bytes;
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

fn published(topic: &str, qos: Qos) -> Arc<Published> {
    let message = Message {
        topic: topic.to_owned(),
        payload: Bytes::from_static(b"x"),
        qos,
        retain: false,
        client_id: "publisher".to_owned(),
        principal: None,
        source_ip: None,
        trace_id: String::new(),
        received_at: Timestamp::UNIX_EPOCH,
        properties: None,
    };
    Arc::new(Published { message, expires: None })
}

fn subscription(filter: &str, qos: Qos) -> Subscription {
    let filter = Filter::parse(filter).unwrap();
    Subscription { filter, qos, no_local: false, retain_as_published: false, id: None }
}

fn session(room: usize) -> Session {
    let mut session = Session::new(room);
    assert_eq!(session.subscribe(subscription("a/#", Qos::AtLeastOnce)), Some(true));
    session
}

fn ids(session: &mut Session, window: usize) -> Vec<(u16, bool)> {
    let mut ids = Vec::new();
    while let Some(outgoing) = session.next(window, Instant::now()) {
        ids.push((outgoing.packet_id.map_or(0, NonZeroU16::get), outgoing.dup));
    }
    ids
}

#[test]
fn what_was_not_acknowledged_comes_again_with_the_same_id_and_dup() {
    let mut session = session(10);
    for _ in 0..4 {
        assert_eq!(session.offer(&published("a/b", Qos::AtLeastOnce), false, false), Offered::Queued);
    }
    assert_eq!(ids(&mut session, 3), [(1, false), (2, false), (3, false)]);
    session.acknowledged(NonZeroU16::new(2).unwrap());
    session.resume();
    assert_eq!(ids(&mut session, 3), [(1, true), (3, true), (4, false)]);
}

#[test]
fn a_message_comes_once_with_the_best_qos() {
    let mut session = session(10);
    session.subscribe(subscription("a/+", Qos::AtMostOnce));
    session.offer(&published("a/b", Qos::AtLeastOnce), false, false);
    session.offer(&published("a/b", Qos::AtMostOnce), false, false);
    assert_eq!(ids(&mut session, 3), [(1, false), (0, false)]);
}

#[test]
fn only_qos_1_waits_for_who_is_away_and_only_as_much_as_there_is_room_for() {
    let mut session = session(1);
    assert_eq!(session.offer(&published("a/b", Qos::AtMostOnce), false, true), Offered::NotMeant);
    assert_eq!(session.offer(&published("a/b", Qos::AtLeastOnce), false, true), Offered::Queued);
    assert_eq!(session.offer(&published("a/b", Qos::AtLeastOnce), false, true), Offered::LeftOut);
}

#[test]
fn what_waits_is_bounded_in_bytes_too() {
    let mut session = session(1000);
    let mut large = published("a/b", Qos::AtLeastOnce);
    Arc::get_mut(&mut large).unwrap().message.payload = vec![0; 128 * 1024].into();
    let queued = (0..200).take_while(|_| session.offer(&large, false, true) == Offered::Queued).count();
    assert_eq!(queued, MAX_QUEUED_BYTES / (128 * 1024));
    session.next(1, Instant::now());
    assert_eq!(session.offer(&large, false, true), Offered::Queued);
}

#[test]
fn subscriptions_are_counted_by_filter() {
    let mut session = Session::new(1);
    for number in 0..MAX_SUBSCRIPTIONS {
        assert_eq!(session.subscribe(subscription(&format!("t/{number}"), Qos::AtMostOnce)), Some(true));
    }
    assert_eq!(session.subscribe(subscription("t/0", Qos::AtLeastOnce)), Some(false));
    assert_eq!(session.subscribe(subscription("more", Qos::AtLeastOnce)), None);
    assert!(session.unsubscribe("t/0") && !session.unsubscribe("t/0"));
}

proptest! {
    /// Whatever happens, nothing that was queued is lost, nothing is acknowledged twice, and the window holds.
    #[test]
    fn everything_is_delivered(steps in prop::collection::vec(0u8..4, 1..200), window in 1usize..5) {
        let mut session = session(1000);
        let (mut offered, mut acknowledged) = (0, 0);
        let mut written: Vec<NonZeroU16> = Vec::new();
        for step in steps {
            match step {
                0 => {
                    session.offer(&published("a/b", Qos::AtLeastOnce), false, false);
                    offered += 1;
                }
                1 => if let Some(outgoing) = session.next(window, Instant::now()) {
                    let id = outgoing.packet_id.unwrap();
                    prop_assert!(!written.contains(&id));
                    written.push(id);
                    prop_assert!(written.len() <= window);
                },
                2 => if let Some(id) = written.pop() {
                    session.acknowledged(id);
                    acknowledged += 1;
                },
                _ => {
                    session.resume();
                    written.clear();
                }
            }
        }
        session.resume();
        while let Some(outgoing) = session.next(window, Instant::now()) {
            session.acknowledged(outgoing.packet_id.unwrap());
            acknowledged += 1;
        }
        prop_assert_eq!(offered, acknowledged);
    }
}
