//! What `DateTimeFormatter` of the JDK makes of a text, in the locale `en_US`.

use super::super::{JdkPattern, PatternError};
use super::time_to_epoch;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;

/// 2024-03-01 00:00 UTC, a Friday.
const MARCH: i64 = 1_709_251_200_000;

/// The table's texts as the pattern reads them, as distances from `MARCH`.
fn check(pattern: &str, table: &[(&str, Option<i64>)]) {
    for (text, distance) in table {
        let milliseconds = distance.map(|distance| MARCH + distance);
        assert_eq!(time_to_epoch(text, pattern), milliseconds, "{text} as {pattern}");
    }
}

#[test]
fn dates() {
    check(
        "yyyy-MM-dd",
        &[("2024-03-01", Some(0)), ("2024-3-1", None), ("24-03-01", None), (" 2024-03-01", None)],
    );
    check(
        "yyyy-MM-dd",
        &[("2024-03-01x", None), ("2024-13-01", None), ("2024-03-32", None), ("2024-03-00", None)],
    );
    check(
        "y-M-d",
        &[("2024-3-1", Some(0)), ("2024-03-01", Some(0)), ("-2024-3-1", None), ("+2024-3-1", None)],
    );
    check("d MMM yy", &[("1 Mar 24", Some(0)), ("1 mar 24", None), ("1 March 24", None)]);
    check("MMMM d, uuuu", &[("March 1, 2024", Some(0)), ("Mar 1, 2024", None)]);
    check("LLL d uuuu", &[("Mar 1 2024", Some(0))]);
    check(
        "uuuu-DDD",
        &[("2024-061", Some(0)), ("2024-61", None), ("2024-366", Some(305 * DAY)), ("2023-366", None)],
    );
    check("d M", &[("1 3", None)]);
    check("yyyy-MM", &[("2024-03", None)]);
}

#[test]
fn smart_takes_the_last_day_of_a_shorter_month() {
    check(
        "yyyy-MM-dd",
        &[("2024-02-31", Some(-DAY)), ("2023-02-29", Some(-367 * DAY)), ("2024-04-31", Some(60 * DAY))],
    );
}

#[test]
fn eras_and_wide_years() {
    check("y G MM dd", &[("2024 AD 03 01", Some(0)), ("0 AD 03 01", None)]);
    check("GGGG y-M-d", &[("Anno Domini 2024-3-1", Some(0))]);
    assert_eq!(time_to_epoch("BC 1-01-01", "G y-MM-dd"), Some(-62_167_219_200_000));
    assert_eq!(time_to_epoch("0000-01-01", "uuuu-MM-dd"), Some(-62_167_219_200_000));
    assert_eq!(time_to_epoch("-0000-01-01", "uuuu-MM-dd"), None);
    assert_eq!(time_to_epoch("-0001-01-01", "uuuu-MM-dd"), Some(-62_198_755_200_000));
    // More than four digits need a sign, and four must not have a plus; jiff's years end at 9999.
    for text in ["02024-03-01", "+2024-03-01", "+10000-03-01"] {
        assert_eq!(time_to_epoch(text, "yyyy-MM-dd"), None, "{text}");
    }
    check("yyyy-MM-dd", &[("+02024-03-01", Some(0))]);
}

#[test]
fn adjacent_numbers_share_the_digits() {
    check("yyyyMMdd", &[("20240301", Some(0)), ("2024031", None)]);
    check("yyMMddHHmm", &[("2403011230", Some(12 * HOUR + 30 * MINUTE))]);
    check("yyyyMMddHHmmssSSS", &[("20240301000001005", Some(1005))]);
    check("yMMdd", &[("20240301", Some(0))]);
}

