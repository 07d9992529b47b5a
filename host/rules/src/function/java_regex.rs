//! Java's regular expressions, said in the notation of the crates `regex` and `fancy-regex`.
//!
//! The rules engine takes Java's (it runs on the JVM). Most is the same; what differs is rewritten, and what can't be is refused
//! by name, so that nothing silently matches something else. Two differences stay: `.` and `$` know `\n` as the only end
//! of a line, and `(?i)` folds case by Unicode.

use std::str::CharIndices;

/// Why an expression can't be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unsupported(pub(crate) String);

/// Escapes of one letter and what they match, outside of classes and inside. By default Java's are of ASCII.
const CLASSES: [(char, &str, &str); 10] = [
    ('d', "[0-9]", "0-9"),
    ('D', "[^0-9]", "[^0-9]"),
    ('w', "[0-9A-Za-z_]", "0-9A-Za-z_"),
    ('W', "[^0-9A-Za-z_]", "[^0-9A-Za-z_]"),
    ('s', r"[ \t\n\x0B\f\r]", r" \t\n\x0B\f\r"),
    ('S', r"[^ \t\n\x0B\f\r]", r"[^ \t\n\x0B\f\r]"),
    (
        'h',
        r"[ \t\u{A0}\u{1680}\u{180e}\u{2000}-\u{200a}\u{202f}\u{205f}\u{3000}]",
        r" \t\u{A0}\u{1680}\u{180e}\u{2000}-\u{200a}\u{202f}\u{205f}\u{3000}",
    ),
    ('v', r"[\n\x0B\f\r\u{85}\u{2028}\u{2029}]", r"\n\x0B\f\r\u{85}\u{2028}\u{2029}"),
    ('R', r"(?:\r\n|[\n\x0B\f\r\u{85}\u{2028}\u{2029}])", ""),
    ('e', r"\x1B", r"\x1B"),
];

/// POSIX classes of ASCII, written `\p{Name}`.
const POSIX: [(&str, &str); 13] = [
    ("Lower", "a-z"),
    ("Upper", "A-Z"),
    ("ASCII", r"\x00-\x7F"),
    ("Alpha", "A-Za-z"),
    ("Digit", "0-9"),
    ("Alnum", "A-Za-z0-9"),
    ("Punct", r"!-/:-@\[-`{-~"),
    ("Graph", "!-~"),
    ("Print", " -~"),
    ("Blank", r" \t"),
    ("Cntrl", r"\x00-\x1F\x7F"),
    ("XDigit", "0-9A-Fa-f"),
    ("Space", r" \t\n\x0B\f\r"),
];

/// Rewrites `java`.
pub(super) fn translate(java: &str) -> Result<String, Unsupported> {
    let mut translator =
        Translator { java, rest: java.char_indices(), class_depth: 0, to: String::with_capacity(java.len()) };
    while let Some((at, character)) = translator.rest.next() {
        translator.character(at, character)?;
    }
    Ok(translator.to)
}

struct Translator<'j> {
    java: &'j str,
    rest: CharIndices<'j>,
    class_depth: usize,
    to: String,
}

