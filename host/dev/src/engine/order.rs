//! What an action is to do with a message. Pure: everything about the message is known before anything is done.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use campanile_broker::Qos;
use campanile_rules::message::Surroundings;
use campanile_rules::template::Action;
use campanile_rules::topic::check_topic;
use campanile_rules::{Message as RuleMessage, Rule, Substitution};
use campanile_store::PastEvent;
use serde_json::Value;

/// Which action of which rule: places in the verdicts of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) verdict: usize,
    pub(crate) action: usize,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) place: Place,
    pub(crate) act: Act,
}

/// What an action does.
#[derive(Debug)]
pub(crate) enum Act {
    /// Invokes the function.
    Function(Value),
    /// Keeps the event.
    Keep(Box<PastEvent>),
    /// Puts it into a queue.
    Queue { queue: String, body: String },
    /// Publishes it.
    Republish { topic: String, qos: Qos, payload: Bytes },
    /// Can't be done, for this reason.
    Impossible(String),
}

/// What substitution templates are about.
pub(crate) type Asked<'a> = (&'a Rule, &'a RuleMessage<'a>, &'a dyn Surroundings);

/// What `action`, which goes to the resource `target`, is to do with what its rule has selected.
pub(crate) fn order(place: Place, action: &Action, target: &str, output: &[u8], asked: Asked<'_>) -> Order {
    let act = match action.kind.as_str() {
        "lambda" => function(output),
        "dynamoDBv2" => match item(output) {
            Ok(event) => Ok(Act::Keep(Box::new(event))),
            Err(reason) => Err(reason),
        },
        "sqs" => Ok(queue(action, target, output)),
        "republish" => republish(action, output, asked),
        other => {
            Err(format!("`{other}` does not run on one machine; lambda, dynamoDBv2, sqs and republish do"))
        }
    };
    Order { place, act: act.unwrap_or_else(Act::Impossible) }
}

fn function(output: &[u8]) -> Result<Act, String> {
    let payload = serde_json::from_slice(output);
    payload.map(Act::Function).map_err(|_| "the function takes JSON, and the rule selects none".to_owned())
}

/// The item that the action `dynamoDBv2` makes of what a rule has selected.
///
/// # Errors
///
/// Why the table would not take it.
pub fn item(output: &[u8]) -> Result<PastEvent, String> {
    let item = serde_json::from_slice(output).map_err(|_| "the rule selects no object".to_owned())?;
    PastEvent::new(item).map_err(|missing| missing.to_string())
}

/// A queue gets text: the bytes themselves, or base64 of them if the action says so.
pub(crate) fn queue(action: &Action, target: &str, output: &[u8]) -> Act {
    let is_encoded = action.field("UseBase64").is_some_and(|field| field.value == "true");
    let plain = || String::from_utf8_lossy(output).into_owned();
    let body = if is_encoded { STANDARD.encode(output) } else { plain() };
    Act::Queue { queue: target.to_owned(), body }
}

fn republish(action: &Action, output: &[u8], (rule, message, at): Asked<'_>) -> Result<Act, String> {
    let field = action.field("Topic").ok_or("the action names no topic")?;
    let topic = Substitution::read(&field.value, rule).map_err(|_| "its topic can't be read".to_owned())?;
    let topic = topic.text(rule, message, at);
    // A reserved topic is written with two (developer guide, "Republish").
    let topic =
        topic.strip_prefix('$').filter(|rest| rest.starts_with('$')).map_or(topic.as_str(), |rest| rest);
    check_topic(topic).map_err(|error| format!("the topic `{topic}` {error}"))?;
    let is_surely = action.field("Qos").is_some_and(|field| field.value == "1");
    Ok(Act::Republish {
        topic: topic.to_owned(),
        qos: if is_surely { Qos::AtLeastOnce } else { Qos::AtMostOnce },
        payload: Bytes::copy_from_slice(output),
    })
}