#[test]
fn times() {
    check("yyyy-MM-dd HH", &[("2024-03-01 23", Some(23 * HOUR)), ("2024-03-01 25", None)]);
    check(
        "yyyy-MM-dd HH:mm",
        &[("2024-03-01 24:00", Some(DAY)), ("2024-03-01 24:01", None), ("2024-03-01 10:60", None)],
    );
    check("yyyy-MM-dd k", &[("2024-03-01 24", Some(0)), ("2024-03-01 0", Some(0)), ("2024-03-01 25", None)]);
    check("yyyy-MM-dd h a", &[("2024-03-01 12 AM", Some(0)), ("2024-03-01 12 PM", Some(12 * HOUR))]);
    check(
        "yyyy-MM-dd K a",
        &[("2024-03-01 11 PM", Some(23 * HOUR)), ("2024-03-01 12 PM", None), ("2024-03-01 1 pm", None)],
    );
    check("yyyy-MM-dd H h a", &[("2024-03-01 13 1 PM", Some(13 * HOUR)), ("2024-03-01 13 2 PM", None)]);
    check("yyyy-MM-dd H:m:s.S", &[("2024-03-01 0:0:1.5", Some(1500)), ("2024-03-01 0:0:1.50", None)]);
    check("yyyy-MM-dd H:m:s.SSSSSS", &[("2024-03-01 0:0:1.000999", Some(1000))]);
    check("yyyy-MM-dd H:m:s n", &[("2024-03-01 0:0:1 5000000", Some(1005))]);
    // What says less than an hour of the day says no time.
    check("yyyy-MM-dd hh:mm", &[("2024-03-01 10:30", None)]);
    check("yyyy-MM-dd mm", &[("2024-03-01 30", None)]);
    check("yyyy-MM-dd HH ss", &[("2024-03-01 10 30", None)]);
    check("yyyy-MM-dd a", &[("2024-03-01 AM", None)]);
    // Before 1970 milliseconds are rounded down as well.
    assert_eq!(time_to_epoch("1969-12-31 23 59 59 9999", "u-M-d H m s SSSS"), Some(-1));
}

#[test]
fn what_is_said_twice_must_agree() {
    check("EEE, d MMM yyyy", &[("Fri, 1 Mar 2024", Some(0)), ("Sat, 1 Mar 2024", None)]);
    check("eeee yyyy-MM-dd", &[("Friday 2024-03-01", Some(0)), ("Fri 2024-03-01", None)]);
    check("yyyy-MM-dd D", &[("2024-03-01 61", Some(0)), ("2024-03-01 60", None)]);
    check("d yyyy-MM-dd", &[("1 2024-03-01", Some(0)), ("2 2024-03-01", None)]);
    check("y uuuu-MM-dd", &[("2024 2024-03-01", Some(0)), ("2023 2024-03-01", None)]);
    check("yyyy-MM-dd X x", &[("2024-03-01 Z +00", Some(0)), ("2024-03-01 Z +01", None)]);
}

#[test]
fn optional_sections() {
    let pattern = "yyyy-MM-dd['T'HH:mm[:ss][.SSS]][XXX]";
    check(
        pattern,
        &[("2024-03-01", Some(0)), ("2024-03-01T01:00", Some(HOUR)), ("2024-03-01T00:00:01", Some(1000))],
    );
    check(pattern, &[("2024-03-01T00:00:01.5", None), ("2024-03-01T00:00:01.500+01:00", Some(1500 - HOUR))]);
    // A section that fails leaves nothing behind.
    check("yyyy-MM-dd[ HH:mm][ HH'h']", &[("2024-03-01 05h", Some(5 * HOUR))]);
    check("yyyy[-MM[-dd", &[("2024-03-01", Some(0)), ("2024-03", None)]);
    check("[[[yyyy]]]-MM[]-dd", &[("2024-03-01", Some(0))]);
}

#[test]
fn letters_and_counts_that_are_refused() {
    for (pattern, letter, at) in [
        ("YYYY-MM-dd", 'Y', 0),
        ("yyyy-MMMMM", 'M', 5),
        ("'é' zzzz", 'z', 5),
        ("ddd", 'd', 0),
        ("aa", 'a', 0),
        ("SSSSSSSSSS", 'S', 0),
        ("V", 'V', 0),
        ("OO", 'O', 0),
        ("XXXXXX", 'X', 0),
        ("yyyyTHH", 'T', 4),
        ("e", 'e', 0),
        ("d{", '{', 1),
        ("pd", 'p', 0),
    ] {
        match JdkPattern::compile(pattern) {
            Err(PatternError::Unsupported { letter: found, at: place, .. }) => {
                assert_eq!((found, place), (letter, at), "{pattern}");
            }
            other => panic!("{pattern}: {other:?}"),
        }
    }
    assert_eq!(JdkPattern::compile("d 'T").err(), Some(PatternError::UnclosedQuote { at: 2 }));
    assert_eq!(JdkPattern::compile("[d]]").err(), Some(PatternError::UnopenedSection { at: 3 }));
    for letter in ('a'..='z').chain('A'..='Z') {
        let known = "GuyDMLdEahHkKmsSnzOXxZ".contains(letter);
        assert_eq!(JdkPattern::compile(&letter.to_string()).is_ok(), known, "{letter}");
    }
}

#[test]
fn takes_deep_and_long_patterns() {
    let pattern = JdkPattern::compile(&"[".repeat(256)).unwrap();
    assert_eq!(pattern.parse(""), None);
    let pattern = JdkPattern::compile(&"[d]".repeat(85)).unwrap();
    assert_eq!(pattern.parse(&"9".repeat(100_000)), None);
}
