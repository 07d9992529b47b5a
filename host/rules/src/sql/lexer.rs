//! Cuts a statement into words. What AWS IoT SQL does not have but other dialects do is named with the way to write it.

use std::ops::Range;

use campanile_diagnostic::Diagnostic;

use super::token::{Token, TokenKind};

/// Symbols of the language; longer ones first.
const SYMBOLS: [&str; 20] =
    ["<>", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ":", "."];

/// Symbols of other dialects, and what to write instead.
const FOREIGN: [(&str, &str); 13] = [
    ("!=", "write `<>`"),
    ("==", "write `=`"),
    ("&&", "write `AND`"),
    ("||", "write `OR`; texts are joined with `+` or concat()"),
    ("--", "AWS IoT SQL has no comments; a negative number in a sum needs parentheses: `a - (-1)`"),
    ("/*", "AWS IoT SQL has no comments"),
    ("->", "write `.` to reach into an object"),
    ("::", "write `cast(value AS type)`"),
    ("`", "quote texts with ' or \"; names can't be quoted, see get()"),
    (";", "a rule has one statement, without `;`"),
    ("!", "write `NOT`"),
    ("#", "quote topic filters: FROM 'home/#'"),
    ("$", "write `@name` for a variable of SET, or get(*, '$name') for an attribute"),
];

/// The words of `statement`, with `End` last.
pub(crate) fn lex(statement: &str) -> Result<Vec<Token<'_>>, Diagnostic> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(token) = next(statement, at)? {
        at = token.span.end;
        tokens.push(token);
    }
    let end = statement.trim_end().len();
    tokens.push(Token { kind: TokenKind::End, span: end..end });
    Ok(tokens)
}

fn next(statement: &str, from: usize) -> Result<Option<Token<'_>>, Diagnostic> {
    let rest = statement.get(from..).unwrap_or_default();
    let text = rest.trim_start();
    let start = from + (rest.len() - text.len());
    let Some(first) = text.chars().next() else { return Ok(None) };
    let token = |kind, length| Ok(Some(Token { kind, span: start..start + length }));
    match first {
        'a'..='z' | 'A'..='Z' | '_' => {
            let word = prefix(text, is_word);
            not_foreign_letter(text, word, start)?;
            token(TokenKind::Word(word), word.len())
        }
        '0'..='9' => {
            let number = number(text);
            not_a_name(text, number, start)?;
            token(TokenKind::Number(number), number.len())
        }
        '@' => {
            let name = prefix(text.get(1..).unwrap_or_default(), is_word);
            token(TokenKind::Variable(name), name.len() + 1)
        }
        '\'' | '"' => quoted(text, first, start).map(Some),
        _ => symbol(text, first, start).map(Some),
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The longest beginning of `text` that has only such characters.
fn prefix(text: &str, wanted: impl Fn(char) -> bool) -> &str {
    text.split(|character| !wanted(character)).next().unwrap_or_default()
}

/// Digits, a fraction and an exponent, as far as they are there.
fn number(text: &str) -> &str {
    let digits = |from: usize| prefix(text.get(from..).unwrap_or_default(), |c| c.is_ascii_digit()).len();
    let mut length = digits(0);
    if text.get(length..).is_some_and(|rest| rest.starts_with('.')) && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if let Some(rest) = text.get(length..).and_then(|rest| rest.strip_prefix(['e', 'E'])) {
        let sign = usize::from(rest.starts_with(['+', '-']));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    text.get(..length).unwrap_or_default()
}

fn quoted(text: &str, quote: char, start: usize) -> Result<Token<'_>, Diagnostic> {
    let mut content = String::new();
    let mut rest = text.get(1..).unwrap_or_default();
    while let Some((part, after)) = rest.split_once(quote) {
        content.push_str(part);
        match after.strip_prefix(quote) {
            Some(after_second) => {
                content.push(quote);
                rest = after_second;
            }
            None => {
                let length = text.len() - after.len();
                return Ok(Token { kind: TokenKind::Text(content), span: start..start + length });
            }
        }
    }
    Err(Diagnostic::error("sql::syntax", "a text without its closing quote")
        .at(start..start + text.len())
        .label("begins here")
        .help(format!("close it with {quote}")))
}

fn symbol(text: &str, first: char, start: usize) -> Result<Token<'_>, Diagnostic> {
    // `a--1` is a minus and a negative number wherever AWS allows one; nobody writes that, but many write comments.
    if let Some((foreign, instead)) = FOREIGN.iter().find(|(foreign, _)| text.starts_with(foreign)) {
        return Err(not_aws(foreign, instead, start..start + foreign.len()));
    }
    if let Some(symbol) = SYMBOLS.iter().find(|symbol| text.starts_with(**symbol)) {
        return Ok(Token { kind: TokenKind::Symbol(symbol), span: start..start + symbol.len() });
    }
    let span = start..start + first.len_utf8();
    let found =
        Diagnostic::error("sql::syntax", format!("`{}` does not belong here", first.escape_debug())).at(span);
    Err(if first.is_alphabetic() { found.help(NAMES) } else { found })
}

