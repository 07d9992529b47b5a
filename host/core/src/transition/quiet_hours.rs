//! Quiet hours: times of the week, as the clock on the wall shows them, at which only what is critical is told.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::policy::Policy;
use crate::notification::Severity;

/// How many windows may follow each other without a break before that counts as an end: two for each day of a week.
const MOST_IN_A_ROW: usize = 14;

/// When people are not to be disturbed.
#[derive(Clone, Debug, PartialEq)]
pub struct QuietHours {
    zone: TimeZone,
    windows: Vec<Window>,
}

/// One window of the day. If it ends at or before its start, it ends on the next day, and is one window still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The days on which it starts; none means every day.
    pub days: Vec<Weekday>,
    /// Its first moment.
    pub start: Time,
    /// The first moment after it.
    pub end: Time,
}

/// There is no such time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone; write a name such as `Europe/Berlin`")]
pub struct UnknownZone(String);

impl QuietHours {
    /// Windows by the clocks of `zone`, a name of the IANA database.
    ///
    /// # Errors
    /// [`UnknownZone`] if the database does not have it.
    pub fn new(zone: &str, windows: Vec<Window>) -> Result<Self, UnknownZone> {
        let zone = TimeZone::get(zone).map_err(|_| UnknownZone(zone.chars().take(64).collect()))?;
        Ok(Self { zone, windows })
    }

    /// When the quiet time ends that `now` is in; `None` if it is in none.
    #[must_use]
    pub fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let mut end = None;
        for _ in 0..MOST_IN_A_ROW {
            match self.end_of_window(end.unwrap_or(now)) {
                Some(next) => end = Some(next),
                None => break,
            }
        }
        end
    }

    /// The latest end of the windows that hold `at`.
    fn end_of_window(&self, at: Timestamp) -> Option<Timestamp> {
        let today = self.zone.to_datetime(at).date();
        // Clocks that are set back over midnight make it yesterday again, in a window that began on the day after.
        let days = [today.yesterday().ok(), Some(today), today.tomorrow().ok()];
        let spans = days
            .into_iter()
            .flatten()
            .flat_map(|day| self.windows.iter().filter_map(move |window| self.span(window, day)));
        spans.filter(|(start, end)| *start <= at && at < *end).map(|(_, end)| end).max()
    }

    /// The window that starts on `day`.
    fn span(&self, window: &Window, day: Date) -> Option<(Timestamp, Timestamp)> {
        if !window.days.is_empty() && !window.days.contains(&day.weekday()) {
            return None;
        }
        let last = if window.end <= window.start { day.tomorrow().ok()? } else { day };
        let start = self.first_at_or_after(day.to_datetime(window.start))?;
        Some((start, self.last_before(last.to_datetime(window.end))?))
    }

    /// The first moment at which clocks show `time`, or more if they are set forward over it.
    fn first_at_or_after(&self, time: DateTime) -> Option<Timestamp> {
        match self.zone.to_ambiguous_timestamp(time).offset() {
            AmbiguousOffset::Gap { before, .. } => self.set_forward(before.to_timestamp(time).ok()?),
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(time).ok(),
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(time).ok(),
        }
    }

    /// The moment after which clocks never show less than `time` again.
    fn last_before(&self, time: DateTime) -> Option<Timestamp> {
        match self.zone.to_ambiguous_timestamp(time).offset() {
            AmbiguousOffset::Gap { before, .. } => self.set_forward(before.to_timestamp(time).ok()?),
            AmbiguousOffset::Fold { after, .. } => after.to_timestamp(time).ok(),
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(time).ok(),
        }
    }

    /// When clocks were set forward last, `time` included.
    fn set_forward(&self, time: Timestamp) -> Option<Timestamp> {
        let after = super::later(time, std::time::Duration::from_nanos(1));
        self.zone.preceding(after).next().map(|transition| transition.timestamp())
    }
}

impl Policy {
    /// When the news of this policy may be told again; `None` if it may now.
    pub(super) fn quiet_until(&self, now: Timestamp) -> Option<Timestamp> {
        let quiet_hours = self.quiet_hours.as_ref().filter(|_| self.severity < Severity::Critical)?;
        quiet_hours.until(now)
    }
}
