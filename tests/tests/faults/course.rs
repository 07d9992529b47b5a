//! The course of a run: events are handed over while things go wrong; then the redrive works until nothing is left to do.

use std::sync::Arc;
use std::time::Duration;

use campanile_local::lambda::AsyncOutcome;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::dice::Dice;
use crate::history::{HandOver, Handed, History};
use crate::patience;
use crate::stage::Stage;
use crate::trouble::{self, Trouble};

/// For everything to come to rest on a slow machine: many leases and waits.
const PATIENCE: Duration = Duration::from_secs(90);

/// Most messages in a batch of the redrive.
const BATCH: u32 = 3;

/// Plays the run to its end, or says why it has none. What the rules handed over is told.
pub(crate) async fn play(
    stage: &Arc<Stage>,
    history: &History,
    dice: &mut Dice,
) -> Result<Vec<Handed>, String> {
    let trouble = Trouble::thrown(dice);
    let (handed, failed) = tokio::select! {
        handed = hand_over(stage, history.handed_over(dice)) => handed,
        never = trouble.make(&stage.function, &stage.catcher) => match never {},
    };
    trouble::end(&stage.catcher);
    let trouble = Trouble::aftermath(dice);
    tokio::select! {
        rest = tokio::time::timeout(PATIENCE, rest(stage, failed, dice)) => {
            rest.map_err(|_| format!("it does not come to rest within {PATIENCE:?}"))?;
            Ok(handed)
        }
        never = trouble.make(&stage.function, &stage.catcher) => match never {},
    }
}

/// Hands all events over as the rules do; the records of those that the platform gives up come back too.
async fn hand_over(stage: &Arc<Stage>, handed: Vec<HandOver>) -> (Vec<Handed>, Vec<Value>) {
    let start = Instant::now();
    let outcomes = handed.into_iter().map(|HandOver { transition, after }| {
        let stage = Arc::clone(stage);
        async move {
            tokio::time::sleep_until(start + after).await;
            let from = start.elapsed();
            let (until, failed) = match stage.function.queue(&transition.event()).await {
                AsyncOutcome::OnFailure(record) => (None, Some(serde_json::to_value(record).unwrap())),
                AsyncOutcome::Succeeded { .. } => (Some(start.elapsed()), None),
            };
            (Handed { transition, from, until }, failed)
        }
    });
    let (handed, failed): (_, Vec<_>) = JoinSet::from_iter(outcomes).join_all().await.into_iter().unzip();
    (handed, failed.into_iter().flatten().collect())
}

/// What the redrive and the schedule do, until no event is left, no delivery is under way and no device waits for anything; and a
/// tick has found nothing to do: an invocation that was out of time may have left a write on its way to the store.
async fn rest(stage: &Arc<Stage>, mut failed: Vec<Value>, dice: &mut Dice) {
    loop {
        failed = redriven(stage, failed, dice).await;
        // An error means that its process was killed; the next round is another tick.
        let ticked = stage.function.invoke(&tick()).await.result;
        let is_idle = ticked.is_ok_and(|ticked| ticked["states"] == 0 && ticked["deliveries"] == json!([]));
        match patience::due(&stage.ledger).await {
            Some(due) => tokio::time::sleep(due).await,
            None if is_idle && failed.is_empty() => return,
            None => {}
        }
    }
}

/// What a scheduled rule hands over.
fn tick() -> Value {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:000000000000:rule/campanile-tick"],
        "detail": {},
    })
}

/// Hands the events of `records` over in batches, as SQS does; the records of those that fail again come back.
async fn redriven(stage: &Arc<Stage>, mut records: Vec<Value>, dice: &mut Dice) -> Vec<Value> {
    let mut batches = JoinSet::new();
    while !records.is_empty() {
        let size = usize::try_from(dice.within(1, BATCH)).unwrap();
        let batch = records.split_off(records.len().saturating_sub(size));
        let stage = Arc::clone(stage);
        batches.spawn(async move {
            let answer = stage.function.invoke(&messages(&batch)).await.result;
            left(batch, answer.ok().as_ref())
        });
    }
    batches.join_all().await.concat()
}

fn messages(records: &[Value]) -> Value {
    let messages = records.iter().enumerate().map(|(place, record)| {
        json!({
            "messageId": place.to_string(),
            "body": record.to_string(),
            "eventSource": "aws:sqs",
            "attributes": {},
            "messageAttributes": {},
        })
    });
    json!({ "Records": messages.collect::<Vec<_>>() })
}

/// What stays in the queue: all of it if there is no answer.
fn left(batch: Vec<Value>, answer: Option<&Value>) -> Vec<Value> {
    let Some(answer) = answer else { return batch };
    let failures = answer["batchItemFailures"].as_array().unwrap();
    let is_left = |place: usize| {
        failures
            .iter()
            .any(|failure| failure["itemIdentifier"].as_str().is_some_and(|id| id.parse() == Ok(place)))
    };
    batch.into_iter().enumerate().filter(|(place, _)| is_left(*place)).map(|(_, record)| record).collect()
}
