use std::future::ready;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::lambda::invocation::Operation;

fn failure() -> FunctionError {
    FunctionError::reported(br#"{"errorType":"Broken","errorMessage":"no"}"#)
}

/// Runs an event whose attempts end as `script` says, and notes when each began.
async fn course(policy: RetryPolicy, script: &[bool]) -> (End, Vec<u64>) {
    let (start, mut begun) = (Instant::now(), Vec::new());
    let end = run(policy, |_| {
        let result = if script[begun.len()] { Ok(json!("done")) } else { Err(failure()) };
        begun.push(start.elapsed().as_secs());
        ready(Ok(Attempt::Ended(result)))
    });
    let end = end.await.unwrap();
    (end, begun)
}

#[tokio::test(start_paused = true)]
async fn a_failing_event_is_tried_after_one_and_two_minutes_and_given_up() {
    let (end, begun) = course(RetryPolicy::default(), &[false; 3]).await;
    assert_eq!(begun, [0, 60, 180]);
    assert_eq!(end, End { attempts: 3, result: Err((Condition::RetriesExhausted, Some(failure()))) });
}

#[tokio::test(start_paused = true)]
async fn a_later_attempt_may_succeed() {
    let (end, begun) = course(RetryPolicy::default(), &[false, true]).await;
    assert_eq!(begun, [0, 60]);
    assert_eq!(end, End { attempts: 2, result: Ok(json!("done")) });
}

#[tokio::test(start_paused = true)]
async fn an_event_that_gets_too_old_is_given_up_before_its_retries_are_used() {
    let policy = RetryPolicy { max_event_age: Duration::from_secs(90), ..RetryPolicy::default() };
    let (end, begun) = course(policy, &[false; 2]).await;
    assert_eq!(begun, [0, 60]);
    assert_eq!(end, End { attempts: 2, result: Err((Condition::EventAgeExceeded, Some(failure()))) });
}

#[tokio::test(start_paused = true)]
async fn an_attempt_knows_when_the_event_is_too_old() {
    let policy = RetryPolicy::default();
    let limit = Instant::now() + policy.max_event_age;
    let end = run(policy, |expires| {
        assert_eq!(expires, limit);
        ready(Ok(Attempt::Expired))
    });
    assert_eq!(end.await.unwrap(), End { attempts: 0, result: Err((Condition::EventAgeExceeded, None)) });
}

#[test]
fn the_record_has_the_shape_of_a_destination_record() {
    let request = Request::new(json!({"device_id": "home-heating"}), Operation::InvokeAsync).unwrap();
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:campanile";
    let end = |error| End { attempts: 3, result: Err((Condition::RetriesExhausted, error)) };
    let json = |end| match outcome(end, &request, arn) {
        AsyncOutcome::OnFailure(record) => serde_json::to_value(record).unwrap(),
        AsyncOutcome::Succeeded { .. } => panic!("succeeded"),
    };
    let record = json(end(Some(failure())));
    assert!(record["timestamp"].as_str().unwrap().ends_with('Z'));
    assert_eq!(
        record,
        json!({
            "version": "1.0",
            "timestamp": record["timestamp"],
            "requestContext": {
                "requestId": request.id,
                "functionArn": format!("{arn}:$LATEST"),
                "condition": "RetriesExhausted",
                "approximateInvokeCount": 3,
            },
            "requestPayload": {"device_id": "home-heating"},
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "responsePayload": {"errorType": "Broken", "errorMessage": "no"},
        })
    );
    let keys: Vec<String> = json(end(None)).as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["requestContext", "requestPayload", "timestamp", "version"]);
}
