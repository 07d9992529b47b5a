//! Where a channel may send: origins, and the grants of `campanile.toml` that name them.
//!
//! An origin is scheme, host and port, compared whole: `https://example.com` grants neither `http://example.com`, nor
//! `https://example.com:8443`, nor `https://api.example.com`. There are no wildcards on purpose.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// Scheme, host and port of a URL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin {
    https: bool,
    host: String,
    port: u16,
}

/// Why a text is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not a URL at all.
    #[error("`{text}` is not a URL ({reason}); write it as `https://HOST` or `https://HOST:PORT`")]
    Syntax {
        /// What was given.
        text: String,
        /// What the URL parser says.
        reason: String,
    },
    /// Neither http nor https.
    #[error("`{0}` is neither http nor https")]
    Scheme(String),
    /// More than an origin.
    #[error("`{text}` has a {part}; write just `{origin}`")]
    Extra {
        /// What was given.
        text: String,
        /// Path, query, fragment or user.
        part: &'static str,
        /// What is enough.
        origin: String,
    },
    /// A wildcard.
    #[error("`{0}` has a wildcard; list each host")]
    Wildcard(String),
}

impl Origin {
    /// Reads `https://host[:port]` or `http://host[:port]`.
    ///
    /// # Errors
    /// [`OriginError`] if it is anything else.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        if text.contains('*') {
            return Err(OriginError::Wildcard(text.to_owned()));
        }
        let syntax = |reason: String| OriginError::Syntax { text: text.to_owned(), reason };
        let url = Url::parse(text).map_err(|error| syntax(error.to_string()))?;
        let origin = Self::of(&url).ok_or_else(|| OriginError::Scheme(text.to_owned()))?;
        let part = if !url.username().is_empty() || url.password().is_some() {
            Some("user")
        } else if url.path() != "/" {
            Some("path")
        } else if url.query().is_some() {
            Some("query")
        } else if url.fragment().is_some() {
            Some("fragment")
        } else {
            None
        };
        match part {
            Some(part) => Err(OriginError::Extra { text: text.to_owned(), part, origin: origin.to_string() }),
            None => Ok(origin),
        }
    }

    /// The origin of `url`; `None` unless it is http or https with a host.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
        Some(Self { https, host, port: url.port_or_known_default()? })
    }

    /// Whether the connection is encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Host name in ASCII lower case, or an address (that of version 6 in brackets).
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// TCP port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.https { ("https", 443) } else { ("http", 80) };
        write!(formatter, "{scheme}://{}", self.host)?;
        if self.port == usual { Ok(()) } else { write!(formatter, ":{}", self.port) }
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        Self::parse(&text)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.to_string()
    }
}

/// One entry of a channel's `allow` list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grant {
    /// Where the channel may send.
    pub origin: Origin,
    /// Whether the host may have an address that is not public, such as `192.168.1.5` or `127.0.0.1`.
    pub private: bool,
}

/// As it is written in an `allow` list.
impl fmt::Display for Grant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.private {
            write!(formatter, "{{ origin = \"{}\", private = true }}", self.origin)
        } else {
            write!(formatter, "\"{}\"", self.origin)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_compared_whole() {
        let granted = Origin::parse("https://Example.com").unwrap();
        let of = |text: &str| Origin::of(&Url::parse(text).unwrap()).unwrap();
        assert_eq!(of("https://example.com:443/any/path?query"), granted);
        for other in [
            "http://example.com",
            "https://example.com:8443",
            "https://api.example.com",
            "https://example.com.",
        ] {
            assert_ne!(of(other), granted, "{other}");
        }
    }

    #[test]
    fn more_than_an_origin_is_refused() {
        for text in [
            "https://a/path",
            "https://user@a",
            "https://a?q",
            "https://a#f",
            "ftp://a",
            "*.a.com",
            "a.com",
            "",
        ] {
            assert!(Origin::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_origin_is_written_without_the_usual_port() {
        assert_eq!(Origin::parse("https://a.com:443").unwrap().to_string(), "https://a.com");
        assert_eq!(Origin::parse("http://[::1]:8080").unwrap().to_string(), "http://[::1]:8080");
    }
}
