//! The deployed binary under the emulator: what the platform hands it, and what the platform is told.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use campanile_local::catcher::Catcher;
use campanile_local::fakes::Fake as _;
use campanile_local::fakes::discord::DiscordFake;
use campanile_local::lambda::AsyncOutcome;
use campanile_tests::endpoint::Endpoint;
use campanile_tests::event::{delivery, inactive, outcomes};
use campanile_tests::function::{Function, catcher, sent_by};
use campanile_tests::project::Project;
use jiff::Timestamp;
use serde_json::{Value, json};

const TIMEOUT: Duration = Duration::from_secs(30);

/// Too short for a second attempt: what fails once is left to the platform's retry.
const SHORT: Duration = Duration::from_secs(4);

/// The sample project under the emulator, everything caught.
async fn caught(timeout: Duration) -> (Project, Catcher, Function) {
    let project = Project::sample();
    let (catcher, function) = start_caught(&project, timeout).await;
    (project, catcher, function)
}

async fn start_caught(project: &Project, timeout: Duration) -> (Catcher, Function) {
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    let catcher = catcher().await;
    let function = Function::start(project, &[("CAMPANILE_CATCH", &catcher.url())], timeout);
    (catcher, function)
}

fn fault(catcher: &Catcher, who: &str, fault: &str) {
    catcher.faults().set(who.parse().unwrap(), fault.parse().unwrap());
}

/// A message of SQS with this body.
fn message(id: &str, body: &str) -> Value {
    json!({
        "messageId": id, "receiptHandle": "r", "body": body, "attributes": {}, "messageAttributes": {},
        "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:q", "awsRegion": "us-east-1",
    })
}

fn batch(messages: &[Value]) -> Value {
    json!({ "Records": messages })
}

