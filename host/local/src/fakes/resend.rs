//! E-mail over Resend's API: accepts, refuses and shows e-mails as the service does.
//!
//! Follows the pages "Send Email", "Errors" and "Idempotency Keys" (<https://resend.com/docs/api-reference/emails/send-email>,
//! <https://resend.com/docs/api-reference/errors>, <https://resend.com/docs/dashboard/emails/idempotency-keys>). Modelled is
//! `POST /emails`; of it not templates and topics. An accepted e-mail counts as delivered: bounces come later and elsewhere. Rate limits
//! are not modelled here: a fault puts them in front of any fake.

mod account;
mod address;
mod email;
mod refusal;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

pub use self::account::Key;
use self::email::Email;
use self::refusal::Refusal;
use super::{Answer, CaughtRequest, Fake};
use crate::ids;

/// How long an idempotency key is known ("Idempotency Keys").
const KEY_AGE: SignedDuration = SignedDuration::from_hours(24);
/// Most characters of an idempotency key.
const KEY_LENGTH: usize = 256;

/// Resend, as far as sending goes.
#[derive(Debug)]
pub struct ResendFake {
    clock: fn() -> Timestamp,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    keys: HashMap<String, Key>,
    unverified: Vec<String>,
    /// What was sent, by API key and idempotency key.
    sent: HashMap<(String, String), Sent>,
}

/// An e-mail that had an idempotency key.
#[derive(Debug)]
struct Sent {
    at: Timestamp,
    body: Value,
    id: String,
}

impl ResendFake {
    /// A Resend that knows every API key of the right form, and every domain.
    #[must_use]
    pub fn new(clock: fn() -> Timestamp) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Says what the API key is.
    pub fn configure(&self, api_key: impl Into<String>, key: Key) {
        self.with(|state| state.keys.insert(api_key.into(), key));
    }

    /// Says that this domain is not verified, so nothing may be sent from it.
    pub fn unverify(&self, domain: impl Into<String>) {
        self.with(|state| state.unverified.push(domain.into()));
    }

    fn with<T>(&self, use_state: impl FnOnce(&mut State) -> T) -> T {
        // A panic elsewhere leaves whole e-mails behind: the state is usable.
        use_state(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Fake for ResendFake {
    fn answer(&self, request: &CaughtRequest) -> Answer {
        let sent = self.with(|state| state.send(request, ids::uuid(), (self.clock)()));
        sent.unwrap_or_else(|refusal| Answer::json(refusal.status, &refusal.body(), None))
    }

    /// Takes the e-mail again, with the id that it had. Its idempotency key counts from now, which is too long and does no harm.
    fn remember(&self, request: &CaughtRequest, answer: &Answer) {
        let answered: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if let (200, Some(id)) = (answer.status, answered.get("id").and_then(Value::as_str)) {
            drop(self.with(|state| state.send(request, id.to_owned(), (self.clock)())));
        }
    }
}

impl State {
    fn send(&mut self, request: &CaughtRequest, id: String, now: Timestamp) -> Result<Answer, Refusal> {
        if request.url.path() != "/emails" {
            return Err(Refusal::new(404, "not_found", "The requested endpoint does not exist."));
        }
        if request.method != "POST" {
            let message = "Method is not allowed for the requested path.";
            return Err(Refusal::new(405, "method_not_allowed", message));
        }
        let api_key = account::api_key(request)?;
        let key = self.keys.get(api_key).cloned().unwrap_or_default();
        key.check()?;
        let idempotency = idempotency_key(request)?.map(|key| (api_key.to_owned(), key.to_owned()));
        let body: Value = serde_json::from_slice(&request.body).map_err(|_| Refusal::not_json())?;
        self.sent.retain(|_, sent| now.duration_since(sent.at) < KEY_AGE);
        if let Some(sent) = idempotency.as_ref().and_then(|key| self.sent.get(key)) {
            // The same answer again, and nobody sees the e-mail twice.
            return if sent.body == body { Ok(accepted(&sent.id)) } else { Err(Refusal::other_body()) };
        }
        let email = Email::read(&body)?;
        key.check_recipients(&email)?;
        self.check_domain(&email)?;
        let shown = email.shown(&id);
        let answer = Answer { shown: Some(shown), ..accepted(&id) };
        if let Some(key) = idempotency {
            self.sent.insert(key, Sent { at: now, body, id });
        }
        Ok(answer)
    }

    fn check_domain(&self, email: &Email) -> Result<(), Refusal> {
        let domain = email.from.domain();
        if self.unverified.iter().any(|unverified| unverified.eq_ignore_ascii_case(domain)) {
            let message =
                format!("The `{domain}` domain is not verified. Please, add and verify your domain.");
            return Err(Refusal::new(403, "validation_error", &message));
        }
        Ok(())
    }
}

fn accepted(id: &str) -> Answer {
    Answer::json(200, &json!({ "id": id }), None)
}

fn idempotency_key(request: &CaughtRequest) -> Result<Option<&str>, Refusal> {
    let Some(key) = request.header("idempotency-key") else { return Ok(None) };
    if (1..=KEY_LENGTH).contains(&key.chars().count()) {
        return Ok(Some(key));
    }
    let message = "Idempotency keys, if present, must have between 1 and 256 characters.";
    Err(Refusal::new(400, "invalid_idempotency_key", message))
}
