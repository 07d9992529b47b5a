//! Everything that can be said about the rules and policies of a template, each finding with the text it is about: the template
//! itself, the resolved SQL of a rule, or a field of an action.

use campanile_diagnostic::{Diagnostic, position, suggestion};

use crate::rule::{Options, Rule, Stubs};
use crate::substitution::Substitution;
use crate::template::{Action, Located, Template, TopicRule};
use crate::version::Version;

/// A text and what was found in it.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// What the text is and where: a file, or a rule's SQL in it.
    pub name: String,
    /// The text that places in findings count in.
    pub text: String,
    /// What was found.
    pub findings: Vec<Diagnostic>,
}

/// Reviews a template that was read from `text`; `file` is how findings call it.
#[must_use]
pub fn review(template: &Template, file: &str, text: &str, stubs: &Stubs) -> Vec<Reviewed> {
    let mut findings = template.findings.clone();
    findings.extend(template.lint());
    findings.extend(template.rules.iter().filter_map(|rule| version(rule).1));
    findings.sort_by_key(|found| found.span.as_ref().map(|span| span.start));
    let whole = Reviewed { name: file.to_owned(), text: text.to_owned(), findings };
    let mut reviewed = vec![whole];
    for rule in &template.rules {
        reviewed.extend(of_rule(rule, file, text, stubs));
    }
    reviewed.retain(|reviewed| !reviewed.findings.is_empty());
    reviewed
}

/// Loads a rule as AWS would.
///
/// # Errors
///
/// As [`Rule::load`]; places count in the rule's SQL.
pub fn load(rule: &TopicRule, stubs: &Stubs) -> Result<Rule, Vec<Diagnostic>> {
    let options =
        Options { version: version(rule).0, name: Some(rule.name.value.clone()), stubs: stubs.clone() };
    Rule::load(&rule.sql.value, options)
}

/// The version that a rule is deployed with, and what to say about it.
fn version(rule: &TopicRule) -> (Version, Option<Diagnostic>) {
    let help = format!("write AwsIotSqlVersion: '{}'", Version::V2016);
    let Some(stated) = &rule.sql_version else {
        let message =
            format!("`{}` has no AwsIotSqlVersion, so AWS takes {}", rule.logical_id, Version::V2015);
        return (
            Version::V2015,
            Some(Diagnostic::warning("rule::sql-version", message).at(rule.name.span.clone()).help(help)),
        );
    };
    let at = |found: Diagnostic| Some(found.at(stated.span.clone()));
    match Version::named(&stated.value) {
        None => {
            let message = format!("there is no version `{}`", stated.value);
            let help = suggestion(&stated.value, "versions", Version::NAMES);
            (Version::V2016, at(Diagnostic::error("rule::sql-version", message).help(help)))
        }
        Some(Version::V2016) => (Version::V2016, None),
        Some(Version::V2015) => (
            Version::V2015,
            at(Diagnostic::warning("rule::sql-version", "this is the first version of the language")
                .help(help)),
        ),
        Some(Version::Beta) => (
            Version::Beta,
            at(Diagnostic::warning("rule::sql-version", "the beta version may change at any time")
                .help(help)),
        ),
    }
}

fn of_rule(rule: &TopicRule, file: &str, text: &str, stubs: &Stubs) -> Vec<Reviewed> {
    let named = |what: &str, place: &Located<String>, findings| {
        let (line, _) = position(text, place.span.start);
        Reviewed {
            name: format!("{file}:{line} {} {what}", rule.logical_id),
            text: place.value.clone(),
            findings,
        }
    };
    let loaded = match load(rule, stubs) {
        Ok(loaded) => loaded,
        Err(findings) => return vec![named("Sql", &rule.sql, findings)],
    };
    // The version has been said, at its place in the template.
    let lints = loaded.lint().into_iter().filter(|found| found.code != "sql::old-version").collect();
    let mut reviewed = vec![named("Sql", &rule.sql, lints)];
    let actions = rule.actions.iter().map(|action| (action, false));
    for (action, on_error) in actions.chain(rule.error_action.iter().map(|action| (action, true))) {
        for (path, field) in templates(action) {
            reviewed.push(named(path, field, of_field(&loaded, field, on_error)));
        }
    }
    reviewed
}

/// The fields of an action that are substitution templates.
fn templates(action: &Action) -> impl Iterator<Item = (&str, &Located<String>)> {
    let fields = action.fields.iter().filter(|(_, field)| field.value.contains("${"));
    fields.map(|(path, field)| (path.as_str(), field))
}

fn of_field(rule: &Rule, field: &Located<String>, on_error: bool) -> Vec<Diagnostic> {
    match Substitution::read(&field.value, rule) {
        Err(findings) => findings,
        Ok(field) if on_error => {
            let external = field.external_functions().into_iter();
            external
                .map(|name| {
                    Diagnostic::error("rule::error-action", format!("an error action can't call {name}()"))
                })
                .collect()
        }
        Ok(_) => vec![],
    }
}
