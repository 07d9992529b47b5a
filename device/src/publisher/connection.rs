//! One connection, from CONNECT to its end. rumqttc's own queue and its reconnecting are not used: it loses what it has accepted when a
//! session is not resumed, so a connection that is lost is dropped with all that it holds, and the spool begins again.

use std::time::Duration;

use rumqttc::{AsyncClient, EventLoop, MqttOptions, NetworkOptions, Outgoing, Packet, QoS};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::reason;
use crate::link::{PACKET_IDS, WINDOW};

/// The largest packet, in bytes: the largest payload of AWS IoT with its topic.
const PACKET_BYTES: usize = 132 * 1024;

/// How long a broker may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// What happens on a connection.
#[derive(Debug)]
pub(super) enum Event {
    /// The broker has accepted it.
    Open,
    /// A publish has left with this packet identifier.
    Left(u16),
    /// These are acknowledged: all that came together.
    Acknowledged(Vec<u16>),
    /// It is lost, in plain words.
    Lost(String),
}

/// How the use of a connection ends.
#[derive(Debug)]
pub(super) enum Ended {
    /// Nothing is left to do, or no time.
    Done,
    /// It is lost.
    Lost {
        /// In plain words.
        reason: String,
        /// Whether the broker had accepted it.
        was_open: bool,
    },
}

#[derive(Debug)]
enum Raw {
    Open,
    Left(u16),
    Acknowledged(u16),
    Lost(String),
}

#[derive(Debug)]
pub(super) struct Connection {
    client: AsyncClient,
    events: mpsc::Receiver<Raw>,
    /// What came with acknowledgements that were taken together.
    next: Option<Raw>,
    polling: JoinHandle<()>,
}

impl Connection {
    pub(super) fn open(options: &MqttOptions) -> Self {
        let mut options = options.clone();
        options
            .set_clean_session(true)
            .set_inflight(PACKET_IDS)
            .set_max_packet_size(PACKET_BYTES, PACKET_BYTES);
        // Room for all that may be on its way, and for the goodbye.
        let (client, mut events) = AsyncClient::new(options, WINDOW + 1);
        let mut network = NetworkOptions::new();
        // Otherwise the kernel keeps a publish back as long as the one before is on its way (Nagle).
        network.set_tcp_nodelay(true);
        events.set_network_options(network);
        let (heard, receiver) = mpsc::channel(WINDOW);
        // Polled by a task of its own: a poll that is dropped halfway loses what it had read.
        let polling = tokio::spawn(poll(events, heard));
        Self { client, events: receiver, next: None, polling }
    }

    pub(super) async fn next(&mut self) -> Event {
        let raw = match self.next.take() {
            Some(raw) => Some(raw),
            None => self.events.recv().await,
        };
        match raw {
            Some(Raw::Open) => Event::Open,
            Some(Raw::Left(id)) => Event::Left(id),
            Some(Raw::Acknowledged(id)) => Event::Acknowledged(self.together(id)),
            Some(Raw::Lost(reason)) => Event::Lost(reason),
            None => Event::Lost("the connection has ended".to_owned()),
        }
    }

    /// Acknowledgements that are there already, so that one write of the spool takes them all.
    fn together(&mut self, first: u16) -> Vec<u16> {
        let mut ids = vec![first];
        loop {
            match self.events.try_recv() {
                Ok(Raw::Acknowledged(id)) => ids.push(id),
                Ok(other) => {
                    self.next = Some(other);
                    return ids;
                }
                Err(_) => return ids,
            }
        }
    }

    /// Hands a publish over; whether that was possible.
    pub(super) fn publish(&self, topic: String, payload: Vec<u8>) -> bool {
        self.client.try_publish(topic, QoS::AtLeastOnce, false, payload).is_ok()
    }

    /// Says goodbye, so that the broker does not publish the last will.
    pub(super) async fn close(mut self) {
        if self.client.try_disconnect().is_ok() {
            tokio::time::timeout(GOODBYE, &mut self.polling).await.ok();
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.polling.abort();
    }
}

async fn poll(mut events: EventLoop, heard: mpsc::Sender<Raw>) {
    loop {
        let raw = match events.poll().await {
            Ok(rumqttc::Event::Incoming(Packet::ConnAck(_))) => Raw::Open,
            Ok(rumqttc::Event::Outgoing(Outgoing::Publish(id))) => Raw::Left(id),
            Ok(rumqttc::Event::Incoming(Packet::PubAck(acknowledged))) => {
                Raw::Acknowledged(acknowledged.pkid)
            }
            Ok(rumqttc::Event::Outgoing(Outgoing::Disconnect)) => return,
            Ok(_) => continue,
            Err(error) => {
                // What came together with the error was read, and only not told.
                for event in events.state.events.drain(..) {
                    if let rumqttc::Event::Incoming(Packet::PubAck(acknowledged)) = event {
                        heard.send(Raw::Acknowledged(acknowledged.pkid)).await.ok();
                    }
                }
                Raw::Lost(reason::of(&error))
            }
        };
        let is_end = matches!(raw, Raw::Lost(_));
        if heard.send(raw).await.is_err() || is_end {
            return;
        }
    }
}
