//! Which webhook and message a request is about.

use url::Url;

use super::errors::{FormErrors, Refusal};
use super::is_snowflake;

/// What the URL of a request names.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) webhook: String,
    /// `None`: the webhook's own messages, for a new one.
    pub(super) message: Option<u64>,
    pub(super) thread: Option<String>,
    /// Answer with the message once it is saved.
    pub(super) wait: bool,
    pub(super) with_components: bool,
}

impl Target {
    /// Reads `/api[/vN]/webhooks/ID/TOKEN[/messages/ID]` and the query.
    pub(super) fn read(method: &str, url: &Url) -> Result<Self, Refusal> {
        let path: Vec<&str> = url.path_segments().into_iter().flatten().collect();
        let path = path.strip_prefix(["api"].as_slice()).ok_or_else(Refusal::not_found)?;
        let path = match path.split_first() {
            Some((version, rest)) if is_version(version) => rest,
            _ => path,
        };
        let (webhook, message) = match (method, path) {
            (_, ["webhooks", _, ""]) => return Err(Refusal::not_found()),
            ("POST", ["webhooks", webhook, _]) => (*webhook, None),
            ("GET" | "PATCH", ["webhooks", webhook, _, "messages", message]) => (*webhook, Some(*message)),
            (_, ["webhooks", _] | ["webhooks", _, _] | ["webhooks", _, _, "messages", _]) => {
                return Err(Refusal::method_not_allowed());
            }
            _ => return Err(Refusal::not_found()),
        };
        let mut errors = FormErrors::new();
        let ids = [("webhook_id", Some(webhook)), ("message_id", message)];
        for (name, id) in ids {
            if let Some(id) = id.filter(|id| !is_snowflake(id)) {
                errors.not_a(name, id, "snowflake");
            }
        }
        let wait = boolean(url, "wait", &mut errors);
        let with_components = boolean(url, "with_components", &mut errors);
        let thread = query(url, "thread_id");
        if let Some(thread) = thread.as_deref().filter(|id| !is_snowflake(id)) {
            errors.not_a("thread_id", thread, "snowflake");
        }
        errors.into_result()?;
        let message = message.and_then(|id| id.parse().ok());
        Ok(Self { webhook: webhook.to_owned(), message, thread, wait, with_components })
    }
}

/// `v1` to `v99`; without one the API answers too.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|number| number.parse::<u8>().is_ok())
}

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// A boolean as discord-api-docs `reference`, "Boolean Query Strings", has it.
fn boolean(url: &Url, name: &str, errors: &mut FormErrors) -> bool {
    match query(url, name).as_deref() {
        None | Some("false" | "False" | "0") => false,
        Some("true" | "True" | "1") => true,
        Some(_) => {
            errors.add(name, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
            false
        }
    }
}
