//! Findings in files, shown with the place and the fix.

use std::sync::Arc;

use campanile_core::diagnostic::{Diagnostic, Severity};
use campanile_rules::review::Reviewed;
use miette::{LabeledSpan, NamedSource, Report, miette};
use serde_json::{Value, json};

use crate::error::count;
use crate::output;

/// Shows `findings` in the file `name` with the text `source`, on standard error.
pub(crate) fn show(name: &str, source: &str, findings: &[Diagnostic]) {
    let source = Arc::new(source.to_owned());
    for finding in findings {
        output::note(format!("{:?}", report(name, &source, finding)));
    }
}

fn report(name: &str, source: &Arc<String>, finding: &Diagnostic) -> Report {
    let severity = match finding.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
    };
    let labels: Vec<LabeledSpan> = finding
        .span
        .iter()
        .map(|span| {
            let label = (!finding.label.is_empty()).then(|| finding.label.clone());
            LabeledSpan::new(label, span.start, span.len())
        })
        .collect();
    let help = finding.help.clone().unwrap_or_default();
    let mut diagnostic = miette::MietteDiagnostic::new(finding.message.clone())
        .with_code(finding.code)
        .with_severity(severity)
        .with_labels(labels);
    if !help.is_empty() {
        diagnostic = diagnostic.with_help(help);
    }
    miette!(diagnostic).with_source_code(NamedSource::new(name, source.as_ref().clone()))
}

/// The same for machines.
pub(crate) fn to_json(source: &str, findings: &[Diagnostic]) -> Value {
    let finding = |finding: &Diagnostic| {
        let place =
            finding.span.as_ref().map(|span| campanile_core::diagnostic::position(source, span.start));
        json!({
            "code": finding.code,
            "severity": match finding.severity { Severity::Error => "error", Severity::Warning => "warning" },
            "message": finding.message,
            "line": place.map(|(line, _)| line),
            "column": place.map(|(_, column)| column),
            "help": finding.help,
        })
    };
    findings.iter().map(finding).collect()
}

/// The findings in a text that is not the configuration, for machines.
pub(crate) fn reviewed_to_json(reviewed: &Reviewed) -> Vec<Value> {
    let findings = to_json(&reviewed.text, &reviewed.findings);
    let mut findings = findings.as_array().cloned().unwrap_or_default();
    for finding in &mut findings {
        if let Some(finding) = finding.as_object_mut() {
            finding.insert("in".to_owned(), reviewed.name.clone().into());
        }
    }
    findings
}

/// `0 errors, 2 warnings`
pub(crate) fn summary(errors: usize, warnings: usize) {
    let style = match (errors, warnings) {
        (0, 0) => output::GOOD,
        (0, _) => output::CARE,
        _ => output::BAD,
    };
    output::line(output::styled(
        style,
        format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    ));
}

/// The number of errors among `findings`.
pub(crate) fn errors(findings: &[Diagnostic]) -> usize {
    findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}
