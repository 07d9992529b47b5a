//! Who asks, and for what: the path `/bot<token>/<method>`.

use serde_json::{Value, json};

use super::refusal::Refusal;

/// Bots have numbers below this (`ClientManager.cpp`).
const MAX_BOT_ID: i64 = 1 << 54;

/// A bot, as its token tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bot {
    pub(super) token: String,
    id: i64,
}

impl Bot {
    /// Reads a path, in which the colon may be percent-encoded.
    pub(super) fn read(path: &str) -> Result<(Self, String), Refusal> {
        let path = path.replace("%3A", ":").replace("%3a", ":");
        let not_found = || Refusal::new(404, "Not Found");
        let (token, method) =
            path.strip_prefix("/bot").and_then(|path| path.split_once('/')).ok_or_else(not_found)?;
        let (id, secret) = token.split_once(':').ok_or_else(not_found)?;
        let is_secret = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if id.is_empty()
            || !id.bytes().all(|byte| byte.is_ascii_digit())
            || secret.is_empty()
            || !secret.bytes().all(is_secret)
        {
            return Err(not_found());
        }
        let id = id.parse().ok().filter(|number| !id.starts_with('0') && (1..MAX_BOT_ID).contains(number));
        match id.filter(|_| token.len() <= 80) {
            Some(id) => Ok((Self { token: token.to_owned(), id }, method.to_owned())),
            None => Err(Refusal::new(401, "Unauthorized: invalid token specified")),
        }
    }

    /// As `User` of the Bot API.
    pub(super) fn to_json(&self) -> Value {
        let username = format!("fake{}_bot", self.id);
        json!({ "id": self.id, "is_bot": true, "first_name": "Campanile", "username": username })
    }
}
