//! A transition as it is published. Its id and its number are given once, when it is found, and go with every copy of it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// A change of status that was found, before the spool has given it a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The device, which is the MQTT client id too.
    pub device_id: String,
    /// The status that it has now.
    pub status: String,
    /// The one that it had; none if it had none yet.
    pub previous: Option<String>,
    /// When it changed, by this machine's clock.
    pub occurred_at: Timestamp,
    /// Whether that clock was known to be right.
    pub clock_synchronized: bool,
    /// What was measured: any JSON, `null` if nothing was.
    pub reading: Value,
}

/// What is published: the event of `design.md` §4.
#[derive(Debug, Serialize)]
struct Published<'f> {
    event_id: String,
    device_id: &'f str,
    status: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<&'f str>,
    occurred_at: Timestamp,
    seq: u64,
    #[serde(skip_serializing_if = "Value::is_null")]
    reading: &'f Value,
    /// Only told if it is wrong: who reads the event may take the time of receipt instead.
    #[serde(skip_serializing_if = "is_true")]
    clock_synchronized: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_true(flag: &bool) -> bool {
    *flag
}

impl Found {
    /// The payload of this transition with the number `seq`: compact JSON. Each call gives another id, so it is called once.
    ///
    /// # Errors
    ///
    /// [`serde_json::Error`] never happens with readings that came from JSON.
    pub fn publish(&self, seq: u64) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Published {
            event_id: Uuid::now_v7().to_string(),
            device_id: &self.device_id,
            status: &self.status,
            previous: self.previous.as_deref(),
            occurred_at: self.occurred_at,
            seq,
            reading: &self.reading,
            clock_synchronized: self.clock_synchronized,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found() -> Found {
        Found {
            device_id: "home-heating".to_owned(),
            status: "INACTIVE".to_owned(),
            previous: Some("ACTIVE".to_owned()),
            occurred_at: "2026-11-28T02:00:00.125Z".parse().unwrap(),
            clock_synchronized: true,
            reading: json!({ "flow": 0.0 }),
        }
    }

    #[test]
    fn it_is_the_event_that_the_rules_read() {
        let payload: Value = serde_json::from_slice(&found().publish(7).unwrap()).unwrap();
        let id: Uuid = payload["event_id"].as_str().unwrap().parse().unwrap();
        assert_eq!(id.get_version_num(), 7);
        let expected = json!({
            "event_id": id.to_string(), "device_id": "home-heating", "status": "INACTIVE", "previous": "ACTIVE",
            "occurred_at": "2026-11-28T02:00:00.125Z", "seq": 7, "reading": { "flow": 0.0 },
        });
        assert_eq!(payload, expected);
    }

    #[test]
    fn a_clock_that_may_be_wrong_is_told() {
        let found = Found { clock_synchronized: false, previous: None, reading: Value::Null, ..found() };
        let payload: Value = serde_json::from_slice(&found.publish(1).unwrap()).unwrap();
        assert_eq!(payload["clock_synchronized"], false);
        assert!(payload.get("previous").is_none() && payload.get("reading").is_none());
    }
}
