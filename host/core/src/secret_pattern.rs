//! What a plugin takes as a secret: a form that the whole value must have, and the parts of it that are used.

use std::collections::BTreeMap;
use std::fmt;

use regex::{Regex, RegexBuilder};

/// Largest compiled pattern, in bytes: a pattern comes from a plugin and must not cost more than a page of memory or two
/// of them. That of a Discord webhook takes 20 KB.
const COMPILED_BYTES: usize = 1 << 18;

/// Largest secret, in bytes. A private key in PEM has 3 KB.
const SECRET_BYTES: usize = 16 * 1024;

/// The form of a secret.
#[derive(Clone, Debug)]
pub struct SecretPattern(Option<Regex>);

/// A secret as a plugin may use it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue {
    /// What the secret's reference stands for.
    pub value: String,
    /// What the references of its parts stand for, by name.
    pub parts: BTreeMap<String, String>,
}

/// Never the value: what is logged can't be unlogged.
impl fmt::Debug for SecretValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretValue")
    }
}

/// Why a text can't be used as a secret. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Nothing but white space.
    #[error("the secret is empty")]
    Empty,
    /// Larger than any secret.
    #[error("the secret has more than {SECRET_BYTES} bytes; is it the right file?")]
    TooLong,
    /// Not what the plugin expects.
    #[error("the secret does not have the form that the plugin expects; copy it again, whole")]
    Mismatch,
}

impl SecretPattern {
    /// Compiles a plugin's pattern; without one, any text will do.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub fn compile(pattern: Option<&str>) -> Result<Self, regex::Error> {
        let whole =
            |pattern| RegexBuilder::new(&format!(r"\A(?:{pattern})\z")).size_limit(COMPILED_BYTES).build();
        pattern.map(whole).transpose().map(Self)
    }

    /// Reads a secret: cuts white space off its ends, and takes the pattern's first group as its value and the named
    /// groups as its parts.
    ///
    /// # Errors
    /// [`SecretError`] if the text does not fit.
    pub fn apply(&self, text: &str) -> Result<SecretValue, SecretError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SecretError::Empty);
        }
        if text.len() > SECRET_BYTES {
            return Err(SecretError::TooLong);
        }
        let Some(pattern) = &self.0 else {
            return Ok(SecretValue { value: text.to_owned(), parts: BTreeMap::new() });
        };
        let captures = pattern.captures(text).ok_or(SecretError::Mismatch)?;
        let value = if captures.len() > 1 { captures.get(1) } else { captures.get(0) };
        let part = |name: &str| Some((name.to_owned(), captures.name(name)?.as_str().to_owned()));
        Ok(SecretValue {
            value: value.ok_or(SecretError::Mismatch)?.as_str().to_owned(),
            parts: pattern.capture_names().flatten().filter_map(part).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEBHOOK: &str =
        r"https://discord\.com/api/webhooks/(\d+/[\w-]+)/?(?:\?thread_id=(?P<thread_id>\d+))?";

    fn apply(pattern: Option<&str>, text: &str) -> Result<(String, BTreeMap<String, String>), SecretError> {
        let secret = SecretPattern::compile(pattern).unwrap().apply(text)?;
        Ok((secret.value, secret.parts))
    }

    #[test]
    fn the_first_group_is_the_value_and_named_groups_are_parts() {
        let thread = BTreeMap::from([("thread_id".to_owned(), "7".to_owned())]);
        let url = "https://discord.com/api/webhooks/1/a-b";
        assert_eq!(apply(Some(WEBHOOK), url), Ok(("1/a-b".into(), BTreeMap::new())));
        assert_eq!(apply(Some(WEBHOOK), &format!("{url}?thread_id=7")), Ok(("1/a-b".into(), thread)));
        assert_eq!(apply(Some("[a-z]+"), "abc"), Ok(("abc".into(), BTreeMap::new())));
    }

    #[test]
    fn white_space_around_a_secret_is_cut_off() {
        for text in ["abc\n", " abc", "\tabc\r\n"] {
            assert_eq!(apply(None, text).unwrap().0, "abc", "TG-07, DC-08");
        }
        assert_eq!(apply(None, " \n"), Err(SecretError::Empty));
    }

    #[test]
    fn the_whole_text_must_match() {
        for text in ["abc1", "1abc", "abc\ndef"] {
            assert_eq!(apply(Some("[a-z]+|x"), text), Err(SecretError::Mismatch));
        }
        assert_eq!(apply(Some("(a)?b"), "b"), Err(SecretError::Mismatch), "a value that took no part");
        assert_eq!(apply(None, &"x".repeat(SECRET_BYTES + 1)), Err(SecretError::TooLong));
    }

    #[test]
    fn neither_errors_nor_debug_output_hold_the_value() {
        let pattern = SecretPattern::compile(Some("a(.*)")).unwrap();
        assert!(!format!("{:?}", pattern.apply("a-hunter2").unwrap()).contains("hunter2"));
        assert!(!pattern.apply("b-hunter2").unwrap_err().to_string().contains("hunter2"));
    }

    #[test]
    fn a_pattern_that_costs_too_much_is_refused() {
        assert!(SecretPattern::compile(Some(r"(?:\w{1000}){1000}")).is_err());
    }
}
