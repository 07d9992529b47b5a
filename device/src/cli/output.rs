//! What people and other programs get to see.

use std::io::{Write as _, stderr, stdout};

use jiff::{SignedDuration, Timestamp, Unit};

/// Prints a text. Whoever has closed the pipe has seen enough.
pub(super) fn print(text: &str) {
    let mut out = stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).ok();
}

/// Says what went wrong.
pub(super) fn complain(text: &str) {
    writeln!(stderr().lock(), "campanile-device: {}", visible(text)).ok();
}

/// A text from elsewhere, for a terminal: what would move its cursor is shown.
pub(super) fn visible(text: &str) -> String {
    let escaped = |letter: char| {
        if letter.is_control() { letter.escape_default().to_string() } else { letter.to_string() }
    };
    text.chars().map(escaped).collect()
}

/// A time, to the second.
pub(super) fn time(time: Timestamp) -> String {
    time.round(Unit::Second).unwrap_or(time).to_string()
}

/// How long ago that was: `12 s`, `4 min`, `3 h`, `2 d`.
pub(super) fn ago(time: Timestamp, now: Timestamp) -> String {
    long(now.duration_since(time))
}

/// A time span in one unit.
pub(super) fn long(span: SignedDuration) -> String {
    let seconds = span.as_secs().max(0);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// Bytes, as people count them.
pub(super) fn bytes(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}
