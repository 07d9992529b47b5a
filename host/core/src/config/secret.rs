//! `[channels.NAME.secrets]`: where secrets come from. The values are never in the file.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::table::{self, Entry, Findings, Table};
use crate::description::is_name;
use crate::diagnostic::Diagnostic;
use crate::text::quoted;

/// Where a secret comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file.
    File(String),
    /// A parameter of SSM, by its name.
    Ssm(String),
}

impl SecretSource {
    /// The key that says what kind it is, and what is written there.
    #[must_use]
    pub fn named(&self) -> (&'static str, &str) {
        match self {
            Self::Env(variable) => ("env", variable),
            Self::File(path) => ("file", path),
            Self::Ssm(parameter) => ("ssm", parameter),
        }
    }

    /// Whether the value may become another while the process lives.
    #[must_use]
    pub fn may_change(&self) -> bool {
        !matches!(self, Self::Env(_))
    }
}

/// Bytes of a parameter's name: AWS takes 1011, the account and the region before it included.
const PARAMETER_BYTES: usize = 1011;

/// Levels of a parameter's name.
const PARAMETER_LEVELS: usize = 15;

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
        let help = "write `{ env = \"VARIABLE\" }`, `{ file = \"path\" }` or `{ ssm = \"/path/of/parameter\" }`; if this \
            was a real secret, replace it";
        found.push(Diagnostic::error("config::secret-in-file", message).help(help));
        return None;
    }
    let mut table = Table::of(path.to_owned(), value, found)?;
    let source = match (table.get("env"), table.get("file"), table.get("ssm")) {
        (Some(name), None, None) => {
            checked(&table.path_of("env"), name, is_variable, "the name of a variable", found)
                .map(SecretSource::Env)
        }
        (None, Some(file), None) => {
            checked(&table.path_of("file"), file, |file| !file.is_empty(), "a path", found)
                .map(SecretSource::File)
        }
        (None, None, Some(name)) => {
            checked(&table.path_of("ssm"), name, is_parameter, PARAMETER, found).map(SecretSource::Ssm)
        }
        _ => {
            let message = format!("`{path}` must have exactly one of `env`, `file` and `ssm`");
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

const PARAMETER: &str = "the name of a parameter: `/` and then letters, digits, `.`, `-`, `_` and further `/`, for example \
    `/campanile/bot-token`; not under `/aws` or `/ssm`";

/// What AWS lets be the name of a parameter, and always a path: the function reads those under its stack's name, and a value
/// in place of a name hardly looks like one.
fn is_parameter(text: &str) -> bool {
    let Some(path) = text.strip_prefix('/') else { return false };
    let is_part = |next: char| next.is_ascii_alphanumeric() || ".-_".contains(next);
    let is_level = |level: &str| !level.is_empty() && level.chars().all(is_part);
    let start = path.get(..3).unwrap_or_default();
    let is_reserved = ["aws", "ssm"].iter().any(|reserved| start.eq_ignore_ascii_case(reserved));
    text.len() <= PARAMETER_BYTES
        && !is_reserved
        && path.split('/').all(is_level)
        && path.split('/').count() <= PARAMETER_LEVELS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parameters_are_told_from_values() {
        let deepest = format!("/a{}", "/a".repeat(PARAMETER_LEVELS - 1));
        let longest = format!("/{}", "a".repeat(PARAMETER_BYTES - 1));
        for name in ["/campanile/bot-token", "/a", "/Home_1/ops.v2/webhook-url", &deepest, &longest] {
            assert!(is_parameter(name), "{name}");
        }
        let (deeper, longer) = (format!("{deepest}/a"), format!("{longest}a"));
        let others =
            ["", "/", "//a", "/a/", "/a//b", "/AWS/x", "/ssm-x", "/a b", "/ü", "/a:1", &deeper, &longer];
        for name in others {
            assert!(!is_parameter(name), "{name}");
        }
        for pasted in ["123456789:AAfkeToken", "whsec_abc", "https://discord.com/api/webhooks/1/token"] {
            assert!(!is_parameter(pasted), "{pasted}");
        }
    }
}
