//! Any HTTP endpoint: accepts what is sent to it, and checks the signature if there is one.
//!
//! Signatures are those of Standard Webhooks (spec/standard-webhooks.md of standard-webhooks/standard-webhooks).

mod signature;

use jiff::Timestamp;
use serde_json::{Value, json};

pub use self::signature::{SecretError, SignatureError, SigningSecret};
use super::{Answer, CaughtRequest, Fake, Part, Shown, Style, StyleKind, StyledText};

/// An endpoint that accepts every POST and PUT whose signature, if it has one, is right.
#[derive(Debug)]
pub struct WebhookFake {
    clock: fn() -> Timestamp,
    secret: Option<SigningSecret>,
}

impl WebhookFake {
    /// An endpoint that has no secret and accepts any signature.
    #[must_use]
    pub fn new(clock: fn() -> Timestamp) -> Self {
        Self { clock, secret: None }
    }

    /// The same endpoint, which checks signatures with `secret`.
    #[must_use]
    pub fn with_secret(self, secret: SigningSecret) -> Self {
        Self { secret: Some(secret), ..self }
    }

    fn check(&self, request: &CaughtRequest) -> Result<(), SignatureError> {
        let (Some(secret), Some(signatures)) = (&self.secret, request.header("webhook-signature")) else {
            return Ok(());
        };
        let needed = |name| request.header(name).ok_or(SignatureError::Missing(name));
        let (id, timestamp) = (needed("webhook-id")?, needed("webhook-timestamp")?);
        secret.verify(id, timestamp, &request.body, signatures, (self.clock)())
    }
}

impl Fake for WebhookFake {
    fn answer(&self, request: &CaughtRequest) -> Answer {
        if !matches!(request.method.as_str(), "POST" | "PUT") {
            return Answer::json(405, &json!({ "error": "send POST or PUT" }), None);
        }
        match self.check(request) {
            Ok(()) => Answer::json(200, &json!({ "accepted": true }), Some(shown(request))),
            Err(error) => Answer::json(401, &json!({ "error": error.to_string() }), None),
        }
    }
}

/// The body as a block of code; JSON is laid out.
fn shown(request: &CaughtRequest) -> Shown {
    let (text, language) = match serde_json::from_slice::<Value>(&request.body) {
        Ok(value) => (format!("{value:#}"), Some("json".to_owned())),
        Err(_) => (String::from_utf8_lossy(&request.body).into_owned(), None),
    };
    let style = Style { start: 0, end: text.len(), kind: StyleKind::Pre { language } };
    Shown {
        message_id: request.header("webhook-id").unwrap_or_default().to_owned(),
        to: request.url.to_string(),
        author: None,
        silent: false,
        parts: vec![Part::Text(StyledText { text, styles: vec![style] })],
    }
}
