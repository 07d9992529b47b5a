//! `campanile events show ID`: all that a device sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use campanile_store::{AnyHistory, EventFilter, History as _, PastEvent};
use serde_json::Value;
use url::form_urlencoded;

use super::{Event, said};
use crate::args::EventStoreArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::listing;
use crate::output::{self, QUIET, STRONG, styled, visible};
use crate::store;

pub(crate) async fn run(id: &str, json: bool, arguments: &EventStoreArguments) -> Result<Exit, CliError> {
    let history = store::history(arguments).await?;
    let searching = output::with_patience("looking through the events", find(&history, id));
    let event = searching.await?;
    if json {
        output::json(&Event::from(&event));
    } else {
        show(&event);
    }
    Ok(Exit::Success)
}

/// A whole id tells the device: a table is asked for its events before it is read from end to end.
async fn find(history: &AnyHistory, id: &str) -> Result<PastEvent, CliError> {
    let decoded = |device: &str| {
        form_urlencoded::parse(device.as_bytes()).next().map(|(device, _)| device.into_owned())
    };
    if let Some(device) = id.split_once(':').and_then(|(device, _)| decoded(device)) {
        let filter = EventFilter { device: Some(device), ..EventFilter::default() };
        match listing::find(id, async |after, size| history.list(&filter, after, size).await).await {
            Err(CliError::NotFound { .. }) => {}
            found => return found,
        }
    }
    listing::find(id, async |after, size| history.list(&EventFilter::default(), after, size).await).await
}

fn show(event: &PastEvent) {
    let status = said(event, "status").map(|status| format!("  {}", visible(status))).unwrap_or_default();
    output::line(format!("{}{status}", styled(STRONG, event)));
    let received = event.received_at().map(|at| at.strftime("received %Y-%m-%d %H:%M:%S%.3fZ").to_string());
    let topic = event.topic().map(|topic| format!("on {}", visible(topic)));
    let how: Vec<String> = received.into_iter().chain(topic).collect();
    if !how.is_empty() {
        output::line(format!("  {}", how.join(" ")));
    }
    let key = said(event, "event_id").map(|key| format!(", event {}", visible(key))).unwrap_or_default();
    output::line(format!(
        "  device {}{key}, trace {}\n",
        visible(event.client_id()),
        visible(event.trace_id())
    ));
    match event.payload() {
        Some(payload) => show_json(payload),
        None => show_bytes(event.raw().unwrap_or_default()),
    }
}

fn show_json(payload: &Value) {
    let text = serde_json::to_string_pretty(payload).unwrap_or_else(|_| payload.to_string());
    show_text(&text);
}

fn show_text(text: &str) {
    for line in text.lines() {
        output::line(format!("  {}", visible(line)));
    }
}

/// What was published and is no JSON: as text if it is that, else in base64 as it is kept.
fn show_bytes(raw: &str) {
    let bytes = STANDARD.decode(raw).unwrap_or_default();
    output::line(format!("  {}", styled(QUIET, format!("{} bytes that are no JSON", bytes.len()))));
    match String::from_utf8(bytes) {
        Ok(text) => show_text(&text),
        Err(_) => show_text(raw),
    }
}
