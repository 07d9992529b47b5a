//! The cold path of an event: what the template's rule selects of its message goes into the history, as it does in AWS.

use std::path::Path;

use campanile_broker::{Message, Qos};
use campanile_core::config::{Config, StoreConfig};
use campanile_dev::engine;
use campanile_dev::journal::Judgement;
use campanile_dev::rulebook::{BookRule, RuleBook};
use campanile_local::surroundings::ThisMachine;
use campanile_rules::message::Surroundings as _;
use campanile_rules::{Options, Rule};
use campanile_store::{Appended, PastEvent, SqliteHistory, StoreError};
use jiff::Timestamp;
use serde_json::Value;

use crate::error::CliError;
use crate::output::{self, CARE, styled, visible};
use crate::project::Project;
use crate::template::{self, TemplateFile};

/// What the rule of a template that comes with Campanile selects, for a project that has none.
const STATEMENT: &str = "SELECT * AS payload, topic() AS topic, clientid() AS client_id, traceid() AS trace_id, \
    timestamp() AS received_at, encode(*, 'base64') AS raw FROM '#'";

/// Who publishes what names no device.
const NOBODY: &str = "campanile";

/// Keeps the event if the store is a file: a table has its own rule. What is not kept is said, and is no reason not to send.
pub(super) async fn keep(
    event: &Value,
    project: &Project,
    config: &Config,
    store: &StoreConfig,
) -> Result<(), CliError> {
    let StoreConfig::Sqlite(path) = store else { return Ok(()) };
    let selected = rule(project, config)?.and_then(|rule| select(&rule, &published(event, &rule)));
    let refused = match selected {
        Ok(event) => {
            let history = SqliteHistory::open(Path::new(path)).await.map_err(StoreError::from)?;
            match history.append(&event).await? {
                Appended::New | Appended::Again => None,
                Appended::Different => Some(format!("another one is kept as `{event}`")),
            }
        }
        Err(refused) => Some(refused),
    };
    if let Some(refused) = refused {
        output::note(format!("{} the event is not in the history: {refused}", styled(CARE, "note:")));
    }
    Ok(())
}

/// The rule that keeps events, or why there is none.
fn rule(project: &Project, config: &Config) -> Result<Result<Rule, String>, CliError> {
    let path = template::path(project, &config.deployment);
    if !path.exists() {
        return Ok(Rule::load(STATEMENT, Options::default()).map_err(|_| "its rule can't be read".to_owned()));
    }
    let Ok(file) = TemplateFile::read(&path, config.deployment.parameters.clone())? else {
        return Ok(Err("the template can't be read; `campanile check` says why".to_owned()));
    };
    let book = RuleBook::of(&file.name, &file.template);
    let Some(keeping) = book.rules.into_iter().find(BookRule::keeps) else {
        return Ok(Err("the template has no rule that keeps events".to_owned()));
    };
    let id = keeping.topic_rule.logical_id;
    Ok(keeping.rule.ok_or_else(|| format!("the rule {id} can't be read; `campanile rule lint` says why")))
}

/// An event as the message that it was. What an envelope does not tell is as if the event's device published it now, where the rule
/// listens.
fn published(event: &Value, rule: &Rule) -> Message {
    let envelope = event.as_object().filter(|outer| !outer.contains_key("device_id"));
    let enclosed = envelope.and_then(|outer| Some((outer, outer.get("payload")?)));
    let payload = enclosed.map_or(event, |(_, payload)| payload);
    let told = |key| enclosed.and_then(|(outer, _)| outer.get(key));
    let text = |key| told(key).and_then(Value::as_str).map(str::to_owned);
    let device = || payload.get("device_id")?.as_str().map(str::to_owned);
    let client_id = text("client_id").or_else(device).unwrap_or_else(|| NOBODY.to_owned());
    let filter = rule.topic_filter().map_or_else(String::new, ToString::to_string);
    let received_at = told("received_at").and_then(Value::as_i64);
    let received_at = received_at.and_then(|at| Timestamp::from_millisecond(at).ok());
    Message {
        topic: text("topic").unwrap_or_else(|| filter.replace(['+', '#'], &client_id)),
        payload: payload.to_string().into(),
        qos: Qos::AtLeastOnce,
        retain: false,
        client_id,
        principal: None,
        source_ip: None,
        trace_id: text("trace_id").unwrap_or_else(|| ThisMachine.uuid()),
        received_at: received_at.unwrap_or_else(Timestamp::now),
        properties: None,
    }
}

/// What the rule makes of the message, or why it makes nothing of it.
fn select(rule: &Rule, message: &Message) -> Result<PastEvent, String> {
    match engine::select(rule, message) {
        Ok(output) => engine::item(&output),
        Err(Judgement::OtherTopic { filter }) => {
            let topic = visible(&message.topic);
            Err(format!("it was published to `{topic}`, and the rule listens to `{filter}`"))
        }
        Err(Judgement::Exceeded) => Err("the rule takes too many steps or too much memory".to_owned()),
        Err(_) => Err("the rule's condition is not true for it".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule(sql: &str) -> Rule {
        Rule::load(sql, Options::default()).unwrap()
    }

    fn selected(event: &Value, sql: &str) -> Result<PastEvent, String> {
        let rule = rule(sql);
        select(&rule, &published(event, &rule))
    }

    #[test]
    fn an_envelope_is_kept_as_it_was_published() {
        let event = json!({
            "payload": { "device_id": "d", "status": "ACTIVE" }, "topic": "home/d", "client_id": "d",
            "trace_id": "t", "received_at": 1_795_406_708_000_i64,
        });
        let kept = selected(&event, STATEMENT).unwrap();
        assert_eq!((kept.to_string().as_str(), kept.topic()), ("d:t", Some("home/d")));
        assert_eq!(kept.payload(), Some(&event["payload"]));
        assert_eq!(kept.received_at().unwrap().to_string(), "2026-11-23T04:05:08Z");
        assert_eq!(kept.raw(), Some("eyJkZXZpY2VfaWQiOiJkIiwic3RhdHVzIjoiQUNUSVZFIn0="));
    }

    #[test]
    fn what_a_device_sends_is_published_where_the_rule_listens() {
        let event = json!({ "device_id": "heater", "payload": 1 });
        let kept = selected(&event, &STATEMENT.replace('#', "home/+/status")).unwrap();
        assert_eq!((kept.client_id(), kept.topic()), ("heater", Some("home/heater/status")));
        assert_eq!(kept.payload(), Some(&event));
        assert_eq!(selected(&json!([1]), STATEMENT).unwrap().client_id(), NOBODY);
    }

    #[test]
    fn what_the_rule_does_not_keep_is_told_why() {
        let event = json!({ "payload": {}, "topic": "garage", "client_id": "d" });
        for (sql, why) in [
            ("SELECT * FROM 'home'", "it was published to `garage`, and the rule listens to `home`"),
            ("SELECT * FROM '#' WHERE status = 'A'", "the rule's condition is not true for it"),
            (
                "SELECT 1 AS one FROM '#'",
                "the rule selects no text `client_id`, which is a part of the event table's key",
            ),
        ] {
            assert_eq!(selected(&event, sql).unwrap_err(), why);
        }
    }
}
