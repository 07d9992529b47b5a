//! What the JDK makes of an offset or a zone in a text.

use super::time_to_epoch;

/// 2024-07-01 12:00 UTC.
const NOON: i64 = 1_719_835_200_000;

/// How many minutes the text is ahead of UTC.
fn ahead(letters: &str, text: &str) -> Option<i64> {
    let pattern = format!("yyyy-MM-dd HH {letters}");
    Some((NOON - time_to_epoch(&format!("2024-07-01 12 {text}"), &pattern)?) / 60_000)
}

#[test]
fn offsets() {
    let table = [
        ("X", &["Z", "+01", "-0130"][..], &[0, 60, -90][..]),
        ("XX", &["Z", "+0100"], &[0, 60]),
        ("XXX", &["Z", "-01:30"], &[0, -90]),
        ("XXXX", &["Z", "+0100", "+010000"], &[0, 60, 60]),
        ("XXXXX", &["Z", "+01:00", "+01:00:00"], &[0, 60, 60]),
        ("x", &["+00", "+01", "+0130"], &[0, 60, 90]),
        ("xx", &["+0000", "+0100"], &[0, 60]),
        ("xxx", &["+00:00", "-18:00"], &[0, -1080]),
        ("Z", &["+0000", "-0030"], &[0, -30]),
        ("ZZZZ", &["GMT", "GMT+08:00", "GMT-08:30:00"], &[0, 480, -510]),
        ("ZZZZZ", &["Z", "+01:00"], &[0, 60]),
        ("O", &["GMT", "GMT+8", "GMT+08", "GMT-8:30", "GMT+10"], &[0, 480, 480, -510, 600]),
        ("OOOO", &["GMT+08:00"], &[480]),
    ];
    for (letters, texts, minutes) in table {
        for (text, minutes) in texts.iter().zip(minutes) {
            assert_eq!(ahead(letters, text), Some(*minutes), "{text} as {letters}");
        }
    }
}

#[test]
fn no_offsets() {
    let table = [
        ("X", &["z", "01", "+1", "+01:00", ""][..]),
        ("XXX", &["+0100", "+01", "+18:01", "+24:00", "+01:60"]),
        ("x", &["Z"]),
        ("Z", &["Z", "+01:00", "+01"]),
        ("O", &["UTC", "GMT+", "GMT+8:3"]),
        ("OOOO", &["GMT+8", "GMT+0800"]),
    ];
    for (letters, texts) in table {
        for text in texts {
            assert_eq!(ahead(letters, text), None, "{text} as {letters}");
        }
    }
}

#[test]
fn zones() {
    let ids = [
        ("UTC", 0),
        ("UT", 0),
        ("GMT", 0),
        ("GMT0", 0),
        ("Z", 0),
        ("Zulu", 0),
        ("UTC+01:00", 60),
        ("GMT-03:30", -210),
        ("UT+01:00:00", 60),
        ("+01:00", 60),
        ("Europe/London", 60),
        ("America/Argentina/Ushuaia", -180),
        ("NZ-CHAT", 765),
    ];
    for (text, minutes) in ids {
        assert_eq!(ahead("VV", text), Some(minutes), "{text}");
        assert_eq!(ahead("z", text), Some(minutes), "{text}");
    }
    for text in ["EST", "PST", "europe/london", "UTC+1", "GMT+8", "UTC+19:00", "+01", "Mars/Olympus", "z", ""]
    {
        assert_eq!(ahead("VV", text), None, "{text}");
    }
    // The JDK reads a short name as its zone, at whatever time of the year.
    for (text, minutes) in
        [("PST", -420), ("PDT", -420), ("EST", -240), ("MST", -360), ("CET", 120), ("CEST", 120)]
    {
        assert_eq!(ahead("z", text), Some(minutes), "{text}");
    }
    for text in ["IST", "BST", "XYZ"] {
        assert_eq!(ahead("z", text), None, "{text}");
    }
    // What follows a zone is its own; an offset counts more than a zone.
    assert_eq!(ahead("VV'!'", "NZ!"), Some(720));
    assert_eq!(ahead("VV X", "NZ +01"), Some(60));
}

#[test]
fn gaps_move_forward_and_overlaps_take_the_earlier_offset() {
    // 03:30 -07:00, and 01:30 -07:00.
    for (text, milliseconds) in
        [("2024-03-10 02:30", 1_710_066_600_000), ("2024-11-03 01:30", 1_730_622_600_000)]
    {
        let text = format!("{text} America/Los_Angeles");
        assert_eq!(time_to_epoch(&text, "yyyy-MM-dd HH:mm VV"), Some(milliseconds), "{text}");
    }
}
