//! What `campanile plugin test` prints: a line for each thing that was tried, and all there is to know of what went wrong.

use std::path::{Path, PathBuf};

use anstyle::Style;
use campanile_core::description::Description;
use serde_json::{Value, json};

use super::conformance::Figures;
use super::entry::{Entry, Section, Verdict};
use super::trial::{Exchange, Observed};
use crate::output::{self, BAD, CARE, GOOD, QUIET, STRONG, styled, visible};

/// Lines of a request's body that are shown of a failure.
const BODY_LINES: usize = 12;

/// Lines of the guest's log that are shown of a failure, the last ones.
const LOG_LINES: usize = 12;

/// Longest line of a request that is shown of a failure, in characters.
const LINE: usize = 200;

/// Everything that was tried.
pub(super) struct Report {
    path: PathBuf,
    figures: Figures,
    pub(super) plugin: Option<Description>,
    pub(super) entries: Vec<Entry>,
}

impl Report {
    pub(super) fn new(path: &Path, figures: Figures) -> Self {
        Self { path: path.to_owned(), figures, plugin: None, entries: Vec::new() }
    }

    pub(super) fn count(&self, verdict: Verdict) -> usize {
        self.entries.iter().filter(|entry| entry.verdict == verdict).count()
    }

    pub(super) fn to_json(&self) -> Value {
        json!({
            "file": self.path,
            "name": self.plugin.as_ref().map(|plugin| &plugin.name),
            "version": self.plugin.as_ref().map(|plugin| &plugin.version),
            "figures": self.figures,
            "most-memory-bytes": self.attempts().map(|attempt| attempt.memory_bytes).max(),
            "most-cpu-ms": self.attempts().map(|attempt| attempt.cpu_ms).max(),
            "passed": self.count(Verdict::Passed),
            "advice": self.count(Verdict::Advice),
            "failed": self.count(Verdict::Failed),
            "entries": self.entries.iter().map(entry_json).collect::<Vec<_>>(),
        })
    }

    pub(super) fn show(&self) {
        for line in self.lines() {
            output::line(line);
        }
    }

    fn attempts(&self) -> impl Iterator<Item = &Observed> {
        self.entries.iter().flat_map(|entry| &entry.attempts)
    }

    fn lines(&self) -> Vec<String> {
        let path = styled(QUIET, visible(&self.path.display().to_string()));
        let mut lines = vec![match &self.plugin {
            Some(plugin) => format!("{} {}  {path}", styled(STRONG, &plugin.name), visible(&plugin.version)),
            None => path,
        }];
        let width = self.entries.iter().map(|entry| entry.name.len()).max().unwrap_or_default();
        for section in [Section::Conformance, Section::Behaviour, Section::Cases] {
            let entries: Vec<&Entry> = self.entries.iter().filter(|entry| entry.section == section).collect();
            if !entries.is_empty() {
                lines.push(format!("\n{}", styled(STRONG, name(section))));
            }
            for entry in entries {
                lines.extend(entry_lines(entry, width));
            }
        }
        lines.push(String::new());
        lines.push(self.sum());
        lines
    }

    /// `25 passed, 1 failed, 2 with advice; at most 1.6 MiB of memory and 10 ms of processor time`
    fn sum(&self) -> String {
        let (failed, advice) = (self.count(Verdict::Failed), self.count(Verdict::Advice));
        let advised = if advice > 0 { format!(", {advice} with advice") } else { String::new() };
        let sum = format!("{} passed, {failed} failed{advised}", self.count(Verdict::Passed));
        let style = match (failed, advice) {
            (0, 0) => GOOD,
            (0, _) => CARE,
            _ => BAD,
        };
        let most = self.attempts().map(|attempt| (attempt.memory_bytes, attempt.cpu_ms));
        let used = most.reduce(|(memory, cpu), (other, time)| (memory.max(other), cpu.max(time)));
        let used = used.map(|(memory, cpu)| {
            let memory = super::conformance::mebibytes(memory);
            format!("; an attempt took at most {memory:.1} MiB of memory and {cpu} ms of processor time")
        });
        format!("{}{}", styled(style, sum), styled(QUIET, used.unwrap_or_default()))
    }
}

/// What has passed needs no evidence, and the attempts with the largest texts would be megabytes.
fn entry_json(entry: &Entry) -> Value {
    let passed = entry.verdict == Verdict::Passed;
    let shown = if passed { entry.clone().with_attempts(Vec::new()) } else { entry.clone() };
    serde_json::to_value(shown).unwrap_or_default()
}

fn name(section: Section) -> &'static str {
    match section {
        Section::Conformance => "conformance",
        Section::Behaviour => "behaviour",
        Section::Cases => "cases",
    }
}

fn word(verdict: Verdict) -> (&'static str, Style) {
    match verdict {
        Verdict::Passed => ("ok", GOOD),
        Verdict::Advice => ("advice", CARE),
        Verdict::Failed => ("failed", BAD),
    }
}

fn entry_lines(entry: &Entry, width: usize) -> Vec<String> {
    let (verdict, style) = word(entry.verdict);
    // Padded before it is coloured: escapes have no width.
    let verdict = format!("{}{}", styled(style, verdict), " ".repeat(6_usize.saturating_sub(verdict.len())));
    let entry_name = visible(&entry.name);
    let line = format!("  {verdict}  {entry_name:<width$}");
    let mut lines = vec![match visible(&entry.summary) {
        summary if summary.is_empty() => line.trim_end().to_owned(),
        summary => format!("{line}  {}", styled(QUIET, summary)),
    }];
    for finding in &entry.findings {
        let (_, style) = word(finding.verdict);
        for (number, line) in finding.text.lines().enumerate() {
            let dash = if number == 0 { styled(style, "-") } else { " ".to_owned() };
            lines.push(format!("          {dash} {}", visible(line)));
        }
    }
    if let Some(diff) = &entry.diff {
        lines.push(format!("          {} written to the case:", styled(CARE, "-")));
        lines.extend(diff.lines().map(|line| format!("            {}", visible(line))));
    }
    if entry.verdict == Verdict::Failed {
        // The first that shows it: the others differ in the presentation.
        let worst = entry.attempts.iter().find(|attempt| is_concerned(entry, attempt));
        lines.extend(worst.iter().flat_map(|attempt| attempt_lines(attempt)));
    }
    lines
}

