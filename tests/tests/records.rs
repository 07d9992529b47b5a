//! What the deployed binary prints where the platform wants JSON: each line an object, and each attempt, delivery and event in one record.

use std::time::Duration;

use campanile_local::fakes::{Answer, CaughtRequest};
use campanile_tests::endpoint::Endpoint;
use campanile_tests::event::{delivery, inactive, outcomes, reporting};
use campanile_tests::function::{Function, catcher};
use campanile_tests::project::Project;
use serde_json::{Value, json};

const TIMEOUT: Duration = Duration::from_secs(30);

/// What the platform sets for a function whose `LogFormat` is JSON.
const JSON: (&str, &str) = ("AWS_LAMBDA_LOG_FORMAT", "JSON");

const TOKEN: &str = "Bearer hush-hush-4711";

fn records<'l>(lines: &'l [Value], kind: &str) -> Vec<&'l Value> {
    lines.iter().filter(|line| line["Record"] == kind).collect()
}

#[tokio::test]
async fn each_attempt_delivery_and_event_is_one_record() {
    let project = Project::sample();
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    let catcher = catcher().await;
    catcher.faults().set("discord.com".parse().unwrap(), "500:times=1".parse().unwrap());
    let function = Function::start(&project, &[("CAMPANILE_CATCH", &catcher.url()), JSON], TIMEOUT);
    let invocation = function.invoke(&inactive(1)).await;
    let report = invocation.result.unwrap();
    assert_eq!(outcomes(delivery(&report, "ops")), ["transient", "delivered"], "{report:#}");

    let lines = function.lines(1).await;
    let mut attempts: Vec<_> = records(&lines, "attempt")
        .iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            (text("Channel"), line["AttemptNumber"].as_u64().unwrap(), text("Outcome"), text("Decision"))
        })
        .collect();
    attempts.sort();
    let expected = [
        ("family", 1, "delivered", "delivered"),
        ("ops", 1, "transient", "retry"),
        ("ops", 2, "delivered", "delivered"),
    ];
    let expected = expected.map(|(channel, number, outcome, decision)| {
        (channel.to_owned(), number, outcome.to_owned(), decision.to_owned())
    });
    assert_eq!(attempts, expected);
    let deliveries = records(&lines, "delivery");
    assert_eq!(deliveries.len(), 2);
    assert!(deliveries.iter().all(|line| line["Status"] == "delivered" && line["Undelivered"] == 0));
    assert!(deliveries.iter().all(|line| line["TimeToDelivery"].is_number()), "{deliveries:#?}");
    assert_eq!(records(&lines, "event").len(), 1);
    assert_eq!(records(&lines, "channels")[0]["ChannelsBroken"], 0);

    let refused = lines.iter().find(|line| line["Outcome"] == "transient").unwrap();
    assert_eq!((&refused["HttpStatus"], &refused["Plugin"]), (&json!(500), &json!("discord")));
    assert!(refused["Memory"].as_u64().unwrap() > 0 && refused["RetryAt"].is_string(), "{refused:#}");
    for record in lines.iter().filter(|line| line.get("Attempts").is_some()) {
        assert_eq!(record["RequestId"], invocation.request_id.as_str());
        let trace = record["XrayTraceId"].as_str().unwrap();
        assert!(trace.starts_with("1-") && trace.len() == 35, "{trace}");
        assert_eq!(record["ColdStart"], 1);
    }
    assert!(
        !lines.iter().any(|line| line["message"].as_str().is_some_and(|text| {
            line.get("Record").is_none()
                && (text.contains("attempt 1 of") || text.contains("the event ended"))
        })),
        "an attempt is said twice"
    );
}

#[tokio::test]
async fn every_line_of_an_invocation_names_it_and_its_trace() {
    let project = Project::sample();
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    let function = Function::start(&project, &[JSON], TIMEOUT);
    let invocation = function.invoke(&json!([1])).await;
    let lines = function.lines(1).await;
    let letter = lines.iter().find(|line| line["message"].as_str().unwrap().starts_with("dead letter"));
    let letter = letter.unwrap();
    let span = &letter["spans"][0];
    assert_eq!(span["requestId"], invocation.request_id.as_str(), "{letter:#}");
    assert!(span["xrayTraceId"].as_str().unwrap().starts_with("Root=1-"), "{letter:#}");
    assert_eq!(letter["level"], "ERROR");
    let time: jiff::Timestamp = letter["timestamp"].as_str().unwrap().parse().unwrap();
    assert!(jiff::Timestamp::now().duration_since(time).as_secs() < 60);
}

/// Says the token back, as some providers do with the address that was asked for.
fn tells_the_token(request: &CaughtRequest) -> Answer {
    let given = request.headers.iter().find(|(name, _)| name == "authorization");
    let body = given.map(|(_, value)| format!("no such thing: {value}")).unwrap_or_default();
    Answer { status: 400, headers: Vec::new(), body: body.into_bytes(), shown: None }
}

#[tokio::test]
async fn what_others_write_stays_in_its_line_and_a_token_is_in_none() {
    let endpoint = Endpoint::start(tells_the_token).await;
    let origin = endpoint.origin();
    let config = format!(
        "[channels.alarm]\nplugin = \"webhook\"\nallow = [{{ origin = \"{origin}\", private = true }}]\n\
         settings.url = \"{origin}/alarm\"\nsecrets.authorization = {{ env = \"ALARM_TOKEN\" }}\n"
    );
    let project = Project::new(&config, &["webhook"]);
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    let function = Function::start(&project, &[("ALARM_TOKEN", TOKEN), JSON], TIMEOUT);
    let evil = "\n{\"_aws\":{\"Timestamp\":1},\"Record\":\"attempt\"}\r\n\u{2028}";
    function.answer(&reporting(1, &json!({ evil: evil }))).await;
    let mut named = inactive(2);
    named["payload"]["device_id"] = json!(evil);
    named["client_id"] = Value::Null;
    function.answer(&named).await;

    let lines = function.lines(2).await;
    assert_eq!(endpoint.requests().len(), 1, "the token was there: {:?}", endpoint.requests());
    assert_eq!(records(&lines, "attempt").len(), 1);
    let [delivery] = records(&lines, "delivery")[..] else { panic!("{lines:#?}") };
    assert_eq!((&delivery["Status"], &delivery["level"]), (&json!("rejected"), &json!("ERROR")));
    let results: Vec<_> = records(&lines, "event").iter().map(|line| line["Result"].clone()).collect();
    assert_eq!(results, ["undelivered", "invalid"]);
    assert!(!function.log().contains("hush-hush"), "{}", function.log());
}
