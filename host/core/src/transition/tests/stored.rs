//! The state as it is stored.

use super::*;

#[test]
fn the_stored_form_is_that_of_version_1() {
    let mut story = Story::new(Policy::default());
    story.says(0, "INACTIVE");
    insta::assert_json_snapshot!(story.state, @r#"
    {
      "version": 1,
      "latest": {
        "key": "e0",
        "device-id": "home-heating",
        "status": "INACTIVE",
        "occurred-at": "2026-01-05T12:00:00Z",
        "bad": true,
        "stale": false
      },
      "recent": [
        {
          "key": "e0",
          "news": {
            "key": "e0",
            "kind": {
              "is": "alert"
            },
            "event": "e0",
            "device-id": "home-heating",
            "status": "INACTIVE",
            "occurred-at": "2026-01-05T12:00:00Z",
            "severity": "error"
          }
        }
      ],
      "alert": {
        "since": "2026-01-05T12:00:00Z",
        "announced": "INACTIVE",
        "messages": [
          {
            "key": "e0",
            "told": true
          }
        ],
        "last-at": "2026-01-05T12:00:00Z",
        "reminders": 0
      },
      "flapping": {
        "changes": [
          "2026-01-05T12:00:00Z"
        ]
      },
      "numbered": 0
    }
    "#);
}

#[test]
fn a_newer_version_is_refused() {
    let json = serde_json::to_string(&DeviceState::default()).unwrap();
    let newer = json.replace("\"version\":1", "\"version\":2");
    let error = serde_json::from_str::<DeviceState>(&newer).unwrap_err().to_string();
    assert!(error.starts_with("the state has version 2; this release reads version 1"), "{error}");
}

#[test]
fn every_silence_has_a_reason_for_the_operator() {
    let silences = [
        Silence::Duplicate,
        Silence::Late,
        Silence::NothingWrong,
        Silence::AlertOpen,
        Silence::AlertNotTold,
        Silence::RecoveriesSilent,
        Silence::AlertOnItsWay,
        Silence::Stale { until: at(30) },
        Silence::Pending { until: at(300) },
        Silence::Flapping,
        Silence::QuietHours { until: at(0) },
    ];
    insta::assert_snapshot!(silences.map(|silence| silence.to_string()).join("\n"), @"
    the event is known, and there was nothing to tell of it
    something newer is known of the device
    the status is not one to alert on, and no alert is open
    the alert that is open tells it
    nobody was told of the alert that this ends
    recoveries are not told
    the alert is still on its way; the recovery follows it
    it is old; it is told if nothing newer comes until 2026-01-05 12:00:30 UTC
    it is told if it lasts until 2026-01-05 12:05:00 UTC
    the device changes to and fro; it is told when it is stable
    held in quiet hours until 2026-01-05 12:00:00 UTC
    ");
}
