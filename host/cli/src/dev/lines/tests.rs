//! What a terminal shows of a few happenings.

use std::sync::Arc;

use bytes::Bytes;
use campanile_broker::{Message, Qos};
use campanile_core::ledger::{AttemptRecord, DeliveryKey, DeliveryState};
use campanile_core::notification::{Presentation, Receipt};
use campanile_core::outcome::OutcomeKind;
use campanile_dev::journal::{ActionState, Judgement, MessageId, Source, Verdict};
use serde_json::json;

use super::*;

fn entry(client: &str, payload: &str, verdicts: Vec<Verdict>) -> Entry {
    let message = Message {
        topic: "home/heating/status".into(),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        qos: Qos::AtLeastOnce,
        retain: false,
        client_id: client.into(),
        principal: None,
        source_ip: None,
        trace_id: "t".into(),
        received_at: "2026-11-24T07:00:00Z".parse().unwrap(),
        properties: None,
    };
    Entry { id: MessageId(1), message, source: Source::Mqtt, verdicts, concerns: Vec::new() }
}

fn selected(rule: &str, kind: &str, state: ActionState) -> Verdict {
    let at = "2026-11-24T07:00:01Z".parse().unwrap();
    let actions = vec![ActionRun { kind: kind.into(), state, at }];
    Verdict { rule: rule.into(), judgement: Judgement::Selected { output: "{}".into() }, actions }
}

fn attempt(outcome: OutcomeKind, state: DeliveryState) -> Happening {
    let key = DeliveryKey { device: "heater".into(), event: "e".into(), channel: "family".into() };
    let attempt = AttemptRecord {
        number: 2,
        started_at: "2026-11-24T07:00:02Z".parse().unwrap(),
        duration_ms: 41,
        presentation: Presentation::Rich,
        outcome,
        detail: "429: too\u{1b}[2J many".into(),
        guest_log: Vec::new(),
    };
    Happening::Attempted(Box::new(EndedAttempt { place: 1, key, attempt, state }))
}

/// The lines without colours.
fn plain(lines: &mut Lines, happening: &Happening) -> Vec<String> {
    lines.of(happening).iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect()
}

#[test]
fn a_message_is_a_line_and_what_ends_badly_another() {
    let mut lines = Lines::new(false);
    let begun = vec![
        selected("HotRule", "lambda", ActionState::Pending),
        selected("ColdRule", "dynamoDBv2", ActionState::Pending),
    ];
    let mut message = entry("heater", r#"{"status":"INACTIVE"}"#, begun);
    message.concerns.push("it lies".into());
    assert_eq!(
        plain(&mut lines, &Happening::Progressed(Arc::new(message.clone()))),
        [
            "07:00:00Z  heater        INACTIVE   home/heating/status  HotRule, ColdRule",
            "07:00:00Z  heater          it lies",
        ]
    );
    let report = json!({ "result": "invalid", "reason": "`seq` is text" });
    message.verdicts[0].actions[0].state = ActionState::Done { report: Some(report) };
    message.verdicts[1].actions[0].state = ActionState::Failed { reason: "the disk is full".into() };
    let ended = Happening::Progressed(Arc::new(message));
    assert_eq!(
        plain(&mut lines, &ended),
        [
            "07:00:01Z  heater          dead letter  `seq` is text",
            "07:00:01Z  heater          ColdRule: dynamoDBv2 failed  the disk is full",
        ]
    );
}

#[test]
fn an_attempt_is_a_line_with_what_comes_next() {
    let mut lines = Lines::new(false);
    let receipt = Receipt { message_id: "17".into(), target: String::new(), warnings: Vec::new() };
    assert_eq!(
        plain(&mut lines, &attempt(OutcomeKind::Delivered, DeliveryState::Delivered { receipt })),
        ["07:00:02Z  heater          family    delivered           41 ms  attempt 2  message 17"]
    );
    let rejected = DeliveryState::Rejected { reason: String::new() };
    assert_eq!(
        plain(&mut lines, &attempt(OutcomeKind::RateLimited, rejected)),
        [
            "07:00:02Z  heater          family    rate-limited        41 ms  attempt 2  429: too\\u{1b}[2J many"
        ]
    );
}

#[test]
fn text_of_devices_can_not_move_the_cursor() {
    let mut lines = Lines::new(false);
    let message = entry("he\u{1b}[2Jater", "{\"status\":\"\u{202e}EVIL\"}", Vec::new());
    let shown = plain(&mut lines, &Happening::Progressed(Arc::new(message)));
    assert_eq!(shown, ["07:00:00Z  he\\u{1b}[2Jater  \\u{202e}EVIL  home/heating/status  no rule"]);
}

#[test]
fn what_nobody_asked_for_is_silent() {
    let mut lines = Lines::new(false);
    let mut presence = entry("heater", "{}", Vec::new());
    presence.source = Source::Presence;
    for happening in
        [Happening::Progressed(Arc::new(presence)), Happening::Log("x".into()), Happening::Caught(1)]
    {
        assert_eq!(plain(&mut lines, &happening), Vec::<String>::new(), "{happening:?}");
    }
    assert_eq!(plain(&mut Lines::new(true), &Happening::Log("x".into())), ["x"]);
}
