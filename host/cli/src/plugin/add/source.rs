//! Where a component comes from, and its bytes.

use std::path::{Path, PathBuf};

use campanile_sandbox::folder;
use url::Url;

use super::fetch::Fetcher;
use crate::error::CliError;
use crate::plugin::signature;
use crate::plugin::trust::TrustError;

/// A place that a component is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    File(PathBuf),
    Url(Url),
}

/// What was there.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) wasm: Vec<u8>,
    /// The text of the signature beside it.
    pub(super) signature: Option<String>,
}

impl Source {
    /// A URL if it looks like one, else a file.
    pub(super) fn parse(text: &str) -> Result<Self, TrustError> {
        let url = text.contains("://").then(|| Url::parse(text).ok()).flatten();
        let Some(url) = url else { return Ok(Self::File(text.into())) };
        let has_user = !url.username().is_empty() || url.password().is_some();
        match (url.scheme(), has_user) {
            ("https", false) => Ok(Self::Url(url)),
            ("https", true) => Err(TrustError::Password(host(&url))),
            _ => Err(TrustError::NotHttps(host(&url))),
        }
    }

    /// Reads or fetches it.
    pub(super) async fn read(&self) -> Result<Given, CliError> {
        match self {
            Self::File(path) => {
                let wasm = folder::read_anywhere(path).map_err(TrustError::File)?;
                Ok(Given { wasm, signature: signature::beside(path) })
            }
            Self::Url(url) => {
                let fetcher = Fetcher::new()?;
                let wasm = fetcher.component(url).await?;
                Ok(Given { wasm, signature: fetcher.signature(url).await? })
            }
        }
    }

    /// For people.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Url(url) => public(url),
        }
    }

    /// What the lock says of it. A file's path is this machine's own matter.
    pub(super) fn pinned(&self) -> Option<String> {
        match self {
            Self::File(_) => None,
            Self::Url(url) => Some(public(url)),
        }
    }

    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Url(_) => None,
        }
    }
}

/// A URL without its query: links that are signed for a while have their key there.
pub(super) fn public(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

/// Scheme and host of a URL that must not be repeated.
fn host(url: &Url) -> String {
    format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_url_is_one() {
        let url = Source::parse("https://example.com/p/pager.wasm?key=secret#x").unwrap();
        assert_eq!((url.shown(), url.file()), ("https://example.com/p/pager.wasm".to_owned(), None));
        assert_eq!(url.pinned(), Some(url.shown()));
        let file = Source::parse("plugins/pager.wasm").unwrap();
        assert_eq!((file.file(), file.pinned()), (Some(Path::new("plugins/pager.wasm")), None));
    }

    #[test]
    fn what_could_be_changed_or_seen_on_the_way_is_no_source() {
        for text in ["http://example.com/x.wasm", "ftp://example.com/x.wasm", "file:///x.wasm"] {
            assert!(matches!(Source::parse(text), Err(TrustError::NotHttps(_))), "{text}");
        }
        let error = Source::parse("https://me:hunter2@example.com/x.wasm").unwrap_err().to_string();
        assert!(error.contains("https://example.com") && !error.contains("hunter2"), "{error}");
    }
}
