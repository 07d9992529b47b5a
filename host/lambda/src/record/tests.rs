//! Records as CloudWatch gets them.

mod conformance;
mod support;

use campanile_core::notification::Receipt;
use campanile_core::outcome::OutcomeKind;
use campanile_core::retry::Decision;
use campanile_core::transition::Silence;
use campanile_router::record::Ending;
use campanile_router::{EventResult, Report};
use serde_json::Value;

use self::conformance::{dimension_values, violations};
use self::support::{Story, attempt, brief, ended_at, fields, key, report};

#[test]
fn an_attempt_says_everything_that_is_known_of_it() {
    let story = Story::new();
    let mut refused = attempt(OutcomeKind::RateLimited);
    refused.detail = "429: too many requests".to_owned();
    refused.guest_log = vec!["info: asked to wait".to_owned()];
    let later =
        Decision::Later { after: std::time::Duration::from_secs(90), presentation: refused.presentation };
    story.invocation("request-1").attempt(&key("family/-1001234567890"), &brief(), &refused, &later);
    insta::assert_snapshot!(fields(&story.line()));
}

#[test]
fn a_delivery_says_how_it_ended_and_how_long_it_took() {
    let story = Story::new();
    let receipt =
        Receipt { message_id: "42".to_owned(), warnings: vec!["cut".to_owned()], ..Receipt::default() };
    story.invocation("request-1").delivery(&key("ops"), &brief(), Ending::Delivered(&receipt));
    insta::assert_snapshot!(fields(&story.line()));
}

