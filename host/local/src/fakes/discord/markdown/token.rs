//! Things that stand for something else: escapes, links, mentions, emoji.

use crate::fakes::discord::is_snowflake;
use crate::fakes::discord::mentions::Mention;

/// What a token stands for.
#[derive(Debug)]
pub(super) enum Token<'a> {
    /// Text that is shown as it is.
    Text(String),
    /// A link with a text of its own.
    Link { text: &'a str, url: &'a str },
    /// A link that shows its address.
    Url(&'a str),
    /// Somebody.
    Mention(Mention<'a>),
}

/// The token that begins at the start of `rest` and its length in bytes.
pub(super) fn find(rest: &str) -> Option<(Token<'_>, usize)> {
    match rest.chars().next()? {
        '\\' => escape(rest),
        '[' => masked_link(rest),
        '<' => angle(rest),
        '@' => everyone(rest),
        'h' => address(rest),
        _ => None,
    }
}

fn escape(rest: &str) -> Option<(Token<'_>, usize)> {
    let escaped = rest.chars().nth(1)?;
    let hides = !escaped.is_ascii_alphanumeric() && !escaped.is_whitespace();
    hides.then(|| (Token::Text(escaped.to_string()), 1 + escaped.len_utf8()))
}

/// `[text](https://…)`: just http and https, and no address as text, because that could lead elsewhere.
fn masked_link(rest: &str) -> Option<(Token<'_>, usize)> {
    let mut hidden = false;
    let close = rest.char_indices().skip(1).find_map(|(at, character)| {
        let ends = character == ']' && !hidden;
        hidden = character == '\\' && !hidden;
        ends.then_some(at)
    })?;
    let text = rest.get(1..close)?;
    let target = rest.get(close + 1..)?.strip_prefix('(')?;
    let end = target.find([')', ' ', '\n'])?;
    let url = target.get(..end)?;
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let closed = target.get(end..)?.starts_with(')');
    let masks = !text.trim().is_empty() && !text.contains("://");
    (is_web && closed && masks).then_some((Token::Link { text, url }, close + 2 + end + 1))
}

/// `<@1>`, `<@&1>`, `<#1>`, `<:name:1>`, `<https://…>`.
fn angle(rest: &str) -> Option<(Token<'_>, usize)> {
    let (inner, _) = rest.strip_prefix('<')?.split_once('>')?;
    let id = |prefix: &str| inner.strip_prefix(prefix).filter(|id| is_snowflake(id));
    let token = if let Some(id) = id("@&") {
        Token::Mention(Mention::Role(id))
    } else if let Some(id) = id("@!").or_else(|| id("@")) {
        Token::Mention(Mention::User(id))
    } else if let Some(id) = id("#") {
        Token::Text(format!("#{id}"))
    } else if inner.starts_with("https://") || inner.starts_with("http://") {
        Token::Url(inner)
    } else {
        let name = inner.strip_prefix("a:").or_else(|| inner.strip_prefix(':'))?;
        let (name, _) = name.split_once(':').filter(|(_, id)| is_snowflake(id))?;
        Token::Text(format!(":{name}:"))
    };
    Some((token, inner.len() + 2))
}

fn everyone(rest: &str) -> Option<(Token<'_>, usize)> {
    let word = ["@everyone", "@here"].into_iter().find(|word| rest.starts_with(word))?;
    Some((Token::Mention(Mention::Everyone), word.len()))
}

/// An address in the open: up to white space or `<`, without the punctuation behind it.
fn address(rest: &str) -> Option<(Token<'_>, usize)> {
    let host = rest.strip_prefix("https://").or_else(|| rest.strip_prefix("http://"))?;
    let end =
        rest.find(|character: char| character.is_whitespace() || character == '<').unwrap_or(rest.len());
    let url = rest.get(..end)?.trim_end_matches(['.', ',', ':', ';', '"', '\'', ')', ']']);
    (url.len() > rest.len() - host.len()).then_some((Token::Url(url), url.len()))
}
