use std::cell::RefCell;

use super::*;

/// When each beat began, in seconds, if the events take as long as `lengths` says.
async fn begun(lengths: &[u64]) -> Vec<u64> {
    let (start, begun) = (Instant::now(), RefCell::new(Vec::new()));
    let beat = || {
        let number = begun.borrow().len();
        begun.borrow_mut().push(start.elapsed().as_secs());
        tokio::time::sleep(Duration::from_secs(lengths.get(number).copied().unwrap_or_default()))
    };
    let end = tokio::time::timeout(Duration::from_secs(330), run(Duration::from_secs(60), beat)).await;
    assert!(end.is_err(), "the beats have no end");
    begun.into_inner()
}

#[tokio::test(start_paused = true)]
async fn the_first_beat_comes_after_one_period() {
    assert_eq!(begun(&[]).await, [60, 120, 180, 240, 300]);
}

#[tokio::test(start_paused = true)]
async fn a_beat_is_left_out_while_the_one_before_is_under_way() {
    assert_eq!(begun(&[59, 130, 10]).await, [60, 120, 300]);
}

#[test]
fn the_event_is_that_of_a_scheduled_rule() {
    let event = event("campanile-tick", "2026-11-24T13:52:30.9Z".parse().unwrap());
    let expected = json!({
        "version": "0",
        "id": event["id"],
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": "2026-11-24T13:52:30Z",
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:000000000000:rule/campanile-tick"],
        "detail": {},
    });
    assert_eq!(event, expected);
}
