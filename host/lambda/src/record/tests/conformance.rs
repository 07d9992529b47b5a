//! The rules of CloudWatch's embedded metric format, as its specification has them (CloudWatch user guide, "Specification: Embedded
//! metric format"), and of metrics and dimensions (CloudWatch API reference, `MetricDatum` and `Dimension`). What breaks one is kept as a line of
//! the log and silently makes no metric.

use serde_json::Value;

use crate::record::output::NAMESPACE;

/// The units that we use, of those that CloudWatch knows.
const UNITS: [&str; 2] = ["Count", "Milliseconds"];

/// The rules that a record breaks.
pub(super) fn violations(record: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let metadata = &record["_aws"];
    // 2026 and later: seconds would be far less, nanoseconds far more.
    if !metadata["Timestamp"].as_u64().is_some_and(|at| (1_700_000_000_000..10_000_000_000_000).contains(&at))
    {
        found.push(format!("Timestamp {} is no time in milliseconds", metadata["Timestamp"]));
    }
    let directives = metadata["CloudWatchMetrics"].as_array().cloned().unwrap_or_default();
    if directives.is_empty() {
        found.push("there is no directive".to_owned());
    }
    for directive in &directives {
        if directive["Namespace"] != NAMESPACE {
            found.push(format!("namespace {}", directive["Namespace"]));
        }
        found.extend(dimension_sets(directive).flat_map(|set| check_set(record, set)));
        found.extend(check_metrics(record, directive));
    }
    found
}

/// `NAME=VALUE` of all dimensions of a record's metrics.
pub(super) fn dimension_values(record: &Value) -> Vec<String> {
    let directives = record["_aws"]["CloudWatchMetrics"].as_array().into_iter().flatten();
    let names = directives.flat_map(dimension_sets).flatten().filter_map(Value::as_str);
    names.map(|name| format!("{name}={}", record[name].as_str().unwrap_or_default())).collect()
}

fn dimension_sets(directive: &Value) -> impl Iterator<Item = &Vec<Value>> {
    directive["Dimensions"].as_array().into_iter().flatten().filter_map(Value::as_array)
}

/// At most 30 names, of members that are texts: ASCII, 1 to 1024 characters, something to see, no colon first.
fn check_set(record: &Value, set: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    if set.len() > 30 {
        found.push(format!("{} dimensions in a set", set.len()));
    }
    for name in set.iter().map(|name| name.as_str().unwrap_or_default()) {
        match record.get(name).and_then(Value::as_str) {
            None => found.push(format!("no member `{name}`, which is a dimension")),
            Some(value) => {
                let is_shown = value.bytes().any(|byte| byte.is_ascii_graphic()) && !value.starts_with(':');
                let is_plain = value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
                if !is_shown || !is_plain || value.len() > 1024 {
                    found.push(format!("dimension `{name}` is {value:?}"));
                }
            }
        }
    }
    found
}

/// At most 100 metrics, each a number of its own member, in a unit.
fn check_metrics(record: &Value, directive: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let metrics = directive["Metrics"].as_array().cloned().unwrap_or_default();
    if metrics.is_empty() || metrics.len() > 100 {
        found.push(format!("{} metrics in a directive", metrics.len()));
    }
    for metric in &metrics {
        let name = metric["Name"].as_str().unwrap_or_default();
        if !record.get(name).is_some_and(Value::is_number) {
            found.push(format!("no number `{name}`, which is a metric"));
        }
        let unit = metric["Unit"].as_str().unwrap_or_default();
        if !UNITS.contains(&unit) {
            found.push(format!("unit `{unit}` of `{name}`"));
        }
    }
    found
}
