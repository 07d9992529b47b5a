//! Templates and conditions in the file: compiled where they stand, so that an error points into them.

use std::ops::Range;

use toml::Spanned;

use super::table::Findings;
use crate::diagnostic::Diagnostic;
use crate::notification::TextFormat;
use crate::template::{Condition, Expression, Template, TemplateError};

pub(super) fn condition(text: &Spanned<&str>, source: &str, found: &mut Findings) -> Option<Condition> {
    let refused = |error: TemplateError| found.push(finding("config::condition", &error, text, source));
    Condition::compile(text.get_ref()).map_err(refused).ok()
}

pub(super) fn expression(text: &Spanned<&str>, source: &str, found: &mut Findings) -> Option<Expression> {
    let refused = |error: TemplateError| found.push(finding("config::expression", &error, text, source));
    Expression::compile(text.get_ref()).map_err(refused).ok()
}

pub(super) fn template(
    text: &Spanned<&str>,
    format: TextFormat,
    source: &str,
    found: &mut Findings,
) -> Option<Template> {
    let refused = |error: TemplateError| found.push(finding("config::template", &error, text, source));
    Template::compile(text.get_ref(), format).map_err(refused).ok()
}

fn finding(code: &'static str, error: &TemplateError, text: &Spanned<&str>, source: &str) -> Diagnostic {
    let inner = error.range.clone().zip(content(text, source));
    let span =
        inner.map_or(text.span(), |(range, content)| content.start + range.start..content.start + range.end);
    let finding = Diagnostic::error(code, error.message.clone()).at(span);
    match &error.help {
        Some(help) => finding.help(help.clone()),
        None => finding,
    }
}

/// Where the content of a TOML string is in the file; `None` if it is not there as such, because of escapes.
fn content(text: &Spanned<&str>, source: &str) -> Option<Range<usize>> {
    let raw = source.get(text.span())?;
    let offset = raw.find(text.get_ref())?;
    let is_delimiter = |part: &str| part.chars().all(|next| matches!(next, '"' | '\'' | '\n' | '\r'));
    let (before, after) = (raw.get(..offset)?, raw.get(offset + text.get_ref().len()..)?);
    let start = text.span().start + offset;
    (is_delimiter(before) && is_delimiter(after)).then(|| start..start + text.get_ref().len())
}
