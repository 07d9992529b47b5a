//! Turns a lamp red. Knows the contract (`channel.wit`) and nothing else of Campanile.

use serde_json::Value;

wit_bindgen::generate!({ path: "../../../wit/channel.wit", world: "channel" });

use campanile::channel::http::{self, Request, SendError, SendReason};
use campanile::channel::secrets;
use campanile::channel::types::Reason;
use exports::campanile::channel::plugin::{Attempt, Failure, Guest, Notification, Receipt};

const DESCRIPTION: &str = r#"{
  "describe-version": 1,
  "name": "desk-lamp",
  "version": "0.1.0",
  "summary": "Turns a lamp red.",
  "settings": {
    "type": "object",
    "properties": {
      "bridge": { "type": "string", "format": "uri", "description": "Origin of the bridge." },
      "light": { "type": "string", "pattern": "^[0-9a-z-]+$", "description": "Id of the lamp." }
    },
    "required": ["bridge", "light"],
    "additionalProperties": false
  },
  "hosts-from-settings": ["bridge"],
  "secrets": [
    {
      "name": "api-key",
      "summary": "Shown by the bridge after its button is pressed.",
      "places": ["header"],
      "example": "an-example-key"
    }
  ]
}"#;

struct DeskLamp;

export!(DeskLamp);

impl Guest for DeskLamp {
    fn describe() -> String {
        DESCRIPTION.to_owned()
    }

    fn deliver(_: Notification, settings_json: String, _: Attempt) -> Result<Receipt, Failure> {
        let settings: Value = serde_json::from_str(&settings_json)
            .map_err(|error| failure(Reason::Misconfigured, error.to_string()))?;
        let setting = |name: &str| settings[name].as_str().unwrap_or_default();
        let light = setting("light");
        let api_key = secrets::reference("api-key")
            .map_err(|error| failure(Reason::Misconfigured, format!("api-key: {error}")))?;
        let request = Request {
            method: "PUT".to_owned(),
            url: format!("{}/lights/{light}", setting("bridge").trim_end_matches('/')),
            headers: vec![
                ("content-type".to_owned(), "application/json".to_owned()),
                ("api-key".to_owned(), api_key),
            ],
            body: br#"{"on":true,"color":"red"}"#.to_vec(),
            timeout_ms: 0,
        };
        let response = http::send(&request).map_err(unanswered)?;
        match response.status {
            200..=299 => {
                Ok(Receipt { message_id: String::new(), target: light.to_owned(), warnings: Vec::new() })
            }
            status => Err(failure(reason(status), format!("the bridge answered {status}"))),
        }
    }
}

fn reason(status: u16) -> Reason {
    match status {
        401 | 403 => Reason::Misconfigured,
        429 => Reason::RateLimited(0),
        500..=599 => Reason::Transient,
        _ => Reason::Rejected,
    }
}

fn unanswered(error: SendError) -> Failure {
    let reason = match error.reason {
        SendReason::Denied(_) => Reason::Misconfigured,
        SendReason::TooLarge | SendReason::Invalid(_) => Reason::Rejected,
        SendReason::Timeout | SendReason::Network(_) => Reason::Transient,
    };
    failure(reason, format!("no answer from the bridge: {:?}", error.reason))
}

fn failure(reason: Reason, detail: String) -> Failure {
    Failure { reason, detail, resume: String::new() }
}
