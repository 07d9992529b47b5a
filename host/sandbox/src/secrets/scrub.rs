//! Takes the values of secrets out of everything that comes back from outside.
//!
//! Against accidents: error pages that quote the URL, services that echo a request, webhooks that return their own
//! token. A provider that wants to give the value away can encode it as it likes, but it has the value anyway.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Secret;
use super::substitute::{PATH, QUERY};

/// Shorter values are not looked for: they would hit ordinary text. `campanile check` warns of them.
const SHORTEST: usize = 6;

/// A piece of a value (`ID/TOKEN`, `123:TOKEN`) that is long enough to be secret by itself.
const SHORTEST_PIECE: usize = 20;

/// Finds the values of a channel's secrets, in the spellings that services use.
pub struct Scrubber {
    needles: Option<AhoCorasick>,
    masks: Vec<String>,
}

/// Never what it looks for.
impl std::fmt::Debug for Scrubber {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Scrubber").finish_non_exhaustive()
    }
}

impl Scrubber {
    pub(crate) fn new(secrets: &[Secret]) -> Self {
        Self::with_masks(secrets, |name| format!("[secret {name}]"))
    }

    /// Puts `mask` of a secret's name in the place of its value.
    #[must_use]
    pub fn with_masks(secrets: &[Secret], mask: impl Fn(&str) -> String) -> Self {
        let mut patterns: Vec<Vec<u8>> = Vec::new();
        let mut masks = Vec::new();
        for secret in secrets {
            let value = secret.expose(None).unwrap_or_default();
            for spelling in spellings(value) {
                patterns.push(spelling);
                masks.push(mask(secret.name()));
            }
        }
        let needles = AhoCorasick::builder()
            // Longest first, so that no half of a value stays behind a match of its piece.
            .match_kind(MatchKind::LeftmostLongest)
            // The fastest automaton takes longer to make, at each cold start, than it ever saves with short answers.
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&patterns)
            .ok();
        Self { needles: needles.filter(|_| !patterns.is_empty()), masks }
    }

    /// `bytes` without values.
    #[must_use]
    pub fn bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        match &self.needles {
            Some(needles) if needles.is_match(&bytes) => needles.replace_all_bytes(&bytes, &self.masks),
            _ => bytes,
        }
    }

    /// `text` without values.
    #[must_use]
    pub fn text(&self, text: String) -> String {
        match &self.needles {
            Some(needles) if needles.is_match(&text) => needles.replace_all(&text, &self.masks),
            _ => text,
        }
    }
}

/// Every spelling to look for: as it is, as a JSON string, percent-encoded, and inside base64 at each of the three alignments.
fn spellings(value: &str) -> Vec<Vec<u8>> {
    let pieces = value.split(['/', ':']).filter(|piece| piece.len() >= SHORTEST_PIECE && *piece != value);
    let mut found: Vec<Vec<u8>> = Vec::new();
    for text in pieces.chain([value]).filter(|text| text.len() >= SHORTEST) {
        let json = serde_json::Value::from(text).to_string();
        let json = json.trim_matches('"').to_owned();
        let mut spelled = vec![text.to_owned(), json.replace('/', "\\/"), json];
        // All that can be encoded, and what the host itself writes into paths and queries.
        for set in [NON_ALPHANUMERIC, PATH, QUERY] {
            let encoded = utf8_percent_encode(text, set).to_string();
            spelled.extend([with_small_digits(&encoded), encoded]);
        }
        found.extend(spelled.into_iter().map(String::into_bytes));
        found.extend(base64_spellings(text));
    }
    found.sort();
    found.dedup();
    found
}

/// `%2f` for `%2F`: both are right (RFC 3986 section 2.1).
fn with_small_digits(encoded: &str) -> String {
    let mut after_percent = 3;
    let small = encoded.chars().map(|character| {
        after_percent = if character == '%' { 0 } else { after_percent + 1 };
        if after_percent <= 2 { character.to_ascii_lowercase() } else { character }
    });
    small.collect()
}

/// The digits of base64 that depend on `text` alone, whatever stands before and after it.
fn base64_spellings(text: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for (shift, first_digit) in [(0, 0), (1, 2), (2, 3)] {
        let mut shifted = vec![0_u8; shift];
        shifted.extend_from_slice(text.as_bytes());
        let full_digits = shifted.len() * 8 / 6;
        for digits in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            if let Some(inner) = digits.get(first_digit..full_digits).filter(|inner| inner.len() >= SHORTEST)
            {
                found.push(inner.as_bytes().to_vec());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use campanile_core::description::SecretPlace;

    use super::*;

    fn scrubber(value: &str) -> Scrubber {
        Scrubber::new(&[Secret::new("token", vec![SecretPlace::Path], value.into(), BTreeMap::new())])
    }

    #[test]
    fn every_spelling_is_masked() {
        let value = "123456789:AAf/ke+token_value-with.long~tail";
        let scrubber = scrubber(value);
        let json = serde_json::json!({ "error": format!("no route for /bot{value}/send") }).to_string();
        let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
        let mut echoes = vec![
            value.to_owned(),
            json.clone(),
            json.replace('/', "\\/"),
            encoded.clone(),
            with_small_digits(&encoded),
            utf8_percent_encode(value, PATH).to_string(),
        ];
        for before in ["", "x", "xx", "user:"] {
            for after in ["", "y", "yy"] {
                echoes.push(STANDARD_NO_PAD.encode(format!("{before}{value}{after}")));
                echoes.push(URL_SAFE_NO_PAD.encode(format!("{before}{value}{after}")));
            }
        }
        for echo in echoes {
            let masked = scrubber.text(echo.clone());
            assert!(masked.contains("[secret token]"), "{echo} became {masked}");
            assert!(!masked.contains("token_value"), "{echo} became {masked}");
        }
    }

    #[test]
    fn the_token_of_an_id_and_token_pair_is_masked_alone() {
        let scrubber = scrubber("112233445566778899/a-long-webhook-token-of-68-characters");
        let answer = br#"{"id":"42","token":"a-long-webhook-token-of-68-characters"}"#.to_vec();
        assert_eq!(scrubber.bytes(answer), br#"{"id":"42","token":"[secret token]"}"#);
    }

    #[test]
    fn other_text_is_left_alone() {
        assert_eq!(scrubber("abc").text("abc alphabet".into()), "abc alphabet");
        assert_eq!(Scrubber::new(&[]).text("anything".into()), "anything");
    }
}
