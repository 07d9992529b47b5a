//! The arguments of a method, which are in the query, in a form or in JSON (<https://docs.slack.dev/apis/web-api>, "POST bodies").

use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use crate::fakes::CaughtRequest;

/// The arguments of a method.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    values: Map<String, Value>,
    /// Whether a token among them counts: in JSON none does.
    pub(super) may_have_token: bool,
    warning: Option<&'static str>,
}

impl Arguments {
    /// Reads a request. Those of the body win over those of the query.
    pub(super) fn read(request: &CaughtRequest) -> Result<Self, Refusal> {
        let query =
            request.url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned().into()));
        let mut arguments = Self { values: query.collect(), may_have_token: true, warning: None };
        match request.method.as_str() {
            "GET" => {}
            "POST" => arguments.read_body(request)?,
            _ => return Err(Refusal::new("invalid_post_type")),
        }
        Ok(arguments)
    }

    fn read_body(&mut self, request: &CaughtRequest) -> Result<(), Refusal> {
        let Some(kind) = request.header("content-type") else {
            return if request.body.is_empty() { Ok(()) } else { Err(Refusal::new("missing_post_type")) };
        };
        let (kind, parameters) = kind.split_once(';').unwrap_or((kind, ""));
        let charset = parameters.trim().to_ascii_lowercase();
        let charset = charset.strip_prefix("charset=").map(|charset| charset.trim_matches('"'));
        if charset.is_some_and(|charset| charset != "utf-8" && charset != "iso-8859-1") {
            return Err(Refusal::new("invalid_charset"));
        }
        match kind.trim().to_ascii_lowercase().as_str() {
            "application/json" => {
                self.may_have_token = false;
                self.warning = charset.is_none().then_some("missing_charset");
                self.values.extend(object(&request.body)?);
            }
            "application/x-www-form-urlencoded" => {
                self.warning = charset.is_some().then_some("superfluous_charset");
                let pairs = url::form_urlencoded::parse(&request.body);
                self.values.extend(pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into())));
            }
            _ => return Err(Refusal::new("invalid_post_type")),
        }
        Ok(())
    }

    /// Text that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Text that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name).ok_or_else(|| Refusal::missing(name))
    }

    /// A flag, which is true unless it is given and false.
    pub(super) fn is_on(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => !matches!(text.as_str(), "false" | "0"),
            _ => true,
        }
    }

    /// JSON, which in a form is text: `None` if it is not given, an error if it can't be read.
    pub(super) fn json(&self, name: &str) -> Option<Result<Value, ()>> {
        match self.values.get(name)? {
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(serde_json::from_str(text).map_err(|_| ())),
            value => Some(Ok(value.clone())),
        }
    }

    /// Adds to a success what was not quite right about the request (`missing_charset`, `superfluous_charset`).
    pub(super) fn warn(&self, body: &mut Value) {
        if let (Some(warning), Some(object)) = (self.warning, body.as_object_mut()) {
            object.insert("warning".to_owned(), warning.into());
            object.insert("response_metadata".to_owned(), json!({ "warnings": [warning] }));
        }
    }
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::new("json_not_object")),
        Err(_) => Err(Refusal::new("invalid_json")),
    }
}
