//! `campanile rule lint`: what is wrong with a statement, or with the rules and policies of a template.

use std::path::Path;

use campanile_rules::review::{Reviewed, review};
use campanile_rules::{Options, Rule, Version};
use serde_json::json;

use crate::args::RuleLintArguments;
use crate::error::{CliError, count};
use crate::exit::Exit;
use crate::findings;
use crate::output;
use crate::rule::stubs;
use crate::template::TemplateFile;

pub(crate) fn run(arguments: &RuleLintArguments) -> Result<Exit, CliError> {
    let (what, reviewed) = if let Some(sql) = &arguments.sql {
        ("1 statement".to_owned(), statement("sql", sql, arguments)?)
    } else if let Some(path) = arguments.file.as_deref().filter(|path| is_statement(path)) {
        let text = std::fs::read_to_string(path).map_err(CliError::file(path))?;
        ("1 statement".to_owned(), statement(&path.display().to_string(), &text, arguments)?)
    } else {
        template(arguments)?
    };
    let errors = reviewed.iter().map(|reviewed| findings::errors(&reviewed.findings)).sum();
    let warnings = reviewed.iter().map(|reviewed| reviewed.findings.len()).sum::<usize>() - errors;
    if arguments.json {
        let all: Vec<_> = reviewed.iter().flat_map(findings::reviewed_to_json).collect();
        output::json(&json!({ "findings": all, "errors": errors, "warnings": warnings }));
    } else {
        for reviewed in &reviewed {
            findings::show(&reviewed.name, &reviewed.text, &reviewed.findings);
        }
        output::line(what);
        findings::summary(errors, warnings);
    }
    Ok(if errors > 0 || (warnings > 0 && arguments.deny_warnings) {
        Exit::Configuration
    } else {
        Exit::Success
    })
}

fn is_statement(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "sql")
}

fn statement(name: &str, text: &str, arguments: &RuleLintArguments) -> Result<Vec<Reviewed>, CliError> {
    let version = version(&arguments.statement.sql_version)?;
    let stubs = stubs(&arguments.statement.stub)?;
    let findings = match Rule::load(text, Options { version, stubs, ..Options::default() }) {
        Ok(rule) => rule.lint(),
        Err(findings) => findings,
    };
    Ok(vec![Reviewed { name: name.to_owned(), text: text.to_owned(), findings }])
}

fn template(arguments: &RuleLintArguments) -> Result<(String, Vec<Reviewed>), CliError> {
    let mut named = arguments.template.clone();
    named.template = arguments.file.clone().or(named.template);
    let file = TemplateFile::find(&named)?;
    let what = format!(
        "{}, {}",
        count(file.template.rules.len(), "rule"),
        if file.template.policies.len() == 1 {
            "1 policy".to_owned()
        } else {
            format!("{} policies", file.template.policies.len())
        }
    );
    Ok((what, review(&file.template, &file.name, &file.text, &stubs(&arguments.statement.stub)?)))
}

/// The version of this name.
pub(super) fn version(name: &str) -> Result<Version, CliError> {
    Version::named(name).ok_or_else(|| CliError::SqlVersion(name.to_owned()))
}
