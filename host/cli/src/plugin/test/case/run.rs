//! Makes a case's attempt, and compares what came of it with what the file says.

use std::time::Duration;

use campanile_core::description::Description;
use campanile_core::notification::Receipt;
use campanile_core::settings_schema::SettingsSchema;
use campanile_local::fakes::script::Script;
use campanile_sandbox::limits::AttemptLimits;
use serde_json::{Map, Value};

use super::super::bench::Bench;
use super::super::entry::{Entry, Finding, Section};
use super::super::golden::{GoldenRequest, has_placeholder, keeping};
use super::super::trial::{Observed, Trial};
use super::{Case, CaseScript, Expected, ReceiptChange, update};
use crate::error::CliError;
use crate::plugins::sample;

/// How long the plugin has if an answer never comes, unless the case says it.
const PATIENCE: Duration = Duration::from_secs(2);

impl Case {
    /// Runs it. With `updating`, the requests that were made become those of the file.
    pub(in crate::plugin::test) async fn run(
        &self,
        bench: &Bench,
        settings: &Map<String, Value>,
        updating: bool,
    ) -> Result<Entry, CliError> {
        let script = match &self.script {
            Ok(script) => script,
            Err(finding) => {
                let place = finding.plain(&self.path.display().to_string(), &self.source).to_string();
                let entry = Entry::new(Section::Cases, &self.name, "no case", vec![Finding::failed(place)]);
                return Ok(entry);
            }
        };
        let trial = match script.trial(&self.name, bench.plugin().description(), settings) {
            Ok(trial) => trial,
            Err(text) => {
                return Ok(Entry::new(Section::Cases, &self.name, "not tried", vec![Finding::failed(text)]));
            }
        };
        let observed = Box::pin(bench.attempt(trial)).await;
        let mut found = never(&observed);
        found.extend(outcome(&script.expect, &observed));
        found.extend(answers(&observed));
        let requests = Requests::of(script, &observed);
        if !updating {
            found.extend(requests.difference().map(Finding::failed));
        }
        let entry = Entry::new(Section::Cases, &self.name, observed.in_words(), found);
        let diff = if updating && requests.differ() {
            update::write(&self.path, &self.source, &requests.seen)?;
            Some(requests.diff())
        } else {
            None
        };
        Ok(Entry { diff, ..entry }.with_attempts(vec![observed]))
    }
}

impl CaseScript {
    fn trial(
        &self,
        name: &str,
        plugin: &Description,
        settings: &Map<String, Value>,
    ) -> Result<Trial, String> {
        let mut settings = settings.clone();
        settings.extend(self.settings.clone());
        let schema = SettingsSchema::compile(&plugin.settings)?;
        if let Some(error) = schema.errors(&Value::Object(settings.clone())).into_iter().next() {
            return Err(format!("its settings are not what the plugin takes: {}", error.message));
        }
        let is_declared = |name: &String| plugin.secrets.iter().any(|secret| secret.name == *name);
        if let Some(unknown) = self.secrets.keys().find(|name| !is_declared(name)) {
            return Err(format!("the plugin has no secret `{unknown}`"));
        }
        let secrets =
            sample::secrets(plugin, &self.secrets).map_err(|(name, error)| format!("`{name}`: {error}"))?;
        let limits = AttemptLimits::default();
        let silent = self.answers.iter().any(super::Answered::is_silent);
        let wall = match self.attempt.wall_ms {
            Some(wall) => Duration::from_millis(wall).min(limits.wall),
            None if silent => PATIENCE,
            None => limits.wall,
        };
        Ok(Trial {
            name: format!("case/{}", header(name)),
            notification: self.notification.apply(),
            settings,
            secrets,
            attempt: self.attempt.apply(),
            script: Script::of(self.answers.iter().map(super::Answered::step)),
            limits: AttemptLimits { wall, ..limits },
            granted: true,
        })
    }
}

/// The name as a header can carry it.
fn header(name: &str) -> String {
    name.chars().map(|character| if character.is_ascii_graphic() { character } else { '_' }).collect()
}

/// What no case can allow.
fn never(observed: &Observed) -> Vec<Finding> {
    let broken = (observed.is_broken() || observed.is_stopped()).then(|| Finding::failed(&observed.detail));
    let leaked = observed.leaked.iter();
    let leaked =
        leaked.map(|name| Finding::failed(format!("the value of the secret `{name}` is in what it said")));
    let said = observed.said().filter(|(place, text)| *place != "the log" && has_placeholder(text));
    let said = said.map(|(place, _)| Finding::failed(format!("the placeholder of a secret is in {place}")));
    let defects =
        observed.exchanges.iter().filter_map(|exchange| exchange.defect.clone()).map(Finding::failed);
    broken.into_iter().chain(leaked).chain(said).chain(defects).collect()
}

