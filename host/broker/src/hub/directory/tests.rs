use std::net::Ipv4Addr;

use jiff::Timestamp;

use super::*;

const HOUR: Duration = Duration::from_secs(3600);

fn attach(directory: &mut Directory, clean_start: bool, expiry: Duration, now: Instant) -> (Attached, Kick) {
    let client = Client {
        client_id: "heating".to_owned(),
        principal: None,
        source_ip: Ipv4Addr::LOCALHOST.into(),
        protocol: "5",
        connected_at: Timestamp::UNIX_EPOCH,
        subscriptions: Vec::new(),
    };
    let kick = Kick::new();
    let link = Link {
        number: 0,
        wake: Arc::default(),
        kick: kick.clone(),
        resumed: CancellationToken::new(),
        client: client.clone(),
        expiry,
    };
    (directory.attach(Attach { client, clean_start, expiry }, link, 10, now), kick)
}

#[test]
fn the_second_connection_of_a_client_ends_the_first_and_takes_the_session() {
    let (mut directory, now) = (Directory::default(), Instant::now());
    let (first, kick) = attach(&mut directory, false, HOUR, now);
    assert!(!first.session_present && !kick.is_cancelled());
    let (second, _) = attach(&mut directory, false, HOUR, now);
    assert!(second.session_present && kick.is_cancelled());
    assert_eq!((first.version, second.version), (0, 1));
    // What the first one does now has no effect.
    directory.detach("heating", first.number, now);
    assert_eq!(directory.clients().len(), 1);
    assert!(directory.entry("heating", first.number).is_none());
}

#[test]
fn a_session_ends_with_its_time_or_with_a_clean_start() {
    let (mut directory, now) = (Directory::default(), Instant::now());
    for (clean_start, pause, present) in [
        (false, Duration::ZERO, false),
        (false, HOUR / 2, true),
        (false, HOUR, false),
        (true, HOUR / 2, false),
    ] {
        let (attached, _) = attach(&mut directory, clean_start, HOUR, now + pause);
        assert_eq!(attached.session_present, present, "{clean_start} {pause:?}");
        directory.detach("heating", attached.number, now);
        assert!(directory.clients().is_empty());
    }
}

#[test]
fn sessions_without_a_connection_are_bounded() {
    let (mut directory, now) = (Directory::default(), Instant::now());
    for number in 0..MAX_AWAY + 5 {
        let (attached, _) = attach(&mut directory, false, HOUR, now);
        let entry = directory.entries.remove("heating").unwrap();
        directory.entries.insert(format!("heating-{number}"), entry);
        directory.detach(&format!("heating-{number}"), attached.number, now);
    }
    assert_eq!(directory.entries.len(), MAX_AWAY);
}
