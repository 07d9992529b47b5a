//! The requests: where they go and what they carry.

use campanile_channel::{Failure, Host, Request};
use serde_json::{Map, Value, json};

use crate::render::Message;
use crate::settings::Settings;

/// No push notification, no sound (`SUPPRESS_NOTIFICATIONS`).
const SILENT: u32 = 1 << 12;
/// Requests without a proper one are blocked (code 40333); form: discord-api-docs `reference`, "User Agent".
const USER_AGENT: &str =
    concat!("Campanile (https://github.com/campanile-iot/campanile, ", env!("CARGO_PKG_VERSION"), ")");

/// Between the parts of a form, at the start of a line. Device text can't end its part: both parts are JSON, where no line
/// begins with `--`, because a line end inside of a string is written as `\n`.
const BOUNDARY: &str = "campanile";

/// Which thread a message goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Thread {
    /// The channel itself.
    Channel,
    /// An existing thread.
    Id(String),
    /// A new one in a forum.
    New(String),
}

impl Thread {
    /// The thread for the next request: of the settings, else of the webhook's URL.
    ///
    /// `made` is the thread that an earlier message with the same `thread-name` has made; empty if there is none.
    pub(crate) fn next(settings: &Settings, made: &str, host: &mut dyn Host) -> Self {
        match (&settings.thread_id, &settings.thread_name) {
            (Some(id), _) => Self::Id(id.to_string()),
            (None, Some(name)) if made.is_empty() => Self::New(name.clone()),
            (None, Some(_)) => Self::Id(made.to_owned()),
            // No error: most webhooks' URLs have no thread.
            (None, None) => host.reference("webhook-url.thread_id").map_or(Self::Channel, Self::Id),
        }
    }
}

/// A new message; `event` is attached as a file.
pub(crate) fn post(
    message: &Message,
    event: Option<&str>,
    thread: &Thread,
    silent: bool,
    settings: &Settings,
    host: &mut dyn Host,
) -> Result<Request, Failure> {
    let mut payload = payload(message, settings);
    // A new message just lacks what an edit has to empty.
    payload.retain(|_, value| *value != json!("") && *value != json!([]));
    let mut set = |name: &str, value: Value| payload.insert(name.to_owned(), value);
    if let Some(username) = &settings.username {
        set("username", json!(username));
    }
    if let Some(url) = &settings.avatar_url {
        set("avatar_url", json!(url));
    }
    if silent {
        set("flags", json!(SILENT));
    }
    if let Thread::New(name) = thread {
        set("thread_name", json!(name));
    }
    let url = url(settings, "", vec!["wait=true".to_owned()], thread, host)?;
    let payload = Value::Object(payload).to_string();
    Ok(match event {
        Some(event) => multipart(url, &payload, event),
        None => request("POST", url, "application/json", payload),
    })
}

/// A change of the message `id`.
pub(crate) fn patch(
    id: &str,
    message: &Message,
    thread: &Thread,
    settings: &Settings,
    host: &mut dyn Host,
) -> Result<Request, Failure> {
    let url = url(settings, &format!("/messages/{id}"), Vec::new(), thread, host)?;
    Ok(request("PATCH", url, "application/json", Value::Object(payload(message, settings)).to_string()))
}

/// What people see and who is pinged. Device text can mention anybody, so that nobody is pinged but by id.
fn payload(message: &Message, settings: &Settings) -> Map<String, Value> {
    let mut allowed = Map::from_iter([("parse".to_owned(), json!([]))]);
    for (kind, ids) in [("users", &settings.mention_users), ("roles", &settings.mention_roles)] {
        if !ids.is_empty() {
            allowed.insert(kind.to_owned(), json!(ids));
        }
    }
    let mut payload = Map::new();
    payload.insert("content".to_owned(), json!(message.content));
    payload.insert("embeds".to_owned(), json!(message.embeds));
    payload.insert("allowed_mentions".to_owned(), Value::Object(allowed));
    payload
}

fn url(
    settings: &Settings,
    suffix: &str,
    mut query: Vec<String>,
    thread: &Thread,
    host: &mut dyn Host,
) -> Result<String, Failure> {
    let api = settings.api_url.trim_end_matches('/');
    let webhook = host.reference("webhook-url")?;
    if let Thread::Id(id) = thread {
        query.push(format!("thread_id={id}"));
    }
    let mark = if query.is_empty() { "" } else { "?" };
    Ok(format!("{api}/api/v10/webhooks/{webhook}{suffix}{mark}{}", query.join("&")))
}

/// The form with files (discord-api-docs `reference`, "Uploading Files").
fn multipart(url: String, payload: &str, event: &str) -> Request {
    let part = |disposition: &str, content: &str| {
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\
             Content-Type: application/json\r\n\r\n{content}\r\n"
        )
    };
    let payload = part("name=\"payload_json\"", payload);
    let file = part("name=\"files[0]\"; filename=\"event.json\"", event);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    request("POST", url, &kind, format!("{payload}{file}--{BOUNDARY}--\r\n"))
}

fn request(method: &str, url: String, content_type: &str, body: String) -> Request {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Request {
        method: method.to_owned(),
        url,
        headers: vec![header("content-type", content_type), header("user-agent", USER_AGENT)],
        body: body.into_bytes(),
        timeout_ms: 0,
    }
}