/// The identifiers of the messages that stay in the queue.
fn failed(answer: &Value) -> Vec<&str> {
    let failures = answer["batchItemFailures"].as_array().unwrap();
    failures.iter().map(|failure| failure["itemIdentifier"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_event_of_a_rule_is_answered_with_the_report() {
    let (_project, catcher, function) = caught(TIMEOUT).await;
    let report = function.answer(&inactive(1)).await;
    assert_eq!(report["result"], "delivered");
    assert_eq!(report["event"], inactive(1)["payload"]["event_id"]);
    for channel in ["family", "ops"] {
        assert_eq!(outcomes(delivery(&report, channel)), ["delivered"]);
        assert_eq!(sent_by(&catcher, channel).len(), 1, "{channel}");
    }
    let log = function.log_with("the event ended").await;
    assert!(log.contains("CAUGHT, NOT SENT"), "{log}");
}

#[tokio::test]
async fn an_event_that_comes_twice_is_delivered_once() {
    let (_project, catcher, function) = caught(TIMEOUT).await;
    let first = function.answer(&inactive(1)).await;
    let second = function.answer(&inactive(1)).await;
    assert_eq!(second, first, "the second report tells what the first delivery came to");
    assert_eq!(catcher.inbox().list(None).len(), 2, "one message for each channel");
    function.answer(&inactive(2)).await;
    assert_eq!(catcher.inbox().list(None).len(), 4, "another event is news");
}

#[tokio::test]
async fn the_retry_of_the_platform_resumes_just_the_missing_channel() {
    let (_project, catcher, function) = caught(SHORT).await;
    fault(&catcher, "discord.com", "500:times=1");
    let AsyncOutcome::Succeeded { attempts, response } = function.queue(&inactive(1)).await else {
        panic!("the event was given up");
    };
    assert!(attempts >= 2, "{attempts}");
    assert_eq!(outcomes(delivery(&response, "ops")), ["transient", "delivered"]);
    assert_eq!(outcomes(delivery(&response, "family")), ["delivered"]);
    assert_eq!(sent_by(&catcher, "family").len(), 1);
    let shown = sent_by(&catcher, "ops").iter().filter(|caught| caught.shown().is_some()).count();
    assert_eq!(shown, 1);
}

#[tokio::test]
async fn what_is_still_to_be_done_fails_the_invocation_and_the_error_is_the_report() {
    let (_project, catcher, function) = caught(SHORT).await;
    fault(&catcher, "discord.com", "429:retry-after=3600");
    let error = function.error(&inactive(1)).await;
    assert_eq!(error.error_type, "Campanile.Retrying");
    let report: Value = serde_json::from_str(&error.error_message).unwrap();
    assert_eq!(delivery(&report, "ops")["status"], "retrying");
    assert_eq!(delivery(&report, "family")["status"], "delivered");
    let due: Timestamp = delivery(&report, "ops")["due"].as_str().unwrap().parse().unwrap();
    let wait = due.duration_since(Timestamp::now()).as_secs();
    assert!((3500..=3600).contains(&wait), "{wait} s");
}

#[tokio::test]
async fn an_event_that_was_given_up_is_redriven_from_its_record() {
    let project = Project::sample();
    let config = std::fs::read_to_string(project.path("campanile.toml")).unwrap();
    project.write("campanile.toml", "[channels");
    let broken = Function::start(&project, &[], TIMEOUT);
    let AsyncOutcome::OnFailure(record) = broken.queue(&inactive(1)).await else {
        panic!("a function that can not start has answered");
    };
    assert_eq!(record.request_context.approximate_invoke_count, 3);

    project.write("campanile.toml", config);
    let (catcher, function) = start_caught(&project, TIMEOUT).await;
    let record = serde_json::to_string(&record).unwrap();
    let answer = function.answer(&batch(&[message("1", &record)])).await;
    assert_eq!(failed(&answer), Vec::<&str>::new());
    for channel in ["family", "ops"] {
        assert_eq!(sent_by(&catcher, channel).len(), 1, "{channel}");
    }
}

#[tokio::test]
async fn what_a_rule_could_not_hand_over_is_redriven_from_its_error_message() {
    let (_project, catcher, function) = caught(TIMEOUT).await;
    let mut event = inactive(1);
    // The message does not say when it was received, so it has to be fresh by our clock.
    event["payload"]["occurred_at"] = json!(Timestamp::now().to_string());
    let error = json!({
        "ruleName": "hot", "topic": event["topic"], "cloudwatchTraceId": event["trace_id"], "clientId": event["client_id"],
        "base64OriginalPayload": STANDARD.encode(event["payload"].to_string()),
        "failures": [{ "failedAction": "LambdaAction", "failedResource": "arn", "errorMessage": "throttled" }],
    });
    let answer = function.answer(&batch(&[message("1", &error.to_string())])).await;
    assert_eq!(failed(&answer), Vec::<&str>::new());
    for channel in ["family", "ops"] {
        assert!(sent_by(&catcher, channel)[0].shown().is_some(), "{channel}");
    }
}

#[tokio::test]
async fn of_a_batch_just_the_bad_messages_stay_in_the_queue() {
    let (_project, catcher, function) = caught(TIMEOUT).await;
    let good = json!({ "version": "1.0", "requestPayload": inactive(1) }).to_string();
    let plain = inactive(2).to_string();
    let messages = [message("good", &good), message("bad", "no JSON"), message("plain", &plain)];
    let answer = function.answer(&batch(&messages)).await;
    assert_eq!(failed(&answer), ["bad"]);
    assert_eq!(sent_by(&catcher, "ops").len(), 2);
    let log = function.log_with("the message stays in the queue").await;
    assert!(log.contains("the message is not JSON"), "{log}");
}

#[tokio::test]
async fn an_invalid_event_is_answered_and_never_retried() {
    let (_project, catcher, function) = caught(TIMEOUT).await;
    let AsyncOutcome::Succeeded { attempts, response } = function.queue(&json!([1])).await else {
        panic!("an invalid event was retried until it was given up");
    };
    assert_eq!((attempts, &response["result"]), (1, &json!("invalid")));
    assert_eq!(catcher.inbox().list(None).len(), 0);
    function.log_with("dead letter: the event is a list").await;
}

#[tokio::test]
async fn an_invalid_configuration_ends_the_start_with_every_finding_in_the_log() {
    let project = Project::new("[channels.family]\nplugin = 3\ncolour = \"red\"\n", &[]);
    let function = Function::start(&project, &[], TIMEOUT);
    let error = function.error(&inactive(1)).await;
    assert_eq!(error.error_type, "Runtime.ExitError");
    assert!(error.error_message.ends_with("exit status 3"), "{}", error.error_message);
    for finding in ["campanile.toml:2", "campanile.toml:3", "`channels.family.plugin`", "colour"] {
        function.log_with(finding).await;
    }
}

#[tokio::test]
async fn a_channel_whose_secret_is_missing_says_which_and_the_other_delivers() {
    let discord = Endpoint::start(|request| DiscordFake::new(Timestamp::now).answer(request)).await;
    let origin = discord.origin();
    let config = format!(
        r#"
        [channels.family]
        plugin = "telegram"
        allow = ["https://api.telegram.org"]
        settings.chat-id = 1
        secrets.bot-token = {{ env = "FAMILY_TOKEN" }}
        [channels.ops]
        plugin = "discord"
        allow = [{{ origin = "{origin}", private = true }}]
        settings.api-url = "{origin}"
        secrets.webhook-url = {{ env = "OPS_WEBHOOK" }}
        "#
    );
    let project = Project::new(&config, &["telegram", "discord"]);
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    let webhook = ("OPS_WEBHOOK", "https://discord.com/api/webhooks/42/the-token-of-ops");
    let function = Function::start(&project, &[webhook], TIMEOUT);
    let report = function.answer(&inactive(1)).await;

    let family = delivery(&report, "family");
    assert_eq!((&family["status"], outcomes(family)), (&json!("rejected"), vec![]));
    assert!(family["detail"].as_str().unwrap().contains("`FAMILY_TOKEN` is not set"), "{family:#}");
    assert_eq!(delivery(&report, "ops")["status"], "delivered", "{report:#}");
    assert_eq!(discord.requests()[0].url.path(), "/api/v10/webhooks/42/the-token-of-ops");
    let log = function.log_with("`family` can't deliver").await;
    assert!(!log.contains("CAUGHT"), "{log}");
}
