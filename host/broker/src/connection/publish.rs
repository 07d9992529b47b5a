//! What a client publishes: the checks of AWS IoT, and the message for those who keep it.

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;
use uuid::Uuid;

use super::{Connection, End};
use crate::message::{Message, Qos};
use crate::notes::Shown;
use crate::presence::Presence;
use crate::session::Published;
use crate::topic;
use crate::wire::{Problem, Publish, TOPIC_ALIASES};

/// The largest payload: "Message size: The payload for every publish request can be no larger than 128 KB" (AWS IoT Core's
/// quotas).
const MAX_PAYLOAD: usize = 128 * 1024;

/// What AWS IoT would not take, and why, as the end of a sentence about the client.
pub(super) fn check(publish: &Publish) -> Result<Qos, (Problem, String)> {
    let topic = Shown(&publish.topic);
    let Some(qos) = publish.qos else {
        return Err((Problem::Qos, format!("a message on {topic} with QoS 2, which AWS IoT does not have")));
    };
    if publish.payload.len() > MAX_PAYLOAD {
        let size = publish.payload.len();
        let why = format!("a message on {topic} with {size} bytes; AWS IoT allows {MAX_PAYLOAD}");
        return Err((Problem::TooLarge, why));
    }
    topic::scope(&publish.topic)
        .map_err(|error| (Problem::Topic, format!("a message whose topic {topic} {error}")))?;
    Ok(qos)
}

/// The message that a client publishes.
pub(super) fn published(publish: Publish, qos: Qos, from: &Presence) -> Published {
    let message = Message {
        topic: publish.topic,
        // A part of the buffer that was read into would hold all of that.
        payload: Bytes::copy_from_slice(&publish.payload),
        qos,
        retain: publish.retain,
        client_id: from.client_id.clone(),
        principal: from.principal.clone(),
        source_ip: Some(from.source_ip),
        trace_id: Uuid::new_v4().to_string(),
        received_at: jiff::Timestamp::now(),
        properties: publish.properties,
    };
    Published { message, expires: publish.expires_after.map(|after| Instant::now() + after) }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Connection<S> {
    pub(super) fn publish(&mut self, mut publish: Publish) -> Result<(), End> {
        if let Some((principal, authority)) = &self.peer.certificate
            && authority.is_revoked(&principal.certificate_id)
        {
            return Err(End::revoked());
        }
        self.resolve_alias(&mut publish)?;
        let qos =
            check(&publish).map_err(|(problem, why)| End::client_error(problem, format!("it sent {why}")))?;
        let now = Instant::now();
        let wait = self.pace.count(publish.payload.len() + publish.topic.len(), now);
        if !wait.is_zero() {
            tracing::debug!(
                "client {} publishes faster than AWS IoT allows: it waits {} ms",
                Shown(&self.presence.client_id),
                wait.as_millis()
            );
        }
        let packet_id = publish.packet_id;
        if publish.dup {
            tracing::debug!("client {} sends a message again", Shown(&self.presence.client_id));
        }
        self.keep(published(publish, qos, &self.presence), packet_id);
        Ok(())
    }

    /// Puts in the topic that an alias of MQTT 5 stands for, or remembers it.
    fn resolve_alias(&mut self, publish: &mut Publish) -> Result<(), End> {
        let Some(alias) = publish.alias else { return Ok(()) };
        if alias.get() > TOPIC_ALIASES {
            let why = format!("it sent the topic alias {alias}; there are {TOPIC_ALIASES}");
            return Err(End::client_error(Problem::TopicAlias, why));
        }
        if !publish.topic.is_empty() {
            self.aliases.insert(alias, publish.topic.clone());
            return Ok(());
        }
        let Some(topic) = self.aliases.get(&alias) else {
            let why = format!("it sent the topic alias {alias}, for which it had named no topic");
            return Err(End::client_error(Problem::TopicAlias, why));
        };
        publish.topic.clone_from(topic);
        Ok(())
    }
}
