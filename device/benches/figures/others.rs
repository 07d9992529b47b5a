//! What people do without a spool, with the same messages at the same broker. What is not acknowledged is lost here when a process or a
//! connection ends.

use std::process::Stdio;

use bytes::Bytes;
use rumqttc::{AsyncClient, EventLoop, MqttOptions, QoS};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::acknowledging::Acknowledging;
use crate::device::{PATIENCE, write};
use crate::latency::{Latency, PAUSE};
use crate::mosquitto::program;
use crate::process::Resident;
use crate::rate::Rate;

const TOPIC: &str = "home/heating/status";

/// A process for each of so many events.
const PROCESSES: usize = 100;

/// A client of rumqttc that is polled until the set is dropped.
async fn connected(broker: &mut Acknowledging, first: &Bytes) -> (AsyncClient, JoinSet<()>) {
    let (client, events) =
        AsyncClient::new(MqttOptions::new("home-heating", "127.0.0.1", broker.port()), 100);
    let mut polling = JoinSet::new();
    polling.spawn(poll(events));
    publish(&client, first).await;
    in_time(broker.next()).await;
    (client, polling)
}

async fn poll(mut events: EventLoop) {
    loop {
        events.poll().await.unwrap();
    }
}

async fn publish(client: &AsyncClient, payload: &Bytes) {
    client.publish(TOPIC, QoS::AtLeastOnce, false, payload.to_vec()).await.unwrap();
}

pub(crate) async fn rumqttc_one_by_one(payloads: &[Bytes]) -> Latency {
    let mut broker = Acknowledging::start().await;
    let (client, _polling) = connected(&mut broker, &payloads[0]).await;
    let mut took = Vec::new();
    for payload in payloads {
        sleep(PAUSE).await;
        let began = Instant::now();
        publish(&client, payload).await;
        took.push(in_time(broker.next()).await.at - began);
    }
    Latency::of(took)
}

pub(crate) async fn rumqttc(payloads: &[Bytes], count: usize) -> Rate {
    let mut broker = Acknowledging::start().await;
    let (client, _polling) = connected(&mut broker, &payloads[0]).await;
    let began = Instant::now();
    let publishing = async {
        for payload in payloads.iter().cycle().take(count) {
            publish(&client, payload).await;
        }
    };
    let ((), last) = in_time(async { tokio::join!(publishing, broker.last_of(count)) }).await;
    Rate::of(count, last.at - began)
}

/// As a script does it.
pub(crate) async fn mosquitto_pub_for_each(payloads: &[Bytes]) -> Latency {
    let mut broker = Acknowledging::start().await;
    let mut took = Vec::new();
    for payload in payloads.iter().take(PROCESSES) {
        sleep(PAUSE).await;
        let payload = std::str::from_utf8(payload).unwrap();
        let began = Instant::now();
        let process = mosquitto_pub(broker.port()).args(["-m", payload]).spawn().unwrap();
        took.push(in_time(broker.next()).await.at - began);
        ended(process).await;
    }
    Latency::of(took)
}

/// With the most memory that it has had, in KiB.
pub(crate) async fn mosquitto_pub_of_lines(payloads: &[Bytes], count: usize) -> (Rate, u64) {
    let mut broker = Acknowledging::start().await;
    let lines = payloads.iter().cycle().take(count);
    let lines = lines.map(|payload| format!("{}\n", std::str::from_utf8(payload).unwrap())).collect();
    let began = Instant::now();
    let mut process = mosquitto_pub(broker.port()).arg("-l").stdin(Stdio::piped()).spawn().unwrap();
    let writing = write(process.stdin.take().unwrap(), lines);
    let last = in_time(broker.last_of(count)).await;
    let peak = Resident::of(process.id().unwrap()).peak_kib;
    drop(writing.await.unwrap());
    ended(process).await;
    (Rate::of(count, last.at - began), peak)
}

fn mosquitto_pub(port: u16) -> Command {
    let mut command = Command::new(program("mosquitto_pub"));
    command.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-t", TOPIC, "-q", "1"]).kill_on_drop(true);
    command
}

async fn ended(mut process: Child) {
    let status = in_time(process.wait()).await.unwrap();
    assert!(status.success(), "mosquitto_pub: {status}");
}

async fn in_time<T>(happens: impl Future<Output = T>) -> T {
    timeout(PATIENCE, happens).await.expect("it has not come")
}
