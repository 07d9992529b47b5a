//! What people read of each kind of news.

use super::*;
use crate::transition::NewsKind;

/// Each kind once, as the engine makes them.
fn kinds() -> [NewsKind; 9] {
    let minutes = |count: u64| Duration::from_secs(60 * count);
    let alerts = vec!["e0".to_owned()];
    let since = "2026-11-23T01:35:06Z".parse().unwrap();
    [
        NewsKind::Alert,
        NewsKind::Stale { age: minutes(185) },
        NewsKind::Reminder { number: 2, elapsed: minutes(245) },
        NewsKind::Digest { elapsed: minutes(420), held: 3 },
        NewsKind::Recovery { alerts: alerts.clone(), since, after: minutes(150) },
        NewsKind::Flapping { changes: 6, window: minutes(10), settle: minutes(10) },
        NewsKind::Settled { bad: true, alerts: alerts.clone() },
        NewsKind::Settled { bad: false, alerts },
        NewsKind::AllClear { held: 1 },
    ]
}

fn is_bad(kind: &NewsKind) -> bool {
    !matches!(
        kind,
        NewsKind::Recovery { .. } | NewsKind::Settled { bad: false, .. } | NewsKind::AllClear { .. }
    )
}

/// News of `kind` about the event, which tells a good status if the news does.
fn news(kind: NewsKind, change: impl FnOnce(&mut Value)) -> (Event, News) {
    let event = event(|it| {
        if !is_bad(&kind) {
            (it["status"], it["previous"]) = ("ACTIVE".into(), "INACTIVE".into());
        }
        change(it);
    });
    let news = News {
        key: format!("{}/{}-1", event.key, kind.name()),
        kind,
        event: event.key.clone(),
        device_id: event.device_id.clone(),
        status: event.status.clone(),
        previous: event.previous.clone(),
        occurred_at: event.occurred_at,
        severity: Severity::Warning,
    };
    (event, news)
}

/// Title and body of each kind, four hours after the event was received.
fn read(route: &Route, change: impl Fn(&mut Value)) -> String {
    let now = Timestamp::from_millisecond(RECEIVED).unwrap() + Duration::from_secs(4 * 3600);
    let read = |kind| {
        let (event, news) = news(kind, &change);
        let RenderedNotification { notification, problems } = route.render(&event, &news, now);
        assert_eq!(problems, [""; 0]);
        assert_eq!((notification.event_id, notification.device_id), (event.key, event.device_id));
        assert_eq!((notification.status, notification.severity), (event.status, Severity::Warning));
        assert_eq!(notification.occurred_at, event.occurred_at.to_string());
        assert_eq!(notification.event_json, event.payload_json);
        format!("{}\n  {}", notification.title, notification.body)
    };
    kinds().map(read).join("\n")
}

