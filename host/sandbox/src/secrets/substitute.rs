//! Puts secrets where their placeholders stand, if they may stand there.

use campanile_core::description::SecretPlace;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Secret;
use super::reference::References;
use crate::egress::denial::Denial;

/// Unreserved, and what RFC 3986 also allows in a path: `:` and `@`, and `/` since a value may be `ID/TOKEN`.
pub(super) const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b'@');
/// Unreserved characters alone.
pub(super) const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How a body wants a value to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyEncoding {
    Json,
    Form,
    Raw,
}

impl BodyEncoding {
    pub(crate) fn of(content_type: &str) -> Self {
        if content_type.contains("json") {
            Self::Json
        } else if content_type.starts_with("application/x-www-form-urlencoded") {
            Self::Form
        } else {
            Self::Raw
        }
    }
}

/// The secrets of a channel and the placeholders of an attempt, while one request leaves.
pub(crate) struct Substitution<'a> {
    pub(crate) secrets: &'a [Secret],
    pub(crate) references: &'a mut References,
    /// Whether the request goes to an origin that the plugin's description names.
    pub(crate) bound: bool,
    used: Vec<usize>,
}

impl<'a> Substitution<'a> {
    pub(crate) fn new(secrets: &'a [Secret], references: &'a mut References, bound: bool) -> Self {
        Self { secrets, references, bound, used: Vec::new() }
    }

    /// `text` with every placeholder replaced, encoded for `place`.
    pub(crate) fn text(&mut self, text: &str, place: SecretPlace) -> Result<String, Denial> {
        let encode = |value: &str| match place {
            SecretPlace::Path => utf8_percent_encode(value, PATH).to_string(),
            SecretPlace::Query => utf8_percent_encode(value, QUERY).to_string(),
            _ => value.to_owned(),
        };
        self.replace(text, place, encode)
    }

    /// `body` with every placeholder replaced. A body that is not UTF-8 is passed on as it is: placeholders are text.
    pub(crate) fn body(&mut self, body: Vec<u8>, encoding: BodyEncoding) -> Result<Vec<u8>, Denial> {
        let text = match String::from_utf8(body) {
            Ok(text) => text,
            Err(error) => return Ok(error.into_bytes()),
        };
        let encode = |value: &str| match encoding {
            BodyEncoding::Json => json_escaped(value),
            BodyEncoding::Form => utf8_percent_encode(value, QUERY).to_string(),
            BodyEncoding::Raw => value.to_owned(),
        };
        self.replace(&text, SecretPlace::Body, encode).map(String::into_bytes)
    }

    /// The value behind `text`, if it is just a placeholder: for signing.
    pub(crate) fn whole(&mut self, text: &str, place: SecretPlace) -> Result<Option<&'a str>, Denial> {
        let Some(index) = self.references.issued.iter().position(|issued| issued.placeholder == text) else {
            return Ok(None);
        };
        self.take(index, place).map(Some)
    }

    /// Marks the placeholders of this request as used, and says whether there were any. Called once the request is complete.
    pub(crate) fn finish(self) -> bool {
        let any = !self.used.is_empty();
        for index in self.used {
            if let Some(reference) = self.references.issued.get_mut(index) {
                reference.used = true;
            }
        }
        any
    }

    fn replace(
        &mut self,
        text: &str,
        place: SecretPlace,
        encode: impl Fn(&str) -> String,
    ) -> Result<String, Denial> {
        let mut replaced = text.to_owned();
        for index in 0..self.references.issued.len() {
            let Some(placeholder) = self
                .references
                .issued
                .get(index)
                .map(|issued| issued.placeholder.clone())
                .filter(|it| text.contains(it))
            else {
                continue;
            };
            let value = encode(self.take(index, place)?);
            replaced = replaced.replace(&placeholder, &value);
        }
        Ok(replaced)
    }

    fn take(&mut self, index: usize, place: SecretPlace) -> Result<&'a str, Denial> {
        let unknown = || Denial::ReferenceUsed { name: String::new() };
        let reference = self.references.issued.get(index).ok_or_else(unknown)?;
        let secret = self.secrets.get(reference.secret).ok_or_else(unknown)?;
        let name = || secret.name().to_owned();
        if reference.used {
            return Err(Denial::ReferenceUsed { name: name() });
        }
        if !secret.allows(place) {
            return Err(Denial::SecretPlace { name: name(), place: super::place_name(place) });
        }
        if !self.bound {
            return Err(Denial::SecretHost { name: name() });
        }
        let value = secret.expose(reference.part.as_deref()).ok_or_else(unknown)?;
        if !self.used.contains(&index) {
            self.used.push(index);
        }
        Ok(value)
    }
}

/// `value` as the inside of a JSON string.
fn json_escaped(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map_or(String::new(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn secrets() -> [Secret; 2] {
        let plain =
            |name: &str, place, value: &str| Secret::new(name, vec![place], value.into(), BTreeMap::new());
        [
            plain("token", SecretPlace::Path, "12:ab/c?d#e%"),
            plain("key", SecretPlace::Body, "quote\" and \\ back"),
        ]
    }

    fn declared() -> [String; 2] {
        ["token".to_owned(), "key".to_owned()]
    }

    #[test]
    fn a_value_is_encoded_for_its_place() {
        let secrets = secrets();
        let mut references = References::default();
        let token = references.issue("token", &secrets, &declared()).unwrap();
        let key = references.issue("key", &secrets, &declared()).unwrap();
        let mut substitution = Substitution::new(&secrets, &mut references, true);
        let path = substitution.text(&format!("/bot{token}/send"), SecretPlace::Path).unwrap();
        assert_eq!(path, "/bot12:ab/c%3Fd%23e%25/send");
        let body =
            substitution.body(format!("{{\"k\":\"{key}\"}}").into_bytes(), BodyEncoding::Json).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&body).unwrap()["k"], "quote\" and \\ back");
    }

    #[test]
    fn a_placeholder_is_refused_elsewhere_twice_and_for_other_hosts() {
        let secrets = secrets();
        let mut references = References::default();
        let token = references.issue("token", &secrets, &declared()).unwrap();
        let refused = |references: &mut References, bound, place| {
            Substitution::new(&secrets, references, bound).text(&token, place).unwrap_err()
        };
        assert!(matches!(refused(&mut references, true, SecretPlace::Header), Denial::SecretPlace { .. }));
        assert!(matches!(refused(&mut references, false, SecretPlace::Path), Denial::SecretHost { .. }));
        let mut substitution = Substitution::new(&secrets, &mut references, true);
        substitution.text(&token, SecretPlace::Path).unwrap();
        assert!(substitution.finish());
        assert!(matches!(refused(&mut references, true, SecretPlace::Path), Denial::ReferenceUsed { .. }));
    }

    #[test]
    fn text_that_only_looks_like_a_placeholder_stays() {
        let secrets = secrets();
        let mut references = References::default();
        references.issue("token", &secrets, &declared()).unwrap();
        let guess = format!("/secret-{}", "0".repeat(40));
        let mut substitution = Substitution::new(&secrets, &mut references, true);
        assert_eq!(substitution.text(&guess, SecretPlace::Path).unwrap(), guess);
    }
}
