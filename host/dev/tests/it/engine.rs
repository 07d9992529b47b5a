//! What becomes of a message, by the rules of a template.

use std::time::Duration;

use campanile_dev::System;
use campanile_dev::journal::{ActionState, Entry, Judgement, Source};
use campanile_store::{EventFilter, History as _};
use serde_json::{Value, json};

use crate::support::{DEPLOYED, ended, publish, system, taken, template};

const TOPIC: &str = "home/heating/status";
const INACTIVE: &str = r#"{"device_id":"heater","status":"INACTIVE"}"#;

/// How the rules judged a message.
fn judgements(entry: &Entry) -> Vec<(&str, &Judgement)> {
    entry.verdicts.iter().map(|verdict| (verdict.rule.as_str(), &verdict.judgement)).collect()
}

fn reason(entry: &Entry, rule: usize, action: usize) -> String {
    match &entry.verdicts[rule].actions[action].state {
        ActionState::Failed { reason } => reason.clone(),
        other => panic!("{other:?}"),
    }
}

async fn history(system: &System) -> Vec<Value> {
    let page = system.history.list(&EventFilter::default(), None, 100).await.unwrap();
    page.entries.into_iter().map(|event| event.item().clone().into()).collect()
}

#[tokio::test]
async fn every_rule_says_what_it_makes_of_a_message() {
    let system = system(DEPLOYED, None).await;
    let entry = taken(&system, TOPIC, r#"{"device_id":"heater","status":"ACTIVE"}"#).await;
    let judgements = judgements(&entry);
    let reason = "status = 'INACTIVE'  false  Boolean\n  status  \"ACTIVE\"  String";
    assert_eq!(judgements[0], ("HotRule", &Judgement::NotTrue { reason: reason.to_owned() }));
    let off = "not deployed: the condition IsRecoveryNotified does not hold";
    assert_eq!(judgements[1], ("RecoveryRule", &Judgement::Off { reason: off.to_owned() }));
    assert!(matches!(judgements[2], ("ColdRule", Judgement::Selected { .. })));
    assert_eq!((entry.concerns.as_slice(), entry.source), (&[] as &[String], Source::Hand));

    let elsewhere = taken(&system, "garage", "{}").await;
    let filter = Judgement::OtherTopic { filter: TOPIC.to_owned() };
    assert_eq!(judgements_of(&elsewhere, "HotRule"), &filter);
    assert_eq!(elsewhere.concerns, ["no rule selects it"]);
}

fn judgements_of<'e>(entry: &'e Entry, rule: &str) -> &'e Judgement {
    judgements(entry).into_iter().find(|(name, _)| *name == rule).unwrap().1
}

