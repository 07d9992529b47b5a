//! What the rules make of a message, and what their actions are to do. Pure.

use campanile_broker::Message;
use campanile_local::surroundings::ThisMachineAt;
use campanile_rules::rule::Output;
use campanile_rules::{Message as RuleMessage, Outcome, Rule};
use jiff::Timestamp;

use super::order::{Order, Place, order};
use crate::journal::{ActionRun, ActionState, Entry, Judgement, Source, Verdict};
use crate::rulebook::{BookRule, RuleBook};

/// A message that the rules were asked about.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) concerns: Vec<String>,
    pub(crate) orders: Vec<Order>,
}

/// Asks all rules; their actions are pending from `now` on. Whenever it is asked, the answer is the same: the clock of rules is that
/// of the message.
pub(crate) fn judge(book: &RuleBook, entry: &Entry, now: Timestamp) -> Judged {
    with_message(&entry.message, |message, at| {
        let (mut verdicts, mut orders) = (Vec::new(), Vec::new());
        for (place, rule) in book.rules.iter().enumerate() {
            let (judgement, output) = of_rule(rule, message, at);
            let mut actions = Vec::new();
            if let (Some(output), Some(statement)) = (output, &rule.rule) {
                for (number, action) in rule.topic_rule.actions.iter().enumerate() {
                    actions.push(ActionRun {
                        kind: action.kind.clone(),
                        state: ActionState::Pending,
                        at: now,
                    });
                    let place = Place { verdict: place, action: number };
                    orders.push(order(place, action, rule.target(number), &output, (statement, message, at)));
                }
            }
            verdicts.push(Verdict { rule: rule.topic_rule.logical_id.clone(), judgement, actions });
        }
        let concerns = concerns(entry, message, &verdicts);
        Judged { verdicts, concerns, orders }
    })
}

/// What one rule makes of a message.
///
/// # Errors
///
/// Why it selects nothing.
pub fn select(rule: &Rule, message: &Message) -> Result<Vec<u8>, Judgement> {
    with_message(message, |message, at| {
        let (judgement, output) = of_statement(rule, message, at);
        output.ok_or(judgement)
    })
}

/// The message as rules see it, at the moment when it came in.
fn with_message<T>(published: &Message, ask: impl FnOnce(&RuleMessage<'_>, &ThisMachineAt) -> T) -> T {
    let source_ip = published.source_ip.map(|address| address.to_string());
    let mut message = RuleMessage::new(&published.topic, &published.payload);
    message.client_id = Some(&published.client_id);
    message.principal = published.principal.as_ref().map(|principal| principal.certificate_id.as_str());
    message.trace_id = Some(&published.trace_id);
    message.source_ip = source_ip.as_deref();
    message.properties =
        published.properties.as_ref().map(|properties| campanile_rules::message::Properties {
            utf8: properties.utf8,
            content_type: properties.content_type.as_deref(),
            response_topic: properties.response_topic.as_deref(),
            correlation_data: properties.correlation_data.as_deref(),
            user: properties.user.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
        });
    ask(&message, &ThisMachineAt(published.received_at.as_millisecond()))
}

fn of_rule(rule: &BookRule, message: &RuleMessage<'_>, at: &ThisMachineAt) -> (Judgement, Option<Vec<u8>>) {
    match (&rule.off, &rule.rule) {
        (Some(reason), _) => (Judgement::Off { reason: reason.clone() }, None),
        (None, Some(statement)) => of_statement(statement, message, at),
        (None, None) => (Judgement::Off { reason: "its SQL can't be read".to_owned() }, None),
    }
}

fn of_statement(rule: &Rule, message: &RuleMessage<'_>, at: &ThisMachineAt) -> (Judgement, Option<Vec<u8>>) {
    match rule.evaluate(message, at) {
        Outcome::Selected(output) => {
            let bytes = Output::bytes(&output);
            (Judgement::Selected { output: String::from_utf8_lossy(&bytes).into_owned() }, Some(bytes))
        }
        Outcome::OtherTopic => {
            let filter = rule.topic_filter().map_or_else(String::new, ToString::to_string);
            (Judgement::OtherTopic { filter }, None)
        }
        Outcome::NotTrue(_) => {
            let reason = rule.explain(message, at).map(|reason| reason.to_string()).unwrap_or_default();
            let problem = message.problem();
            let problem = problem
                .map(|problem| format!("\nthe payload is no JSON, so it has no attributes: {problem}"));
            (Judgement::NotTrue { reason: reason + &problem.unwrap_or_default() }, None)
        }
        Outcome::Exceeded => (Judgement::Exceeded, None),
    }
}

/// What people should know of a message.
fn concerns(entry: &Entry, message: &RuleMessage<'_>, verdicts: &[Verdict]) -> Vec<String> {
    if entry.source == Source::Presence {
        return Vec::new();
    }
    let mut concerns = Vec::new();
    if let Some(problem) = message.problem() {
        concerns.push(format!("the payload is no JSON: {problem}"));
    }
    concerns.extend(lie(entry));
    let is_wanted = |verdict: &Verdict| matches!(verdict.judgement, Judgement::Selected { .. });
    if !verdicts.iter().any(is_wanted) {
        concerns.push("no rule selects it".to_owned());
    }
    concerns
}

/// A device that says it is another one. What a rule republishes has no device.
fn lie(entry: &Entry) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named<'p> {
        #[serde(borrow)]
        device_id: std::borrow::Cow<'p, str>,
    }
    let named: Named<'_> = serde_json::from_slice(&entry.message.payload).ok()?;
    let (device, client) = (&*named.device_id, &entry.message.client_id);
    let is_device = !matches!(entry.source, Source::Republished { .. });
    (is_device && device != client)
        .then(|| format!("its `device_id` is `{device}`, but the client `{client}` published it"))
}
