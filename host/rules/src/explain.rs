//! Why a condition is what it is: the parts that decided it, with their values.

use std::fmt;

use crate::evaluate::{Evaluation, Row};
use crate::sql::tree::{Expression, Kind, Operator};
use crate::value::{self, Value, to_json};

/// An expression, its value, and what it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The expression as it is written.
    pub expression: String,
    /// Its value as JSON, or `Undefined`.
    pub value: String,
    /// What kind of value it is.
    pub kind: &'static str,
    /// What it comes from: of a condition, the parts that decide it; of other expressions, the attributes in them.
    pub because: Vec<Self>,
}

/// An expression a line, with its value and kind; what it comes from is below it, two spaces further in.
impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(formatter, 0)
    }
}

impl Reason {
    fn write(&self, formatter: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let expression = self.expression.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(formatter, "{:indent$}{expression}  {}", "", self.value, indent = 2 * depth)?;
        if self.value != self.kind {
            write!(formatter, "  {}", self.kind)?;
        }
        for because in &self.because {
            formatter.write_str("\n")?;
            because.write(formatter, depth + 1)?;
        }
        Ok(())
    }
}

/// Explains the value of a condition.
pub(crate) fn explain<'a>(
    evaluation: &Evaluation<'a>,
    expression: &'a Expression,
    row: Row<'_, 'a>,
    text: &str,
) -> Reason {
    let parts = deciding(evaluation, expression, row);
    let because = parts.into_iter().map(|part| explain(evaluation, part, row, text)).collect();
    let value = evaluation.value(expression, row);
    Reason {
        expression: text.get(expression.span.clone()).unwrap_or_default().to_owned(),
        value: shown(evaluation, &value),
        kind: value.kind(),
        because,
    }
}

/// The parts of an expression that made its value.
fn deciding<'a>(
    evaluation: &Evaluation<'a>,
    expression: &'a Expression,
    row: Row<'_, 'a>,
) -> Vec<&'a Expression> {
    match &expression.kind {
        Kind::Binary(operator @ (Operator::And | Operator::Or), operands) => {
            // Undefined wins; else one false decides AND and one true decides OR.
            let values = operands.each_ref().map(|operand| value::boolean(&evaluation.value(operand, row)));
            let decides = if values.contains(&None) { None } else { Some(*operator == Operator::Or) };
            let some = operands
                .iter()
                .zip(values)
                .filter(|(_, value)| *value == decides)
                .map(|(operand, _)| operand);
            let some: Vec<&Expression> = some.collect();
            if some.is_empty() { operands.iter().collect() } else { some }
        }
        Kind::Not(inner) => vec![inner],
        _ => sources(expression),
    }
}

/// The attributes, variables and calls in an expression, unless it is one itself.
fn sources(expression: &Expression) -> Vec<&Expression> {
    let mut found = Vec::new();
    for child in expression.children() {
        match &child.kind {
            Kind::Constant(_) | Kind::Everything => {}
            Kind::Attribute(_) | Kind::Variable(_) | Kind::Call(_) => found.push(child),
            Kind::Member(..) if is_path(child) => found.push(child),
            // Rows of queries have no value here.
            Kind::Query(_) | Kind::Exists(_) => found.push(child),
            _ => found.extend(sources(child)),
        }
    }
    match expression.kind {
        Kind::Member(..) if is_path(expression) => vec![],
        Kind::Exists(ref query) | Kind::Query(ref query) => vec![&query.source],
        _ => found,
    }
}

fn is_path(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::Member(inner, _) => is_path(inner),
        Kind::Attribute(_) | Kind::Variable(_) | Kind::Everything => true,
        _ => false,
    }
}

/// Short enough for a line.
fn shown<'a>(evaluation: &Evaluation<'a>, value: &Value<'a>) -> String {
    const LONGEST: usize = 200;
    match value {
        Value::Undefined => "Undefined".to_owned(),
        Value::Bytes(bytes) => format!("{} bytes that are no JSON", bytes.len()),
        value => {
            let json = String::from_utf8(to_json(value, evaluation.version())).unwrap_or_default();
            match json.char_indices().nth(LONGEST) {
                Some((cut, _)) => format!("{}…", json.get(..cut).unwrap_or_default()),
                None => json,
            }
        }
    }
}