impl<'j> Translator<'j> {
    fn following(&self) -> &'j str {
        self.rest.as_str()
    }

    fn character(&mut self, at: usize, character: char) -> Result<(), Unsupported> {
        match character {
            '\\' => return self.escape(),
            '[' => self.class_depth += 1,
            ']' => self.class_depth = self.class_depth.saturating_sub(1),
            // In classes, the crates have operators that Java has not.
            '-' | '~' if self.class_depth > 0 && self.following().starts_with(character) => {
                self.to.push('\\');
            }
            '(' if self.class_depth == 0 => {
                self.flags(at)?;
            }
            _ => {}
        }
        self.to.push(character);
        Ok(())
    }

    /// `(?d…` and `(?U…` mean something else, or nothing, to the crates.
    fn flags(&self, at: usize) -> Result<(), Unsupported> {
        let group = self.java.get(at..).unwrap_or_default();
        let Some(flags) = group.strip_prefix("(?") else { return Ok(()) };
        let flags = flags.split([':', ')']).next().unwrap_or_default();
        let are_flags = flags.chars().all(|flag| flag.is_ascii_alphabetic() || flag == '-');
        match flags.chars().find(|flag| matches!(flag, 'd' | 'U')) {
            Some(flag) if are_flags => Err(Unsupported(format!("the flag `(?{flag})`"))),
            _ => Ok(()),
        }
    }

    fn escape(&mut self) -> Result<(), Unsupported> {
        let Some((_, character)) = self.rest.next() else {
            self.to.push('\\');
            return Ok(());
        };
        let in_class = self.class_depth > 0;
        if let Some((_, outside, inside)) = CLASSES.iter().find(|(letter, ..)| *letter == character) {
            self.to.push_str(if in_class { inside } else { outside });
            return Ok(());
        }
        match character {
            'Q' => self.quotation(),
            'p' | 'P' => self.property(character),
            'Z' => self.to.push_str(r"(?=\n?\z)"),
            'b' if !in_class => self.to.push_str(r"(?-u:\b)"),
            'B' if !in_class => self.to.push_str(r"(?-u:\B)"),
            'u' => self.code_point(),
            'G' | 'X' | 'N' | 'c' | '0' => return Err(Unsupported(format!("`\\{character}`"))),
            other => self.to.extend(['\\', other]),
        }
        Ok(())
    }

    /// `\Q…\E`.
    fn quotation(&mut self) {
        let following = self.following();
        let (quoted, rest) = following.split_once(r"\E").unwrap_or((following, ""));
        self.to.push_str(&regex::escape(quoted));
        let skipped = following.len() - rest.len();
        self.skip(skipped);
    }

    /// `\p{Name}`: POSIX names are of ASCII; the others are Unicode's and the same.
    fn property(&mut self, letter: char) {
        let following = self.following();
        let name = following.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
        let posix = name.and_then(|name| POSIX.iter().find(|(known, _)| *known == name));
        match (posix, name) {
            (Some((name, class)), _) => {
                let not = if letter == 'P' { "^" } else { "" };
                self.to.extend(["[", not, class, "]"]);
                self.skip(name.len() + 2);
            }
            // Java writes `\p{IsAlphabetic}` and `\p{IsLatin}`.
            (None, Some(name)) if name.starts_with("Is") => {
                self.to.extend([
                    "\\",
                    letter.encode_utf8(&mut [0; 4]),
                    "{",
                    name.get(2..).unwrap_or_default(),
                    "}",
                ]);
                self.skip(name.len() + 2);
            }
            _ => self.to.extend(['\\', letter]),
        }
    }

    /// `\uFFFF` is `\u{FFFF}` in the crates.
    fn code_point(&mut self) {
        const DIGITS: usize = 4;
        let digits = self
            .following()
            .get(..DIGITS)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.map(str::to_owned) {
            Some(digits) => {
                self.to.extend(["\\u{", &digits, "}"]);
                self.skip(DIGITS);
            }
            None => self.to.push_str("\\u"),
        }
    }

    fn skip(&mut self, bytes: usize) {
        let left = self.rest.as_str().len().saturating_sub(bytes);
        while self.rest.as_str().len() > left {
            self.rest.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_java_says_differently_is_rewritten() {
        for (java, crates) in [
            (r"a{2,}", r"a{2,}"),
            (r"\d+[\d.]", r"[0-9]+[0-9.]"),
            (r"[^\w]", r"[^0-9A-Za-z_]"),
            (r"\Qa.b\E+", r"a\.b+"),
            (r"\Qa.b", r"a\.b"),
            (r"\p{Alpha}\P{Digit}[\p{Upper}_]", "[A-Za-z][^0-9][[A-Z]_]"),
            (r"\p{IsLatin}\p{Lu}", r"\p{Latin}\p{Lu}"),
            (r"\u00e9", r"\u{00e9}"),
            (r"[a--z]", r"[a\--z]"),
            (r"\\d", r"\\d"),
            (r"a\", r"a\"),
        ] {
            assert_eq!(translate(java).unwrap(), crates, "{java}");
        }
    }

    #[test]
    fn what_cannot_be_said_is_refused_by_name() {
        for (java, named) in [(r"\Ga", r"`\G`"), ("(?U)a", "the flag `(?U)`"), ("(?id:a)", "the flag `(?d)`")]
        {
            assert_eq!(translate(java).unwrap_err().0, named);
        }
        assert!(translate("(?<day>a)(?i)b(?:d)").is_ok());
    }
}
