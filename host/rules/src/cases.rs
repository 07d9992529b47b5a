//! Conformance cases: a statement, a message, and what comes out. One JSON object a line:
//!
//! | key | |
//! |---|---|
//! | `id` | a name |
//! | `sql`, `topic` | the statement, and where the message is published |
//! | `payload` or `payload_raw` | what is published: a value, as compact JSON, or a text as it is |
//! | `expect` | what the actions get, compared by value; `null` if they don't run |
//! | `clientid`, `version`, `stubs` | if they matter; `stubs` has answers of external functions by name |
//! | `source` | where the case is from; not read |

use std::fmt;

use crate::message::{Message, Surroundings};
use crate::rule::{Options, Outcome, Rule, Stubs};
use crate::value::{Value, equal, read_json, to_json};
use crate::version::Version;

const KEYS: [&str; 10] =
    ["id", "sql", "topic", "payload", "payload_raw", "expect", "clientid", "version", "stubs", "source"];

/// A case.
#[derive(Debug)]
pub struct Case<'l> {
    /// Its name.
    pub id: String,
    sql: String,
    topic: String,
    client: Option<String>,
    payload: Vec<u8>,
    expected: Value<'l>,
    options: Options,
}

/// Why a line is no case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseError(String);

/// What a case expected and what came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// JSON, or words.
    pub expected: String,
    /// The same.
    pub actual: String,
}

impl fmt::Display for CaseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for CaseError {}

impl<'l> Case<'l> {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// What is missing or wrong.
    pub fn read(line: &'l str) -> Result<Self, CaseError> {
        let value = read_json(line.as_bytes()).map_err(|error| CaseError(error.to_string()))?;
        let Value::Object(object) = &value else { return Err(CaseError("a case is an object".to_owned())) };
        if let Some((key, _)) = object.entries().iter().find(|(key, _)| !KEYS.contains(&&**key)) {
            return Err(CaseError(format!("there is no key `{}`; keys: {}", &**key, KEYS.join(", "))));
        }
        let needed = |key| text(&value, key)?.ok_or_else(|| CaseError(format!("`{key}` is missing")));
        Ok(Self {
            id: needed("id")?,
            sql: needed("sql")?,
            topic: needed("topic")?,
            client: text(&value, "clientid")?,
            payload: payload(&value)?,
            expected: object
                .get("expect")
                .cloned()
                .ok_or_else(|| CaseError("`expect` is missing".to_owned()))?,
            options: options(&value)?,
        })
    }

    /// Runs it.
    ///
    /// # Errors
    ///
    /// The difference, if there is one.
    pub fn run(&self, surroundings: &dyn Surroundings) -> Result<(), Difference> {
        let mut message = Message::new(&self.topic, &self.payload);
        message.client_id = self.client.as_deref();
        let expected = match self.expected {
            Value::Null => "the actions don't run".to_owned(),
            ref value => json(value),
        };
        let different = |actual: String| Err(Difference { expected: expected.clone(), actual });
        let rule = match Rule::load(&self.sql, self.options.clone()) {
            Ok(rule) => rule,
            Err(findings) => {
                return different(
                    findings.iter().map(|found| found.message.as_str()).collect::<Vec<_>>().join("; "),
                );
            }
        };
        match (rule.evaluate(&message, surroundings), &self.expected) {
            (Outcome::OtherTopic | Outcome::NotTrue(_), Value::Null) => Ok(()),
            (Outcome::OtherTopic, _) => different("the message is on another topic".to_owned()),
            (Outcome::NotTrue(_), _) => different("the condition is not true".to_owned()),
            (Outcome::Exceeded, _) => {
                different("the statement takes too many steps or too much memory".to_owned())
            }
            (Outcome::Selected(output), expected) => {
                let bytes = output.bytes();
                let same = read_json(&bytes).is_ok_and(|actual| equal(&actual, expected) == Some(true));
                let runs = !matches!(expected, Value::Null);
                if same && runs { Ok(()) } else { different(String::from_utf8_lossy(&bytes).into_owned()) }
            }
        }
    }
}

fn text(value: &Value<'_>, key: &str) -> Result<Option<String>, CaseError> {
    match value.get(key) {
        Value::Undefined => Ok(None),
        Value::String(text) => Ok(Some(text.to_string())),
        _ => Err(CaseError(format!("`{key}` must be a text"))),
    }
}

fn payload(value: &Value<'_>) -> Result<Vec<u8>, CaseError> {
    match (value.get("payload"), text(value, "payload_raw")?) {
        (Value::Undefined, Some(raw)) => Ok(raw.into_bytes()),
        (Value::Undefined, None) => Err(CaseError("`payload` or `payload_raw` is missing".to_owned())),
        (payload, None) => Ok(to_json(&payload, Version::V2015)),
        (_, Some(_)) => Err(CaseError("`payload` and `payload_raw` exclude each other".to_owned())),
    }
}

fn options(value: &Value<'_>) -> Result<Options, CaseError> {
    let version = match text(value, "version")? {
        None => Version::default(),
        Some(name) => Version::named(&name).ok_or_else(|| {
            CaseError(format!("there is no version `{name}`; versions: {}", Version::NAMES.join(", ")))
        })?,
    };
    let mut stubs = Stubs::default();
    match value.get("stubs") {
        Value::Undefined => {}
        Value::Object(answers) => {
            for (name, answer) in answers.entries() {
                stubs.insert(name, &json(answer)).map_err(|error| CaseError(error.to_string()))?;
            }
        }
        _ => return Err(CaseError("`stubs` must be an object".to_owned())),
    }
    Ok(Options { version, name: None, stubs })
}

fn json(value: &Value<'_>) -> String {
    String::from_utf8(to_json(value, Version::V2016)).unwrap_or_default()
}
