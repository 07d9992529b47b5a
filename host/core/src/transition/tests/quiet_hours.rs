//! Windows on the wall clock: midnight, weekdays, and the days on which clocks are set.

use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
use jiff::civil::{Time, Weekday};

use super::*;

const BERLIN: &str = "Europe/Berlin";
const NEW_YORK: &str = "America/New_York";

fn window(days: &[Weekday], start: &str, end: &str) -> Window {
    let time = |text: &str| -> Time { text.parse().unwrap() };
    Window { days: days.to_vec(), start: time(start), end: time(end) }
}

/// Each row: a time, and until when it is quiet then, if it is.
fn check(zone: &str, windows: Vec<Window>, rows: &[(&str, Option<&str>)]) {
    let quiet = QuietHours::new(zone, windows).unwrap();
    for (now, expected) in rows {
        let time = |text: &str| -> Timestamp { text.parse().unwrap() };
        assert_eq!(quiet.until(time(now)), expected.map(time), "{zone} {now}");
    }
}

#[test]
fn a_window_over_midnight_is_one_window() {
    let morning = Some("2026-01-06T07:00+01");
    check(
        BERLIN,
        vec![window(&[], "22:00", "07:00")],
        &[
            ("2026-01-05T21:59:59+01", None),
            ("2026-01-05T22:00+01", morning),
            ("2026-01-06T00:00+01", morning),
            ("2026-01-06T06:59:59.999+01", morning),
            ("2026-01-06T07:00+01", None),
        ],
    );
}

#[test]
fn the_weekday_is_that_of_the_start() {
    let workdays = [Monday, Tuesday, Wednesday, Thursday, Friday];
    check(
        BERLIN,
        vec![window(&workdays, "22:00", "07:00"), window(&[Saturday, Sunday], "23:00", "09:00")],
        &[
            ("2026-01-10T03:00+01", Some("2026-01-10T07:00+01")),
            ("2026-01-10T22:30+01", None),
            ("2026-01-10T23:30+01", Some("2026-01-11T09:00+01")),
            ("2026-01-12T08:00+01", Some("2026-01-12T09:00+01")),
            ("2026-01-12T22:30+01", Some("2026-01-13T07:00+01")),
        ],
    );
}

#[test]
fn windows_that_touch_end_together() {
    check(
        BERLIN,
        vec![window(&[], "20:00", "00:00"), window(&[], "00:00", "06:00"), window(&[], "05:00", "06:30")],
        &[("2026-01-05T21:00+01", Some("2026-01-06T06:30+01"))],
    );
}

#[test]
fn always_quiet_ends_some_day() {
    let quiet = QuietHours::new("UTC", vec![window(&[], "00:00", "00:00")]).unwrap();
    let until = quiet.until(at(0)).unwrap();
    assert!(until > at(7 * 24 * HOUR) && until < at(15 * 24 * HOUR));
}

#[test]
fn a_night_in_which_clocks_are_set_forward_is_shorter() {
    // 2026-03-29: 02:00 CET is 03:00 CEST.
    check(
        BERLIN,
        vec![window(&[], "22:00", "07:00")],
        &[
            ("2026-03-28T21:59+01", None),
            ("2026-03-28T22:00+01", Some("2026-03-29T07:00+02")),
            ("2026-03-29T06:59+02", Some("2026-03-29T07:00+02")),
            ("2026-03-29T07:00+02", None),
        ],
    );
    // 2026-03-08: 02:00 EST is 03:00 EDT.
    check(
        NEW_YORK,
        vec![window(&[Saturday], "22:00", "07:00")],
        &[
            ("2026-03-07T22:00-05", Some("2026-03-08T07:00-04")),
            ("2026-03-08T07:00-04", None),
            ("2026-03-08T22:00-04", None),
        ],
    );
}

