//! Names that a template can not mean: caught when it is compiled, not at night when it is rendered.

use std::collections::HashSet;

use minijinja::ErrorKind;

use super::context::{FIELDS, NEWS_FIELDS};
use super::environment::ENVIRONMENT;
use super::error::TemplateError;
use crate::diagnostic::suggestion;

/// What conditions see.
pub(super) const OF_EVENTS: &[&str] = &["event", "now"];

/// What templates see.
pub(super) const OF_NEWS: &[&str] = &["event", "news", "now"];

/// Checks the variables that `source` reads, as `minijinja` lists them: `event.status`, `now`.
pub(super) fn check(variables: &HashSet<String>, known: &[&str], source: &str) -> Result<(), TemplateError> {
    let unknown = variables.iter().filter_map(|path| unknown(path, known, source));
    // The set has no order; the first in the source is the one to mend first.
    unknown.min_by_key(|error| error.range.as_ref().map(|range| range.start)).map_or(Ok(()), Err)
}

fn unknown(path: &str, known: &[&str], source: &str) -> Option<TemplateError> {
    let mut names = path.split('.');
    let root = names.next().unwrap_or_default();
    let error = |message: String, help: String| {
        let range = source.find(path).map(|start| start..start + path.len());
        Some(TemplateError { message, range, help: Some(help) })
    };
    match (root, names.next()) {
        _ if !known.contains(&root) => {
            let is_builtin = ENVIRONMENT.globals().any(|(name, _)| name == root);
            let help = suggestion(root, "names", known.iter().copied());
            if is_builtin { None } else { error(format!("there is no `{root}`"), help) }
        }
        ("event", Some(field)) if !FIELDS.contains(&field) => {
            error(format!("an event has no `{field}`"), suggestion(field, "fields", FIELDS))
        }
        ("news", Some(field)) if !NEWS_FIELDS.contains(&field) => {
            error(format!("`news` has no `{field}`"), suggestion(field, "fields", NEWS_FIELDS))
        }
        _ => None,
    }
}

/// Checks how a trial went: what is unknown then is always unknown, while other errors may be due to the trial's event.
pub(super) fn check_run(error: Option<minijinja::Error>, source: &str) -> Result<(), TemplateError> {
    use ErrorKind::{TemplateNotFound, UnknownFilter, UnknownFunction, UnknownTest};
    match error {
        Some(error)
            if matches!(error.kind(), TemplateNotFound | UnknownFilter | UnknownFunction | UnknownTest) =>
        {
            Err(TemplateError::of(&error, source))
        }
        _ => Ok(()),
    }
}
