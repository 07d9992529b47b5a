//! A message in the history.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};
use url::form_urlencoded::byte_serialize;

use crate::page::Cursor;

/// A message as the cold rule keeps it: what its statement selects. With that of `deploy/template.yaml` this is what the
/// accessors tell; only the key has to be there.
#[derive(Clone, Debug, PartialEq)]
pub struct PastEvent {
    client_id: String,
    trace_id: String,
    item: Map<String, Value>,
}

/// A part of the key is missing, so the item can't be kept: the rule's action would fail as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rule selects no text `{0}`, which is a part of the event table's key")]
pub struct NoKey(pub &'static str);

impl PastEvent {
    /// The item that a rule made.
    ///
    /// # Errors
    ///
    /// If a part of the key is missing, is not text, or is empty.
    pub fn new(item: Map<String, Value>) -> Result<Self, NoKey> {
        let part = |name| {
            let part = item.get(name).and_then(Value::as_str).filter(|part| !part.is_empty());
            part.map(str::to_owned).ok_or(NoKey(name))
        };
        Ok(Self { client_id: part("client_id")?, trace_id: part("trace_id")?, item })
    }

    /// The MQTT client that published it: the device, if it keeps to its policy.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The broker's id of the message.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        &self.trace_id
    }

    /// When the rule saw it.
    #[must_use]
    pub fn received_at(&self) -> Option<Timestamp> {
        let millisecond = self.item.get("received_at")?.as_i64()?;
        Timestamp::from_millisecond(millisecond).ok()
    }

    /// Where it was published.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.item.get("topic")?.as_str()
    }

    /// What was published; none if it was not JSON.
    #[must_use]
    pub fn payload(&self) -> Option<&Value> {
        self.item.get("payload")
    }

    /// The bytes that were published, in base64.
    #[must_use]
    pub fn raw(&self) -> Option<&str> {
        self.item.get("raw")?.as_str()
    }

    /// Everything that the rule selected.
    #[must_use]
    pub fn item(&self) -> &Map<String, Value> {
        &self.item
    }

    /// Its place in a list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor::new(self.received_at().unwrap_or_default(), self)
    }
}

/// Its id: `CLIENT:TRACE`, percent-encoded as the ids of deliveries are.
impl fmt::Display for PastEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encode = |part: &str, formatter: &mut fmt::Formatter<'_>| {
            byte_serialize(part.as_bytes()).try_for_each(|piece| formatter.write_str(piece))
        };
        encode(&self.client_id, formatter)?;
        formatter.write_str(":")?;
        encode(&self.trace_id, formatter)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(item: Value) -> Result<PastEvent, NoKey> {
        let Value::Object(item) = item else { panic!("{item}") };
        PastEvent::new(item)
    }

    #[test]
    fn without_a_key_nothing_is_kept() {
        for (item, missing) in [
            (json!({ "trace_id": "t" }), "client_id"),
            (json!({ "client_id": "", "trace_id": "t" }), "client_id"),
            (json!({ "client_id": "c" }), "trace_id"),
            (json!({ "client_id": "c", "trace_id": 5 }), "trace_id"),
        ] {
            assert_eq!(event(item).unwrap_err(), NoKey(missing));
        }
    }

    #[test]
    fn what_a_statement_does_not_select_is_not_there() {
        let bare = event(json!({ "client_id": "a:b", "trace_id": "t", "received_at": "today" })).unwrap();
        assert_eq!((bare.received_at(), bare.topic(), bare.payload(), bare.raw()), (None, None, None, None));
        assert_eq!((bare.to_string(), bare.cursor().to_string()), ("a%3Ab:t".into(), "0.a%3Ab:t".into()));
    }
}
