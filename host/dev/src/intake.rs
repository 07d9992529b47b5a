//! Where messages come in, wherever they come from: into the journal first, then to whoever listens.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use campanile_broker::{Ingest, Message, NotKept, Qos};
use campanile_local::surroundings::ThisMachine;
use campanile_rules::message::Surroundings as _;
use campanile_rules::topic::basic_ingest;
use campanile_store::StoreError;
use jiff::Timestamp;

use crate::feed::{Feed, Happening};
use crate::journal::{Journal, MessageId, Source};

/// What the broker tells of clients is published here; no client can publish there.
const PRESENCE: &str = "$aws/events/presence/";

/// Who published what no client did (developer guide, `clientid()`).
const NO_CLIENT: &str = "n/a";

/// Hands a message to the clients that subscribe: the broker, for what did not come in over it.
pub(crate) trait Subscribers: Send + Sync + std::fmt::Debug {
    fn publish(&self, topic: &str, payload: &Bytes, qos: Qos);
}

/// The way in.
#[derive(Debug)]
pub(crate) struct Intake {
    journal: Arc<Journal>,
    feed: Feed,
    subscribers: OnceLock<Box<dyn Subscribers>>,
}

impl Intake {
    pub(crate) fn new(journal: Arc<Journal>, feed: Feed) -> Self {
        Self { journal, feed, subscribers: OnceLock::new() }
    }

    /// From now on, what does not come from the broker is handed to it. There is one broker.
    pub(crate) fn connect(&self, subscribers: Box<dyn Subscribers>) {
        self.subscribers.set(subscribers).ok();
    }

    /// Keeps a message that a client, or somebody in its place, has published.
    pub(crate) async fn publish(
        &self,
        client_id: String,
        topic: String,
        payload: Bytes,
        source: Source,
    ) -> Result<MessageId, StoreError> {
        let message = made_here(client_id, topic, payload, Qos::AtLeastOnce);
        self.take_and_hand_on(message, source).await
    }

    /// Keeps a message that a rule's action has published.
    pub(crate) async fn republish(
        &self,
        topic: String,
        qos: Qos,
        payload: Bytes,
        source: Source,
    ) -> Result<MessageId, StoreError> {
        let message = made_here(NO_CLIENT.to_owned(), topic, payload, qos);
        self.take_and_hand_on(message, source).await
    }

    /// Keeps a message of the journal once more, as another one.
    pub(crate) async fn replay(&self, message: Message, of: MessageId) -> Result<MessageId, StoreError> {
        let message = Message { trace_id: ThisMachine.uuid(), received_at: Timestamp::now(), ..message };
        self.take(message, Source::Replay(of)).await
    }

    async fn take_and_hand_on(&self, message: Message, source: Source) -> Result<MessageId, StoreError> {
        let (topic, payload, qos) = (message.topic.clone(), message.payload.clone(), message.qos);
        let id = self.take(message, source).await?;
        // Basic Ingest reaches the rule alone.
        if let Some(subscribers) = self.subscribers.get().filter(|_| basic_ingest(&topic).is_none()) {
            subscribers.publish(&topic, &payload, qos);
        }
        Ok(id)
    }

    async fn take(&self, message: Message, source: Source) -> Result<MessageId, StoreError> {
        let entry = Arc::new(self.journal.append(message, source).await?);
        let id = entry.id;
        if let Some((client, is_there)) =
            presence(&entry.message.topic).filter(|_| source == Source::Presence)
        {
            self.feed.tell(Happening::Presence(client.into(), is_there));
        }
        self.feed.tell(Happening::Received(entry));
        Ok(id)
    }
}

/// From the broker: a publisher with QoS 1 is told when the message is on the disk.
impl Ingest for Intake {
    async fn keep(&self, message: Message) -> Result<(), NotKept> {
        let source = if message.topic.starts_with(PRESENCE) { Source::Presence } else { Source::Mqtt };
        match self.take(message, source).await {
            Ok(_) => Ok(()),
            Err(error) => {
                self.feed.tell(Happening::Note(error.to_string().into()));
                Err(NotKept(error.to_string()))
            }
        }
    }
}

fn made_here(client_id: String, topic: String, payload: Bytes, qos: Qos) -> Message {
    Message {
        topic,
        payload,
        qos,
        retain: false,
        client_id,
        principal: None,
        source_ip: None,
        trace_id: ThisMachine.uuid(),
        received_at: Timestamp::now(),
        properties: None,
    }
}

/// The client that a presence event is about, and whether it is there now.
fn presence(topic: &str) -> Option<(&str, bool)> {
    let (what, client) = topic.strip_prefix(PRESENCE)?.split_once('/')?;
    Some((client, what == "connected"))
}
