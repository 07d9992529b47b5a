//! What the service does after an asynchronous invocation failed: a decision without clock or queue.

use std::time::Duration;

use serde::Serialize;

/// How often and how long an event is tried.
///
/// Developer guide, "Error handling for asynchronous invocation": two more attempts, one minute after the first and two
/// minutes after the second; events older than six hours are given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts after the first, at most 2.
    pub retries: u32,
    /// The wait before the second attempt, and before the third.
    pub delays: [Duration; 2],
    /// After this an event is given up, however many attempts it had.
    pub max_event_age: Duration,
}

/// What to do with an event after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Try again after a wait.
    Retry(Duration),
    /// No more attempts.
    GiveUp(Condition),
}

/// Why an event was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Condition {
    /// The last attempt failed.
    RetriesExhausted,
    /// The event got too old.
    EventAgeExceeded,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            retries: 2,
            delays: [Duration::from_secs(60), Duration::from_secs(120)],
            max_event_age: Duration::from_secs(6 * 60 * 60),
        }
    }
}

impl RetryPolicy {
    /// The same policy with waits `factor` times as long; a factor that is no length of time makes no waits. The maximum
    /// age stays: it is compared with real time, in which the function runs.
    #[must_use]
    pub fn with_delays_scaled(self, factor: f64) -> Self {
        let scaled = |delay: Duration| {
            Duration::try_from_secs_f64(delay.as_secs_f64() * factor).unwrap_or(Duration::ZERO)
        };
        Self { delays: self.delays.map(scaled), ..self }
    }

    /// The decision after attempt number `attempts` (from 1) of an event of this `age` failed.
    pub(super) fn after_failure(&self, attempts: u32, age: Duration) -> Next {
        if attempts > self.retries {
            return Next::GiveUp(Condition::RetriesExhausted);
        }
        let delay = if attempts <= 1 { self.delays[0] } else { self.delays[1] };
        if age.saturating_add(delay) > self.max_event_age {
            return Next::GiveUp(Condition::EventAgeExceeded);
        }
        Next::Retry(delay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn two_more_attempts_follow_after_one_and_two_minutes() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.after_failure(1, MINUTE), Next::Retry(MINUTE));
        assert_eq!(policy.after_failure(2, MINUTE * 3), Next::Retry(MINUTE * 2));
        assert_eq!(policy.after_failure(3, MINUTE * 6), Next::GiveUp(Condition::RetriesExhausted));
    }

    #[test]
    fn without_retries_the_first_failure_is_the_last() {
        let policy = RetryPolicy { retries: 0, ..RetryPolicy::default() };
        assert_eq!(policy.after_failure(1, Duration::ZERO), Next::GiveUp(Condition::RetriesExhausted));
    }

    #[test]
    fn an_event_that_would_be_too_old_at_the_next_attempt_is_given_up() {
        let policy = RetryPolicy { max_event_age: MINUTE * 2, ..RetryPolicy::default() };
        assert_eq!(policy.after_failure(1, MINUTE), Next::Retry(MINUTE));
        let late = MINUTE + Duration::from_millis(1);
        assert_eq!(policy.after_failure(1, late), Next::GiveUp(Condition::EventAgeExceeded));
    }

    #[test]
    fn only_the_waits_are_scaled() {
        let policy = RetryPolicy::default().with_delays_scaled(0.001);
        assert_eq!(policy.delays, [Duration::from_millis(60), Duration::from_millis(120)]);
        assert_eq!(policy.max_event_age, RetryPolicy::default().max_event_age);
    }
}
