//! Writes the requests that were made into a case file, and nothing else of it: the author's order, white space and words stay.

use std::io::Write as _;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;
use similar::TextDiff;

use super::super::golden::GoldenRequest;
use crate::error::CliError;

/// Lines around a change that are shown.
const CONTEXT: usize = 3;

/// Beside and renamed, so that a case is never half there.
pub(super) fn write(path: &Path, source: &str, requests: &[GoldenRequest]) -> Result<(), CliError> {
    let Some(changed) = with_requests(source, requests) else { return Ok(()) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut unfinished = tempfile::NamedTempFile::new_in(folder).map_err(CliError::file(folder))?;
    unfinished.write_all(changed.as_bytes()).map_err(CliError::file(path))?;
    let permissions = std::fs::metadata(path).map_err(CliError::file(path))?.permissions();
    unfinished.as_file().set_permissions(permissions).map_err(CliError::file(path))?;
    unfinished.persist(path).map_err(|error| CliError::File { path: path.to_owned(), error: error.error })?;
    Ok(())
}

/// What changed, a line each; empty if nothing did.
pub(super) fn diff(before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut unified = diff.unified_diff();
    unified.context_radius(CONTEXT);
    let changes = unified.iter_hunks().flat_map(|hunk| {
        hunk.iter_changes().map(|change| format!("{}{change}", change.tag())).collect::<Vec<_>>()
    });
    changes.collect()
}

/// `source`, a JSON object, with `requests` in place of those that it has, or as its last key.
fn with_requests(source: &str, requests: &[GoldenRequest]) -> Option<String> {
    let pretty = serde_json::to_string_pretty(requests).ok()?.replace('\n', "\n  ");
    if let Some(place) = place(source) {
        return Some(format!("{}{pretty}{}", source.get(..place.start)?, source.get(place.end..)?));
    }
    let (before, after) = source.rsplit_once('}')?;
    let before = before.trim_end();
    let comma = if before.ends_with('{') { "" } else { "," };
    Some(format!("{before}{comma}\n  \"requests\": {pretty}\n}}{after}"))
}

/// Where the value of `requests` is.
fn place(source: &str) -> Option<Range<usize>> {
    #[derive(Deserialize)]
    struct Raw<'s> {
        #[serde(borrow)]
        requests: Option<&'s RawValue>,
    }
    let raw: Raw<'_> = serde_json::from_str(source).ok()?;
    let value = raw.requests?.get();
    let start = value.as_ptr().addr().checked_sub(source.as_ptr().addr())?;
    Some(start..start + value.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn requests() -> Vec<GoldenRequest> {
        serde_json::from_value(json!([{ "url": "https://a.example", "method": "POST" }])).unwrap()
    }

    #[test]
    fn only_the_requests_change() {
        let requests = requests();
        let pretty =
            "[\n    {\n      \"method\": \"POST\",\n      \"url\": \"https://a.example\"\n    }\n  ]";
        let source = "{\n  \"requests\": [ 1 ],\n  \"expect\" : {}\n}\n";
        let changed = with_requests(source, &requests).unwrap();
        assert_eq!(changed, format!("{{\n  \"requests\": {pretty},\n  \"expect\" : {{}}\n}}\n"));
        assert_eq!(with_requests(&changed, &requests).unwrap(), changed, "written twice");
    }

    #[test]
    fn requests_that_were_not_there_come_last() {
        let changed = with_requests("{\n  \"expect\": {}\n}\n", &[]).unwrap();
        assert_eq!(changed, "{\n  \"expect\": {},\n  \"requests\": []\n}\n");
        assert_eq!(with_requests("{}", &[]).unwrap(), "{\n  \"requests\": []\n}");
    }

    #[test]
    fn a_text_that_looks_like_the_requests_is_not_taken_for_them() {
        let source = r#"{"summary":"\"requests\": [1]","requests":[1]}"#;
        let changed = with_requests(source, &[]).unwrap();
        assert_eq!(changed, r#"{"summary":"\"requests\": [1]","requests":[]}"#);
    }

    #[test]
    fn a_diff_shows_what_changed_and_a_little_around_it() {
        let lines = |changed: &str| {
            (0..20)
                .map(|n| if n == 10 { format!("{changed}\n") } else { format!("{n}\n") })
                .collect::<String>()
        };
        assert_eq!(diff(&lines("a"), &lines("b")), " 7\n 8\n 9\n-a\n+b\n 11\n 12\n 13\n");
        assert_eq!(diff("a\n", "a\n"), "");
    }
}