#[test]
fn a_window_that_starts_or_ends_in_the_hour_that_is_left_out_does_so_when_clocks_are_set() {
    check(
        BERLIN,
        vec![window(&[Sunday], "02:30", "05:00")],
        &[
            ("2026-03-29T01:59:59+01", None),
            ("2026-03-29T03:00+02", Some("2026-03-29T05:00+02")),
            ("2026-03-29T03:29+02", Some("2026-03-29T05:00+02")),
        ],
    );
    check(
        BERLIN,
        vec![window(&[], "22:00", "02:00"), window(&[], "02:15", "02:45")],
        &[("2026-03-29T01:59:59+01", Some("2026-03-29T03:00+02")), ("2026-03-29T03:00+02", None)],
    );
    check(
        NEW_YORK,
        vec![window(&[], "01:00", "02:30")],
        &[("2026-03-08T01:30-05", Some("2026-03-08T03:00-04")), ("2026-03-08T03:00-04", None)],
    );
}

#[test]
fn a_night_in_which_clocks_are_set_back_is_longer() {
    // 2026-10-25: 03:00 CEST is 02:00 CET.
    check(
        BERLIN,
        vec![window(&[], "22:00", "07:00")],
        &[
            ("2026-10-24T22:00+02", Some("2026-10-25T07:00+01")),
            ("2026-10-25T06:59+01", Some("2026-10-25T07:00+01")),
            ("2026-10-25T07:00+01", None),
        ],
    );
}

#[test]
fn a_window_in_the_hour_that_comes_twice_holds_until_its_second_end() {
    check(
        BERLIN,
        vec![window(&[], "02:15", "02:30")],
        &[
            ("2026-10-25T02:14+02", None),
            ("2026-10-25T02:15+02", Some("2026-10-25T02:30+01")),
            ("2026-10-25T02:45+02", Some("2026-10-25T02:30+01")),
            ("2026-10-25T02:29+01", Some("2026-10-25T02:30+01")),
            ("2026-10-25T02:30+01", None),
        ],
    );
    // 2026-11-01: 02:00 EDT is 01:00 EST.
    check(
        NEW_YORK,
        vec![window(&[Saturday], "23:00", "01:30")],
        &[
            ("2026-10-31T23:00-04", Some("2026-11-01T01:30-05")),
            ("2026-11-01T01:45-04", Some("2026-11-01T01:30-05")),
            ("2026-11-01T01:30-05", None),
        ],
    );
}

#[test]
fn midnight_may_be_left_out_or_come_twice() {
    // Beirut sets its clocks at midnight: forward on 2026-03-29, and back to 23:00 on 2026-10-25.
    check(
        "Asia/Beirut",
        vec![window(&[], "22:00", "00:30")],
        &[("2026-03-28T23:59+02", Some("2026-03-29T01:00+03")), ("2026-03-29T01:00+03", None)],
    );
    check(
        "Asia/Beirut",
        vec![window(&[Saturday], "23:30", "07:00")],
        &[
            ("2026-10-24T23:30+03", Some("2026-10-25T07:00+02")),
            ("2026-10-24T23:10+02", Some("2026-10-25T07:00+02")),
        ],
    );
}

#[test]
fn clocks_that_are_set_back_to_yesterday_stay_in_the_window_of_today() {
    // St. John's set them from 00:01 to 23:01 until 2011.
    let morning = Some("2010-11-07T06:00-03:30");
    check(
        "America/St_Johns",
        vec![window(&[Sunday], "00:00", "06:00")],
        &[
            ("2010-11-06T23:59-02:30", None),
            ("2010-11-07T00:00:30-02:30", morning),
            ("2010-11-06T23:30-03:30", morning),
            ("2010-11-07T00:30-03:30", morning),
        ],
    );
}

#[test]
fn a_zone_that_does_not_exist_is_named() {
    let error = QuietHours::new("Europe/Campanile", Vec::new()).unwrap_err();
    let expected = "`Europe/Campanile` is not a time zone; write a name such as `Europe/Berlin`";
    assert_eq!(error.to_string(), expected);
}
