//! Signs requests as Standard Webhooks asks (`spec/standard-webhooks.md`): the plugin composes the request, the host signs
//! what really leaves.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// Why a request can't be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureError {
    #[error("a request signed as Standard Webhooks needs the header `webhook-id`")]
    NoId,
    #[error("the signing secret is not base64; it should look like `whsec_` and 32 to 88 base64 characters")]
    Key,
}

/// The value of `webhook-signature`: `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`.
pub(crate) fn standard_webhooks(
    secret: &str,
    id: &str,
    timestamp: i64,
    body: &[u8],
) -> Result<String, SignatureError> {
    let key =
        STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret)).map_err(|_| SignatureError::Key)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| SignatureError::Key)?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the reference library (`libraries/rust`, test of `sign`).
    #[test]
    fn the_reference_vector_is_reproduced() {
        let signature = standard_webhooks(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_that_is_not_base64_is_refused() {
        assert_eq!(standard_webhooks("whsec_*", "id", 0, b""), Err(SignatureError::Key));
    }
}
