//! Secrets that a plugin can use and never read.
//!
//! A plugin gets a random placeholder (`reference`); the host puts the value in when the request leaves
//! (`substitute`), signs with it (`signature`), and takes it out of everything that comes back (`scrub`).
//! Random for each request, because event text comes from devices: whoever could guess a placeholder could have the
//! token printed into the chat.

use std::collections::BTreeMap;
use std::fmt;

use campanile_core::description::SecretPlace;
use zeroize::Zeroizing;

pub(crate) mod reference;
pub mod scrub;
pub(crate) mod signature;
pub(crate) mod substitute;

/// A secret of one channel, with its value.
#[derive(PartialEq)]
pub struct Secret {
    name: String,
    places: Vec<SecretPlace>,
    value: Zeroizing<String>,
    parts: BTreeMap<String, Zeroizing<String>>,
}

impl Secret {
    /// A secret that may appear in `places`; `parts` are referenced as `NAME.PART`.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        places: Vec<SecretPlace>,
        value: String,
        parts: BTreeMap<String, String>,
    ) -> Self {
        let parts = parts.into_iter().map(|(name, part)| (name, Zeroizing::new(part))).collect();
        Self { name: name.into(), places, value: Zeroizing::new(value), parts }
    }

    /// The name that the plugin declared.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn allows(&self, place: SecretPlace) -> bool {
        self.places.contains(&place)
    }

    /// The value, or the value of a part.
    pub(crate) fn expose(&self, part: Option<&str>) -> Option<&str> {
        match part {
            None => Some(&self.value),
            Some(part) => self.parts.get(part).map(|value| value.as_str()),
        }
    }
}

/// Never the value: what is logged can't be unlogged.
impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Secret({})", self.name)
    }
}

/// The word for a place in messages.
pub(crate) fn place_name(place: SecretPlace) -> &'static str {
    match place {
        SecretPlace::Path => "the URL's path",
        SecretPlace::Query => "the URL's query",
        SecretPlace::Header => "a header",
        SecretPlace::Body => "the body",
        SecretPlace::StandardWebhooks => "the header `webhook-signature`",
    }
}
