//! Bytes that are no packets: each ends its own connection at most. `tests/malformed` holds what somebody could send; the rest
//! is thrown.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use campanile_broker::Limits;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::raw::{Hello, Raw, packet, publish, text};
use crate::support::{Running, bounded};

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// A panic in a connection's task would otherwise only be logged.
fn count_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        print(info);
    }));
}

/// A line of hexadecimal digits, or `connect 3` or `connect 5` for a proper beginning; `#` begins a comment.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
        match line {
            "connect 3" => bytes.extend(Hello::v3("stranger").packet()),
            "connect 5" => bytes.extend(Hello::v5("stranger").packet()),
            line => {
                let digits: Vec<char> = line.chars().filter(|digit| !digit.is_whitespace()).collect();
                assert_eq!(digits.len() % 2, 0, "{line}");
                let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap();
                bytes.extend(digits.chunks(2).map(byte));
            }
        }
    }
    bytes
}

/// Sends everything, says that no more comes, and reads until the broker closes the connection.
async fn throw(running: &Running, bytes: &[u8]) {
    let mut stream = TcpStream::connect(running.plain).await.unwrap();
    bounded(async {
        // The broker may close the connection before it has read everything.
        stream.write_all(bytes).await.ok();
        stream.shutdown().await.ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok();
    })
    .await;
}

fn limits() -> Limits {
    // The good client publishes as often as others throw.
    Limits { publishes_per_second: 100_000, ..Limits::default() }
}

#[tokio::test]
async fn the_corpus_harms_nobody() {
    count_panics();
    let running = Running::with(limits()).await;
    let mut good = Raw::v3(running.plain, "good").await;
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/malformed");
    let mut files: Vec<_> = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 50, "{}", files.len());
    for (file, packet_id) in files.iter().zip(1..) {
        throw(&running, &bytes(&fs::read_to_string(file).unwrap())).await;
        good.publish("good", b"{}", packet_id).await;
        good.acknowledged(packet_id).await;
        assert_eq!(PANICS.load(Ordering::Relaxed), 0, "{}", file.display());
    }
    // Nothing of it became a message.
    assert!(running.journal.messages().iter().all(|message| message.client_id == "good"));
}

/// A session as a client has it.
fn valid(v5: bool) -> Vec<u8> {
    let will = Some(("lost".to_owned(), b"{}".to_vec(), 1, 0));
    let mut bytes = Hello { will, ..if v5 { Hello::v5("stranger") } else { Hello::v3("stranger") } }.packet();
    let mut subscribe = if v5 { vec![0, 1, 2, 0x0b, 5] } else { vec![0, 1] };
    subscribe.extend(text("home/+/status"));
    subscribe.push(1);
    bytes.extend(packet(0x82, &subscribe));
    if v5 {
        let mut body = text("home/heating/status");
        body.extend([0, 2, 18, 0x01, 1, 0x02, 0, 0, 0, 60, 0x03, 0, 1, b'j', 0x26, 0, 1, b'a', 0, 1, b'b']);
        body.extend(b"{}");
        bytes.extend(packet(0x32, &body));
    }
    bytes.extend(publish(v5, "home/heating/status", b"{}", 1, 3));
    bytes.extend(publish(v5, "home/heating/status", b"{}", 0, 0));
    bytes.extend(packet(0x40, &[0, 1]));
    bytes.extend([0xc0, 0]);
    let mut unsubscribe = if v5 { vec![0, 4, 0] } else { vec![0, 4] };
    unsubscribe.extend(text("home/+/status"));
    bytes.extend(packet(0xa2, &unsubscribe));
    bytes.extend([0xe0, 0]);
    bytes
}

/// What happens to a byte: another value, gone, or doubled, or everything after it is gone.
fn mutate(bytes: &mut Vec<u8>, (how, place, value): (u8, prop::sample::Index, u8)) {
    if bytes.is_empty() {
        return;
    }
    let place = place.index(bytes.len());
    match how {
        0 => bytes[place] = value,
        1 => bytes[place] ^= 1 << (value % 8),
        2 => drop(bytes.remove(place)),
        3 => bytes.insert(place, value),
        _ => bytes.truncate(place),
    }
}

#[test]
fn sessions_with_mistakes_harm_nobody() {
    count_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (running, good) = runtime.block_on(async {
        let running = Running::with(limits()).await;
        let good = Raw::v3(running.plain, "good").await;
        (running, good)
    });
    let good = tokio::sync::Mutex::new(good);
    let mistakes = prop::collection::vec((0u8..5, any::<prop::sample::Index>(), any::<u8>()), 1..6);
    // PROPTEST_CASES makes more of them; a failure prints the smallest mistakes that do it.
    let default = ProptestConfig::default();
    let config = ProptestConfig { cases: default.cases.max(2000), failure_persistence: None, ..default };
    proptest!(config, |(v5: bool, mistakes in mistakes)| {
        let mut bytes = valid(v5);
        for mistake in mistakes {
            mutate(&mut bytes, mistake);
        }
        runtime.block_on(async {
            throw(&running, &bytes).await;
            good.lock().await.ping().await;
        });
        prop_assert_eq!(PANICS.load(Ordering::Relaxed), 0);
    });
}

#[test]
fn sessions_without_mistakes_are_taken() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for v5 in [false, true] {
            let running = Running::start().await;
            throw(&running, &valid(v5)).await;
            running.journal.until(|messages| messages.len() == if v5 { 3 } else { 2 }).await;
        }
    });
}
