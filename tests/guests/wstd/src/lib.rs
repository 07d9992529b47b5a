//! Sends one request with wstd, as a program for any host of `wasi:http` would.

use wstd::http::{Body, Client, Request};

wit_bindgen::generate!({ path: "../../../wit/channel.wit", world: "channel" });

use campanile::channel::types::Reason;
use exports::campanile::channel::plugin::{Attempt, Failure, Guest, Notification, Receipt};

const DESCRIPTION: &str = r#"{
  "describe-version": 1,
  "name": "wstd",
  "version": "0.1.0",
  "summary": "Sends with wstd.",
  "settings": {
    "type": "object",
    "properties": { "url": { "type": "string", "format": "uri" } },
    "required": ["url"]
  },
  "hosts-from-settings": ["url"]
}"#;

struct Wstd;

export!(Wstd);

impl Guest for Wstd {
    fn describe() -> String {
        DESCRIPTION.to_owned()
    }

    fn deliver(_: Notification, settings_json: String, _: Attempt) -> Result<Receipt, Failure> {
        wstd::runtime::block_on(post(&settings_json)).map_err(|error| Failure {
            reason: Reason::Transient,
            detail: error.to_string(),
            resume: String::new(),
        })
    }
}

async fn post(settings_json: &str) -> Result<Receipt, Box<dyn std::error::Error>> {
    let settings: serde_json::Value = serde_json::from_str(settings_json)?;
    let url = settings["url"].as_str().unwrap_or_default();
    let request = Request::post(url).body(Body::from("a message"))?;
    let mut answer = Client::new().send(request).await?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().str_contents().await?.to_owned();
    Ok(Receipt { message_id: format!("{status} {text}"), target: String::new(), warnings: Vec::new() })
}
