//! What Joda-Time 2.10.14 prints, in the locale `en_US`.

use super::super::{JodaPattern, PatternError};
use super::parse_time;

/// 2023-11-14 22:13:20.123 UTC, a Tuesday.
const NOVEMBER: i64 = 1_700_000_000_123;

#[test]
fn every_letter() {
    let table = [
        ("G GGGG", "AD AD"),
        ("C CCC", "20 020"),
        ("y yy yyy yyyy yyyyy", "2023 23 2023 2023 02023"),
        ("Y YY YYYY", "2023 23 2023"),
        ("x xx xxxx w ww e ee", "2023 23 2023 46 46 2 02"),
        ("E EEE EEEE EEEEE", "Tue Tue Tuesday Tuesday"),
        ("D DDDD", "318 0318"),
        ("M MM MMM MMMM MMMMM", "11 11 Nov November November"),
        ("d ddd", "14 014"),
        ("a aaaa", "PM PM"),
        ("K h H k kkk", "10 10 22 22 022"),
        ("m mm s sss", "13 13 20 020"),
        ("S SS SSS SSSSSS SSSSSSSSSSSSSSS", "1 12 123 123000 123000000000000"),
        ("z zzz Z ZZ ZZZ ZZZZ", "UTC UTC +0000 +00:00 UTC UTC"),
        ("'o''clock' '''' [{#}] é", "o'clock '' [{#}] é"),
        ("yyyy-MM-dd'T'HH:mm:ssZZ", "2023-11-14T22:13:20+00:00"),
        ("HH 'h", "22 h"),
    ];
    for (pattern, text) in table {
        assert_eq!(parse_time(pattern, NOVEMBER, "UTC").as_deref(), Some(text), "{pattern}");
    }
}

#[test]
fn hours_around_noon_and_midnight() {
    for (hour, text) in
        [(0, "AM 0 12 0 24"), (11, "AM 11 11 11 11"), (12, "PM 0 12 12 12"), (23, "PM 11 11 23 23")]
    {
        assert_eq!(parse_time("a K h H k", hour * 3_600_000, "UTC").as_deref(), Some(text), "{hour}");
    }
}

#[test]
fn zones() {
    let pattern = "z|Z|ZZ|ZZZ";
    let table = [
        ("America/Los_Angeles", NOVEMBER, "PST|-0800|-08:00|America/Los_Angeles"),
        ("US/Pacific", 1_720_000_000_000, "PDT|-0700|-07:00|America/Los_Angeles"),
        ("Asia/Kolkata", NOVEMBER, "IST|+0530|+05:30|Asia/Kolkata"),
        ("Etc/UTC", NOVEMBER, "UTC|+0000|+00:00|Etc/UTC"),
        // No letters for a name in the database.
        ("Etc/GMT+5", NOVEMBER, "-05:00|-0500|-05:00|Etc/GMT+5"),
        ("+01:00", NOVEMBER, "+01:00|+0100|+01:00|+01:00"),
        ("-00:30:15", NOVEMBER, "-00:30:15|-0030|-00:30|-00:30:15"),
        // Local mean time, whose seconds an offset leaves out.
        ("America/New_York", -9_999_999_999_999, "LMT|-0456|-04:56|America/New_York"),
    ];
    for (zone, milliseconds, text) in table {
        assert_eq!(parse_time(pattern, milliseconds, zone).as_deref(), Some(text), "{zone}");
    }
}

#[test]
fn years_before_the_first() {
    let pattern = "C CCC Y y yyyy yy YY xx x xxxx G";
    let table = [
        (-62_200_000_000_000, "0 000 3 -2 -0002 02 02 02 -2 -0002 BC"),
        (-72_200_000_000_000, "3 003 319 -318 -0318 18 18 18 -318 -0318 BC"),
    ];
    for (milliseconds, text) in table {
        assert_eq!(parse_time(pattern, milliseconds, "UTC").as_deref(), Some(text));
    }
    assert_eq!(parse_time("C Y", -96_840_390_793_736, "UTC").as_deref(), Some("10 1100"));
}

#[test]
fn nothing_outside_the_years_of_jiff() {
    let year = |milliseconds| parse_time("yyyy", milliseconds, "Pacific/Apia");
    assert_eq!(year(-377_600_000_000_000).as_deref(), Some("-9996"));
    assert_eq!(year(253_300_000_000_000).as_deref(), Some("9996"));
    for milliseconds in [i64::MIN, -400_000_000_000_000, 300_000_000_000_000, i64::MAX] {
        assert_eq!(year(milliseconds), None, "{milliseconds}");
    }
}

#[test]
fn refuses_what_it_does_not_know() {
    for (pattern, letter, at) in
        [("yyyy zzzz", 'z', 5), ("'u' u", 'u', 4), ("yyyyTHH", 'T', 4), ("SSSSSSSSSSSSSSSS", 'S', 0)]
    {
        match JodaPattern::compile(pattern) {
            Err(PatternError::Unsupported { letter: found, at: place, .. }) => {
                assert_eq!((found, place), (letter, at), "{pattern}");
            }
            other => panic!("{pattern}: {other:?}"),
        }
    }
    assert_eq!(JodaPattern::compile("").err(), Some(PatternError::Empty));
    for letter in ('a'..='z').chain('A'..='Z') {
        let known = "GCYxweEyDMdaKhHkmsSzZ".contains(letter);
        assert_eq!(JodaPattern::compile(&letter.to_string()).is_ok(), known, "{letter}");
    }
}
