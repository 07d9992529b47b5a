//! The symmetric signatures of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;

/// How far `webhook-timestamp` may be off, in seconds; all reference libraries use five minutes.
const TOLERANCE: i64 = 5 * 60;
/// What a serialised secret begins with.
const PREFIX: &str = "whsec_";
/// What a symmetric signature begins with.
const VERSION: &str = "v1,";

/// The key of signatures; never shown.
#[derive(Clone)]
pub struct SigningSecret(Vec<u8>);

/// Why a text is not a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("signing secret is not base64; write it as `whsec_` and base64")]
pub struct SecretError;

/// Why a signature was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A signature alone says nothing.
    #[error("`webhook-signature` comes without `{0}`")]
    Missing(&'static str),
    /// Not a number.
    #[error("`webhook-timestamp` is not a number of seconds")]
    Timestamp,
    /// Signed too long ago.
    #[error("`webhook-timestamp` is more than five minutes old")]
    TooOld,
    /// Signed in the future.
    #[error("`webhook-timestamp` is more than five minutes ahead")]
    TooNew,
    /// None of the signatures is right.
    #[error("`webhook-signature` has no `v1` signature that fits the body and this secret")]
    Mismatch,
}

impl SigningSecret {
    /// Reads `whsec_BASE64` or just the base64.
    ///
    /// # Errors
    /// [`SecretError`] if it is not base64.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        STANDARD.decode(text.strip_prefix(PREFIX).unwrap_or(text)).map(Self).map_err(|_| SecretError)
    }

    /// Checks the three headers of a request against its body.
    ///
    /// # Errors
    /// [`SignatureError`] if the time is off or no signature fits.
    pub fn verify(
        &self,
        id: &str,
        timestamp: &str,
        body: &[u8],
        signatures: &str,
        now: Timestamp,
    ) -> Result<(), SignatureError> {
        let seconds: i64 = timestamp.parse().map_err(|_| SignatureError::Timestamp)?;
        if seconds < now.as_second().saturating_sub(TOLERANCE) {
            return Err(SignatureError::TooOld);
        }
        if seconds > now.as_second().saturating_add(TOLERANCE) {
            return Err(SignatureError::TooNew);
        }
        let mut candidates =
            signatures.split(' ').filter_map(|text| STANDARD.decode(text.strip_prefix(VERSION)?).ok());
        let fits = candidates.any(|candidate| {
            self.mac(id, timestamp, body).is_some_and(|mac| mac.verify_slice(&candidate).is_ok())
        });
        if fits { Ok(()) } else { Err(SignatureError::Mismatch) }
    }

    /// `None` never happens: HMAC takes keys of any length.
    fn mac(&self, id: &str, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        Some(mac)
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningSecret(…)")
    }
}
