//! An event as it is sent, and what PagerDuty refuses about it (page "Send an Alert Event").
//!
//! The words are those that the service has been seen to use where such an answer is known (`Length of 'routing_key' is incorrect`,
//! `'payload.severity' is invalid`, `'summary' is too long`); the documentation lists none, so the others follow their pattern.

use serde_json::{Map, Value, json};

use crate::fakes::CaughtRequest;

/// Largest body, in bytes ("Events API v2 Overview", "Size Limits").
const BODY: usize = 512 * 1024;
/// Characters of a routing key.
const ROUTING_KEY: usize = 32;
/// Most characters of a `dedup_key`.
const DEDUP_KEY: usize = 255;
/// Most characters of a summary.
const SUMMARY: usize = 1024;
/// The values of `payload.severity`.
const SEVERITIES: [&str; 4] = ["critical", "warning", "error", "info"];

/// An event.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) routing_key: String,
    pub(super) dedup_key: Option<String>,
    pub(super) action: Action,
}

/// What an event wants.
#[derive(Debug)]
pub(super) enum Action {
    Trigger(Box<Alert>),
    Acknowledge,
    Resolve,
}

/// What is wrong, as a trigger says it.
#[derive(Clone, Debug)]
pub(super) struct Alert {
    pub(super) summary: String,
    pub(super) severity: String,
    pub(super) source: String,
    /// As it was given.
    pub(super) timestamp: Option<String>,
    /// Component, group and class, and the custom details: names and values.
    pub(super) details: Vec<(String, String)>,
    /// Text and address.
    pub(super) links: Vec<(String, String)>,
    /// Who sends it.
    pub(super) client: Option<String>,
}

/// An answer that is not a success.
#[derive(Debug)]
pub(super) struct Refusal {
    /// HTTP status.
    pub(super) status: u16,
    /// JSON body.
    pub(super) body: Value,
}

impl Refusal {
    /// Status 400 with what is wrong.
    pub(super) fn invalid(errors: &[String]) -> Self {
        let message = "Event object is invalid";
        Self { status: 400, body: json!({ "status": "invalid event", "message": message, "errors": errors }) }
    }

    /// Not JSON, or no object (the example of an error in the API's description).
    fn unrecognized() -> Self {
        let message = "Event object format is unrecognized";
        let body =
            json!({ "status": "Unrecognized object", "message": message, "errors": ["JSON parse error"] });
        Self { status: 400, body }
    }

    fn plain(status: u16, message: &str) -> Self {
        Self { status, body: json!({ "status": message.to_lowercase(), "message": message }) }
    }
}

impl Event {
    /// Reads a request.
    pub(super) fn read(request: &CaughtRequest) -> Result<Self, Refusal> {
        if request.url.path() != "/v2/enqueue" {
            return Err(Refusal::plain(404, "Not Found"));
        }
        if request.method != "POST" {
            return Err(Refusal::plain(405, "Method Not Allowed"));
        }
        if request.body.len() > BODY {
            return Err(Refusal::plain(413, "Request Entity Too Large"));
        }
        let Ok(Value::Object(object)) = serde_json::from_slice(&request.body) else {
            return Err(Refusal::unrecognized());
        };
        Errors::default().event(&object)
    }
}

/// What is wrong with an event, all of it at once.
#[derive(Debug, Default)]
struct Errors(Vec<String>);

impl Errors {
    fn event(mut self, object: &Map<String, Value>) -> Result<Event, Refusal> {
        let routing_key = self.required(object, "", "routing_key").unwrap_or_default();
        self.routing_key(&routing_key);
        let action = self.required(object, "", "event_action").unwrap_or_default();
        let dedup_key = text(object, "dedup_key");
        self.too_long("dedup_key", dedup_key.as_deref(), DEDUP_KEY);
        let action = match action.as_str() {
            "trigger" => Some(Action::Trigger(Box::new(self.alert(object)))),
            "acknowledge" | "resolve" if dedup_key.is_none() => {
                self.0.push("'dedup_key' is missing or blank".to_owned());
                None
            }
            "acknowledge" => Some(Action::Acknowledge),
            "resolve" => Some(Action::Resolve),
            "" => None,
            _ => {
                let allowed = "must be one of the following: 'trigger', 'acknowledge' or 'resolve'";
                self.0.push(format!("'event_action' is invalid ({allowed})"));
                None
            }
        };
        match action {
            Some(action) if self.0.is_empty() => Ok(Event { routing_key, dedup_key, action }),
            _ => Err(Refusal::invalid(&self.0)),
        }
    }

