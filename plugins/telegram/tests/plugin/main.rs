//! The plugin as the host sees it: what it asks for, what it sends, and what it makes of answers.
//!
//! Rows are those of the conformance table for Telegram (`TG-01` to `TG-62`).
#![cfg(test)]

mod answers;
mod course;
mod description;
mod markup;
mod text;

use campanile_channel::testing::ScriptedHost;
use campanile_channel::{
    Attempt, Channel, Failure, Field, Notification, Presentation, Receipt, Severity, TextFormat,
};
use campanile_telegram::{Settings, Telegram};
use serde_json::{Value, json};

const SENT: &str = r#"{"ok":true,"result":{"message_id":7,"chat":{"id":1}}}"#;

fn settings(settings: Value) -> Settings {
    serde_json::from_value(settings).unwrap()
}

/// Settings for chat 1, with `more`.
fn chat_1(more: Value) -> Settings {
    let Value::Object(mut all) = more else { panic!("settings are an object") };
    all.insert("chat-id".into(), json!(1));
    settings(Value::Object(all))
}

/// A notification of severity `error` with this title and body.
fn notification(title: &str, body: &str, body_format: TextFormat) -> Notification {
    Notification {
        event_id: "0192f0c1-2345-7abc-8def-0123456789ab".into(),
        device_id: "home-heating".into(),
        status: "INACTIVE".into(),
        severity: Severity::Error,
        title: title.into(),
        body: body.into(),
        body_format,
        occurred_at: "2026-11-23T04:05:06Z".into(),
        fields: vec![],
        event_json: "{}".into(),
    }
}

fn field(name: &str, value: &str) -> Field {
    Field { name: name.into(), value: value.into() }
}

/// The first attempt of a delivery.
fn first() -> Attempt {
    Attempt {
        delivery_id: "d-1".into(),
        number: 1,
        presentation: Presentation::Rich,
        remaining_ms: 10_000,
        resume: String::new(),
        earlier: None,
    }
}

fn host(answers: &[(u16, &str)]) -> ScriptedHost {
    let host = ScriptedHost::with_secrets(&["bot-token"]);
    answers.iter().fold(host, |host, (status, body)| host.answer(*status, &[], body))
}

fn deliver(settings: &Settings, attempt: &Attempt, host: &mut ScriptedHost) -> Result<Receipt, Failure> {
    let notification = notification("Heating: INACTIVE", "No heat since 03:12", TextFormat::Text);
    Telegram::deliver(&notification, settings, attempt, host)
}

/// The parameters of the requests that were made.
fn parameters(host: &ScriptedHost) -> Vec<Value> {
    host.requests.iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
}

/// The parameters of all requests that show `notification`.
fn shown(notification: &Notification, settings: &Settings) -> Vec<Value> {
    let mut host = host(&[(200, SENT); 32]);
    Telegram::deliver(notification, settings, &first(), &mut host).unwrap();
    parameters(&host)
}
