//! One message about many devices.

use super::*;
use crate::transition::{Member, Summary};

fn member(device: &str, status: &str, second: u8) -> Member {
    Member {
        key: format!("{device}-{second}"),
        device_id: device.into(),
        status: status.into(),
        occurred_at: format!("2026-11-23T04:05:{second:02}Z").parse().unwrap(),
        severity: Severity::Error,
    }
}

fn rendered(members: Vec<Member>, more: usize) -> Notification {
    let summary = Summary { key: "k0/storm".into(), members, more, severity: Severity::Critical };
    let RenderedNotification { notification, problems } =
        with_templates("{{ event.status }}", "x", TextFormat::Html)
            .render_summary(&summary, Timestamp::UNIX_EPOCH);
    assert_eq!(problems, [""; 0]);
    notification
}

#[test]
fn a_summary_has_a_line_for_each_device() {
    let members = ["boiler", "pump", "valve"].map(|device| member(device, "INACTIVE", 6));
    insta::assert_json_snapshot!(rendered(members.to_vec(), 20), @r#"
    {
      "event-id": "k0/storm",
      "device-id": "boiler",
      "status": "INACTIVE",
      "severity": "critical",
      "title": "23 devices INACTIVE",
      "body": "boiler: INACTIVE since 2026-11-23 04:05:06 UTC\npump: INACTIVE since 2026-11-23 04:05:06 UTC\nvalve: INACTIVE since 2026-11-23 04:05:06 UTC\nand 20 more",
      "body-format": "text",
      "occurred-at": "2026-11-23T04:05:06Z",
      "fields": [],
      "event-json": "{\"members\":[{\"device_id\":\"boiler\",\"occurred_at\":\"2026-11-23T04:05:06Z\",\"status\":\"INACTIVE\"},{\"device_id\":\"pump\",\"occurred_at\":\"2026-11-23T04:05:06Z\",\"status\":\"INACTIVE\"},{\"device_id\":\"valve\",\"occurred_at\":\"2026-11-23T04:05:06Z\",\"status\":\"INACTIVE\"}],\"more\":20}"
    }
    "#);
}

#[test]
fn a_title_names_the_status_that_all_have() {
    let two = |status| vec![member("boiler", "INACTIVE", 1), member("pump", status, 2)];
    assert_eq!(rendered(two("INACTIVE"), 0).title, "2 devices INACTIVE");
    assert_eq!(rendered(two("FAULT"), 0).title, "2 devices with alerts");
    assert_eq!(rendered(vec![member("pump", "FAULT", 1)], 0).title, "1 device FAULT");
    assert_eq!(rendered(Vec::new(), 7).title, "7 devices with alerts", "those with names have recovered");
}

#[test]
fn a_device_that_is_there_twice_is_told_by_its_last_line() {
    let members =
        vec![member("pump", "INACTIVE", 1), member("valve", "FAULT", 2), member("pump", "FAULT", 3)];
    let Notification { title, body, .. } = rendered(members, 0);
    assert_eq!(title, "2 devices FAULT");
    assert_eq!(body, "valve: FAULT since 2026-11-23 04:05:02 UTC\npump: FAULT since 2026-11-23 04:05:03 UTC");
}

#[test]
fn each_device_has_one_line_whatever_it_is_called() {
    let hostile =
        ["</b>@everyone", "a\nb: ACTIVE\u{202e}", &"я".repeat(10_000)].map(|it| member(it, "INACTIVE", 1));
    let body = rendered(hostile.to_vec(), 1).body;
    let lines: Vec<&str> = body.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[..2].join("\n"),
        "</b>@everyone: INACTIVE since 2026-11-23 04:05:01 UTC\na b: ACTIVE: INACTIVE since 2026-11-23 04:05:01 UTC"
    );
    assert!(lines[2].len() <= 1024 && lines[3] == "and 1 more");
}

#[test]
fn the_largest_summary_fits() {
    let members = (0..crate::transition::SUMMARY_MEMBERS).map(|index| {
        let device = format!("{index:0>128}");
        Member { device_id: device, status: "S".repeat(64), ..member("", "", 1) }
    });
    let Notification { body, .. } = rendered(members.collect(), 0);
    assert!(body.len() < BODY_BYTES && body.lines().count() == crate::transition::SUMMARY_MEMBERS);
}
