//! The functions of rule SQL: one table, a family a file. Names and numbers of arguments are those of the developer guide
//! ("Functions"), and so is what each does with each type.
//!
//! A function never fails: arguments that it can't work with make Undefined.

mod bits;
mod catalogue;
mod clock;
mod codec;
mod collection;
mod external;
mod hash;
mod java_regex;
mod kinds;
mod math;
mod message;
mod pattern;
mod strings;

use campanile_diagnostic::{Diagnostic, suggestion};

use crate::evaluate::Evaluation;
use crate::rule::Options;
use crate::sql::tree::Expression;
use crate::value::{self, Decimal, Text, Value};
use crate::version::Version;

pub(crate) use catalogue::all;
pub(crate) use pattern::Pattern;

/// A function.
#[derive(Debug)]
pub(crate) struct Function {
    /// Its name, in lower case unless the guide writes it otherwise.
    pub(crate) name: &'static str,
    /// The fewest and the most arguments.
    pub(crate) arguments: (usize, usize),
    /// The first version that has it.
    since: Version,
    /// Makes of constant arguments what the function needs, once.
    prepare: Prepare,
    body: Body,
}

type Prepare = fn(&[Expression]) -> Result<Prepared, Diagnostic>;
type Body = for<'c, 'a> fn(&Invocation<'c, 'a>) -> Value<'a>;

/// What was made of constant arguments when the rule was loaded.
#[derive(Debug)]
pub(crate) enum Prepared {
    /// Nothing.
    Nothing,
    /// The number of arguments is wrong, so the result is Undefined. The linter says so.
    WrongArguments,
    /// The first argument is the whole payload or row.
    Everything,
    /// A regular expression; none if it is no valid one.
    Pattern(Option<Pattern>),
    /// The type of `cast`.
    Type(kinds::Type),
    /// A pattern of `parse_time`, and its zone if that is constant; none if there is no such zone.
    Format(crate::time::JodaPattern, Option<Option<jiff::tz::TimeZone>>),
    /// A pattern of `time_to_epoch`.
    Time(crate::time::JdkPattern),
    /// What an external function answers here.
    Stub(Value<'static>),
}

/// A call that is being evaluated.
pub(crate) struct Invocation<'c, 'a> {
    pub(crate) values: &'c [Value<'a>],
    pub(crate) prepared: &'a Prepared,
    pub(crate) evaluation: &'c Evaluation<'a>,
    /// Whether the row is the message itself, not one of a query.
    pub(crate) of_message: bool,
}

impl Function {
    const fn new(name: &'static str, arguments: (usize, usize), body: Body) -> Self {
        Self { name, arguments, since: Version::V2015, prepare: |_| Ok(Prepared::Nothing), body }
    }

    const fn since_2016(self) -> Self {
        Self { since: Version::V2016, ..self }
    }

    const fn prepared_by(self, prepare: Prepare) -> Self {
        Self { prepare, ..self }
    }

    /// How many arguments it takes, in words.
    pub(crate) fn arity(&self) -> String {
        match self.arguments {
            (fewest, usize::MAX) => format!("at least {fewest}"),
            (0, 0) => "no arguments".to_owned(),
            (1, 1) => "1 argument".to_owned(),
            (fewest, most) if fewest == most => format!("{most} arguments"),
            (fewest, most) => format!("{fewest} to {most} arguments"),
        }
    }

    pub(crate) fn is_external(&self) -> bool {
        external::FUNCTIONS.iter().any(|external| external.name == self.name)
    }

    pub(crate) fn call<'a>(&self, invocation: &Invocation<'_, 'a>) -> Value<'a> {
        match invocation.prepared {
            Prepared::WrongArguments => Value::Undefined,
            _ => (self.body)(invocation),
        }
    }
}

/// Finds a function and prepares it for its constant arguments.
pub(crate) fn resolve(
    name: &str,
    arguments: &[Expression],
    options: &Options,
) -> Result<(&'static Function, Prepared), Diagnostic> {
    let function =
        all().find(|function| function.name.eq_ignore_ascii_case(name)).ok_or_else(|| unknown(name))?;
    if function.is_external() {
        return external::stub(function, &options.stubs).map(|stub| (function, stub));
    }
    if options.version < function.since {
        return Err(Diagnostic::error(
            "sql::version",
            format!("version {} has no {}()", options.version, function.name),
        )
        .help(format!("set AwsIotSqlVersion to '{}'", function.since)));
    }
    let (fewest, most) = function.arguments;
    if !(fewest..=most).contains(&arguments.len()) {
        return Ok((function, Prepared::WrongArguments));
    }
    Ok((function, (function.prepare)(arguments)?))
}

fn unknown(name: &str) -> Diagnostic {
    let lower = name.to_ascii_lowercase();
    let instead = match lower.as_str() {
        "coalesce" | "ifnull" | "nvl" => Some("write get_or_default(value, default)"),
        "now" | "current_timestamp" | "getdate" => Some("write timestamp()"),
        "substr" => Some("write substring(text, from, to), where `to` is exclusive"),
        "len" | "char_length" => Some("write length(text)"),
        "instr" | "position" => Some("write indexof(text, part), which counts from 0"),
        "count" | "sum" | "avg" | "min" | "max" => {
            Some("a rule sees one message at a time; aggregate where it goes")
        }
        _ => None,
    };
    let help = instead
        .map_or_else(|| suggestion(&lower, "functions", all().map(|function| function.name)), str::to_owned);
    Diagnostic::error("sql::unknown-function", format!("there is no function `{name}`")).help(help)
}

// === what bodies work with ===

impl<'a> Invocation<'_, 'a> {
    /// An argument; Undefined where there is none.
    fn value(&self, index: usize) -> Value<'a> {
        self.values.get(index).cloned().unwrap_or(Value::Undefined)
    }

    fn version(&self) -> Version {
        self.evaluation.version()
    }

    fn decimal(&self, index: usize) -> Option<Decimal> {
        value::decimal(self.values.get(index)?)
    }

    /// An argument in double precision.
    fn double(&self, index: usize) -> Option<f64> {
        self.decimal(index).map(|number| number.to_f64())
    }

    fn text(&self, index: usize) -> Option<Text<'a>> {
        value::text(self.values.get(index)?, self.version())
    }
}
