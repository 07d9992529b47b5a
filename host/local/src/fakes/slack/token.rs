//! Who writes: the token, and what it may (errors of <https://docs.slack.dev/reference/methods/chat.postMessage>).

use super::arguments::Arguments;
use super::refusal::Refusal;
use crate::fakes::CaughtRequest;

/// What the fake knows about a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Token {
    /// May write. So may all that nothing else is known about.
    #[default]
    Valid,
    /// Never existed.
    Invalid,
    /// Was taken back, or the app was removed.
    Revoked,
    /// Has run out.
    Expired,
    /// Of a deleted user or workspace.
    Inactive,
    /// Without the scope `chat:write`.
    WithoutScope,
}

impl Token {
    /// Refuses what the token may not do.
    pub(super) fn check(self) -> Result<(), Refusal> {
        match self {
            Self::Valid => Ok(()),
            Self::Invalid => Err(Refusal::new("invalid_auth")),
            Self::Revoked => Err(Refusal::new("token_revoked")),
            Self::Expired => Err(Refusal::new("token_expired")),
            Self::Inactive => Err(Refusal::new("account_inactive")),
            Self::WithoutScope => Err(Refusal::new("missing_scope")
                .with("needed", "chat:write")
                .with("provided", "channels:read")),
        }
    }
}

/// The token of a request: in the header, or among the arguments of a form.
pub(super) fn read(request: &CaughtRequest, arguments: &Arguments) -> Result<String, Refusal> {
    let header = request.header("authorization").and_then(|header| header.trim().strip_prefix("Bearer "));
    let argument = arguments.text("token").filter(|_| arguments.may_have_token);
    let token = header.map(str::trim).or(argument).filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| Refusal::new("not_authed"))?;
    // Bots, people, and both with rotation; tokens of apps and of configurations can't write.
    if ["xoxb-", "xoxp-", "xoxe.xoxb-", "xoxe.xoxp-"].iter().any(|prefix| token.starts_with(prefix)) {
        return Ok(token.to_owned());
    }
    let error = if token.starts_with("xapp-") { "not_allowed_token_type" } else { "invalid_auth" };
    Err(Refusal::new(error))
}
