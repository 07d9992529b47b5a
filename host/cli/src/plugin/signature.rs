//! Signatures of publishers, as minisign makes them (<https://jedisct1.github.io/minisign/>): `FILE.minisig` beside `FILE`.
//!
//! A key says who has made a component, not what it does: a signed plugin gets no more than any other.

use std::path::{Path, PathBuf};

use minisign_verify::{PublicKey, Signature};

use super::trust::TrustError;
use crate::output::visible;

/// Bytes of a signature or a key that are read: they have about 300.
pub(crate) const BYTES: u64 = 4096;

/// Why a component is not signed as it has to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureError {
    #[error("it is not signed")]
    Missing,
    #[error("its signature can't be read: {0}")]
    Unreadable(String),
    #[error("it is signed by somebody else: the signature is of another key")]
    OtherKey,
    #[error("it is not what was signed: it has changed since, or the signature has")]
    Changed,
}

/// The key of somebody who publishes plugins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublisherKey {
    key: PublicKey,
    text: String,
}

impl PublisherKey {
    /// Reads the key itself, in base64, or the file that has it.
    pub(crate) fn given(given: &str) -> Result<Self, TrustError> {
        let unknown = || TrustError::PublisherKey(visible(given));
        Self::parse(given).or_else(|| Self::parse_file(&text(Path::new(given))?)).ok_or_else(unknown)
    }

    /// Reads what [`Self::as_str`] has written.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Some(Self { key: PublicKey::from_base64(text).ok()?, text: text.to_owned() })
    }

    /// Of a file like `minisign.pub`: a comment, and the key.
    fn parse_file(text: &str) -> Option<Self> {
        text.lines().find_map(Self::parse)
    }

    /// In base64.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Checks that this key has signed `wasm`; the comment that was signed along.
    pub(crate) fn check(&self, wasm: &[u8], signature: Option<&str>) -> Result<String, SignatureError> {
        use minisign_verify::Error;
        let signature = signature.ok_or(SignatureError::Missing)?;
        let unreadable = |error: Error| SignatureError::Unreadable(error.to_string());
        let signature = Signature::decode(signature).map_err(unreadable)?;
        // Not the legacy form, which signs the file instead of its digest: minisign makes it only when asked to.
        self.key.verify(wasm, &signature, false).map_err(|error| match error {
            Error::UnexpectedKeyId => SignatureError::OtherKey,
            Error::InvalidSignature => SignatureError::Changed,
            error => unreadable(error),
        })?;
        Ok(signature.trusted_comment().to_owned())
    }
}

/// What is known of a component's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    /// There is none, and none is asked for.
    Not,
    /// There is one, and no key to check it with.
    Unchecked,
    /// It is by this key, with this comment.
    By { key: PublisherKey, comment: String },
}

impl Signed {
    /// Checks what is to be checked: with a key, there has to be a signature of it.
    pub(crate) fn of(
        wasm: &[u8],
        signature: Option<&str>,
        key: Option<PublisherKey>,
    ) -> Result<Self, SignatureError> {
        match (key, signature) {
            (Some(key), _) => key.check(wasm, signature).map(|comment| Self::By { key, comment }),
            (None, Some(_)) => Ok(Self::Unchecked),
            (None, None) => Ok(Self::Not),
        }
    }

    /// For people.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Not => "none".to_owned(),
            Self::Unchecked => "there is one, not checked: --publisher-key KEY checks it".to_owned(),
            Self::By { key, comment } => format!("by {}  {}", key.as_str(), visible(comment)),
        }
    }

    /// For machines.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Not => serde_json::json!({ "state": "none" }),
            Self::Unchecked => serde_json::json!({ "state": "unchecked" }),
            Self::By { key, comment } => {
                serde_json::json!({ "state": "good", "publisher-key": key.as_str(), "comment": comment })
            }
        }
    }
}

/// The signature of `file`, if one lies beside it.
pub(crate) fn beside(file: &Path) -> Option<String> {
    let mut path = file.as_os_str().to_owned();
    path.push(".minisig");
    text(&PathBuf::from(path))
}

fn text(path: &Path) -> Option<String> {
    let is_small =
        std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() <= BYTES);
    std::fs::read_to_string(path).ok().filter(|_| is_small)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use minisign::KeyPair;

    use super::*;

    fn sign(keys: &KeyPair, wasm: &[u8]) -> String {
        let signed = minisign::sign(None, &keys.sk, Cursor::new(wasm), Some("pager 1.0.0"), None);
        signed.unwrap().into_string()
    }

    fn key(keys: &KeyPair) -> PublisherKey {
        PublisherKey::given(&keys.pk.to_base64()).unwrap()
    }

    #[test]
    fn what_the_key_has_signed_is_told_with_its_comment() {
        let keys = KeyPair::generate_unencrypted_keypair().unwrap();
        let signature = sign(&keys, b"component");
        let signed = Signed::of(b"component", Some(&signature), Some(key(&keys))).unwrap();
        assert_eq!(signed, Signed::By { key: key(&keys), comment: "pager 1.0.0".into() });
        assert_eq!(Signed::of(b"component", Some(&signature), None), Ok(Signed::Unchecked));
        assert_eq!(Signed::of(b"component", None, None), Ok(Signed::Not));
    }

    #[test]
    fn each_way_of_not_being_signed_is_told() {
        let keys = KeyPair::generate_unencrypted_keypair().unwrap();
        let others = KeyPair::generate_unencrypted_keypair().unwrap();
        let signature = sign(&keys, b"component");
        let check = |wasm: &[u8], signature: Option<&str>| key(&keys).check(wasm, signature).unwrap_err();
        assert_eq!(check(b"component", None), SignatureError::Missing);
        assert_eq!(check(b"other", Some(&signature)), SignatureError::Changed);
        assert_eq!(check(b"component", Some(&sign(&others, b"component"))), SignatureError::OtherKey);
        // The comment is signed as well.
        let comment = signature.replace("pager 1.0.0", "pager 9.9.9");
        assert_eq!(check(b"component", Some(&comment)), SignatureError::Changed);
        assert!(matches!(check(b"component", Some("no signature")), SignatureError::Unreadable(_)));
    }

    #[test]
    fn a_key_is_given_as_text_or_as_a_file() {
        let keys = KeyPair::generate_unencrypted_keypair().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("minisign.pub");
        std::fs::write(&file, keys.pk.to_box().unwrap().into_string()).unwrap();
        assert_eq!(PublisherKey::given(file.to_str().unwrap()).unwrap(), key(&keys));
        for wrong in ["", "RWQ", "/nowhere/minisign.pub"] {
            assert!(matches!(PublisherKey::given(wrong), Err(TrustError::PublisherKey(_))), "{wrong}");
        }
    }
}