    fn routing_key(&mut self, key: &str) {
        if !key.is_empty() && key.chars().count() != ROUTING_KEY {
            self.0.push(format!("Length of 'routing_key' is incorrect (should be {ROUTING_KEY} characters)"));
        }
        if !key.chars().all(|character| character.is_ascii_alphanumeric()) {
            self.0.push("'routing_key' cannot contain non-alphanumeric characters.".to_owned());
        }
    }

    fn alert(&mut self, object: &Map<String, Value>) -> Alert {
        let empty = Map::new();
        let payload = object.get("payload").and_then(Value::as_object);
        if payload.is_none() {
            self.0.push("'payload' is missing or blank".to_owned());
        }
        let payload = payload.unwrap_or(&empty);
        let missing = object.get("payload").is_none_or(|payload| !payload.is_object());
        let mut required = |name: &str| if missing { None } else { self.required(payload, "payload.", name) };
        let [summary, source, severity] =
            ["summary", "source", "severity"].map(|name| required(name).unwrap_or_default());
        self.too_long("payload.summary", Some(&summary), SUMMARY);
        if !severity.is_empty() && !SEVERITIES.contains(&severity.as_str()) {
            let allowed = "must be one of the following: 'critical', 'warning', 'error' or 'info'";
            self.0.push(format!("'payload.severity' is invalid ({allowed})"));
        }
        Alert {
            summary,
            severity,
            source,
            timestamp: self.timestamp(payload),
            details: self.details(payload),
            links: self.links(object),
            client: text(object, "client"),
        }
    }

    /// ISO 8601, with a zone.
    fn timestamp(&mut self, payload: &Map<String, Value>) -> Option<String> {
        let given = text(payload, "timestamp")?;
        if given.parse::<jiff::Timestamp>().is_err() {
            self.0.push("'payload.timestamp' is invalid (must be an ISO 8601 timestamp)".to_owned());
        }
        Some(given)
    }

    fn details(&mut self, payload: &Map<String, Value>) -> Vec<(String, String)> {
        let named = ["component", "group", "class"].into_iter();
        let named = named.filter_map(|name| Some((name.to_owned(), text(payload, name)?)));
        let custom = match payload.get("custom_details") {
            None | Some(Value::Null) => None,
            Some(Value::Object(details)) => Some(details),
            Some(_) => {
                self.0.push("'payload.custom_details' is invalid (must be an object)".to_owned());
                None
            }
        };
        let custom = custom.into_iter().flatten().map(|(name, value)| (name.clone(), in_words(value)));
        named.chain(custom).collect()
    }

    /// Links, and images with the text that stands for them.
    fn links(&mut self, object: &Map<String, Value>) -> Vec<(String, String)> {
        let mut links = Vec::new();
        for (list, address, words) in [("links", "href", "text"), ("images", "src", "alt")] {
            for item in object.get(list).and_then(Value::as_array).into_iter().flatten() {
                let field =
                    |name: &str| item.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
                match field(address) {
                    // "This image must be served via HTTPS."
                    Some(url) if list == "images" && !url.starts_with("https://") => {
                        self.0.push(format!("'{list}.{address}' is invalid (must be an HTTPS URL)"));
                    }
                    Some(url) => links.push((field(words).unwrap_or(url).to_owned(), url.to_owned())),
                    None => self.0.push(format!("'{list}.{address}' is missing or blank")),
                }
            }
        }
        links
    }

    fn required(&mut self, object: &Map<String, Value>, path: &str, name: &str) -> Option<String> {
        let found = text(object, name);
        if found.is_none() {
            self.0.push(format!("'{path}{name}' is missing or blank"));
        }
        found
    }

    fn too_long(&mut self, name: &str, text: Option<&str>, max: usize) {
        if text.is_some_and(|text| text.chars().count() > max) {
            self.0.push(format!("'{name}' is too long (maximum is {max} characters)"));
        }
    }
}

/// Text that is not blank.
fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name)?.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn in_words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
