//! What templates and conditions can use: the language's own filters and ours, within a budget.

use std::sync::LazyLock;
use std::time::Duration;

use jiff::Timestamp;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, Value};

use crate::duration;
use crate::notification::TextFormat;

/// Work that one rendering may do, in `minijinja`'s fuel: one per instruction, or per 64 bytes of text. The largest
/// body takes some thousands; a template that needs more is a mistake.
const FUEL: u64 = 50_000;

/// The environment without templates; each [`super::Template`] has a copy with its own.
pub(super) static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    environment.set_debug(false);
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|name| {
        if name == template_name(TextFormat::Html) { AutoEscape::Html } else { AutoEscape::None }
    });
    environment.add_filter("ago", ago);
    environment.add_filter("duration", length);
    environment.add_filter("time", time);
    environment
});

/// The name under which a template's environment holds it; it decides about escaping.
pub(super) fn template_name(format: TextFormat) -> &'static str {
    match format {
        TextFormat::Text => "text",
        TextFormat::Html => "html",
    }
}

/// `{{ event.occurred_at | ago }}`: `3 h ago`.
fn ago(state: &State<'_, '_>, time: &str) -> Result<String, Error> {
    let now = state.lookup("now").unwrap_or_default();
    let passed = timestamp(now.as_str().unwrap_or_default())?.duration_since(timestamp(time)?);
    Ok(format!("{} ago", duration::rough(Duration::try_from(passed).unwrap_or_default())))
}

/// `{{ 3900 | duration }}`: `1 h 5 min`.
fn length(seconds: f64) -> Result<String, Error> {
    let length = Duration::try_from_secs_f64(seconds).map_err(|error| {
        Error::new(ErrorKind::InvalidOperation, format!("not a number of seconds: {error}"))
    })?;
    Ok(duration::exact(length))
}

/// `{{ event.occurred_at | time }}`: `2026-11-23 04:05:06 UTC`.
fn time(time: &str) -> Result<Value, Error> {
    Ok(utc(timestamp(time)?).into())
}

/// `time` in UTC, as people write it.
pub(crate) fn utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn timestamp(text: &str) -> Result<Timestamp, Error> {
    text.parse().map_err(|_| Error::new(ErrorKind::InvalidOperation, "not a time in RFC 3339"))
}
