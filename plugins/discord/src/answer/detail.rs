//! Discord's errors in one sentence.

use campanile_channel::text::{one_line, truncate};
use serde_json::Value;

/// Most characters of the sentence.
const SENTENCE: usize = 400;
/// Most errors of a form that are told.
const ERRORS: usize = 3;
/// Fields of a form that come from settings alone: simpler content would not help.
const FROM_SETTINGS: [&str; 8] =
    ["username", "avatar_url", "allowed_mentions", "flags", "thread_name", "thread_id", "webhook_id", "wait"];

/// Status, code and Discord's own words.
pub(super) fn sentence(status: u16, body: &Value) -> String {
    let mut sentence = format!("Discord answered {status}");
    if let Some(message) = body.get("message").and_then(Value::as_str) {
        let code = body.get("code").map_or(String::new(), |code| format!(" (code {code})"));
        sentence = format!("{sentence}: {message}{code}");
    }
    let mut errors = Vec::new();
    collect(body.get("errors"), "", &mut errors);
    for error in errors.iter().take(ERRORS) {
        sentence = format!("{sentence}; {error}");
    }
    truncate(&one_line(&sentence), SENTENCE)
}

/// Whether all errors of the form are in what the settings say.
pub(super) fn is_about_settings(body: &Value) -> bool {
    let errors = body.get("errors").and_then(Value::as_object);
    errors.is_some_and(|errors| {
        !errors.is_empty() && errors.keys().all(|key| FROM_SETTINGS.contains(&key.as_str()))
    })
}

/// The errors below `node`, each with its path.
fn collect(node: Option<&Value>, path: &str, errors: &mut Vec<String>) {
    for (key, child) in node.and_then(Value::as_object).into_iter().flatten() {
        if key == "_errors" {
            let messages =
                child.as_array().into_iter().flatten().filter_map(|error| error.get("message")?.as_str());
            errors.extend(messages.map(|message| format!("{path}: {message}")));
        } else {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            collect(Some(child), &path, errors);
        }
    }
}
