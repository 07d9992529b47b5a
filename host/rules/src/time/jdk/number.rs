//! Numbers in a text: `NumberPrinterParser` and its kin of the JDK's `DateTimeFormatterBuilder`, parsing strictly.
//! Whether a value is possible for its field is not asked here.

use super::fields::{Field, Fields};

/// Which signs a number may have: the JDK's `SignStyle` when it parses strictly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// `NOT_NEGATIVE`: none.
    Never,
    /// `NORMAL`.
    MinusOnly,
    /// `EXCEEDS_PAD`: more digits than the least only with a sign, and a plus only with more digits than the least.
    PlusIfWider,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Value,
    /// The value's distance from the year 2000.
    Since2000,
    /// The digits behind a decimal point, in nanos.
    Fraction,
}

#[derive(Debug, Clone)]
pub(super) struct Number {
    field: Field,
    least: usize,
    most: usize,
    sign: Sign,
    meaning: Meaning,
    /// How many digits belong to the numbers right behind this one.
    left: usize,
}

impl Number {
    /// The most digits that the JDK reads; with all of them nines the number still fits a `u64`.
    pub(super) const WIDEST: usize = 19;

    pub(super) fn new(field: Field, least: usize, most: usize, sign: Sign) -> Self {
        Self { field, least, most, sign, meaning: Meaning::Value, left: 0 }
    }

    pub(super) fn year_since_2000(field: Field) -> Self {
        Self { meaning: Meaning::Since2000, ..Self::new(field, 2, 2, Sign::Never) }
    }

    pub(super) fn fraction(field: Field, digits: usize) -> Self {
        Self { meaning: Meaning::Fraction, ..Self::new(field, digits, digits, Sign::Never) }
    }

    pub(super) fn fixed_width(&self) -> Option<usize> {
        (self.least == self.most && self.sign == Sign::Never).then_some(self.most)
    }

    /// Leaves that many digits more to the numbers behind it; a fraction takes its own number of digits regardless.
    pub(super) fn leave(&mut self, digits: usize) {
        if self.meaning != Meaning::Fraction {
            self.left += digits;
        }
    }

    pub(super) fn leave_nothing(&mut self) {
        self.left = 0;
    }

    pub(super) fn parse<'t>(&self, text: &'t str, fields: &mut Fields) -> Option<&'t str> {
        let sign = text.chars().next().filter(|first| matches!(first, '+' | '-'));
        if !self.may_have(sign) {
            return None;
        }
        let unsigned = if sign.is_some() { text.get(1..)? } else { text };
        let (digits, rest) = unsigned.split_at_checked(self.width(unsigned)?)?;
        if self.sign == Sign::PlusIfWider && sign != Some('-') {
            let wider = digits.len() > self.least;
            (wider == (sign == Some('+'))).then_some(())?;
        }
        let value = i64::try_from(digits.parse::<u64>().ok()?).ok()?;
        match sign {
            // There is no minus zero.
            Some('-') if value == 0 => return None,
            Some('-') => fields.set(self.field, -value)?,
            _ => fields.set(self.field, self.meant(value, digits.len()))?,
        }
        Some(rest)
    }

    fn may_have(&self, sign: Option<char>) -> bool {
        match sign {
            Some('+') => self.sign == Sign::PlusIfWider,
            Some(_) => self.sign != Sign::Never,
            None => true,
        }
    }

    /// How many of the digits that the text begins with are this number's own.
    fn width(&self, text: &str) -> Option<usize> {
        let limit = self.most + self.left;
        let there = text.bytes().take(limit).take_while(u8::is_ascii_digit).count();
        (there >= self.least).then(|| self.least.max(there.saturating_sub(self.left)))
    }

    fn meant(&self, value: i64, digits: usize) -> i64 {
        match self.meaning {
            Meaning::Value => value,
            Meaning::Since2000 => 2000 + value,
            Meaning::Fraction => (digits..9).fold(value, |value, _| value * 10),
        }
    }
}
