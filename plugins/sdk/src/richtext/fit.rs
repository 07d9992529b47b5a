//! Cutting rich text to a provider's limits.

use std::ops::Range;

use super::RichText;
use crate::text::ELLIPSIS;

impl RichText {
    /// The text cut to at most `limit` code points, ending in `…` if anything was cut.
    #[must_use]
    pub fn truncate(&self, limit: usize) -> Self {
        self.truncate_by(limit, Self::len)
    }

    /// The text in pieces of at most `limit` code points.
    ///
    /// Pieces end at a line end if there is one in their second half, else at white space there, else anywhere. White
    /// space at the seams is cut off; nothing else is lost, and no piece is empty.
    #[must_use]
    pub fn split(&self, limit: usize) -> Vec<Self> {
        self.split_by(limit, Self::len)
    }

    /// Like [`truncate`](Self::truncate), for a provider that counts otherwise: `measure` tells how long a text is.
    ///
    /// A measure is at least [`len`](Self::len), and adding to a text must not make it smaller.
    #[must_use]
    pub fn truncate_by(&self, limit: usize, measure: impl Fn(&Self) -> usize) -> Self {
        if measure(self) <= limit {
            return self.clone();
        }
        if limit == 0 {
            return Self::default();
        }
        let plain = self.to_plain();
        let cut = |length| {
            let mut cut = self.slice(0..prefix(&plain, length).len());
            cut.trim_end();
            let styles = cut.runs().last().map(|run| run.styles.clone()).unwrap_or_default();
            cut.push(ELLIPSIS, &styles);
            cut
        };
        cut(longest(limit - 1, |length| measure(&cut(length)) <= limit))
    }

    /// Like [`split`](Self::split), for a provider that counts otherwise: `measure` as in [`truncate_by`](Self::truncate_by).
    ///
    /// If the markup of a single code point is longer than `limit`, the rest of the text goes without markup.
    #[must_use]
    pub fn split_by(&self, limit: usize, measure: impl Fn(&Self) -> usize) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut rest = self.clone();
        loop {
            let plain = rest.to_plain();
            let text = plain.trim();
            if text.is_empty() {
                return pieces;
            }
            let start = plain.len() - plain.trim_start().len();
            let until = |length| start..start + prefix(text, length).len();
            let length = longest(limit, |length| measure(&rest.slice(until(length))) <= limit);
            if length == 0 && rest.runs().iter().any(|run| !run.styles.is_empty()) {
                rest = Self::styled(&plain, &[]);
                continue;
            }
            let end = start + seam(text, until(length.max(1)).len());
            pieces.push(rest.slice(start..end));
            rest = rest.slice(end..plain.len());
        }
    }

    /// The part of the text in `range`, in bytes.
    fn slice(&self, range: Range<usize>) -> Self {
        let mut slice = Self::default();
        let mut start = 0;
        for run in self.runs() {
            let end = start + run.text.len();
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                slice.push(run.text.get(from - start..to - start).unwrap_or_default(), &run.styles);
            }
            start = end;
        }
        slice
    }
}

/// The first `length` code points of `text`, or all of it.
fn prefix(text: &str, length: usize) -> &str {
    text.char_indices().nth(length).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The largest length up to `limit` that fits; 0 if none does. Whatever is shorter than what fits, fits.
fn longest(limit: usize, fits: impl Fn(usize) -> bool) -> usize {
    if fits(limit) {
        return limit;
    }
    let (mut fitting, mut too_long) = (0, limit);
    while too_long - fitting > 1 {
        let middle = fitting.midpoint(too_long);
        if fits(middle) {
            fitting = middle;
        } else {
            too_long = middle;
        }
    }
    fitting
}

/// Where to end a piece of `text`, which begins with something to see: at most at byte `limit`, and not at its beginning.
fn seam(text: &str, limit: usize) -> usize {
    if limit >= text.len() {
        return text.len();
    }
    // White space that follows the piece is as good a seam as any inside of it.
    let follows = text.get(limit..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let window = text.get(..limit + follows).unwrap_or(text);
    let late = |at: &usize| *at > limit / 2;
    let at = window.rfind('\n').filter(late).or_else(|| window.rfind(char::is_whitespace).filter(late));
    text.get(..at.unwrap_or(limit)).unwrap_or(text).trim_end().len()
}