/// Whether a failure is about this attempt: those that are about some presentations begin with their names.
fn is_concerned(entry: &Entry, attempt: &Observed) -> bool {
    let failures = || entry.findings.iter().filter(|finding| finding.verdict == Verdict::Failed);
    let names = |text: &str| text.split_once(": ").map(|(names, _)| names.to_owned()).unwrap_or_default();
    let is_named = |text: &str| names(text).split(", ").any(|name| name == attempt.presentation.name());
    let of_some =
        |text: &str| names(text).split(", ").all(|name| matches!(name, "rich" | "plain" | "minimal"));
    failures().any(|finding| is_named(&finding.text) || !of_some(&finding.text))
}

fn attempt_lines(attempt: &Observed) -> Vec<String> {
    let mut lines = Vec::new();
    for exchange in &attempt.exchanges {
        lines.extend(exchange_lines(exchange));
    }
    lines.push(format!("{} {}", attempt.presentation.name(), attempt.in_words()));
    let skipped = attempt.guest_log.len().saturating_sub(LOG_LINES);
    lines.extend(attempt.guest_log.iter().skip(skipped).map(|line| format!("log  {line}")));
    lines.into_iter().map(|line| format!("            {}", styled(QUIET, visible(&cut(&line))))).collect()
}

fn exchange_lines(exchange: &Exchange) -> Vec<String> {
    let request = &exchange.request;
    let answer = match exchange.status {
        Some(status) => format!("{status} {}", exchange.answer.lines().next().unwrap_or_default()),
        None => "no answer".to_owned(),
    };
    let mut lines = vec![format!("{} {} -> {answer}", request.method, request.url)];
    let json = request.json.as_ref().and_then(|json| serde_json::to_string_pretty(json).ok());
    let body = json.or_else(|| request.text.clone()).or_else(|| request.base64.clone()).unwrap_or_default();
    lines.extend(body.lines().take(BODY_LINES).map(|line| format!("  {line}")));
    if body.lines().count() > BODY_LINES {
        lines.push("  …".to_owned());
    }
    lines
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LINE) {
        Some((at, _)) => line.get(..at).unwrap_or_default().to_owned() + "…",
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use campanile_core::notification::Presentation;
    use campanile_core::outcome::{AttemptReport, Outcome, Usage};
    use campanile_local::fakes::script::Script;

    use super::super::entry::Finding;
    use super::*;

    fn observed() -> Observed {
        let request =
            json!({ "method": "POST", "url": "https://a.example/x", "json": { "title": "T\u{1b}[31m" } });
        let exchange = Exchange {
            request: serde_json::from_value(request).unwrap(),
            status: Some(429),
            answer: "slow\ndown".to_owned(),
            defect: None,
        };
        let report = AttemptReport {
            outcome: Outcome::Transient,
            detail: "busy".to_owned(),
            resume: String::new(),
            guest_log: vec!["warn: hm".to_owned()],
            duration: Duration::from_millis(3),
            usage: Usage { memory: 3 << 19, cpu: Duration::from_millis(10), ..Usage::default() },
        };
        Observed::new(Presentation::Rich, report, vec![exchange], &Script::default())
    }

    fn report() -> Report {
        let mut report = Report::new(Path::new("x.wasm"), Figures::default());
        let failed = vec![Finding::failed("`transient`: busy; expected `rate-limited`")];
        report.entries = vec![
            Entry::new(Section::Conformance, "component", "1 import", Vec::new()),
            Entry::new(Section::Conformance, "settings", "", vec![Finding::advice("not closed")]),
            Entry::new(Section::Behaviour, "rate-limited", "transient", failed)
                .with_attempts(vec![observed()]),
        ];
        report
    }

    const SHOWN: &str = r#"x.wasm

conformance
  ok      component     1 import
  advice  settings
          - not closed

behaviour
  failed  rate-limited  transient
          - `transient`: busy; expected `rate-limited`
            POST https://a.example/x -> 429 slow
              {
                "title": "T\u001b[31m"
              }
            rich transient
            log  warn: hm

1 passed, 1 failed, 1 with advice; an attempt took at most 1.5 MiB of memory and 10 ms of processor time"#;

    #[test]
    fn a_failure_is_shown_with_all_that_is_known_of_it() {
        let shown = report().lines().join("\n");
        assert_eq!(anstream::adapter::strip_str(&shown).to_string(), SHOWN);
    }

    #[test]
    fn machines_get_the_evidence_of_what_did_not_pass() {
        let json = report().to_json();
        assert_eq!((&json["passed"], &json["advice"], &json["failed"]), (&json!(1), &json!(1), &json!(1)));
        assert!(json["entries"][0].get("attempts").is_none());
        let attempt = &json["entries"][2]["attempts"][0];
        assert_eq!(
            (&attempt["outcome"], &attempt["exchanges"][0]["status"]),
            (&json!("transient"), &json!(429))
        );
        assert_eq!(json["most-memory-bytes"], 3 << 19);
    }
}
