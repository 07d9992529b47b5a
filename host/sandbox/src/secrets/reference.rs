//! The placeholders of one attempt: random, each good for one request.

use super::Secret;
use crate::limits;

/// Why there is no placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReferenceError {
    Undeclared,
    Unset,
    /// More than [`limits::REFERENCES`] in one attempt, or no randomness.
    Exhausted,
}

/// A placeholder, and what it stands for.
pub(crate) struct Reference {
    pub(crate) placeholder: String,
    /// Index into the channel's secrets.
    pub(crate) secret: usize,
    pub(crate) part: Option<String>,
    pub(crate) used: bool,
}

/// All placeholders handed out in one attempt.
#[derive(Default)]
pub(crate) struct References {
    pub(crate) issued: Vec<Reference>,
}

impl References {
    /// A fresh placeholder for `name` (`NAME` or `NAME.PART`); `declared` are the names in the plugin's description.
    pub(crate) fn issue(
        &mut self,
        name: &str,
        secrets: &[Secret],
        declared: &[String],
    ) -> Result<String, ReferenceError> {
        let (name, part) = name.split_once('.').map_or((name, None), |(name, part)| (name, Some(part)));
        if !declared.iter().any(|known| known == name) {
            return Err(ReferenceError::Undeclared);
        }
        let secret = secrets.iter().position(|secret| secret.name() == name).ok_or(ReferenceError::Unset)?;
        let has_value = secrets.get(secret).is_some_and(|secret| secret.expose(part).is_some());
        if !has_value {
            return Err(ReferenceError::Unset);
        }
        if self.issued.len() >= limits::REFERENCES {
            return Err(ReferenceError::Exhausted);
        }
        let placeholder = random_placeholder().ok_or(ReferenceError::Exhausted)?;
        let reference = Reference {
            placeholder: placeholder.clone(),
            secret,
            part: part.map(str::to_owned),
            used: false,
        };
        self.issued.push(reference);
        Ok(placeholder)
    }
}

/// 160 random bits in RFC 3986 unreserved characters, so that no URL library changes them on the way.
fn random_placeholder() -> Option<String> {
    use std::fmt::Write as _;
    let mut random = [0_u8; 20];
    getrandom::fill(&mut random).ok()?;
    let mut text = String::from("secret-");
    for byte in random {
        write!(text, "{byte:02x}").ok()?;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use campanile_core::description::SecretPlace;

    use super::*;

    #[test]
    fn placeholders_are_fresh_and_say_nothing() {
        let parts = BTreeMap::from([("thread".to_owned(), "7".to_owned())]);
        let secrets = [Secret::new("token", vec![SecretPlace::Path], "hunter2hunter2".into(), parts)];
        let declared = ["token".to_owned(), "other".to_owned()];
        let mut references = References::default();
        let first = references.issue("token", &secrets, &declared).unwrap();
        let second = references.issue("token", &secrets, &declared).unwrap();
        assert_ne!(first, second);
        assert!(!first.contains("hunter2"));
        assert!(references.issue("token.thread", &secrets, &declared).is_ok());
        assert_eq!(references.issue("token.nothing", &secrets, &declared), Err(ReferenceError::Unset));
        assert_eq!(references.issue("other", &secrets, &declared), Err(ReferenceError::Unset));
        assert_eq!(references.issue("unknown", &secrets, &declared), Err(ReferenceError::Undeclared));
    }
}