#[test]
fn a_delivery_that_told_nobody_has_no_time_and_the_reason() {
    let story = Story::new();
    let recorder = story.invocation("request-1");
    recorder.delivery(&key("ops"), &brief(), Ending::DeadLettered("6 attempts failed; the last: HTTP 500"));
    recorder.delivery(&key("ops"), &brief(), Ending::Rejected("no such chat"));
    recorder.delivery(&key("ops"), &brief(), Ending::Overtaken);
    let lines = story.lines();
    let told =
        lines.iter().map(|line| [&line["Status"], &line["Undelivered"], &line["level"], &line["Detail"]]);
    insta::assert_json_snapshot!(told.collect::<Vec<_>>(), @r#"
    [
      [
        "dead-lettered",
        1,
        "ERROR",
        "6 attempts failed; the last: HTTP 500"
      ],
      [
        "rejected",
        1,
        "ERROR",
        "no such chat"
      ],
      [
        "overtaken",
        0,
        "INFO",
        null
      ]
    ]
    "#);
    assert!(lines.iter().all(|line| line.get("TimeToDelivery").is_none()), "{lines:#?}");
}

#[test]
fn an_event_that_tells_nobody_says_why() {
    let story = Story::new();
    let silences = vec![("inactive".to_owned(), Silence::Duplicate).into()];
    let silent = Report { silences, ..report(EventResult::Silent) };
    story.invocation("request-1").event(&silent);
    insta::assert_snapshot!(fields(&story.line()));
}

#[test]
fn channels_that_can_not_deliver_are_counted_and_named() {
    let story = Story::new();
    story.records().channels(3, &["family: `FAMILY_TOKEN` is not set".to_owned()]);
    insta::assert_snapshot!(fields(&story.line()));
}

#[test]
fn of_a_process_just_the_first_invocation_is_cold() {
    let story = Story::new();
    for request in ["request-1", "request-2"] {
        story.invocation(request).delivery(&key("ops"), &brief(), Ending::Overtaken);
    }
    let cold: Vec<_> = story.lines().iter().map(|line| line["ColdStart"].clone()).collect();
    assert_eq!(cold, [1, 0]);
}

#[test]
fn the_trace_is_that_of_the_invocation_whatever_its_header_looks_like() {
    let root = "1-65655812-3c2b1a09f8e7d6c5b4a39281";
    let cases = [
        (format!("Root={root};Parent=53995c3f42cd8ad8;Sampled=1"), Some(root.to_owned())),
        (format!("Self=1-1-1; Root={root}"), Some(root.to_owned())),
        ("Sampled=0".to_owned(), None),
        (String::new(), None),
    ];
    for (header, expected) in cases {
        assert_eq!(super::root(&header), expected, "{header}");
    }
}

/// All kinds, with texts as devices, providers and plugins may write them.
fn hostile() -> Story {
    let story = Story::new();
    let evil = "\"},\n\r\u{2028}{\"_aws\":{\"Timestamp\":1},\"Undelivered\":7}\u{0}\u{1b}[31m".repeat(100);
    let mut brief = brief();
    (brief.notification.status, brief.notification.event_id) = (evil.clone(), evil.clone());
    let mut key = key("family");
    (key.device, key.event) = (evil.clone(), evil.clone());
    let mut ended = attempt(OutcomeKind::Unknown);
    (ended.detail, ended.guest_log) = (evil.clone(), vec![evil.clone(); 500]);
    let recorder = story.invocation(&evil);
    recorder.attempt(&key, &brief, &ended, &Decision::Reject);
    let receipt =
        Receipt { message_id: evil.clone(), target: evil.clone(), warnings: vec![evil.clone(); 50] };
    recorder.delivery(&key, &brief, Ending::Delivered(&receipt));
    recorder.delivery(&key, &brief, Ending::Rejected(&evil));
    let (event, problems) = (Some(evil.clone()), vec![evil.clone(); 50]);
    recorder.event(&Report { event, reason: evil.clone(), problems, ..report(EventResult::Invalid) });
    story.records().channels(1, &[evil]);
    story
}

#[test]
fn hostile_texts_stay_in_their_line_and_field() {
    let story = hostile();
    let text = story.text();
    assert_eq!(text.lines().count(), 5);
    for line in text.lines() {
        assert!(line.len() <= 64 * 1024, "{} bytes", line.len());
        let record: Value = serde_json::from_str(line).unwrap();
        assert_eq!(violations(&record), [""; 0], "{line}");
        assert_ne!(record["Undelivered"], 7, "{line}");
        // In a reader that keeps the last of two members with one name nothing changes either.
        assert_eq!(line.matches("\"_aws\":{\"CloudWatchMetrics\"").count(), 1, "{line}");
    }
}

#[test]
fn all_kinds_are_documents_of_the_embedded_metric_format() {
    let story = Story::new();
    let recorder = story.invocation("request-1");
    for outcome in [OutcomeKind::Delivered, OutcomeKind::Transient] {
        recorder.attempt(&key("family"), &brief(), &attempt(outcome), &Decision::Delivered);
    }
    let unknown = campanile_core::ledger::Brief { received_at: None, ..brief() };
    for brief in [brief(), unknown] {
        recorder.delivery(&key("family"), &brief, Ending::Delivered(&Receipt::default()));
        recorder.delivery(&key("family"), &brief, Ending::Overtaken);
    }
    recorder.event(&report(EventResult::Unmatched));
    story.records().channels(0, &[]);
    let lines = story.lines();
    assert_eq!(lines.len(), 8);
    for line in &lines {
        assert_eq!(violations(line), [""; 0], "{line:#}");
    }
    let metadata = &lines[0]["_aws"];
    assert_eq!(metadata["Timestamp"], ended_at().as_millisecond());
}

#[test]
fn what_breaks_the_format_is_found() {
    let story = Story::new();
    story.invocation("request-1").delivery(&key("ops"), &brief(), Ending::Overtaken);
    let good = story.line();
    type Break = fn(&mut Value);
    let breaks: [(&str, Break); 6] = [
        ("Timestamp", |line| line["_aws"]["Timestamp"] = "2026-11-23T04:05:06Z".into()),
        ("no member `Channel`", |line| drop(line.as_object_mut().unwrap().remove("Channel"))),
        ("no number `Deliveries`", |line| line["Deliveries"] = "1".into()),
        ("dimension `Status`", |line| line["Status"] = "".into()),
        ("unit `Seconden`", |line| {
            line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Unit"] = "Seconden".into();
        }),
        ("namespace", |line| line["_aws"]["CloudWatchMetrics"][0]["Namespace"] = ":a".into()),
    ];
    for (expected, broken) in breaks {
        let mut line = good.clone();
        broken(&mut line);
        let found = violations(&line);
        assert!(found.iter().any(|violation| violation.contains(expected)), "{expected}: {found:?}");
    }
}

#[test]
fn a_fleet_of_devices_and_a_long_list_of_receivers_make_no_more_metrics() {
    let story = Story::new();
    let recorder = story.invocation("request-1");
    let mut brief = brief();
    for number in 0..200 {
        let mut key = key(&format!("family/-100{number}"));
        (key.device, key.event) = (format!("heating-{number}"), format!("event-{number}"));
        (brief.notification.status, brief.route) = (format!("STATUS{number}"), format!("route-{number}"));
        recorder.attempt(&key, &brief, &attempt(OutcomeKind::Transient), &Decision::Reject);
        recorder.delivery(&key, &brief, Ending::Rejected(&format!("reason {number}")));
        recorder.event(&Report { device: Some(key.device.clone()), ..report(EventResult::Undelivered) });
    }
    let lines = story.lines();
    let values: std::collections::BTreeSet<String> = lines.iter().flat_map(dimension_values).collect();
    let expected = [
        "Channel=family",
        "FunctionName=campanile",
        "Outcome=transient",
        "Result=undelivered",
        "Status=rejected",
    ];
    assert_eq!(values.into_iter().collect::<Vec<_>>(), expected);
    let items = lines.iter().filter_map(|line| line["Item"].as_str());
    assert_eq!(
        items.collect::<std::collections::BTreeSet<_>>().len(),
        200,
        "each is still told from the others"
    );
}
