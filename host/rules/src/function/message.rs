//! What the engine knows of the message and its sender.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Function, Invocation};
use crate::value::{Text, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("topic", (0, 1), topic),
    // "n/a" if the message did not come over MQTT.
    Function::new("clientid", (0, 0), |call| {
        Value::string(call.evaluation.message().client_id.unwrap_or("n/a"))
    }),
    Function::new("principal", (0, 0), |call| known(call.evaluation.message().principal)),
    Function::new("traceid", (0, 0), |call| known(call.evaluation.message().trace_id)),
    Function::new("sourceip", (0, 0), |call| known(call.evaluation.message().source_ip)).since_2016(),
    Function::new("accountid", (0, 0), |call| Value::string(call.evaluation.message().account_id)),
    Function::new("sql_version", (0, 0), |call| Value::string(call.version().name())),
    Function::new("newuuid", (0, 0), |call| Value::string(call.evaluation.surroundings().uuid())),
];

/// Properties of MQTT 5.
pub(super) const PROPERTIES: &[Function] = &[
    Function::new("get_mqtt_property", (1, 1), property).since_2016(),
    Function::new("get_user_properties", (0, 1), user_properties).since_2016(),
];

fn known<'a>(text: Option<&'a str>) -> Value<'a> {
    text.map_or(Value::Undefined, Value::string)
}

/// The topic, or one of its levels, which count from 1. Of Basic Ingest, what follows the name of the rule.
fn topic<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let topic = call.evaluation.topic();
    if call.values.is_empty() {
        return Value::string(topic);
    }
    let level = || {
        let place = usize::try_from(crate::value::int(call.values.first()?)?.to_i64()?).ok()?;
        topic.split('/').nth(place.checked_sub(1)?)
    };
    known(level())
}

/// The names are those of the developer guide.
fn property<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let Some(properties) = &call.evaluation.message().properties else { return Value::Undefined };
    match call.text(0).as_deref() {
        Some("format_indicator") if properties.utf8 => Value::string("UTF8_DATA"),
        Some("format_indicator") => Value::string("UNSPECIFIED_BYTES"),
        Some("content_type") => known(properties.content_type),
        Some("response_topic") => known(properties.response_topic),
        Some("correlation_data") => {
            properties.correlation_data.map_or(Value::Undefined, |data| Value::string(STANDARD.encode(data)))
        }
        _ => Value::Undefined,
    }
}

/// All properties as objects of one key, or the values of one key: MQTT 5 lets a key occur more than once.
fn user_properties<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let Some(properties) = &call.evaluation.message().properties else { return Value::Undefined };
    let pairs = properties.user.iter().map(|(key, value)| (Text::from(*key), Value::string(*value)));
    if call.values.is_empty() {
        return pairs.map(|pair| Value::from(vec![pair])).collect::<Vec<_>>().into();
    }
    let Some(wanted) = call.text(0) else { return Value::Undefined };
    let values: Vec<Value<'a>> = pairs.filter(|(key, _)| *key == wanted).map(|(_, value)| value).collect();
    if values.is_empty() { Value::Undefined } else { values.into() }
}
