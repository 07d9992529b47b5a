//! The parameters of a request: from the query and the body, all as text (`tdnet/td/net/HttpReader.cpp`).

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::refusal::Refusal;
use crate::fakes::CaughtRequest;

/// Largest size of all parameters in bytes (`MAX_TOTAL_PARAMETERS_LENGTH`).
const MAX_BYTES: usize = 1 << 20;

/// Names and values; of a name given twice, the first counts.
#[derive(Debug)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the query and a body of JSON or a form. A broken body has no parameters, as the server goes on with what it
    /// could read. Multipart bodies, which the server reads too, are not modelled.
    pub(super) fn read(request: &CaughtRequest) -> Result<Self, Refusal> {
        let query = request.url.query().unwrap_or_default();
        if query.len() + request.body.len() > MAX_BYTES {
            return Err(Refusal::new(413, "Request Entity Too Large: too much parameters"));
        }
        let mut parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let content_type = request.headers.iter().find(|(name, _)| name == "content-type");
        let content_type = content_type.map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default();
        if content_type.contains("application/x-www-form-urlencoded") {
            parameters.extend(form_urlencoded::parse(&request.body).into_owned());
        } else if content_type.contains("application/json") {
            parameters.extend(from_json(&request.body));
        }
        Ok(Self(parameters))
    }

    /// A parameter; empty if it was not given.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Whether a parameter is set (`to_bool`).
    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.get(name).to_ascii_lowercase().as_str(), "true" | "yes" | "1")
    }
}

fn from_json(body: &[u8]) -> impl Iterator<Item = (String, String)> {
    let object: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    object.into_iter().map(|(name, value)| match value {
        Value::String(text) => (name, text),
        other => (name, other.to_string()),
    })
}
