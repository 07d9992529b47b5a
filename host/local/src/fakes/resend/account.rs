//! API keys, and what an account may send with them (page "Errors").

use super::email::Email;
use super::refusal::Refusal;
use crate::fakes::CaughtRequest;

/// What the fake knows about an API key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Key {
    /// May send. So may all that nothing else is known about.
    #[default]
    Active,
    /// Was deleted, or never existed.
    Unknown,
    /// Exists and is switched off.
    Inactive,
    /// Was suspended by the service.
    Suspended,
    /// Of an account without a domain, which may only write to its owner.
    Testing {
        /// The owner's address.
        owner: String,
    },
    /// Of an account that has sent what it may send in a day.
    OverDailyQuota,
    /// Of an account that has sent what it may send in a month.
    OverMonthlyQuota,
}

/// The key in the `Authorization` header.
pub(super) fn api_key(request: &CaughtRequest) -> Result<&str, Refusal> {
    let header = request.header("authorization").unwrap_or_default().trim();
    if header.is_empty() {
        let message = "Missing API key in the authorization header.";
        return Err(Refusal::new(401, "missing_api_key", message));
    }
    let key = header.strip_prefix("Bearer ").map(str::trim).filter(|key| is_key(key));
    key.ok_or_else(|| Refusal::new(400, "validation_error", "API key is invalid"))
}

fn is_key(text: &str) -> bool {
    let rest = text.strip_prefix("re_").unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

impl Key {
    /// Refuses what the key may not do at all.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let (status, name, message) = match self {
            Self::Active | Self::Testing { .. } => return Ok(()),
            Self::Unknown => (401, "validation_error", "API key is invalid"),
            Self::Inactive => (403, "restricted_api_key", "API key is not active"),
            Self::Suspended => (403, "suspended_api_key", "This API key is suspended"),
            Self::OverDailyQuota => {
                (429, "daily_quota_exceeded", "You have exceeded your daily email sending quota.")
            }
            Self::OverMonthlyQuota => {
                (429, "monthly_quota_exceeded", "You have exceeded your monthly email sending quota.")
            }
        };
        Err(Refusal::new(status, name, message))
    }

    /// Refuses recipients that the account may not write to.
    pub(super) fn check_recipients(&self, email: &Email) -> Result<(), Refusal> {
        match self {
            Self::Testing { owner } if email.recipients().any(|address| address.address != *owner) => {
                let message = format!(
                    "You can only send testing emails to your own email address (`{owner}`). To send emails to other recipients, \
                     please verify a domain at resend.com/domains, and change the `from` address to an email using this domain."
                );
                Err(Refusal::new(403, "validation_error", &message))
            }
            _ => Ok(()),
        }
    }
}
