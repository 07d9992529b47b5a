//! Buttons below a notification (`server/actions.go`; page "Publishing", "Action buttons").

use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;

/// Most buttons.
const ACTIONS: usize = 3;

/// A button.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Action {
    action: String,
    pub(super) label: String,
    url: Option<String>,
    value: Option<String>,
    method: Option<String>,
    body: Option<String>,
    clear: bool,
}

impl Action {
    /// Where the button leads, if it is one that people follow.
    pub(super) fn link(&self) -> Option<&str> {
        self.url.as_deref().filter(|_| self.action == "view")
    }

    /// As the server answers it.
    pub(super) fn to_json(&self, id: &str) -> Value {
        let mut answer = json!({ "id": id, "action": self.action, "label": self.label, "clear": self.clear });
        let optional =
            [("url", &self.url), ("value", &self.value), ("method", &self.method), ("body", &self.body)];
        if let Some(object) = answer.as_object_mut() {
            let given = optional
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))));
            object.extend(given);
        }
        answer
    }

    fn check(&self) -> Result<(), Refusal> {
        let is_set = |text: Option<&str>| text.is_some_and(|text| !text.is_empty());
        let kind = self.action.as_str();
        let reason = match kind {
            "view" | "broadcast" | "http" | "copy" if self.label.is_empty() => {
                "parameter 'label' is required".to_owned()
            }
            "view" | "http" if !is_set(self.url.as_deref()) => {
                format!("parameter 'url' is required for action '{kind}'")
            }
            "copy" if !is_set(self.value.as_deref()) => {
                format!("parameter 'value' is required for action '{kind}'")
            }
            "http"
                if is_set(self.body.as_deref()) && matches!(self.method.as_deref(), Some("GET" | "HEAD")) =>
            {
                format!(
                    "parameter 'body' cannot be set if method is {}",
                    self.method.as_deref().unwrap_or_default()
                )
            }
            "view" | "broadcast" | "http" | "copy" => return Ok(()),
            _ => format!(
                "parameter 'action' cannot be '{kind}', valid values are 'view', 'broadcast', 'http' and 'copy'"
            ),
        };
        Err(Refusal::actions(&reason))
    }
}

/// Reads JSON.
pub(super) fn from_json(value: &Value) -> Result<Vec<Action>, Refusal> {
    let mut actions: Vec<Action> = serde_json::from_value(value.clone())
        .map_err(|error| Refusal::actions(&format!("JSON error: {error}")))?;
    for action in &mut actions {
        action.action.make_ascii_lowercase();
        action.method = action.method.take().map(|method| method.to_ascii_uppercase());
    }
    if actions.len() > ACTIONS {
        return Err(Refusal::actions(&format!("only {ACTIONS} actions allowed")));
    }
    actions.iter().try_for_each(Action::check)?;
    Ok(actions)
}

/// Reads a header: JSON is checked, and the short form is taken as it is.
pub(super) fn from_header(text: &str) -> Result<Vec<Action>, Refusal> {
    if !text.starts_with('[') {
        return Ok(Vec::new());
    }
    let value =
        serde_json::from_str(text).map_err(|error| Refusal::actions(&format!("JSON error: {error}")))?;
    from_json(&value)
}
