//! `campanile events`: what devices sent.

mod list;
mod show;

use campanile_store::PastEvent;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::args::{EventsArguments, EventsVerb};
use crate::error::CliError;
use crate::exit::Exit;

pub(crate) async fn run(arguments: EventsArguments) -> Result<Exit, CliError> {
    match arguments.verb {
        None => list::run(&arguments.list).await,
        Some(EventsVerb::Show { id, json, store }) => show::run(&id, json, &store).await,
    }
}

/// An event for machines.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Event<'e> {
    id: String,
    client_id: &'e str,
    trace_id: &'e str,
    received_at: Option<Timestamp>,
    topic: Option<&'e str>,
    /// None if it was not JSON.
    payload: Option<&'e Value>,
    /// What was published, byte by byte, in base64.
    raw: Option<&'e str>,
}

impl<'e> From<&'e PastEvent> for Event<'e> {
    fn from(event: &'e PastEvent) -> Self {
        Self {
            id: event.to_string(),
            client_id: event.client_id(),
            trace_id: event.trace_id(),
            received_at: event.received_at(),
            topic: event.topic(),
            payload: event.payload(),
            raw: event.raw(),
        }
    }
}

/// The text of a key in what the device sent.
fn said<'e>(event: &'e PastEvent, key: &str) -> Option<&'e str> {
    event.payload()?.get(key)?.as_str()
}
