//! Single expressions: operators between types that don't fit, calls that make Undefined, and what AWS documents in two ways.

use super::Linter;
use super::types::{Type, known, never_boolean, never_ordered};
use crate::function::Prepared;
use crate::sql::tree::{Call, Case, Expression, Kind, Operator};
use crate::value::{Value, decimal_of_text};

impl Linter<'_> {
    pub(super) fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            Kind::Binary(operator, operands) => self.operator(expression, *operator, operands),
            Kind::Not(inner) if never_boolean(inner) => self.no_boolean(inner),
            Kind::Case(case) => self.case(case),
            Kind::Call(call) => self.call(expression, call),
            _ => {}
        }
    }

    fn operator(&mut self, expression: &Expression, operator: Operator, operands: &[Expression; 2]) {
        match operator {
            Operator::And | Operator::Or => {
                for operand in operands.iter().filter(|operand| never_boolean(operand)) {
                    self.no_boolean(operand);
                }
            }
            Operator::Equal | Operator::NotEqual => self.equality(expression, operator, operands),
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                for operand in operands.iter().filter(|operand| never_ordered(operand)) {
                    let help =
                        "an order compares numbers; compare texts by `=`, startswith() or regexp_matches()";
                    self.warn(
                        "sql::never-true",
                        operand,
                        "this is no number, so the comparison is Undefined",
                        help,
                    );
                }
            }
            Operator::In => self.membership(operands),
            Operator::Divide => self.division(expression, operands),
            Operator::Minus => self.hyphen(expression, operands),
            Operator::Plus | Operator::Times | Operator::Modulo => {}
        }
    }

    fn no_boolean(&mut self, operand: &Expression) {
        let help = "AND, OR and NOT take Booleans, and \"true\" and \"false\" as strings";
        self.warn("sql::never-true", operand, "this is no Boolean, so the result is Undefined", help);
    }

    fn equality(&mut self, expression: &Expression, operator: Operator, operands: &[Expression; 2]) {
        let [left, right] = operands;
        let always = if operator == Operator::Equal { "never true" } else { "always true" };
        match (known(left), known(right)) {
            (Some(Type::Null), _) | (_, Some(Type::Null)) => {
                let help = "write isNull(value), or isUndefined(value) for an attribute that is missing";
                self.warn("sql::compare-null", expression, "how NULL compares is only half documented", help);
            }
            (Some(a), Some(b)) if a != b => {
                let message = format!("{} and {} are never equal, so this is {always}", a.name(), b.name());
                self.warn(
                    "sql::never-true",
                    expression,
                    message,
                    "there is no conversion here; write cast(value AS type)",
                );
            }
            (None, Some(Type::Text)) => self.number_as_text(right),
            (Some(Type::Text), None) => self.number_as_text(left),
            _ => {}
        }
    }

    /// `temperature = '3'`
    fn number_as_text(&mut self, constant: &Expression) {
        if let Kind::Constant(Value::String(text)) = &constant.kind
            && decimal_of_text(text).is_some()
        {
            let help = format!("write {} without quotes if devices send numbers", &**text);
            self.warn(
                "sql::number-as-text",
                constant,
                "a number is never equal to a text, whatever is in it",
                help,
            );
        }
    }

    fn membership(&mut self, [_, list]: &[Expression; 2]) {
        if known(list).is_some_and(|known| known != Type::Array) {
            self.warn(
                "sql::never-true",
                list,
                "this is no array, so nothing is in it",
                "write `value IN ['a', 'b']`",
            );
        }
    }

    /// The guide's table says that two Ints make an Int, its example for SET that they make 23.89.
    fn division(&mut self, expression: &Expression, operands: &[Expression; 2]) {
        let is_fraction = |operand: &Expression| matches!(&operand.kind, Kind::Constant(Value::Number(number)) if !number.is_int());
        if !operands.iter().any(is_fraction) {
            let help = "AWS documents a fraction and an Int for it; multiply by 0.1 instead of dividing by 10, or trunc() the result";
            self.warn(
                "sql::integer-division",
                expression,
                "what two Ints make is documented in two ways",
                help,
            );
        }
    }

    /// `my-key` without spaces is hardly a difference.
    fn hyphen(&mut self, expression: &Expression, [left, right]: &[Expression; 2]) {
        let names = [left, right].map(|operand| match &operand.kind {
            Kind::Attribute(name) | Kind::Member(_, name) => Some(name.as_str()),
            _ => None,
        });
        if let [Some(_), Some(last)] = names
            && left.span.end + 1 == right.span.start
        {
            let first = self.written(left).rsplit('.').next().unwrap_or_default();
            let help = format!(
                "for the attribute write get(parent, '{first}-{last}'), with `*` as the parent at the top"
            );
            self.warn("sql::hyphen", expression, "this subtracts; names can't have hyphens", help);
        }
    }

    fn case(&mut self, case: &Case) {
        for (when, _) in &case.branches {
            if !matches!(when.kind, Kind::Constant(_)) {
                self.warn(
                    "sql::case",
                    when,
                    "WHEN takes constants only",
                    "AWS compares CASE with constants; write two rules, or a variable",
                );
            }
        }
    }

    fn call(&mut self, expression: &Expression, call: &Call) {
        let name = call.function.name;
        match &call.prepared {
            Prepared::WrongArguments => {
                let message = format!("{name}() takes {}, so this is Undefined", call.function.arity());
                self.refuse(
                    "sql::arguments",
                    expression,
                    message,
                    "the developer guide lists the arguments of functions",
                );
            }
            Prepared::Pattern(None) => {
                let message = "no valid regular expression, or too large a one, so the result is Undefined";
                self.warn(
                    "sql::regex",
                    call.arguments.get(1).unwrap_or(expression),
                    message,
                    "the syntax is Java's",
                );
            }
            Prepared::Format(_, Some(None)) => {
                let message = "there is no such time zone, so the result is Undefined";
                self.warn(
                    "sql::time-zone",
                    call.arguments.get(2).unwrap_or(expression),
                    message,
                    "write for example 'Europe/Berlin'",
                );
            }
            _ if name == "bitnot" => {
                let help = "the developer guide prints 2 for bitnot(13); here it is -14";
                self.warn("sql::bitnot", expression, "how many bits there are is not documented", help);
            }
            _ => {}
        }
    }
}
