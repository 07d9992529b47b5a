//! `[channels.NAME.secrets]`: where secrets come from. The values are never in the file.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::table::{self, Entry, Findings, Table};
use crate::description::is_name;
use crate::diagnostic::Diagnostic;
use crate::text::quoted;

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file.
    File(String),
}

/// A secret's source and its place in `campanile.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretEntry {
    /// Where the secret comes from.
    pub source: SecretSource,
    /// Its name in the file.
    pub span: Range<usize>,
}

pub(super) fn read_all(table: Option<Table<'_>>, found: &mut Findings) -> BTreeMap<String, SecretEntry> {
    let Some(table) = table else { return BTreeMap::new() };
    let mut read = BTreeMap::new();
    for (name, span, value) in table.entries() {
        if !is_name(name) {
            let message = format!("`{}` is not a name for a secret", quoted(name));
            let help = "names are in the plugin's description, for example `bot-token`";
            found.push(Diagnostic::error("config::name", message).at(span.clone()).help(help));
        }
        if let Some(source) = source(&table.path_of(name), value, found) {
            read.insert(name.to_owned(), SecretEntry { source, span });
        }
    }
    read
}

fn source(path: &str, value: Entry<'_>, found: &mut Findings) -> Option<SecretSource> {
    if let DeValue::String(_) = value.get_ref() {
        // No span, and not the text: whoever draws the place would print what is probably a secret.
        let message = format!("`{path}` is text; secrets are never written into the file");
        let help =
            "write `{ env = \"VARIABLE\" }` or `{ file = \"path\" }`; if this was a real secret, replace it";
        found.push(Diagnostic::error("config::secret-in-file", message).help(help));
        return None;
    }
    let mut table = Table::of(path.to_owned(), value, found)?;
    let source = match (table.get("env"), table.get("file")) {
        (Some(name), None) => {
            checked(&table.path_of("env"), name, is_variable, "the name of a variable", found)
                .map(SecretSource::Env)
        }
        (None, Some(file)) => checked(&table.path_of("file"), file, |file| !file.is_empty(), "a path", found)
            .map(SecretSource::File),
        _ => {
            let message = format!("`{path}` must have exactly one of `env` and `file`");
            found.push(Diagnostic::error("config::invalid-value", message).at(table.span.clone()));
            None
        }
    };
    table.finish(found);
    source
}

fn checked(
    path: &str,
    value: Entry<'_>,
    is_valid: impl Fn(&str) -> bool,
    what: &str,
    found: &mut Findings,
) -> Option<String> {
    let text = table::text(path, value, found)?;
    if !is_valid(text.get_ref()) {
        // No span here either: a token in place of a name is a common slip.
        found.push(Diagnostic::error("config::invalid-value", format!("`{path}` is not {what}")));
        return None;
    }
    Some(text.into_inner().to_owned())
}

/// What POSIX lets be the name of an environment variable.
fn is_variable(text: &str) -> bool {
    let is_part = |next: char| next.is_ascii_alphanumeric() || next == '_';
    text.starts_with(|first: char| !first.is_ascii_digit()) && text.chars().all(is_part)
}