const NAMES: &str =
    "names have the letters a to z, digits and `_`; reach others by get(*, 'name') or get(parent, 'name')";

/// A construct of another dialect.
pub(super) fn not_aws(foreign: &str, instead: &str, span: Range<usize>) -> Diagnostic {
    Diagnostic::error("sql::not-aws", format!("AWS IoT SQL has no `{foreign}`"))
        .at(span)
        .label("not AWS IoT SQL")
        .help(instead.to_owned())
}

/// `température`: the word ends where a letter follows that names can't have.
fn not_foreign_letter(text: &str, word: &str, start: usize) -> Result<(), Diagnostic> {
    let next = text.get(word.len()..).and_then(|rest| rest.chars().next());
    match next {
        Some(letter) if letter.is_alphanumeric() => {
            let whole = prefix(text, |character| character.is_alphanumeric() || character == '_');
            Err(Diagnostic::error("sql::syntax", format!("`{whole}` can't be written as a name"))
                .at(start..start + whole.len())
                .help(NAMES))
        }
        _ => Ok(()),
    }
}

/// `2nd`: names don't begin with digits.
fn not_a_name(text: &str, number: &str, start: usize) -> Result<(), Diagnostic> {
    let rest = prefix(text.get(number.len()..).unwrap_or_default(), is_word);
    if rest.is_empty() {
        return Ok(());
    }
    let length = number.len() + rest.len();
    let word = text.get(..length).unwrap_or_default();
    Err(Diagnostic::error("sql::syntax", format!("`{word}` is neither a number nor a name"))
        .at(start..start + length)
        .help(format!("names don't begin with a digit; reach such an attribute by get(*, '{word}')")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(statement: &str) -> Vec<String> {
        lex(statement).unwrap().iter().map(|token| token.kind.describe()).collect()
    }

    #[test]
    fn a_statement_is_cut_into_words() {
        assert_eq!(
            kinds(r#"a.b<>@x 1.5E-3'it''s'"q""#),
            [
                "`a`",
                "`.`",
                "`b`",
                "`<>`",
                "`@x`",
                "`1.5E-3`",
                "the text 'it's'",
                "the text 'q'",
                "the end of the statement"
            ]
        );
        assert_eq!(kinds("1.a"), ["`1`", "`.`", "`a`", "the end of the statement"]);
        assert_eq!(lex(" 'é' = 1").unwrap()[1].span, 6..7);
    }

    #[test]
    fn other_dialects_are_named_with_the_way_out() {
        for (statement, message, help) in [
            ("a != 1", "no `!=`", "<>"),
            ("a == 1", "no `==`", "`=`"),
            ("a -- b", "no `--`", "comments"),
            ("`a`", "no ``", "quote"),
            ("'open", "closing quote", "'"),
            ("2nd = 1", "`2nd` is neither", "get(*, '2nd')"),
            ("température > 1", "`température` can't", "get(*"),
            ("é", "`é` does not", "get(*"),
            ("a # b", "no `#`", "FROM 'home/#'"),
        ] {
            let found = lex(statement).unwrap_err();
            assert!(found.message.contains(message), "{}", found.message);
            assert!(found.help.unwrap_or_default().contains(help), "{statement}");
        }
    }
}