#[test]
fn each_kind_has_its_words() {
    insta::assert_snapshot!(read(&route(), |_| ()), @"
    home-heating: INACTIVE
      home-heating changed from ACTIVE to INACTIVE at 2026-11-23 04:05:06 UTC.
    home-heating: INACTIVE (3 h ago)
      home-heating changed from ACTIVE to INACTIVE at 2026-11-23 04:05:06 UTC.
    home-heating: INACTIVE (still, after 4 h)
      home-heating is still INACTIVE. The alert began 4 h 5 min ago; this is reminder 2.
    home-heating: INACTIVE (still, after quiet hours)
      Quiet hours are over, and home-heating is still INACTIVE. The alert began 7 h ago; 3 events were held.
    home-heating: ACTIVE again
      home-heating changed from INACTIVE to ACTIVE. The alert lasted 2 h 30 min, from 2026-11-23 01:35:06 UTC to 2026-11-23 04:05:06 UTC.
    home-heating changes to and fro: 6 times in 10 min
      The last change was to INACTIVE at 2026-11-23 04:05:06 UTC. You hear of home-heating again when nothing has changed for 10 min.
    home-heating: INACTIVE, stable now
      home-heating has stopped changing to and fro. It has been INACTIVE since 2026-11-23 04:05:06 UTC.
    home-heating: ACTIVE again, stable now
      home-heating has stopped changing to and fro. It has been ACTIVE since 2026-11-23 04:05:06 UTC.
    home-heating: ACTIVE, all clear after quiet hours
      Quiet hours are over, and home-heating has been ACTIVE since 2026-11-23 04:05:06 UTC. What went wrong is over; 1 event was held.
    ");
}

#[test]
fn templates_are_for_what_is_bad_and_see_what_the_news_is() {
    let title = "{{ news.kind }} of {{ event.device_id }}";
    let body = "{{ event.occurred_at | ago }}{% for name in news %}, {{ name }} {{ news[name] }}{% endfor %}";
    insta::assert_snapshot!(read(&with_templates(title, body, TextFormat::Text), |_| ()), @"
    alert of home-heating
      2 s ago, kind alert, severity warning
    stale of home-heating (3 h ago)
      4 h ago, age 11100, kind stale, severity warning
    reminder of home-heating (still, after 4 h)
      4 h ago, elapsed 14700, kind reminder, number 2, severity warning
    digest of home-heating (still, after quiet hours)
      4 h ago, elapsed 25200, held 3, kind digest, severity warning
    home-heating: ACTIVE again
      home-heating changed from INACTIVE to ACTIVE. The alert lasted 2 h 30 min, from 2026-11-23 01:35:06 UTC to 2026-11-23 04:05:06 UTC.
    home-heating changes to and fro: 6 times in 10 min
      The last change was to INACTIVE at 2026-11-23 04:05:06 UTC. You hear of home-heating again when nothing has changed for 10 min.
    home-heating: INACTIVE, stable now
      home-heating has stopped changing to and fro. It has been INACTIVE since 2026-11-23 04:05:06 UTC.
    home-heating: ACTIVE again, stable now
      home-heating has stopped changing to and fro. It has been ACTIVE since 2026-11-23 04:05:06 UTC.
    home-heating: ACTIVE, all clear after quiet hours
      Quiet hours are over, and home-heating has been ACTIVE since 2026-11-23 04:05:06 UTC. What went wrong is over; 1 event was held.
    ");
}

#[test]
fn what_a_device_calls_itself_stays_in_its_place() {
    let hostile = |it: &mut Value| {
        it["device_id"] = "</b>@everyone *{{ now }}* [a](https://a.example)".into();
        it["previous"] = Value::Null;
    };
    insta::assert_snapshot!(read(&route(), hostile), @"
    </b>@everyone *{{ now }}* [a](https://a.example): INACTIVE
      </b>@everyone *{{ now }}* [a](https://a.example) reported INACTIVE at 2026-11-23 04:05:06 UTC.
    </b>@everyone *{{ now }}* [a](https://a.example): INACTIVE (3 h ago)
      </b>@everyone *{{ now }}* [a](https://a.example) reported INACTIVE at 2026-11-23 04:05:06 UTC.
    </b>@everyone *{{ now }}* [a](https://a.example): INACTIVE (still, after 4 h)
      </b>@everyone *{{ now }}* [a](https://a.example) is still INACTIVE. The alert began 4 h 5 min ago; this is reminder 2.
    </b>@everyone *{{ now }}* [a](https://a.example): INACTIVE (still, after quiet hours)
      Quiet hours are over, and </b>@everyone *{{ now }}* [a](https://a.example) is still INACTIVE. The alert began 7 h ago; 3 events were held.
    </b>@everyone *{{ now }}* [a](https://a.example): ACTIVE again
      </b>@everyone *{{ now }}* [a](https://a.example) is ACTIVE again. The alert lasted 2 h 30 min, from 2026-11-23 01:35:06 UTC to 2026-11-23 04:05:06 UTC.
    </b>@everyone *{{ now }}* [a](https://a.example) changes to and fro: 6 times in 10 min
      The last change was to INACTIVE at 2026-11-23 04:05:06 UTC. You hear of </b>@everyone *{{ now }}* [a](https://a.example) again when nothing has changed for 10 min.
    </b>@everyone *{{ now }}* [a](https://a.example): INACTIVE, stable now
      </b>@everyone *{{ now }}* [a](https://a.example) has stopped changing to and fro. It has been INACTIVE since 2026-11-23 04:05:06 UTC.
    </b>@everyone *{{ now }}* [a](https://a.example): ACTIVE again, stable now
      </b>@everyone *{{ now }}* [a](https://a.example) has stopped changing to and fro. It has been ACTIVE since 2026-11-23 04:05:06 UTC.
    </b>@everyone *{{ now }}* [a](https://a.example): ACTIVE, all clear after quiet hours
      Quiet hours are over, and </b>@everyone *{{ now }}* [a](https://a.example) has been ACTIVE since 2026-11-23 04:05:06 UTC. What went wrong is over; 1 event was held.
    ");
}

#[test]
fn built_in_words_are_short_and_on_one_line_whatever_they_are_about() {
    for kind in kinds() {
        let (event, mut news) = news(kind, |_| ());
        for name in ["x\u{202e}\n\u{0}y".repeat(10), "я".repeat(10_000)] {
            news.device_id = name;
            let Notification { title, body, .. } =
                route().render(&event, &news, event.occurred_at).notification;
            assert!(title.len() <= TITLE_BYTES && body.len() <= 1024, "{} {}", title.len(), body.len());
            assert!(!format!("{title}{body}").chars().any(crate::text::is_invisible), "{title} {body}");
        }
    }
}

#[test]
fn an_alert_is_as_old_as_it_was_on_receipt() {
    let route = with_templates("{{ event.occurred_at | ago }}", "-", TextFormat::Text);
    let (event, alert) = news(NewsKind::Alert, |_| ());
    let later = event.occurred_at + Duration::from_secs(3600);
    assert_eq!(route.render(&event, &alert, later).notification.title, "2 s ago");
}
