//! Operators, loosest first: OR, AND, NOT, comparisons and IN, sums, products, minus, member access.

use super::super::tree::{Expression, Kind, Operator};
use super::{Parsed, Parser};

const COMPARISONS: [(&str, Operator); 6] = [
    ("=", Operator::Equal),
    ("<>", Operator::NotEqual),
    ("<", Operator::Less),
    ("<=", Operator::LessOrEqual),
    (">", Operator::Greater),
    (">=", Operator::GreaterOrEqual),
];

const SUMS: [(&str, Operator); 2] = [("+", Operator::Plus), ("-", Operator::Minus)];

const PRODUCTS: [(&str, Operator); 3] =
    [("*", Operator::Times), ("/", Operator::Divide), ("%", Operator::Modulo)];

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.nested(Self::disjunction)
    }

    fn disjunction(&mut self) -> Parsed<Expression> {
        let mut left = self.conjunction()?;
        while self.take_keyword("OR") {
            let right = self.conjunction()?;
            left = self.binary(Operator::Or, left, right)?;
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Parsed<Expression> {
        let mut left = self.negation()?;
        while self.take_keyword("AND") {
            let right = self.negation()?;
            left = self.binary(Operator::And, left, right)?;
        }
        Ok(left)
    }

    fn negation(&mut self) -> Parsed<Expression> {
        let start = self.start();
        if self.take_keyword("NOT") {
            let inner = self.nested(Self::negation)?;
            return self.built(Kind::Not(Box::new(inner)), self.span_from(start));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Parsed<Expression> {
        let mut left = self.sum()?;
        loop {
            let operator = match self.take_one_of(&COMPARISONS) {
                Some(operator) => operator,
                None if self.take_keyword("IN") => {
                    self.no_list_in_parentheses()?;
                    Operator::In
                }
                None => return Ok(left),
            };
            let right = self.sum()?;
            left = self.binary(operator, left, right)?;
        }
    }

    fn sum(&mut self) -> Parsed<Expression> {
        let mut left = self.product()?;
        while let Some(operator) = self.take_one_of(&SUMS) {
            let right = self.product()?;
            left = self.binary(operator, left, right)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Parsed<Expression> {
        let mut left = self.minus()?;
        while let Some(operator) = self.take_one_of(&PRODUCTS) {
            let right = self.minus()?;
            left = self.binary(operator, left, right)?;
        }
        Ok(left)
    }

    fn minus(&mut self) -> Parsed<Expression> {
        let start = self.start();
        if !self.take_symbol("-") {
            return self.postfix();
        }
        if let Some(number) = self.negative_number(start) {
            return self.members(number);
        }
        let inner = self.nested(Self::minus)?;
        self.built(Kind::Negative(Box::new(inner)), self.span_from(start))
    }

    fn take_one_of(&mut self, symbols: &[(&str, Operator)]) -> Option<Operator> {
        let (_, operator) = symbols.iter().find(|(symbol, _)| self.is_symbol(symbol))?;
        self.at += 1;
        Some(*operator)
    }

    fn binary(&self, operator: Operator, left: Expression, right: Expression) -> Parsed<Expression> {
        let span = left.span.start..right.span.end;
        self.built(Kind::Binary(operator, Box::new([left, right])), span)
    }
}
