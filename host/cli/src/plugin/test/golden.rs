//! A request as a case file has it: what the plugin chose, with names in place of secrets.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use campanile_local::fakes::CaughtRequest;
use campanile_sandbox::secrets::scrub::Scrubber;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// In a case file, what stands for any value.
pub(super) const ANY: &str = "{{any}}";

/// A request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GoldenRequest {
    pub(super) method: String,
    pub(super) url: String,
    /// Names in lower case; those that the host adds are left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<String, String>,
    /// The body, if it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) json: Option<Value>,
    /// The body, if it is other text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    /// The body, if it is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) base64: Option<String>,
}

impl GoldenRequest {
    /// `request` with marks where secrets stand; if it `signs`, its signature is one of them.
    pub(super) fn of(request: &CaughtRequest, marks: &Scrubber, signs: bool) -> Self {
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in request.headers.iter().filter(|(name, value)| is_chosen(name, value)) {
            let value = match name.as_str() {
                "webhook-signature" | "webhook-timestamp" if signs => ANY.to_owned(),
                _ => marks.text(value.clone()),
            };
            let joined =
                headers.remove(name).map_or_else(|| value.clone(), |all: String| format!("{all}, {value}"));
            headers.insert(name.clone(), joined);
        }
        let url = marks.text(request.url.to_string());
        let mut golden =
            Self { method: request.method.clone(), url, headers, json: None, text: None, base64: None };
        match String::from_utf8(marks.bytes(request.body.clone())) {
            Ok(text) if text.is_empty() => {}
            Ok(text) => match serde_json::from_str(&text) {
                Ok(json) => golden.json = Some(json),
                Err(_) => golden.text = Some(text),
            },
            Err(error) => golden.base64 = Some(STANDARD.encode(error.into_bytes())),
        }
        golden
    }
}

/// Whether a header is the plugin's, and not the connection's or the catcher's.
fn is_chosen(name: &str, value: &str) -> bool {
    match name {
        "host" | "content-length" | "connection" | "transfer-encoding" | "accept-encoding" => false,
        "accept" => value != "*/*",
        "user-agent" => !value.starts_with("Campanile ("),
        _ => !name.starts_with("campanile-"),
    }
}

/// What is wrong with a request whatever the provider is: a placeholder of a secret that nobody replaced, or JSON that is none.
pub(super) fn defect(request: &CaughtRequest) -> Option<String> {
    let body = String::from_utf8_lossy(&request.body);
    let places = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (place, text) in places.chain([("URL", request.url.as_str()), ("body", body.as_ref())]) {
        if has_placeholder(text) {
            return Some(format!(
                "the placeholder of a secret was sent in the {place}: it is good for one request"
            ));
        }
    }
    let says_json = |(name, value): &(String, String)| name == "content-type" && value.contains("json");
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&request.body).is_ok();
    (request.headers.iter().any(says_json) && !is_json)
        .then(|| "the body is not the JSON that it says it is".to_owned())
}

/// Whether what `secrets.reference` returns stands in `text`.
pub(super) fn has_placeholder(text: &str) -> bool {
    const START: &str = "secret-";
    const DIGITS: usize = 40;
    text.match_indices(START).any(|(at, _)| {
        let digits = text.as_bytes().get(at + START.len()..at + START.len() + DIGITS);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// `seen`, with the [`ANY`]s of `expected` where they stand for something of it: equal to `expected` if it fits.
pub(super) fn keeping(expected: &Value, seen: Value) -> Value {
    match (expected, seen) {
        (Value::String(any), _) if any == ANY => expected.clone(),
        (Value::Object(expected), Value::Object(seen)) => {
            let kept = seen.into_iter().map(|(key, value)| {
                let kept = expected.get(&key).map(|expected| keeping(expected, value.clone()));
                (key, kept.unwrap_or(value))
            });
            Value::Object(kept.collect())
        }
        (Value::Array(expected), Value::Array(seen)) => {
            let kept = seen.into_iter().enumerate().map(|(index, value)| match expected.get(index) {
                Some(expected) => keeping(expected, value),
                None => value,
            });
            Value::Array(kept.collect())
        }
        (_, seen) => seen,
    }
}

#[cfg(test)]
mod tests {
    use campanile_core::description::SecretPlace;
    use campanile_sandbox::secrets::Secret;
    use serde_json::json;

    use super::*;

    fn request(headers: &[(&str, &str)], body: &str) -> CaughtRequest {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        CaughtRequest {
            method: "POST".to_owned(),
            url: "https://example.com/bot123:hunter2hunter2/send?x=1".parse().unwrap(),
            headers: headers.iter().map(owned).collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    fn golden(request: &CaughtRequest) -> Value {
        let secret =
            Secret::new("token", vec![SecretPlace::Path], "123:hunter2hunter2".into(), BTreeMap::new());
        let marks = Scrubber::with_masks(&[secret], |name| format!("{{{{secret:{name}}}}}"));
        serde_json::to_value(GoldenRequest::of(request, &marks, true)).unwrap()
    }

    #[test]
    fn what_the_host_adds_is_left_out_and_secrets_are_named() {
        let headers = [
            ("host", "example.com"),
            ("accept", "*/*"),
            ("user-agent", "Campanile (x)"),
            ("campanile-channel", "x"),
            ("authorization", "Bearer 123:hunter2hunter2"),
            ("webhook-timestamp", "1795406706"),
        ];
        assert_eq!(
            golden(&request(&headers, r#"{"key":"123:hunter2hunter2"}"#)),
            json!({
                "method": "POST",
                "url": "https://example.com/bot{{secret:token}}/send?x=1",
                "headers": { "authorization": "Bearer {{secret:token}}", "webhook-timestamp": "{{any}}" },
                "json": { "key": "{{secret:token}}" },
            })
        );
    }

    #[test]
    fn bodies_are_shown_as_what_they_are() {
        assert_eq!(golden(&request(&[], "chat=1&text=a"))["text"], "chat=1&text=a");
        let binary = CaughtRequest { body: vec![0xFF, 0], ..request(&[], "") };
        assert_eq!(golden(&binary)["base64"], "/wA=");
        assert_eq!(golden(&request(&[], "")).as_object().unwrap().len(), 2);
    }

    #[test]
    fn a_placeholder_and_broken_json_are_defects_and_ordinary_text_is_none() {
        let placeholder = format!("secret-{}", "0123456789abcdef0123456789abcdef01234567");
        assert!(defect(&request(&[("x-key", &placeholder)], "")).unwrap().contains("x-key"));
        assert!(defect(&request(&[], &placeholder)).unwrap().contains("body"));
        let json = [("content-type", "application/json")];
        assert!(defect(&request(&json, "{\"text\":\"a\"b\"}")).unwrap().contains("JSON"));
        assert_eq!(defect(&request(&json, "{}")), None);
        assert_eq!(defect(&request(&[], "secret-recipes secret-0123")), None);
    }

    #[test]
    fn any_stands_for_what_is_there_and_for_nothing_else() {
        let expected = json!([{ "at": "{{any}}", "list": [1, "{{any}}"] }]);
        let fits = json!([{ "at": 7, "list": [1, { "a": 2 }] }]);
        assert_eq!(keeping(&expected, fits), expected);
        for other in [json!([{ "list": [1, 2] }]), json!([{ "at": 7, "list": [2, 2] }]), json!([])] {
            assert_ne!(keeping(&expected, other.clone()), expected, "{other}");
        }
    }
}
