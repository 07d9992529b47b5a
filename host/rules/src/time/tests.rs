//! The examples of the documentation of AWS IoT, and what holds for any pattern and any text.

mod jdk;
mod jdk_zone;
mod joda;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::{JdkPattern, JodaPattern, zone};

fn parse_time(pattern: &str, milliseconds: i64, name: &str) -> Option<String> {
    JodaPattern::compile(pattern).unwrap().format(milliseconds, &zone(name).unwrap())
}

fn time_to_epoch(text: &str, pattern: &str) -> Option<i64> {
    JdkPattern::compile(pattern).unwrap().parse(text)
}

/// <https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html>
#[test]
fn documented_examples() {
    assert_eq!(
        parse_time("yyyy.MM.dd G 'at' HH:mm:ss z", 100_000_000, "America/Belize").as_deref(),
        Some("1970.01.01 AD at 21:46:40 CST")
    );
    assert_eq!(
        parse_time("EEEE, MMMM d, yyyy h:mm a", 1_700_000_000_123, "UTC").as_deref(),
        Some("Tuesday, November 14, 2023 10:13 PM")
    );
    let table = [
        ("2020-04-03 09:45:18 UTC+01:00", "yyyy-MM-dd HH:mm:ss VV", Some(1_585_903_518_000)),
        ("18 December 2015", "dd MMMM yyyy", Some(1_450_396_800_000)),
        ("2007-12-03 10:15:30.592 America/Los_Angeles", "yyyy-MM-dd HH:mm:ss.SSS z", Some(1_196_705_730_592)),
        ("nope", "yyyy-MM-dd", None),
    ];
    for (text, pattern, milliseconds) in table {
        assert_eq!(time_to_epoch(text, pattern), milliseconds, "{text} as {pattern}");
    }
}

/// Patterns that mostly compile, and others.
fn pattern() -> impl Strategy<Value = String> {
    let run = ("[a-zA-Z]", 1..6_usize).prop_map(|(letter, count)| letter.repeat(count));
    let piece =
        prop_oneof![8 => run, 4 => "[ :/,.-]", 1 => "'[a-z']{0,4}'", 1 => "[\\[\\]]", 1 => any::<String>()];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

/// Texts that some pattern might match, and others.
fn text() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "2024", "12", "31", "-", ":", " ", "AM", "AD", "Dec", "Monday", "+01:00", "GMT", "UTC", "PST", "Z",
        "é",
    ];
    let piece = prop_oneof![8 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn formats_anything(pattern in pattern(), milliseconds: i64) {
        if let Ok(pattern) = JodaPattern::compile(&pattern) {
            for milliseconds in [milliseconds, milliseconds / 1_000_000] {
                let _text = pattern.format(milliseconds, &zone("Europe/London").unwrap());
            }
            prop_assert!(pattern.format(milliseconds / 1_000_000, &TimeZone::UTC).is_some());
        }
    }

    #[test]
    fn parses_anything(pattern in pattern(), text in text()) {
        if let Ok(pattern) = JdkPattern::compile(&pattern) {
            let _milliseconds = pattern.parse(&text);
        }
    }

    #[test]
    fn names_any_zone(name: String, offset in "(UTC|GMT|UT|)[+-][0-9:]{0,9}") {
        let _zone = (zone(&name), zone(&offset));
    }

    /// With the offset in the text, a round trip is exact in every zone and at every transition.
    #[test]
    fn reads_what_it_wrote(
        milliseconds in -1_000_000_000_000_i64..100_000_000_000_000,
        name in prop::sample::select(vec![
            "UTC", "+05:30", "-03:00", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
        ]),
    ) {
        let text = parse_time("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", milliseconds, name).unwrap();
        prop_assert_eq!(time_to_epoch(&text, "uuuu-MM-dd'T'HH:mm:ss.SSSXXX"), Some(milliseconds));
        let text = parse_time("MMMM d, yyyyDDD h:mm:ss a EEEE SSS Z", milliseconds, name).unwrap();
        prop_assert_eq!(time_to_epoch(&text, "MMMM d, yyyyDDD h:mm:ss a EEEE SSS Z"), Some(milliseconds));
    }
}
