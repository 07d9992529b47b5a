//! Constructs of other SQL dialects, found where something else was expected, with the way AWS IoT SQL says it.

use campanile_diagnostic::Diagnostic;

use super::super::lexer::not_aws;
use super::super::token::TokenKind;
use super::{Parsed, Parser, is_keyword};

/// Words of other dialects, and what to write instead.
const WORDS: [(&str, &str); 13] = [
    ("LIKE", "write startswith(), endswith() or regexp_matches(value, 'pattern')"),
    ("BETWEEN", "write `value >= low AND value <= high`"),
    ("IS", "write isNull(value), or isUndefined(value) for an attribute that is missing"),
    ("ORDER", "a rule sees one message at a time; there is nothing to sort"),
    ("GROUP", "a rule sees one message at a time; there is nothing to group"),
    ("HAVING", "conditions belong to WHERE"),
    ("LIMIT", "take elements of an array by get(array, index)"),
    ("DISTINCT", "there is no way to remove duplicates"),
    ("JOIN", "look up other data by get_thing_shadow() or get_dynamodb()"),
    ("UNION", "write two rules"),
    ("XOR", "write `(a OR b) AND NOT (a AND b)`"),
    ("DIV", "write `trunc(a / b, 0)`"),
    ("MOD", "write `a % b`, or mod(a, b)"),
];

/// What stands at the parser's place, if it is of another dialect.
pub(super) fn construct(parser: &Parser<'_>) -> Option<Diagnostic> {
    let token = parser.token();
    match &token.kind {
        TokenKind::Symbol("[") => {
            Some(not_aws("value[index]", "write get(value, index)", token.span.clone()))
        }
        TokenKind::Word(word) if word.eq_ignore_ascii_case("SET") => {
            Some(Diagnostic::error("sql::variable", "SET comes once, before SELECT").at(token.span.clone()))
        }
        TokenKind::Word(word) => {
            let (foreign, instead) = WORDS.iter().find(|(foreign, _)| word.eq_ignore_ascii_case(foreign))?;
            Some(not_aws(foreign, instead, token.span.clone()))
        }
        _ => None,
    }
}

impl Parser<'_> {
    /// Refuses `IN ('a', 'b')`. A query may be in parentheses, and a single value is just that.
    pub(super) fn no_list_in_parentheses(&self) -> Parsed<()> {
        if self.is_symbol("(") && !is_keyword(self.ahead(1), "SELECT") && self.is_list() {
            return Err(not_aws("IN (…)", "write `value IN ['a', 'b']`", self.token().span.clone()));
        }
        Ok(())
    }

    /// Whether the parentheses that open here have a comma that is in no inner ones.
    fn is_list(&self) -> bool {
        let mut depth = 0_usize;
        for token in self.tokens.get(self.at + 1..).unwrap_or_default() {
            match token.kind {
                TokenKind::Symbol("(" | "[" | "{") => depth += 1,
                TokenKind::Symbol(")" | "]" | "}") if depth == 0 => return false,
                TokenKind::Symbol(")" | "]" | "}") => depth -= 1,
                TokenKind::Symbol(",") if depth == 0 => return true,
                _ => {}
            }
        }
        false
    }
}
