//! Everything the host refuses to a plugin's request, each with the line that would allow it.

use campanile_core::grant::Origin;

/// A refusal. Its text is for the operator and names what to write into `campanile.toml`, if anything helps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum Denial {
    #[error("`{origin}` is not in the channel's allow list; to allow it: allow = [\"{origin}\"]")]
    NotAllowed { origin: Origin },
    #[error(
        "`{host}` is {kind} ({address}); to allow it: allow = [{{ origin = \"{origin}\", private = true }}]"
    )]
    PrivateAddress { origin: Origin, host: String, address: String, kind: &'static str },
    #[error("`{host}` is {kind} ({address}), which no channel may reach")]
    ForbiddenAddress { host: String, address: String, kind: &'static str },
    #[error("the URL's scheme is `{scheme}`; only https, or http if it is granted, may leave")]
    Scheme { scheme: String },
    #[error("the URL carries a user (`user@host`), which may hide where it really goes")]
    UserInfo,
    #[error("the header `{name}` belongs to the connection and is set by the host")]
    Header { name: String },
    #[error("a request with a secret may not ask for a `range`: its whole answer is searched for the secret")]
    Range,
    #[error("more than {limit} requests in one attempt")]
    Requests { limit: u32 },
    #[error(
        "the secret `{name}` may not stand in {place}: the plugin's description does not list that place"
    )]
    SecretPlace { name: String, place: &'static str },
    #[error("the secret `{name}` is bound to the hosts of the plugin's description and may not go elsewhere")]
    SecretHost { name: String },
    #[error("the reference to the secret `{name}` was used before: ask for a new one for each request")]
    ReferenceUsed { name: String },
    #[error("the secret `{name}` can't be used: {reason}")]
    Secret { name: String, reason: String },
    #[error("requests are not possible while a plugin describes itself")]
    Describing,
}