fn outcome(expected: &Expected, observed: &Observed) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut differ = |what: &str, expected: String, actual: String| {
        found.push(Finding::failed(format!("{what}: expected {expected}, was {actual}")));
    };
    if observed.outcome != expected.outcome {
        let detail =
            if observed.detail.is_empty() { String::new() } else { format!(" ({})", observed.detail) };
        differ("outcome", expected.outcome.to_string(), format!("{}{detail}", observed.outcome));
    }
    if let Some(wait) = expected.wait_ms.filter(|wait| *wait != observed.wait_ms.unwrap_or_default()) {
        let actual = observed.wait_ms.map_or_else(|| "none".to_owned(), |wait| format!("{wait} ms"));
        differ("wait", format!("{wait} ms"), actual);
    }
    if let Some(detail) = expected.detail.as_ref().filter(|detail| !observed.detail.contains(*detail)) {
        differ("detail", format!("something with {detail:?}"), format!("{:?}", observed.detail));
    }
    if let Some(resume) = expected.resume.as_ref().filter(|resume| **resume != observed.resume) {
        differ("resume", format!("{resume:?}"), format!("{:?}", observed.resume));
    }
    if let Some(receipt) = &expected.receipt {
        for (what, expected, actual) in receipts(receipt, observed.receipt.as_ref()) {
            differ(what, expected, actual);
        }
    }
    found
}

/// The parts of a receipt that differ: what, expected, actual.
fn receipts(expected: &ReceiptChange, actual: Option<&Receipt>) -> Vec<(&'static str, String, String)> {
    let actual = actual.cloned().unwrap_or_default();
    let mut differ = Vec::new();
    for (what, expected, actual) in [
        ("message id", &expected.message_id, &actual.message_id),
        ("target", &expected.target, &actual.target),
    ] {
        if let Some(expected) = expected.as_ref().filter(|expected| *expected != actual) {
            differ.push((what, format!("{expected:?}"), format!("{actual:?}")));
        }
    }
    if let Some(expected) = expected.warnings.as_ref().filter(|expected| **expected != actual.warnings) {
        differ.push(("warnings", format!("{expected:?}"), format!("{:?}", actual.warnings)));
    }
    differ
}

/// Whether requests and answers were equally many.
fn answers(observed: &Observed) -> Vec<Finding> {
    let requests = observed.exchanges.len();
    let mut found = Vec::new();
    if observed.unexpected > 0 {
        let answers = requests.saturating_sub(observed.unexpected as usize);
        found
            .push(Finding::failed(format!("{requests} requests were made, and there are {answers} answers")));
    }
    if observed.unused > 0 {
        found.push(Finding::failed(format!(
            "{requests} requests were made, and there are {} answers",
            requests + observed.unused
        )));
    }
    found
}

/// The requests of the file and those that were made: with what stands for any value, where it fits.
struct Requests {
    written: Option<Vec<GoldenRequest>>,
    seen: Vec<GoldenRequest>,
}

impl Requests {
    fn of(script: &CaseScript, observed: &Observed) -> Self {
        let seen: Vec<GoldenRequest> =
            observed.exchanges.iter().map(|exchange| exchange.request.clone()).collect();
        let json = |requests: &[GoldenRequest]| serde_json::to_value(requests).unwrap_or_default();
        let kept = script
            .requests
            .as_ref()
            .and_then(|written| serde_json::from_value(keeping(&json(written), json(&seen))).ok());
        Self { written: script.requests.clone(), seen: kept.unwrap_or(seen) }
    }

    fn differ(&self) -> bool {
        self.written.as_ref() != Some(&self.seen)
    }

    /// What is wrong with the requests, if the file has any.
    fn difference(&self) -> Option<String> {
        (self.written.is_some() && self.differ())
            .then(|| format!("other requests than in the file (--update writes these):\n{}", self.diff()))
    }

    fn diff(&self) -> String {
        let text =
            |requests: &Vec<GoldenRequest>| serde_json::to_string_pretty(requests).unwrap_or_default() + "\n";
        let written = self.written.as_ref().map(text).unwrap_or_default();
        update::diff(&written, &text(&self.seen))
    }
}

#[cfg(test)]
mod tests {
    use campanile_core::notification::Presentation;
    use campanile_core::outcome::{AttemptReport, Outcome, Usage};
    use serde_json::json;

    use super::*;

    fn rate_limited(wait: Option<u64>) -> Observed {
        let report = AttemptReport {
            outcome: Outcome::RateLimited(wait.map(Duration::from_millis)),
            detail: "asks for patience".to_owned(),
            resume: "2".to_owned(),
            guest_log: Vec::new(),
            duration: Duration::ZERO,
            usage: Usage::default(),
        };
        Observed::new(Presentation::Rich, report, Vec::new(), &Script::default())
    }

    fn differences(expected: &Value, observed: &Observed) -> usize {
        outcome(&serde_json::from_value(expected.clone()).unwrap(), observed).len()
    }

    #[test]
    fn each_thing_that_is_expected_is_compared() {
        let observed = rate_limited(Some(2000));
        let of = |expected: Value| differences(&expected, &observed);
        assert_eq!(
            of(json!({ "outcome": "rate-limited", "wait-ms": 2000, "detail": "patience", "resume": "2" })),
            0
        );
        assert_eq!(of(json!({ "outcome": "transient", "wait-ms": 1, "detail": "x", "resume": "" })), 4);
        assert_eq!(differences(&json!({ "outcome": "rate-limited", "wait-ms": 0 }), &rate_limited(None)), 0);
        let receipt = json!({ "outcome": "rate-limited", "receipt": { "message-id": "7", "target": "" } });
        assert_eq!(of(receipt), 1);
    }
}
