//! The connection to the other broker: messages in, acknowledgements out, and again when it breaks.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use rumqttc::{
    AsyncClient, ConnAck, ConnectionError, Event, EventLoop, MqttOptions, Packet, Publish, QoS,
    SubscribeFilter, SubscribeReasonCode,
};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::backoff::Backoff;
use super::{BridgeConfig, BridgeError, device, target};
use crate::NotKept;
use crate::keep::Keep;
use crate::message::{Message, Qos};
use crate::notes::{Notes, Shown};
use crate::topic::Filter;

/// Messages that are being kept at once.
const IN_FLIGHT: usize = 100;
/// As many as there are packet ids, so that an acknowledgement never waits for room.
const REQUESTS: usize = 65_536;
/// As AWS IoT would have it.
const MAX_PAYLOAD: usize = 128 * 1024;

pub(super) struct Outside {
    options: MqttOptions,
    filters: Vec<Filter>,
    device_in_topic: bool,
    ingest: Arc<dyn Keep>,
    notes: Notes,
    stopping: CancellationToken,
    /// Whether this process has subscribed; a session that is there still has that.
    subscribed: bool,
}

/// What became of a message.
type Kept = (Publish, Result<(), NotKept>);
type Keeping = FuturesOrdered<Pin<Box<dyn Future<Output = Kept> + Send>>>;

impl Outside {
    pub(super) fn new(
        config: BridgeConfig,
        ingest: Arc<dyn Keep>,
        stopping: CancellationToken,
    ) -> Result<Self, BridgeError> {
        Ok(Self {
            options: target::options(&config)?,
            filters: target::filters(&config)?,
            device_in_topic: config.device_in_topic,
            ingest,
            notes: Notes(config.notes),
            stopping,
            subscribed: false,
        })
    }

    pub(super) async fn run(mut self) {
        let mut backoff = Backoff::new();
        let stopping = self.stopping.clone();
        loop {
            let begun = Instant::now();
            let why = tokio::select! {
                () = stopping.cancelled() => return,
                why = self.connection() => why,
            };
            let wait = backoff.wait(begun.elapsed());
            let (host, port) = self.options.broker_address();
            let seconds = wait.as_secs_f64();
            self.notes
                .say(format!("no connection to the broker {host}:{port}: {why}; again in {seconds:.1} s"));
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// One connection, from its beginning until it breaks; tells why it did. A new one for each, because that is how what was
    /// not acknowledged comes again.
    async fn connection(&mut self) -> String {
        let (client, events) = AsyncClient::new(self.options.clone(), REQUESTS);
        let (sender, mut incoming) = mpsc::channel(IN_FLIGHT);
        // Ends with this function. `EventLoop::poll` may not be dropped halfway, so it has a task.
        let mut pump = JoinSet::new();
        pump.spawn(listen(events, sender));
        let mut keeping = Keeping::new();
        loop {
            let room = keeping.len() < IN_FLIGHT;
            tokio::select! {
                event = incoming.recv(), if room => match event {
                    Some(Ok(event)) => if let Err(why) = self.event(&client, &mut keeping, event) { return why },
                    Some(Err(error)) => return error.to_string(),
                    None => return "the connection ended".to_owned(),
                },
                Some((publish, result)) = keeping.next() => {
                    if let Err(why) = acknowledge(&client, &publish, result) {
                        return why;
                    }
                }
            }
        }
    }

    fn event(&mut self, client: &AsyncClient, keeping: &mut Keeping, event: Event) -> Result<(), String> {
        match event {
            Event::Incoming(Packet::ConnAck(ack)) => self.connected(client, &ack),
            Event::Incoming(Packet::SubAck(ack)) => {
                for (filter, code) in self.filters.iter().zip(ack.return_codes) {
                    if code == SubscribeReasonCode::Failure {
                        let filter = Shown(filter.as_str());
                        self.notes.say(format!("the broker refuses the subscription to {filter}"));
                    }
                }
                Ok(())
            }
            Event::Incoming(Packet::Publish(publish)) if publish.payload.len() > MAX_PAYLOAD => {
                let (topic, size) = (Shown(&publish.topic), publish.payload.len());
                self.notes.say(format!(
                    "left out: a message on {topic} with {size} bytes; AWS IoT allows {MAX_PAYLOAD}"
                ));
                acknowledge(client, &publish, Ok(()))
            }
            Event::Incoming(Packet::Publish(publish)) => {
                self.keep(keeping, publish);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn connected(&mut self, client: &AsyncClient, ack: &ConnAck) -> Result<(), String> {
        let (host, port) = self.options.broker_address();
        self.notes.say(format!("connected to the broker {host}:{port}"));
        // A second time would bring all retained messages again.
        if ack.session_present && self.subscribed {
            return Ok(());
        }
        self.subscribed = true;
        let filters = self
            .filters
            .iter()
            .map(|filter| SubscribeFilter::new(filter.as_str().to_owned(), QoS::AtLeastOnce));
        client.try_subscribe_many(filters).map_err(|error| error.to_string())
    }

    fn keep(&self, keeping: &mut Keeping, publish: Publish) {
        let filters = if self.device_in_topic { self.filters.as_slice() } else { &[] };
        let message = Message {
            topic: publish.topic.clone(),
            payload: publish.payload.clone(),
            qos: if publish.qos == QoS::AtMostOnce { Qos::AtMostOnce } else { Qos::AtLeastOnce },
            retain: publish.retain,
            client_id: device::name(filters, &publish.topic, &publish.payload),
            principal: None,
            source_ip: None,
            trace_id: Uuid::new_v4().to_string(),
            received_at: jiff::Timestamp::now(),
            properties: None,
        };
        let ingest = Arc::clone(&self.ingest);
        keeping.push_back(Box::pin(async move { (publish, ingest.keep(message).await) }));
    }
}

/// Hands on what comes, until nothing does.
async fn listen(mut events: EventLoop, sender: mpsc::Sender<Result<Event, ConnectionError>>) {
    loop {
        let event = events.poll().await;
        let ended = event.is_err();
        if sender.send(event).await.is_err() || ended {
            return;
        }
    }
}

fn acknowledge(client: &AsyncClient, publish: &Publish, result: Result<(), NotKept>) -> Result<(), String> {
    result
        .map_err(|error| format!("a message on {} could not be kept: {}", Shown(&publish.topic), error.0))?;
    client.try_ack(publish).map_err(|error| error.to_string())
}
