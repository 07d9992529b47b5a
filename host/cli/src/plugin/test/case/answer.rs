//! One of a case's answers: an object with status, headers and body, or a word for what is none.

use std::collections::BTreeMap;
use std::fmt;

use campanile_local::fakes::Answer;
use campanile_local::fakes::script::Step;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What a request is answered.
#[derive(Clone, Debug)]
pub(super) struct Answered(Step);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Sent with the type of JSON, unless a header says something else.
    json: Option<Value>,
    #[serde(default)]
    body: String,
}

impl Answered {
    pub(super) fn step(&self) -> Step {
        self.0.clone()
    }

    /// Whether whoever asks waits until its time is over.
    pub(super) fn is_silent(&self) -> bool {
        matches!(self.0, Step::Hang)
    }
}

impl<'de> Deserialize<'de> for Answered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnswerVisitor)
    }
}

/// By hand, so that an error has its place in the file.
struct AnswerVisitor;

impl<'de> Visitor<'de> for AnswerVisitor {
    type Value = Answered;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with `status`, or \"reset\", \"timeout\" or \"provider\"")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Answered, E> {
        match word {
            "reset" => Ok(Answered(Step::Reset)),
            "timeout" => Ok(Answered(Step::Hang)),
            "provider" => Ok(Answered(Step::Provider)),
            other => Err(E::custom(format!(
                "`{other}` is no answer; it is an object with `status`, or \"reset\", \"timeout\" or \"provider\""
            ))),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Answered, A::Error> {
        let written = Written::deserialize(MapAccessDeserializer::new(map))?;
        if !(200..600).contains(&written.status) {
            return Err(A::Error::custom(format!("{} is no status of an answer", written.status)));
        }
        Ok(Answered(Step::Answer(answer(written))))
    }
}

fn answer(written: Written) -> Answer {
    let mut headers: Vec<(String, String)> =
        written.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    let body = match written.json {
        Some(json) => {
            if !headers.iter().any(|(name, _)| name == "content-type") {
                headers.push(("content-type".to_owned(), "application/json".to_owned()));
            }
            json.to_string()
        }
        None => written.body,
    };
    Answer { status: written.status, headers, body: body.into_bytes(), shown: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_its_type_and_text_has_none() {
        let of = |text: &str| match serde_json::from_str::<Answered>(text).unwrap().step() {
            Step::Answer(answer) => (answer.headers, String::from_utf8(answer.body).unwrap()),
            other => panic!("{other:?}"),
        };
        let json = ("content-type".to_owned(), "application/json".to_owned());
        assert_eq!(of(r#"{"status":200,"json":{"a":1}}"#), (vec![json], r#"{"a":1}"#.to_owned()));
        let (headers, body) = of(r#"{"status":429,"headers":{"Retry-After":"2"},"body":"slow"}"#);
        assert_eq!((headers, body.as_str()), (vec![("retry-after".to_owned(), "2".to_owned())], "slow"));
        assert!(serde_json::from_str::<Answered>(r#"{"status":99}"#).is_err());
    }
}
