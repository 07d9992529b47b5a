//! Where a link goes: a URL in normal form, a user, an emoji or a time (`LinkManager.cpp`).

mod http_url;

use self::http_url::HttpUrl;
pub(in super::super) use self::http_url::LinkError;
use super::number::strict;
use super::{EntityKind, ParseError, User, normalized_format};

/// Largest number of a user (`UserId::MAX_USER_ID`).
const MAX_USER_ID: i64 = (1 << 40) - 1;

/// Where a link goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Target {
    /// A user, by `tg://user?id=`.
    User(i64),
    /// A URL in normal form.
    Url(String),
}

/// Reads the address of a link (`get_link_user_id`, `check_link`).
pub(in super::super) fn target(url: &str) -> Result<Target, LinkError> {
    match user_id(url) {
        Some(id) => Ok(Target::User(id)),
        None => checked(url).map(Target::Url),
    }
}

/// The entity of a link to `url`; none if it goes nowhere.
pub(super) fn entity(url: &str) -> Option<EntityKind> {
    match target(url).ok()? {
        Target::User(id) => Some(EntityKind::TextMention { user: User { id } }),
        Target::Url(url) => Some(EntityKind::TextLink { url }),
    }
}

/// The entity that a `tg://emoji` or `tg://time` URL asks for.
pub(super) fn special(url: &str) -> Result<EntityKind, ParseError> {
    custom_emoji(url).or_else(|| date_time(url)).ok_or(ParseError::SpecialUrl)
}

/// The number of a custom emoji, written as a number only can be.
pub(super) fn canonical_id(text: &str) -> Option<i64> {
    strict(text).filter(|id| *id != 0)
}

fn user_id(url: &str) -> Option<i64> {
    let url = url.to_ascii_lowercase();
    let (_, id) = parameters(&url, "user")?.find(|(name, _)| *name == "id")?;
    strict(id).filter(|id| (1..=MAX_USER_ID).contains(id))
}

fn custom_emoji(url: &str) -> Option<EntityKind> {
    let (_, id) = parameters(url, "emoji")?.find(|(name, _)| *name == "id")?;
    Some(EntityKind::CustomEmoji { custom_emoji_id: canonical_id(id)?.to_string() })
}

fn date_time(url: &str) -> Option<EntityKind> {
    let (mut unix_time, mut format) = (0, "");
    for (name, value) in parameters(url, "time")? {
        match name {
            "unix" => unix_time = strict(value)?,
            "format" => format = value,
            _ => {}
        }
    }
    let date_time_format = normalized_format(format)?;
    (unix_time > 0).then_some(EntityKind::DateTime { unix_time, date_time_format })
}

/// The parameters of `tg:HOST?…` or `tg://HOST/?…`, as written.
fn parameters<'a>(url: &'a str, host: &str) -> Option<impl Iterator<Item = (&'a str, &'a str)>> {
    let rest = strip_prefix(url, "tg:")?;
    let rest = strip_prefix(rest.strip_prefix("//").unwrap_or(rest), host)?;
    let query = rest.strip_prefix('/').unwrap_or(rest).strip_prefix('?')?;
    let query = query.split('#').next().unwrap_or_default();
    Some(query.split('&').map(|parameter| parameter.split_once('=').unwrap_or((parameter, ""))))
}

/// A URL in normal form (`check_link_impl`).
fn checked(link: &str) -> Result<String, LinkError> {
    let schemes = [("tg", false), ("ton", false), ("tonsite", true)];
    let known = schemes.iter().find_map(|(scheme, dots)| {
        let rest = strip_prefix(link, scheme)?.strip_prefix(':')?;
        Some((*scheme, *dots, rest.strip_prefix("//").unwrap_or(rest)))
    });
    let Some((scheme, dots, rest)) = known else {
        let url = HttpUrl::parse(link)?;
        return if url.host.contains('.') || url.is_ipv6() {
            Ok(url.to_string())
        } else {
            Err(LinkError::Http)
        };
    };
    let url = HttpUrl::parse(rest)?;
    if strip_prefix(rest, "http://").is_some()
        || url.https
        || !url.user.is_empty()
        || url.port.is_some()
        || url.is_ipv6()
    {
        return Err(if scheme == "tg" { LinkError::Tg } else { LinkError::Ton });
    }
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || (dots && byte == b'.');
    if !url.host.bytes().all(allowed) {
        return Err(LinkError::HostCharacters);
    }
    let path = url.path.strip_prefix('/').filter(|query| query.starts_with('?')).unwrap_or(&url.path);
    Ok(format!("{scheme}://{}{path}", url.host))
}

/// `text` after `prefix` in any case.
fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
