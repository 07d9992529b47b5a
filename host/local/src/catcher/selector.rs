//! Which requests a fake or a fault is for.

use std::fmt;
use std::str::FromStr;

use crate::fakes::{CaughtRequest, Service};

/// A choice of requests, by where they were meant to go.
///
/// As text: `*`, the name of a service such as `telegram`, a host name, or the shape of a path. In a shape `*` stands for anything within a segment, and `**` as the
/// last segment for any segments that follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// All requests.
    Any,
    /// Those to this service, also on a server of somebody's own.
    Service(Service),
    /// Those to this host, whatever the port.
    Host(String),
    /// Those whose path has this shape, for example `/bot*/*`, whatever the host: a channel may use a server of its own in
    /// the provider's place.
    Path(String),
}

/// Why a text selects nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// Neither a host nor a path.
    #[error(
        "`{0}` is neither a service such as `discord`, nor a host such as `discord.com`, nor a path such as `/bot*/*`, nor `*`"
    )]
    Host(String),
    /// `**` where it can't be.
    #[error("`{0}` has `**` before its end; use `*` for one segment")]
    Middle(String),
}

impl Selector {
    /// Whether `request` is one of those meant.
    #[must_use]
    pub fn matches(&self, request: &CaughtRequest) -> bool {
        match self {
            Self::Any => true,
            Self::Service(service) => Service::of(request) == *service,
            Self::Host(host) => request.url.host_str() == Some(host),
            Self::Path(shape) => path_matches(shape, request.url.path()),
        }
    }
}

fn path_matches(shape: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    for pattern in shape.split('/') {
        match segments.next() {
            Some(_) if pattern == "**" => return true,
            Some(segment) if segment_matches(pattern, segment) => {}
            _ => return false,
        }
    }
    segments.next().is_none()
}

fn segment_matches(pattern: &str, segment: &str) -> bool {
    let Some((start, mut rest)) = pattern.split_once('*') else { return pattern == segment };
    let Some(mut segment) = segment.strip_prefix(start) else { return false };
    while let Some((middle, after)) = rest.split_once('*') {
        // The first place is as good as any, since a star follows.
        let Some((_, behind)) = segment.split_once(middle) else { return false };
        (rest, segment) = (after, behind);
    }
    segment.ends_with(rest)
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" {
            return Ok(Self::Any);
        }
        if let Some(service) = Service::named(text) {
            return Ok(Self::Service(service));
        }
        if text.starts_with('/') {
            let middle = text.split('/').rev().skip(1).any(|segment| segment == "**");
            return if middle {
                Err(SelectorError::Middle(text.to_owned()))
            } else {
                Ok(Self::Path(text.to_owned()))
            };
        }
        let refused = || SelectorError::Host(text.to_owned());
        if text.contains(['*', '/', '?', '#', '@', ':']) && !text.starts_with('[') {
            return Err(refused());
        }
        let host = url::Host::parse(text).map_err(|_| refused())?;
        Ok(Self::Host(host.to_string()))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => formatter.write_str("*"),
            Self::Service(service) => service.fmt(formatter),
            Self::Host(text) | Self::Path(text) => formatter.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str) -> CaughtRequest {
        let url = url.parse().unwrap();
        CaughtRequest { method: "POST".to_owned(), url, headers: Vec::new(), body: Vec::new() }
    }

    #[test]
    fn selectors_choose_by_host_or_path() {
        for (selector, url, chosen) in [
            ("*", "https://example.com/", true),
            ("telegram", "https://telegram.example.com/bot1:a/getMe", true),
            ("telegram", "https://discord.com/api/webhooks/1/a", false),
            ("discord.com", "https://discord.com:8443/x", true),
            ("Discord.COM", "https://discord.com/x", true),
            ("discord.com", "https://ptb.discord.com/x", false),
            ("[::1]", "http://[::1]:8080/x", true),
            ("/bot*/*", "https://api.telegram.org/bot1:a/sendMessage", true),
            ("/bot*/*", "https://api.telegram.org/bot1:a/sendMessage/x", false),
            ("/bot*/*", "https://api.telegram.org/robot1:a/sendMessage", false),
            ("/bot*/*", "https://api.telegram.org/bot1:a", false),
            ("/api/webhooks/**", "https://discord.com/api/webhooks/1/a/messages/2?wait=true", true),
            ("/api/webhooks/**", "https://discord.com/api/webhooks", false),
            ("/api/v*/webhooks/*/*", "https://discord.com/api/v10/webhooks/1/a", true),
            ("/a*b*c", "https://x.y/a-bb-c", true),
            ("/a*b*c", "https://x.y/a-c-b", false),
            ("/a*a", "https://x.y/a", false),
            ("/", "https://x.y", true),
        ] {
            let parsed: Selector = selector.parse().unwrap();
            assert_eq!(parsed.matches(&request(url)), chosen, "{selector} {url}");
            assert_eq!(parsed.to_string().parse(), Ok(parsed));
        }
    }

    #[test]
    fn what_selects_nothing_is_refused() {
        for text in ["", "*.discord.com", "https://discord.com", "discord.com:443", "user@discord.com", "a b"]
        {
            assert_eq!(text.parse::<Selector>(), Err(SelectorError::Host(text.to_owned())));
        }
        assert_eq!("/a/**/b".parse::<Selector>(), Err(SelectorError::Middle("/a/**/b".to_owned())));
    }
}
