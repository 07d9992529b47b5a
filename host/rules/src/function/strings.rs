//! Text. Lengths and places count characters (Unicode code points); the guide says "characters" and nothing closer.

use super::{Function, Invocation};
use crate::limits::PADDING;
use crate::value::{Rounding, Text, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("lower", (1, 1), |call| one(call, str::to_lowercase)),
    Function::new("upper", (1, 1), |call| one(call, str::to_uppercase)),
    Function::new("trim", (1, 1), |call| one(call, |text| text.trim().to_owned())),
    Function::new("ltrim", (1, 1), |call| one(call, |text| text.trim_start_matches([' ', '\t']).to_owned())),
    Function::new("rtrim", (1, 1), |call| one(call, |text| text.trim_end_matches([' ', '\t']).to_owned())),
    Function::new("length", (1, 1), |call| number(call, |text| text.chars().count())).since_2016(),
    Function::new("numbytes", (1, 1), |call| number(call, str::len)).since_2016(),
    Function::new("startswith", (2, 2), |call| two(call, |text, part| text.starts_with(part).into())),
    Function::new("endswith", (2, 2), |call| two(call, |text, part| text.ends_with(part).into())),
    Function::new("indexof", (2, 2), |call| two(call, index_of)).since_2016(),
    Function::new("lpad", (2, 2), |call| padded(call, |text, spaces| spaces + text)),
    Function::new("rpad", (2, 2), |call| padded(call, |text, spaces| text.to_owned() + &spaces)),
    Function::new("replace", (3, 3), replace),
    Function::new("substring", (2, 3), substring),
    Function::new("chr", (1, 1), chr),
];

fn one<'a>(call: &Invocation<'_, 'a>, function: impl Fn(&str) -> String) -> Value<'a> {
    call.text(0).map_or(Value::Undefined, |text| Value::string(function(&text)))
}

fn two<'a>(call: &Invocation<'_, 'a>, function: impl Fn(&str, &str) -> Value<'a>) -> Value<'a> {
    match (call.text(0), call.text(1)) {
        (Some(text), Some(part)) => function(&text, &part),
        _ => Value::Undefined,
    }
}

fn number<'a>(call: &Invocation<'_, 'a>, function: impl Fn(&str) -> usize) -> Value<'a> {
    call.text(0).map_or(Value::Undefined, |text| count(function(&text)))
}

fn count<'a>(number: usize) -> Value<'a> {
    i64::try_from(number).ok().into()
}

/// -1 if the part is not there, as in Java; the guide does not say.
fn index_of<'a>(text: &str, part: &str) -> Value<'a> {
    text.find(part)
        .map_or_else(|| (-1).into(), |at| count(text.get(..at).unwrap_or_default().chars().count()))
}

/// The number of spaces is rounded down and kept between 0 and 1000.
fn padded<'a>(call: &Invocation<'_, 'a>, function: impl Fn(&str, String) -> String) -> Value<'a> {
    let result = || {
        let spaces = call.decimal(1)?.round(0, Rounding::Down).clamp_i64().clamp(0, PADDING);
        let spaces = " ".repeat(usize::try_from(spaces).ok()?);
        Some(Value::string(function(&call.text(0)?, spaces)))
    };
    result().unwrap_or(Value::Undefined)
}

fn replace<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let result = || {
        let (text, from, to) = (call.text(0)?, call.text(1)?, call.text(2)?);
        let grown = text.matches(&*from).count().saturating_mul(to.len()).saturating_add(text.len());
        call.evaluation.affordable(grown).then(|| Value::string(text.replace(&*from, &to)))
    };
    result().unwrap_or(Value::Undefined)
}

/// Places are cut off after the point and kept inside the text; the second one is exclusive.
fn substring<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let place = |index: usize| {
        let place = call.decimal(index)?.round(0, Rounding::TowardsZero).clamp_i64().max(0);
        usize::try_from(place).ok()
    };
    let result = || {
        let text = call.text(0)?;
        let from = place(1)?;
        let to = if call.values.len() == 3 { place(2)? } else { usize::MAX };
        Some(part(&text, from, to))
    };
    result().unwrap_or(Value::Undefined)
}

fn part<'a>(text: &Text<'a>, from: usize, to: usize) -> Value<'a> {
    let byte = |place: usize| text.char_indices().nth(place).map_or(text.len(), |(byte, _)| byte);
    let (start, end) = (byte(from), byte(to));
    match text {
        _ if from >= to => Value::string(""),
        Text::Borrowed(text) => Value::string(text.get(start..end).unwrap_or_default()),
        Text::Shared(text) => Value::string(text.get(start..end).unwrap_or_default().to_owned()),
    }
}

fn chr<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let code = call.decimal(0).map(|code| code.round(0, Rounding::Down).clamp_i64());
    let code = code.and_then(|code| u8::try_from(code).ok()).filter(u8::is_ascii);
    code.map_or(Value::Undefined, |code| Value::string(char::from(code).to_string()))
}
