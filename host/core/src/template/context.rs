//! What templates and conditions see: `event` and `now`; templates `news` as well.

use std::collections::BTreeMap;

use jiff::Timestamp;
use minijinja::{Value, context};

use crate::event::Event;
use crate::transition::{News, NewsKind};

/// The names in `event`, for "did you mean".
pub(super) const FIELDS: [&str; 13] = [
    "client_id",
    "clock_ahead",
    "device_id",
    "id",
    "key",
    "occurred_at",
    "payload",
    "previous",
    "reading",
    "received_at",
    "seq",
    "status",
    "topic",
];

/// The names in `news`. Those of news that is told without templates are not among them.
pub(super) const NEWS_FIELDS: [&str; 6] = ["age", "elapsed", "held", "kind", "number", "severity"];

/// `event`, and `now` as the time that ages are counted to.
pub(crate) fn context(event: &Event, now: Timestamp) -> Value {
    let time = |time: Timestamp| time.to_string();
    let payload = serde_json::from_str(&event.payload_json).unwrap_or_default();
    context! {
        event => context! {
            clock_ahead => event.clock_ahead,
            client_id => event.client_id.clone(),
            device_id => event.device_id.clone(),
            id => event.id.clone(),
            key => event.key.clone(),
            occurred_at => time(event.occurred_at),
            payload => value(&payload),
            previous => event.previous.clone(),
            reading => value(&event.reading),
            received_at => event.received_at.map(time),
            seq => event.seq,
            status => event.status.clone(),
            topic => event.topic.clone(),
        },
        now => time(event.received_at.unwrap_or(now)),
    }
}

/// What templates see of `news`, which is about `event` and is told at `now`.
pub(crate) fn news_context(event: &Event, news: &News, now: Timestamp) -> Value {
    let (kind, severity) = (news.kind.name(), news.severity.name());
    let told = match &news.kind {
        NewsKind::Stale { age } => context! { age => age.as_secs() },
        NewsKind::Reminder { number, elapsed } => context! { number, elapsed => elapsed.as_secs() },
        NewsKind::Digest { elapsed, held } => context! { elapsed => elapsed.as_secs(), held },
        _ => context! {},
    };
    let seen = context(event, now);
    // An alert is as old as it was on receipt, however often we tried to send it; all else is told because time has passed.
    let now = if news.kind == NewsKind::Alert {
        seen.get_attr("now").unwrap_or_default()
    } else {
        now.to_string().into()
    };
    context! { news => context! { kind, severity, ..told }, now, ..seen }
}

/// `seen` as if the event's status were `status`.
pub(crate) fn with_status(seen: &Value, status: &str) -> Value {
    let event = seen.get_attr("event").unwrap_or_default();
    context! { event => context! { status, ..event }, ..seen.clone() }
}

/// A context to try templates with when they are compiled.
pub(super) fn sample() -> Value {
    context! {
        event => context! { device_id => "home-heating", status => "INACTIVE", occurred_at => "2026-11-23T04:05:06Z" },
        news => context! { kind => "alert", severity => "error" },
        now => "2026-11-23T04:05:08Z",
    }
}

/// JSON as a value of the template language. Depth is bounded where the event is read.
fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::from(()),
        serde_json::Value::Bool(truth) => Value::from(*truth),
        serde_json::Value::Number(number) => number
            .as_i64()
            .map(Value::from)
            .or_else(|| number.as_u64().map(Value::from))
            .unwrap_or_else(|| Value::from(number.as_f64().unwrap_or(f64::NAN))),
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => items.iter().map(value).collect(),
        serde_json::Value::Object(entries) => entries
            .iter()
            .map(|(name, inner)| (name.clone(), value(inner)))
            .collect::<BTreeMap<_, _>>()
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::*;
    use crate::notification::Severity;

    fn event() -> Event {
        let json = serde_json::json!({ "payload": { "device_id": "d", "status": "S" }, "trace_id": "t" });
        Event::from_value(&json, Timestamp::UNIX_EPOCH).unwrap()
    }

    fn names(context: &Value, of: &str) -> BTreeSet<String> {
        context.get_attr(of).unwrap().try_iter().unwrap().map(|name| name.to_string()).collect()
    }

    #[test]
    fn the_list_of_fields_is_complete() {
        let context = context(&event(), Timestamp::UNIX_EPOCH);
        assert_eq!(names(&context, "event"), FIELDS.map(str::to_owned).into());
    }

    #[test]
    fn the_list_of_what_news_has_is_complete() {
        let event = event();
        let (age, elapsed) = (Duration::from_secs(1), Duration::from_secs(2));
        let kinds = [
            NewsKind::Alert,
            NewsKind::Stale { age },
            NewsKind::Reminder { number: 1, elapsed },
            NewsKind::Digest { elapsed, held: 1 },
        ];
        let of = |kind| {
            let news = News {
                key: event.key.clone(),
                kind,
                event: event.key.clone(),
                device_id: event.device_id.clone(),
                status: event.status.clone(),
                previous: None,
                occurred_at: event.occurred_at,
                severity: Severity::Error,
            };
            names(&news_context(&event, &news, Timestamp::UNIX_EPOCH), "news")
        };
        let all: BTreeSet<String> = kinds.map(of).into_iter().flatten().collect();
        assert_eq!(all, NEWS_FIELDS.map(str::to_owned).into());
    }
}
