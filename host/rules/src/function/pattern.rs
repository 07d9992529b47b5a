//! Regular expressions: compiled once if they are constant, bounded in memory and time.

use campanile_diagnostic::Diagnostic;

use super::java_regex::{Unsupported, translate};
use super::{Function, Invocation, Prepared};
use crate::limits::{REGEX_BACKTRACKING, REGEX_BYTES, REGEX_MEMORY};
use crate::sql::tree::Expression;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("regexp_matches", (2, 2), |call| {
        with_pattern(call, |pattern, text| pattern.find(text).is_some().into())
    })
    .prepared_by(prepare),
    // Undefined if there is no match; the guide does not say.
    Function::new("regexp_substr", (2, 2), |call| {
        with_pattern(call, |pattern, text| {
            let found = pattern.find(text).and_then(|found| text.get(found));
            found.map_or(Value::Undefined, |found| Value::string(found.to_owned()))
        })
    })
    .prepared_by(prepare),
    Function::new("regexp_replace", (3, 3), replace).prepared_by(prepare),
];

/// A compiled expression.
#[derive(Debug)]
pub(crate) enum Pattern {
    /// In time linear to the text.
    Linear(regex::Regex),
    /// With look-around or back-references, in a bounded number of steps.
    Backtracking(fancy_regex::Regex),
}

impl Pattern {
    /// None if `java` is no valid expression, or one that needs too much.
    pub(crate) fn compile(java: &str) -> Result<Option<Self>, Unsupported> {
        if java.len() > REGEX_BYTES {
            return Ok(None);
        }
        let expression = translate(java)?;
        let linear = regex::RegexBuilder::new(&expression).size_limit(REGEX_MEMORY).build();
        if let Ok(linear) = linear {
            return Ok(Some(Self::Linear(linear)));
        }
        let backtracking = fancy_regex::RegexBuilder::new(&expression)
            .delegate_size_limit(REGEX_MEMORY)
            .backtrack_limit(REGEX_BACKTRACKING)
            .build();
        Ok(backtracking.ok().map(Self::Backtracking))
    }

    /// The first match; none also if looking for it takes too many steps.
    fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        match self {
            Self::Linear(pattern) => pattern.find(text).map(|found| found.range()),
            Self::Backtracking(pattern) => pattern.find(text).ok()?.map(|found| found.range()),
        }
    }

    /// The groups of all matches, as places in the text; the whole match comes first.
    fn all(&self, text: &str) -> Option<Vec<Vec<Option<std::ops::Range<usize>>>>> {
        match self {
            Self::Linear(pattern) => {
                let matches = pattern.captures_iter(text);
                Some(
                    matches
                        .map(|groups| groups.iter().map(|group| group.map(|group| group.range())).collect())
                        .collect(),
                )
            }
            Self::Backtracking(pattern) => {
                let matches = pattern.captures_iter(text);
                let ranges = matches.map(|groups| {
                    groups.map(|groups| groups.iter().map(|group| group.map(|group| group.range())).collect())
                });
                ranges.collect::<Result<_, _>>().ok()
            }
        }
    }
}

/// An expression that Java may know and we don't is an error; one that is just wrong makes Undefined, as AWS documents it.
fn prepare(arguments: &[Expression]) -> Result<Prepared, Diagnostic> {
    let Some(argument) = arguments.get(1) else { return Ok(Prepared::WrongArguments) };
    let Some(text) = argument.constant_text() else { return Ok(Prepared::Nothing) };
    Pattern::compile(text).map(Prepared::Pattern).map_err(|Unsupported(what)| {
        Diagnostic::error("sql::regex", format!("{what} can't be evaluated here")).at(argument.span.clone())
    })
}

/// Steps that compiling an expression counts for, and one match that may backtrack.
const COMPILING: usize = 20_000 * 64;
const BACKTRACKING: usize = 10_000 * 64;

fn with_pattern<'a>(call: &Invocation<'_, 'a>, function: impl Fn(&Pattern, &str) -> Value<'a>) -> Value<'a> {
    let Some(text) = call.text(0) else { return Value::Undefined };
    let apply = |pattern: &Pattern| {
        let cost = if matches!(pattern, Pattern::Backtracking(_)) { BACKTRACKING } else { text.len() };
        if call.evaluation.affordable(cost) { function(pattern, &text) } else { Value::Undefined }
    };
    match call.prepared {
        Prepared::Pattern(pattern) => pattern.as_ref().map_or(Value::Undefined, apply),
        _ if !call.evaluation.affordable(COMPILING) => Value::Undefined,
        _ => {
            let pattern = call.text(1).and_then(|pattern| Pattern::compile(&pattern).ok().flatten());
            pattern.as_ref().map_or(Value::Undefined, apply)
        }
    }
}

fn replace<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let Some(replacement) = call.text(2) else { return Value::Undefined };
    with_pattern(call, |pattern, text| {
        let replaced = || {
            let mut replaced = String::with_capacity(text.len());
            let mut end = 0;
            for groups in pattern.all(text)? {
                let whole = groups.first()?.clone()?;
                replaced.push_str(text.get(end..whole.start)?);
                expand(&replacement, &groups, text, &mut replaced)?;
                end = whole.end;
                if !call.evaluation.affordable(replacement.len()) || !call.evaluation.fits(replaced.len()) {
                    return None;
                }
            }
            replaced.push_str(text.get(end..)?);
            Some(Value::string(replaced))
        };
        replaced().unwrap_or(Value::Undefined)
    })
}

/// Appends a replacement by Java's rules (`Matcher.appendReplacement`): `$1` is a group, `\` takes the next character as it is;
/// none if a group does not exist, or if the replacement ends after `$` or `\`.
fn expand(
    replacement: &str,
    groups: &[Option<std::ops::Range<usize>>],
    text: &str,
    to: &mut String,
) -> Option<()> {
    let mut rest = replacement.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => to.push(rest.next()?),
            '$' => {
                let mut group = usize::try_from(rest.next()?.to_digit(10)?).ok()?;
                // More digits belong to it as long as there is such a group.
                while let Some(digit) = rest.peek().and_then(|next| next.to_digit(10)) {
                    let longer = group * 10 + usize::try_from(digit).ok()?;
                    if longer >= groups.len() {
                        break;
                    }
                    group = longer;
                    rest.next();
                }
                if let Some(range) = groups.get(group)?.clone() {
                    to.push_str(text.get(range)?);
                }
            }
            other => to.push(other),
        }
    }
    Some(())
}
