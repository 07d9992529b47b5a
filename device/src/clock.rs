//! The machine's clocks: one that tells when something happened and may be wrong, and one that never goes back.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// Turns moments of the clock that never goes back into times of day.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Default for Clock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock {
    /// Since this clock was made.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// The time of day at a moment that [`Clock::elapsed`] has told: judged by the time of day now, which may have been set right since.
    #[must_use]
    pub fn time_at(&self, moment: Duration) -> Timestamp {
        let ago = self.elapsed().saturating_sub(moment);
        let ago = SignedDuration::try_from(ago).unwrap_or(SignedDuration::ZERO);
        Timestamp::now().checked_sub(ago).unwrap_or(Timestamp::MIN)
    }
}

/// Whether the kernel takes the time of day for right: some program for NTP has set it, and still does (adjtimex(2), `STA_UNSYNC`).
/// Where the kernel does not tell, it is not known to be.
#[must_use]
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "no maintained crate reads the state of the clock")]
pub fn is_synchronized() -> bool {
    // SAFETY: `timex` is numbers, for which zeros are values, and zero `modes` only read.
    let mut state: libc::timex = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is that of a `timex` of our own.
    let told = unsafe { libc::adjtimex(&raw mut state) };
    told >= 0 && told != libc::TIME_ERROR && state.status & libc::STA_UNSYNC == 0
}

/// The same: not known here.
#[must_use]
#[cfg(not(target_os = "linux"))]
pub fn is_synchronized() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_the_time_that_it_had() {
        let clock = Clock(Instant::now().checked_sub(Duration::from_secs(20)).unwrap());
        let told = clock.time_at(Duration::from_secs(5));
        let expected = Timestamp::now() - SignedDuration::from_secs(15);
        assert!(told.duration_since(expected).abs() < SignedDuration::from_millis(100), "{expected} {told}");
    }
}