#[tokio::test]
async fn the_history_has_what_the_cold_rule_selects() {
    let system = system(DEPLOYED, None).await;
    let entry = taken(&system, TOPIC, r#"{"status":"ACTIVE"}"#).await;
    let kept = history(&system).await;
    assert_eq!(
        kept,
        [json!({
            "payload": { "status": "ACTIVE" },
            "topic": TOPIC,
            "client_id": "heater",
            "trace_id": entry.message.trace_id,
            "received_at": entry.message.received_at.as_millisecond(),
            "raw": "eyJzdGF0dXMiOiJBQ1RJVkUifQ==",
        })]
    );
    let text = taken(&system, TOPIC, "out of order").await;
    assert!(text.concerns[0].starts_with("the payload is no JSON: "), "{:?}", text.concerns);
    let raw = history(&system).await.into_iter().find(|item| item.get("payload").is_none()).unwrap();
    assert_eq!(raw["raw"], "b3V0IG9mIG9yZGVy");
}

#[tokio::test]
async fn a_failed_action_is_told_to_the_error_queue_as_aws_tells_it() {
    let system = system(DEPLOYED, None).await;
    let entry = taken(&system, TOPIC, INACTIVE).await;
    assert_eq!(reason(&entry, 0, 0), "no function runs here");
    let runs = &entry.verdicts[0].actions;
    assert_eq!(runs.iter().map(|run| run.kind.as_str()).collect::<Vec<_>>(), ["lambda", "sqs"]);
    assert_eq!(runs[1].state, ActionState::Done { report: None });
    // The cold rule is not touched by the trouble of the hot one.
    assert_eq!(history(&system).await.len(), 1);
    let [queued] = system.queued(None, 10).await.unwrap().try_into().unwrap();
    assert_eq!((queued.queue.as_str(), queued.message), ("RuleErrorQueue", entry.id));
    let body: Value = serde_json::from_str(&queued.body).unwrap();
    assert_eq!(
        body,
        json!({
            "ruleName": "campanile_hot",
            "topic": TOPIC,
            "cloudwatchTraceId": entry.message.trace_id,
            "clientId": "heater",
            "base64OriginalPayload": "eyJkZXZpY2VfaWQiOiJoZWF0ZXIiLCJzdGF0dXMiOiJJTkFDVElWRSJ9",
            "failures": [{
                "failedAction": "LambdaAction",
                "failedResource": body["failures"][0]["failedResource"],
                "errorMessage": "no function runs here",
            }],
        })
    );
    assert!(body["failures"][0]["failedResource"].as_str().unwrap().starts_with("arn:aws:lambda:"), "{body}");
}

#[tokio::test]
async fn what_was_interrupted_is_done_again_and_leaves_no_second_trace() {
    let folder = tempfile::tempdir().unwrap();
    let first = {
        let system = system(DEPLOYED, Some(folder.path())).await;
        let entry = taken(&system, TOPIC, INACTIVE).await;
        system.stop(Duration::from_secs(5)).await.unwrap();
        entry
    };
    // As after a crash between the actions and the note that they have ended.
    let journal = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    journal.execute("UPDATE messages SET outcome = NULL", []).unwrap();
    drop(journal);
    let system = system(DEPLOYED, Some(folder.path())).await;
    let again = ended(&system, first.id).await;
    assert_eq!((&again.message, again.source), (&first.message, first.source));
    assert_eq!(again.verdicts[2].actions[0].state, ActionState::Done { report: None });
    assert_eq!(history(&system).await.len(), 1);
}

#[tokio::test]
async fn basic_ingest_calls_one_rule() {
    let system = system(DEPLOYED, None).await;
    let entry = taken(&system, "$aws/rules/campanile_cold/home/x", "{}").await;
    assert!(matches!(judgements_of(&entry, "HotRule"), Judgement::OtherTopic { .. }));
    assert_eq!(history(&system).await[0]["topic"], "home/x");
}

#[tokio::test]
async fn republishing_in_a_circle_ends() {
    let actions = "        Actions: [{Republish: {Topic: '${topic()}', RoleArn: r, Qos: 1}}]";
    let system = system(&template(actions), None).await;
    let first = taken(&system, "a/b", r#"{"n":1}"#).await;
    let mut last = first.id;
    for times in 1..=5_u32 {
        last.0 += 1;
        let entry = ended(&system, last).await;
        let of = campanile_dev::journal::MessageId(last.0 - 1);
        assert_eq!(entry.source, Source::Republished { of, times });
        assert_eq!(
            (entry.message.client_id.as_str(), &entry.message.payload[..]),
            ("n/a", &br#"{"n":1}"#[..])
        );
    }
    let end = ended(&system, last).await;
    assert!(reason(&end, 0, 0).contains("round in a circle"), "{end:?}");
    assert_eq!(system.messages(None, 100).await.unwrap().len(), 6);
}

#[tokio::test]
async fn an_action_that_does_not_run_here_says_so() {
    let actions = "        Actions: [{S3: {BucketName: b, Key: k, RoleArn: r}}, {Sqs: {QueueUrl: q, UseBase64: true, RoleArn: r}}]\n        \
                   ErrorAction: {Sqs: {QueueUrl: errors, RoleArn: r}}";
    let system = system(&template(actions), None).await;
    let entry = taken(&system, "a/b", "{}").await;
    assert!(reason(&entry, 0, 0).starts_with("`s3` does not run on one machine"), "{entry:?}");
    let queued = system.queued(None, 10).await.unwrap();
    let bodies: Vec<&str> = queued.iter().rev().map(|message| message.body.as_str()).collect();
    assert_eq!(bodies[0], "e30=");
    assert!(bodies[1].contains(r#""failedAction":"S3Action""#), "{bodies:?}");
}

#[tokio::test]
async fn a_message_is_replayed_as_it_was() {
    let system = system(DEPLOYED, None).await;
    let first = taken(&system, TOPIC, INACTIVE).await;
    let again = system.replay(first.id).await.unwrap();
    let again = ended(&system, again).await;
    assert_eq!(again.source, Source::Replay(first.id));
    assert_eq!(
        (&again.message.payload, &again.message.client_id),
        (&first.message.payload, &first.message.client_id)
    );
    assert_ne!(again.message.trace_id, first.message.trace_id);
}

#[tokio::test]
async fn what_aws_would_not_take_is_refused() {
    let system = system(DEPLOYED, None).await;
    let refused = async |topic: &str, client: &str, size: usize| {
        let (topic, client_id) = (topic.to_owned(), client.to_owned());
        let publication = campanile_dev::system::Publication { topic, client_id, payload: vec![b'x'; size] };
        system.publish(publication).await.unwrap_err().to_string()
    };
    assert_eq!(refused("a/+", "d", 1).await, "the topic has `+` or `#`, which only filters can have");
    assert!(refused("$aws/events/x", "d", 1).await.contains("belong to AWS"));
    assert_eq!(refused("a", "", 1).await, "a client id has 1 to 128 bytes");
    assert_eq!(refused("a", "d", 131_073).await, "the payload has 131073 bytes; AWS IoT takes 131072");
    assert_eq!(system.messages(None, 10).await.unwrap().len(), 0);
}

#[tokio::test]
async fn rules_are_taken_over_while_it_runs() {
    let system = system(DEPLOYED, None).await;
    let id = publish(&system, "a/b", "{}").await;
    assert_eq!(ended(&system, id).await.concerns, ["no rule selects it"]);
    let actions = "        Actions: [{Sqs: {QueueUrl: q, RoleArn: r}}]";
    let template =
        campanile_rules::template::Template::read(&template(actions), &Default::default()).unwrap();
    system.set_rules(campanile_dev::rulebook::RuleBook::of("other.yaml", &template));
    assert_eq!(taken(&system, "a/b", "{}").await.concerns, Vec::<String>::new());
}
