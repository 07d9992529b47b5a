//! What the function logs, as lines for people.

use serde_json::json;

use crate::account::Account;

#[tokio::test]
async fn there_is_a_line_for_each_attempt_and_nothing_that_moves_the_cursor() {
    let Some(account) = Account::new().await else { return };
    account.deployed(&[]).await;
    let now = jiff::Timestamp::now().as_millisecond();
    let lines = [
        json!({ "level": "WARN", "message": "attempt 1 of pump:1:family ended: transient", "Record": "attempt",
            "DeliveryId": "pump:1:family", "Detail": "503 \u{1b}[2Jfrom a provider", "AttemptTime": 12 }).to_string(),
        json!({ "level": "INFO", "message": "pump:1:family is delivered", "Record": "delivery", "DeliveryId": "pump:1:family" })
            .to_string(),
        json!({ "level": "INFO", "message": "pump:2:ops is delivered", "Record": "delivery", "DeliveryId": "pump:2:ops" })
            .to_string(),
        json!({ "type": "platform.runtimeDone", "record": { "requestId": "r1", "status": "success" } }).to_string(),
        json!({ "type": "platform.runtimeDone", "record": { "requestId": "r2", "status": "timeout" } }).to_string(),
        "thread panicked".to_owned(),
    ];
    let events: Vec<_> = lines
        .iter()
        .zip(now - 1000..)
        .map(|(line, at)| json!({ "timestamp": at, "message": line }))
        .collect();
    let stream = ["--log-group-name", "/aws/lambda/campanile", "--log-stream-name", "one"];
    account.asked(&[&["logs", "create-log-stream"], &stream[..]].concat()).await;
    let events = json!(events).to_string();
    account.asked(&[&["logs", "put-log-events"], &stream[..], &["--log-events", &events]].concat()).await;

    let shown = async |arguments: &[&str]| {
        let ended = account.run("logs", arguments).await;
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        // Without the time.
        ended.stdout.lines().map(|line| line[26..].to_owned()).collect::<Vec<_>>()
    };
    let attempt = "WARN   attempt 1 of pump:1:family ended: transient  12 ms  503 \\x1b[2Jfrom a provider";
    let (told, other) = ("INFO   pump:1:family is delivered", "INFO   pump:2:ops is delivered");
    let (timeout, panic) = ("ERROR  platform.runtimeDone: timeout  r2", "ERROR  thread panicked");
    assert_eq!(shown(&[]).await, [attempt, told, other, timeout, panic]);
    assert_eq!(shown(&["--errors", "--since", "2h"]).await, [attempt, timeout, panic]);
    assert_eq!(shown(&["--delivery", "pump:1:family"]).await, [attempt, told]);
    assert_eq!(shown(&["--since", "2999-01-01"]).await, Vec::<String>::new());
}
