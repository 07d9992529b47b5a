//! Names that a template can not mean: caught when it is compiled, not at night when it is rendered.

use std::collections::HashSet;

use minijinja::ErrorKind;

use super::context::FIELDS;
use super::environment::ENVIRONMENT;
use super::error::TemplateError;
use crate::diagnostic::suggestion;

/// Checks the variables that `source` reads, as `minijinja` lists them: `event.status`, `now`.
pub(super) fn check(variables: &HashSet<String>, source: &str) -> Result<(), TemplateError> {
    let unknown = variables.iter().filter_map(|path| unknown(path, source));
    // The set has no order; the first in the source is the one to mend first.
    unknown.min_by_key(|error| error.range.as_ref().map(|range| range.start)).map_or(Ok(()), Err)
}

fn unknown(path: &str, source: &str) -> Option<TemplateError> {
    let mut names = path.split('.');
    let root = names.next().unwrap_or_default();
    let error = |message: String, help: String| {
        let range = source.find(path).map(|start| start..start + path.len());
        Some(TemplateError { message, range, help: Some(help) })
    };
    match (root, names.next()) {
        ("event", Some(field)) if !FIELDS.contains(&field) => {
            error(format!("an event has no `{field}`"), suggestion(field, "fields", FIELDS))
        }
        ("event" | "now", _) => None,
        _ if ENVIRONMENT.globals().any(|(name, _)| name == root) => None,
        _ => error(format!("there is no `{root}`"), suggestion(root, "names", ["event", "now"])),
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
