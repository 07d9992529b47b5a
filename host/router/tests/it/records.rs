//! What the invocation's recorder is told: each attempt, each end and each event, once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use campanile_core::outcome::Outcome;
use campanile_core::route::Route;
use campanile_core::transition::Policy;
use campanile_router::record::{EndedAttempt, EndedDelivery, Recorder, Subject};
use campanile_router::{Invocation, Report};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::script::{Step, delivers, waits};
use crate::support::{DEVICE, PLENTY, Scripted, Tower, now, seconds, transition};

/// Keeps facts as short lines.
#[derive(Clone, Debug, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn note(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn invocation(&self, id: &str, time: Duration) -> Invocation {
        Invocation::new(id, time).recorded_by(Arc::new(self.clone()))
    }
}

/// Seconds from the receipt of the event, if that is known.
fn late(subject: &Subject<'_>, at: Timestamp) -> String {
    let received_at = subject.brief.received_at;
    received_at.map_or_else(String::new, |then| format!(" after {} s", at.duration_since(then).as_secs()))
}

impl Recorder for Notes {
    fn attempt(&self, subject: &Subject<'_>, attempt: &EndedAttempt<'_>) {
        let EndedAttempt { record, usage, decision, ended_at, next_at } = *attempt;
        let (number, outcome, status) = (record.number, record.outcome, usage.http_status.unwrap());
        let (channel, plugin, version) = (&subject.key.channel, subject.plugin, subject.version);
        let next = next_at.map(|at| format!(" in {} s", at.duration_since(ended_at).as_secs()));
        let next = next.unwrap_or_default();
        self.note(format!(
            "{channel} by {plugin} {version}: {number} {outcome} {status}, {}{next}",
            decision.name()
        ));
    }

    fn delivery(&self, subject: &Subject<'_>, delivery: &EndedDelivery<'_>) {
        let EndedDelivery { ending, ended_at, attempts } = *delivery;
        let (key, late) = (&subject.key.channel, late(subject, ended_at));
        self.note(format!("{key}: {} by {attempts}{late}", ending.name()));
    }

    fn event(&self, report: &Report) {
        self.note(format!("event {}", report.result.name()));
    }
}

/// What a device reports, in the rule's envelope with the time of receipt.
fn received(number: u32, status: &str) -> Value {
    let mut event = transition(DEVICE, number, status);
    event["received_at"] = json!(now().as_millisecond());
    event
}

#[tokio::test(start_paused = true)]
async fn each_attempt_and_end_is_told_once() {
    let (notes, failed) = (Notes::default(), Step::Ends(Outcome::Transient));
    let tower = Tower::new([
        ("family", Scripted::new([waits(2), delivers()])),
        ("ops", Scripted::new([failed.clone(), failed]).attempts(2)),
    ]);
    let event = received(1, "INACTIVE");
    tower.router().handle(&event, &notes.invocation("request-1", PLENTY)).await;
    let mut told = notes.take();
    assert_eq!(told.pop().unwrap(), "event undelivered");
    told.sort();
    let ops: Vec<_> = told.iter().filter(|line| line.starts_with("ops")).cloned().collect();
    assert_eq!(
        told.iter().filter(|line| line.starts_with("family")).collect::<Vec<_>>(),
        [
            "family by scripted 1.0.0: 1 rate-limited 500, retry in 2 s",
            "family by scripted 1.0.0: 2 delivered 200, delivered",
            "family: delivered by 2 after 2 s",
        ]
    );
    assert_eq!(ops.len(), 3, "{ops:#?}");
    assert!(ops[1].ends_with("2 transient 500, exhausted"), "{ops:#?}");
    assert!(ops[2].starts_with("ops: dead-lettered by 2"), "{ops:#?}");

    // The same event again attempts and ends nothing.
    tower.router().handle(&event, &notes.invocation("request-1", PLENTY)).await;
    assert_eq!(notes.take(), ["event undelivered"]);
}

#[tokio::test(start_paused = true)]
async fn what_the_tick_delivers_is_measured_from_the_receipt_of_its_event() {
    let notes = Notes::default();
    let tower = Tower::of(Scripted::new([waits(400), delivers()]));
    tower.router().handle(&received(1, "INACTIVE"), &notes.invocation("request-1", seconds(30))).await;
    let told = ["family by scripted 1.0.0: 1 rate-limited 500, later in 400 s", "event retrying"];
    assert_eq!(notes.take(), told);
    tokio::time::sleep(seconds(401)).await;
    tower.router().tick(&notes.invocation("tick", seconds(50))).await;
    let told = ["family by scripted 1.0.0: 2 delivered 200, delivered", "family: delivered by 2 after 401 s"];
    assert_eq!(notes.take(), told);
}

#[tokio::test(start_paused = true)]
async fn what_time_made_news_is_not_late() {
    let notes = Notes::default();
    let policy = Policy { repeat: Some(seconds(3600)), ..Policy::default() };
    let route = Route { policy, ..Route::to_all(vec!["family".to_owned()]) };
    let tower = Tower::with_routes(vec![route], [("family", Scripted::new([delivers(), delivers()]))]);
    tower.router().handle(&received(1, "INACTIVE"), &notes.invocation("request-1", PLENTY)).await;
    assert!(notes.take().contains(&"family: delivered by 1 after 0 s".to_owned()));
    tokio::time::sleep(seconds(3601)).await;
    tower.router().tick(&notes.invocation("tick", seconds(50))).await;
    assert_eq!(notes.take()[1..], ["family: delivered by 1"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_none_is_told_as_well() {
    let notes = Notes::default();
    let tower = Tower::of(Scripted::new([]));
    tower.router().handle(&json!([1]), &notes.invocation("request-1", PLENTY)).await;
    tower.router().handle(&received(1, "ACTIVE"), &notes.invocation("request-2", PLENTY)).await;
    assert_eq!(notes.take(), ["event invalid", "event unmatched"]);
}
