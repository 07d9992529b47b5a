//! Web addresses, read as generously as TDLib does (`tdutils/td/utils/HttpUrl.cpp`).

use std::fmt;
use std::net::Ipv6Addr;

use super::super::cursor::is_space;
use super::strict;

/// Why a text is no address; the words are TDLib's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in super::super::super) enum LinkError {
    #[error("Unsupported URL protocol")]
    Protocol,
    #[error("Wrong port number specified in the URL")]
    Port,
    #[error("Wrong IPv6 address specified in the URL")]
    Ipv6,
    #[error("URL host is empty")]
    EmptyHost,
    #[error("Host is invalid")]
    DotHost,
    #[error("Wrong percent-encoded symbol in URL {0}")]
    Percent(&'static str),
    #[error("Disallowed character in URL {0}")]
    Character(&'static str),
    #[error("Wrong HTTP URL")]
    Http,
    #[error("Wrong tg URL")]
    Tg,
    #[error("Wrong ton URL")]
    Ton,
    #[error("Unallowed characters in URL host")]
    HostCharacters,
}

/// A web address. `http` unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HttpUrl<'a> {
    pub(super) https: bool,
    pub(super) user: &'a str,
    /// Lower case.
    pub(super) host: String,
    /// If it was given.
    pub(super) port: Option<u16>,
    /// Path, query and fragment; begins with `/`.
    pub(super) path: String,
}

impl<'a> HttpUrl<'a> {
    /// Reads `[http[s]://][user@]host[:port][path]`.
    pub(super) fn parse(url: &'a str) -> Result<Self, LinkError> {
        let (https, rest) = scheme(url)?;
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (user_host, port) = split_port(authority)?;
        let (user, host) = user_host.rsplit_once('@').unwrap_or(("", user_host));
        let host = host.to_ascii_lowercase();
        check_host(&host)?;
        check_characters(user, "userinfo")?;
        Ok(Self { https, user, host, port, path: encode_path(path) })
    }

    /// Whether the host is an address in brackets.
    pub(super) fn is_ipv6(&self) -> bool {
        self.host.starts_with('[')
    }
}

impl fmt::Display for HttpUrl<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.https { "https://" } else { "http://" })?;
        if !self.user.is_empty() {
            write!(formatter, "{}@", self.user)?;
        }
        formatter.write_str(&self.host)?;
        if let Some(port) = self.port {
            write!(formatter, ":{port}")?;
        }
        formatter.write_str(&self.path)
    }
}

fn scheme(url: &str) -> Result<(bool, &str), LinkError> {
    let end = url.find([':', '/', '?', '#', '@', '[', ']']).unwrap_or(url.len());
    let (scheme, rest) = url.split_at(end);
    match rest.strip_prefix("://") {
        None => Ok((false, url)),
        Some(rest) if scheme.eq_ignore_ascii_case("http") => Ok((false, rest)),
        Some(rest) if scheme.eq_ignore_ascii_case("https") => Ok((true, rest)),
        Some(_) => Err(LinkError::Protocol),
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), LinkError> {
    let colon = authority.rfind([':', ']', '@']).filter(|at| *at > 0);
    let Some((host, port)) =
        colon.and_then(|at| authority.get(..at).zip(authority.get(at..)?.strip_prefix(':')))
    else {
        return Ok((authority, None));
    };
    let number = strict(port.trim_start_matches('0')).filter(|port| *port > 0).ok_or(LinkError::Port)?;
    Ok((host, Some(number)))
}

fn check_host(host: &str) -> Result<(), LinkError> {
    if host.is_empty() {
        return Err(LinkError::EmptyHost);
    }
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().map(|_| ()).map_err(|_| LinkError::Ipv6);
    }
    if host == "." {
        return Err(LinkError::DotHost);
    }
    check_characters(host, "host")
}

/// RFC 3986's characters for `part`, percent-encoded ones, and any that is not ASCII.
fn check_characters(text: &str, part: &'static str) -> Result<(), LinkError> {
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '%' => {
                let hex = rest.next().zip(rest.next());
                hex.filter(|(a, b)| a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
                    .ok_or(LinkError::Percent(part))?;
            }
            ':' if part == "host" => return Err(LinkError::Character(part)),
            _ if character.is_ascii_alphanumeric() || ".-_!$,~*'();&+=:".contains(character) => {}
            _ if character.is_ascii() => return Err(LinkError::Character(part)),
            _ => {}
        }
    }
    Ok(())
}

/// The path with a slash at its beginning and no white space in it.
fn encode_path(path: &str) -> String {
    let path = path.trim_end_matches(is_space);
    let slash = if path.starts_with('/') { "" } else { "/" };
    let encoded = path.chars().map(|character| match character {
        '\0'..=' ' => format!("%{:02X}", u32::from(character)),
        _ => character.to_string(),
    });
    std::iter::once(slash.to_owned()).chain(encoded).collect()
}
