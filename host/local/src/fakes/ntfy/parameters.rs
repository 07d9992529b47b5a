//! What is to be published, whether it was said in JSON or in headers (`parsePublishParams`, `transformBodyJSON`).

use serde::Deserialize;
use serde_json::{Map, Value};

use super::actions::{self, Action};
use super::header::{flag, parameter};
use super::refusal::Refusal;
use super::route::is_name;
use crate::fakes::CaughtRequest;

/// Largest message, in bytes (page "Publishing", "Limitations").
pub(super) const MESSAGE: usize = 4096;
/// Largest body of JSON: "2x to account for JSON format overhead".
const JSON: usize = 2 * MESSAGE;
/// What publishing as JSON reads (page "Publishing", "Publish as JSON").
pub(super) const FIELDS: [&str; 17] = [
    "topic",
    "message",
    "title",
    "tags",
    "priority",
    "actions",
    "click",
    "attach",
    "markdown",
    "icon",
    "filename",
    "delay",
    "email",
    "call",
    "cache",
    "firebase",
    "sequence_id",
];

/// What is to be published.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    /// The body.
    pub(super) body: Vec<u8>,
    /// The message in a header, for a body that is a file.
    pub(super) message: Option<String>,
    pub(super) title: Option<String>,
    /// 1 to 5; 3 if it is not given.
    pub(super) priority: u8,
    pub(super) tags: Vec<String>,
    pub(super) click: Option<String>,
    pub(super) icon: Option<String>,
    pub(super) attach: Option<String>,
    pub(super) filename: Option<String>,
    pub(super) actions: Vec<Action>,
    pub(super) markdown: bool,
    pub(super) delay: Option<String>,
    pub(super) sequence: Option<String>,
    /// Kept by the server, which scheduled ones must be.
    pub(super) cached: bool,
}

/// The JSON of a request, by its own names.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Publication {
    pub(super) topic: String,
    message: String,
    title: String,
    tags: Vec<String>,
    priority: i64,
    actions: Value,
    click: String,
    attach: String,
    markdown: bool,
    icon: String,
    filename: String,
    delay: String,
    cache: String,
    sequence_id: String,
}

impl Parameters {
    /// Reads headers and query; the body is the message, or a file.
    pub(super) fn of_request(request: &CaughtRequest) -> Result<Self, Refusal> {
        let get = |names: &[&str]| parameter(request, names);
        let is_markdown =
            request.header("content-type").is_some_and(|kind| kind.starts_with("text/markdown"));
        let tags = get(&["x-tags", "tags", "tag", "ta"]).unwrap_or_default();
        let actions = get(&["x-actions", "actions", "action"]);
        Self {
            body: request.body.clone(),
            message: get(&["x-message", "message", "m"]).map(|message| message.replace("\\n", "\n")),
            title: get(&["x-title", "title", "t"]),
            priority: priority(&priority_parameter(request).unwrap_or_default())?,
            tags: tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
            click: get(&["x-click", "click"]),
            icon: get(&["x-icon", "icon"]),
            attach: get(&["x-attach", "attach", "a"]),
            filename: get(&["x-filename", "filename", "file", "f"]),
            actions: actions.map_or_else(|| Ok(Vec::new()), |actions| actions::from_header(&actions))?,
            markdown: is_markdown || flag(request, &["x-markdown", "markdown", "md"]).unwrap_or_default(),
            delay: get(&["x-delay", "delay", "x-at", "at", "x-in", "in"]),
            sequence: get(&["x-sequence-id", "sequence-id", "sid"]),
            cached: flag(request, &["x-cache", "cache"]).unwrap_or(true),
        }
        .checked()
    }

    fn checked(self) -> Result<Self, Refusal> {
        let is_url = |url: &String| url.starts_with("http://") || url.starts_with("https://");
        if self.attach.as_ref().is_some_and(|url| !is_url(url)) {
            return Err(Refusal::new(
                40013,
                "invalid request: attachment URL is invalid",
                "/publish/#attachments",
            ));
        }
        if self.icon.as_ref().is_some_and(|url| !is_url(url)) {
            return Err(Refusal::new(40021, "invalid request: icon URL is invalid", "/publish/#icons"));
        }
        if self.sequence.as_ref().is_some_and(|sequence| !is_name(sequence)) {
            let link = "/publish/#updating-deleting-notifications";
            return Err(Refusal::new(40049, "invalid request: sequence ID invalid", link));
        }
        if self.delay.is_some() && !self.cached {
            return Err(Refusal::new(40002, "cannot disable cache for delayed message", ""));
        }
        Ok(self)
    }
}

impl Publication {
    /// Reads a body.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        if body.len() > JSON {
            return Err(Refusal::new(41303, "JSON body too large", ""));
        }
        // Through a map: serde would take a list for the fields in their order.
        let object: Map<String, Value> = serde_json::from_slice(body).map_err(|_| Refusal::not_json())?;
        let read: Self = serde_json::from_value(Value::Object(object)).map_err(|_| Refusal::not_json())?;
        if !is_name(&read.topic) {
            return Err(Refusal::topic());
        }
        Ok(read)
    }

    /// What it says, but for the topic.
    pub(super) fn parameters(self) -> Result<Parameters, Refusal> {
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        let actions = if self.actions.is_null() { Vec::new() } else { actions::from_json(&self.actions)? };
        Parameters {
            body: self.message.into_bytes(),
            message: None,
            title: given(self.title),
            priority: if self.priority == 0 { 3 } else { priority(&self.priority.to_string())? },
            tags: self.tags,
            click: given(self.click),
            icon: given(self.icon),
            attach: given(self.attach),
            filename: given(self.filename),
            actions,
            markdown: self.markdown,
            delay: given(self.delay),
            sequence: given(self.sequence_id),
            cached: !matches!(self.cache.as_str(), "no" | "false" | "0"),
        }
        .checked()
    }
}

/// The priority as it is given. A `Priority` of RFC 9218 is for somebody else.
fn priority_parameter(request: &CaughtRequest) -> Option<String> {
    let given = parameter(request, &["x-priority", "priority", "prio", "p"])?;
    Some(given).filter(|given| !given.starts_with("u=") && given != "i")
}

/// A priority by number or name (page "Publishing", "Message priority").
fn priority(text: &str) -> Result<u8, Refusal> {
    match text.trim().to_lowercase().as_str() {
        "" | "3" | "default" => Ok(3),
        "1" | "min" => Ok(1),
        "2" | "low" => Ok(2),
        "4" | "high" => Ok(4),
        "5" | "max" | "urgent" => Ok(5),
        _ => Err(Refusal::new(40007, "invalid priority parameter", "/publish/#message-priority")),
    }
}
