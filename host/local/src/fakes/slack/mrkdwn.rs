//! Reads Slack's markup as its client shows it (<https://docs.slack.dev/messaging/formatting-message-text>).
//!
//! There is no escape for `*`, `_`, `~` and backticks: they style what stands between them at the edges of words. `&`, `<` and `>` are
//! written as entities; between `<` and `>` are links and mentions.

mod control;

use crate::fakes::markup::{Writer, emoji};
use crate::fakes::{StyleKind, StyledText};

/// Nesting deeper than this is shown as plain text; people never come near.
const DEPTH: usize = 16;

/// What `source` looks like.
pub(super) fn read(source: &str) -> StyledText {
    let mut reader = Reader { writer: Writer::default(), depth: 0, in_quote: false };
    reader.inline(source);
    reader.writer.finish()
}

/// What `source` looks like where markup is not read: `plain_text`, and text without `mrkdwn`.
pub(super) fn plain(source: &str) -> StyledText {
    let mut reader = Reader { writer: Writer::default(), depth: 0, in_quote: false };
    let mut rest = source;
    while !rest.is_empty() {
        let taken =
            reader.entity(rest).or_else(|| reader.emoji(rest)).unwrap_or_else(|| reader.character(rest));
        rest = rest.get(taken..).unwrap_or_default();
    }
    reader.writer.finish()
}

struct Reader {
    writer: Writer,
    depth: usize,
    in_quote: bool,
}

impl Reader {
    fn inline(&mut self, source: &str) {
        let (mut rest, mut before) = (source, None);
        while !rest.is_empty() {
            let at_line_start = before.is_none_or(|before| before == '\n');
            let taken = at_line_start.then(|| self.quote(rest)).flatten();
            let taken = taken.or_else(|| self.code(rest)).or_else(|| self.styled(rest, before));
            let taken = taken.or_else(|| self.control(rest)).or_else(|| self.entity(rest));
            let taken = taken.or_else(|| self.emoji(rest)).or_else(|| self.address(rest));
            let length = taken.unwrap_or_else(|| self.character(rest));
            let (done, next) = rest.split_at_checked(length).unwrap_or((rest, ""));
            before = done.chars().next_back();
            rest = next;
        }
    }

    /// Lines behind `>`, which counts as an entity too: that is how people's messages are kept.
    fn quote(&mut self, rest: &str) -> Option<usize> {
        let unquoted = |line: &str| {
            let inner = line.strip_prefix("&gt;").or_else(|| line.strip_prefix('>'))?;
            Some(inner.strip_prefix(' ').unwrap_or(inner).to_owned())
        };
        if self.in_quote || self.depth == DEPTH {
            return None;
        }
        let lines: Vec<(usize, String)> =
            rest.split_inclusive('\n').map_while(|line| Some((line.len(), unquoted(line)?))).collect();
        let inner: String = lines.iter().map(|(_, line)| line.as_str()).collect();
        if lines.is_empty() || inner.trim().is_empty() {
            return None;
        }
        let shown = inner.strip_suffix('\n').unwrap_or(&inner);
        self.in_quote = true;
        self.within(StyleKind::Quote, shown);
        self.in_quote = false;
        Some(lines.iter().map(|(length, _)| length).sum::<usize>() - (inner.len() - shown.len()))
    }

    /// Text between backticks, in which nothing else counts.
    fn code(&mut self, rest: &str) -> Option<usize> {
        let (fence, kind) = match rest.strip_prefix("```") {
            Some(_) => ("```", StyleKind::Pre { language: None }),
            None => ("`", StyleKind::Code),
        };
        let inner = rest.strip_prefix(fence)?;
        let inner = inner.get(..inner.find(fence)?)?;
        if inner.trim().is_empty() || (fence == "`" && inner.contains('\n')) {
            return None;
        }
        let shown = if fence == "`" { inner } else { inner.trim_matches('\n') };
        self.writer.styled(kind, &unescaped(shown));
        Some(inner.len() + 2 * fence.len())
    }

    /// Text between two equal marks that touch it, and no word outside.
    fn styled(&mut self, rest: &str, before: Option<char>) -> Option<usize> {
        let mark = rest.chars().next()?;
        let kind = match mark {
            '*' => StyleKind::Bold,
            '_' => StyleKind::Italic,
            '~' => StyleKind::Strike,
            _ => return None,
        };
        let is_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let inner = rest.get(1..)?;
        let opens = |first: char| first.is_whitespace() || first == mark;
        if is_word(before) || before == Some(mark) || inner.starts_with(opens) || self.depth == DEPTH {
            return None;
        }
        let line = inner.split('\n').next()?;
        let closes = |at: &usize| {
            let touches =
                line.get(..*at).is_some_and(|text| !text.is_empty() && !text.ends_with(char::is_whitespace));
            touches && !is_word(line.get(at + 1..).and_then(|after| after.chars().next()))
        };
        let end = line.match_indices(mark).map(|(at, _)| at).find(closes)?;
        self.within(kind, line.get(..end)?);
        Some(end + 2)
    }

    fn within(&mut self, kind: StyleKind, inner: &str) {
        self.depth += 1;
        self.writer.open(kind);
        self.inline(inner);
        self.writer.close();
        self.depth -= 1;
    }

    /// `<https://a.b|text>`, `<@U1>`, `<!here>`.
    fn control(&mut self, rest: &str) -> Option<usize> {
        let inner = rest.strip_prefix('<')?;
        let inner = inner.get(..inner.find(['>', '\n'])?)?;
        if !rest.get(inner.len() + 1..)?.starts_with('>') {
            return None;
        }
        let found = control::read(inner)?;
        match found.kind {
            Some(kind) => self.writer.styled(kind, &unescaped(&found.text)),
            None => self.writer.push(&unescaped(&found.text)),
        }
        Some(inner.len() + 2)
    }

    fn entity(&mut self, rest: &str) -> Option<usize> {
        let (entity, letter) = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity))?;
        self.writer.push(letter);
        Some(entity.len())
    }

    /// `:warning:`
    fn emoji(&mut self, rest: &str) -> Option<usize> {
        let (name, _) = rest.strip_prefix(':')?.split_once(':')?;
        self.writer.push(emoji::named(name)?);
        Some(name.len() + 2)
    }

    /// An address in the open: up to white space or `<`, without the punctuation behind it.
    fn address(&mut self, rest: &str) -> Option<usize> {
        let host = rest.strip_prefix("https://").or_else(|| rest.strip_prefix("http://"))?;
        let end =
            rest.find(|letter: char| letter.is_whitespace() || "<>|".contains(letter)).unwrap_or(rest.len());
        let url = rest.get(..end)?.trim_end_matches(['.', ',', ':', ';', '"', '\'', ')', ']', '*', '_', '~']);
        if url.len() <= rest.len() - host.len() {
            return None;
        }
        let address = unescaped(url);
        self.writer.styled(StyleKind::Link { url: address.clone() }, &address);
        Some(url.len())
    }

    fn character(&mut self, rest: &str) -> usize {
        let length = rest.chars().next().map_or(1, char::len_utf8);
        self.writer.push(rest.get(..length).unwrap_or_default());
        length
    }
}

/// The characters that are written as entities.
const ENTITIES: [(&str, &str); 3] = [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];

/// Text with its entities read, each once.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests;
