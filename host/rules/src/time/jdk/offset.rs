//! Offsets from UTC in a text: `OffsetIdPrinterParser` and `LocalizedOffsetIdPrinterParser` of the JDK's
//! `DateTimeFormatterBuilder`, parsing strictly. How far an offset may go is not asked here, except for its digits.

/// Whether a part of an offset is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    No,
    Maybe,
    Always,
}

/// One way to write an offset.
#[derive(Debug)]
pub(super) struct OffsetForm {
    /// What stands for no offset at all.
    zero: &'static str,
    colon: bool,
    minutes: Part,
    seconds: Part,
}

/// `X` to `XXXXX`.
pub(super) static WITH_Z: [OffsetForm; 5] = forms(["Z"; 5]);

/// `x` to `xxxxx`.
pub(super) static WITHOUT_Z: [OffsetForm; 5] = forms(["+00", "+0000", "+00:00", "+0000", "+00:00"]);

/// `Z` to `ZZZ`.
pub(super) static PLAIN: OffsetForm =
    OffsetForm { zero: "+0000", colon: false, minutes: Part::Always, seconds: Part::No };

/// `ZZZZZ`, and an offset in the place of a zone's id.
pub(super) static ID: OffsetForm =
    OffsetForm { zero: "Z", colon: true, minutes: Part::Always, seconds: Part::Maybe };

const fn forms(zero: [&'static str; 5]) -> [OffsetForm; 5] {
    let [one, two, three, four, five] = zero;
    [
        OffsetForm { zero: one, colon: false, minutes: Part::Maybe, seconds: Part::No },
        OffsetForm { zero: two, colon: false, minutes: Part::Always, seconds: Part::No },
        OffsetForm { zero: three, colon: true, minutes: Part::Always, seconds: Part::No },
        OffsetForm { zero: four, colon: false, minutes: Part::Always, seconds: Part::Maybe },
        OffsetForm { zero: five, colon: true, minutes: Part::Always, seconds: Part::Maybe },
    ]
}

impl OffsetForm {
    /// The seconds ahead of UTC, and the text behind them.
    pub(super) fn parse<'t>(&self, text: &'t str) -> Option<(i32, &'t str)> {
        if let Some(rest) = text.strip_prefix(self.zero) {
            return Some((0, rest));
        }
        let (sign, text) = sign(text)?;
        let (hours, text) = two_digits(text)?;
        let (minutes, text) = self.part(self.minutes, text)?;
        let (seconds, text) = self.part(self.seconds, text)?;
        (hours < 24).then_some((sign * (hours * 3600 + minutes * 60 + seconds), text))
    }

    fn part<'t>(&self, part: Part, text: &'t str) -> Option<(i32, &'t str)> {
        let digits = if self.colon { text.strip_prefix(':') } else { Some(text) };
        let found = digits.and_then(two_digits).filter(|(value, _)| *value < 60);
        match part {
            Part::No => Some((0, text)),
            Part::Maybe => Some(found.unwrap_or((0, text))),
            Part::Always => found,
        }
    }
}

/// `GMT`, or an offset behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LocalOffset {
    /// `GMT+8`
    Short,
    /// `GMT+08:00`
    Full,
}

impl LocalOffset {
    /// The seconds ahead of UTC, and the text behind them.
    pub(super) fn parse(self, text: &str) -> Option<(i32, &str)> {
        let text = text.strip_prefix("GMT")?;
        let Some((sign, text)) = sign(text) else { return Some((0, text)) };
        let (hours, minutes, text) = match self {
            Self::Full => {
                let (hours, text) = two_digits(text)?;
                let (minutes, text) = two_digits(text.strip_prefix(':')?)?;
                (hours, Some(minutes), text)
            }
            Self::Short => {
                let (hours, text) = two_digits(text).or_else(|| one_digit(text))?;
                let (minutes, text) = after_colon(text);
                (hours, minutes, text)
            }
        };
        let (seconds, text) = if minutes.is_some() { after_colon(text) } else { (None, text) };
        Some((sign * (hours * 3600 + minutes.unwrap_or(0) * 60 + seconds.unwrap_or(0)), text))
    }
}

fn after_colon(text: &str) -> (Option<i32>, &str) {
    match text.strip_prefix(':').and_then(two_digits) {
        Some((value, rest)) => (Some(value), rest),
        None => (None, text),
    }
}

fn sign(text: &str) -> Option<(i32, &str)> {
    match text.strip_prefix('-') {
        Some(rest) => Some((-1, rest)),
        None => Some((1, text.strip_prefix('+')?)),
    }
}

fn two_digits(text: &str) -> Option<(i32, &str)> {
    let (tens, rest) = one_digit(text)?;
    let (ones, rest) = one_digit(rest)?;
    Some((tens * 10 + ones, rest))
}

fn one_digit(text: &str) -> Option<(i32, &str)> {
    let rest = text.strip_prefix(|first: char| first.is_ascii_digit())?;
    let digit = text.bytes().next()?;
    Some((i32::from(digit - b'0'), rest))
}
