//! What happens after an attempt. Pure: the clock and the dice are the caller's.
//!
//! Waits that fit the invocation are slept by the router; longer ones end it with a due time, and the next try of the
//! same event, or the tick, goes on.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::notification::Presentation;
use crate::outcome::{Outcome, OutcomeKind};

/// First wait after a passing failure; doubled each time: 1, 2, 4, 8, 16 s.
const BACKOFF: Duration = Duration::from_secs(1);

/// Waits are spread by a fifth, so that channels of many devices do not come back together.
const JITTER: f64 = 0.2;

/// Longest wait after a rate limit without a hint, and after a passing failure.
const LONGEST_BACKOFF: Duration = Duration::from_secs(64);

/// Attempts of one delivery, rate limits included: a provider that says "wait" for ever is not waited for.
pub const MOST_ATTEMPTS: usize = 30;

/// Longest wait that a provider is granted: Lambda keeps an event no longer.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(6 * 3600);

/// What an attempt needs at least; a wait that leaves less is not slept.
pub const ATTEMPT_TIME: Duration = Duration::from_secs(3);

/// What to do when a message may have been delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnUnknown {
    /// Send again: a duplicate is cheaper than a missed alarm.
    #[default]
    Resend,
    /// Leave it: a miss is cheaper than a duplicate.
    Skip,
}

/// An attempt that has just ended, and what is left.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// How it ended.
    pub outcome: &'a Outcome,
    /// How elaborate its message was.
    pub presentation: Presentation,
    /// The outcomes of all attempts of the delivery, this one last.
    pub history: &'a [OutcomeKind],
    /// Attempts that the channel allows; rate limits and refused contents do not count.
    pub attempts: u32,
    /// Time left in the invocation.
    pub remaining: Duration,
    /// The channel's choice.
    pub on_unknown: OnUnknown,
    /// Whether the channel has other secrets now than this attempt was made with.
    pub is_renewed: bool,
    /// From 0 to 1.
    pub random: f64,
}

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The delivery is done.
    Delivered,
    /// Sleep, then make the next attempt in this invocation.
    Retry {
        /// How long to sleep.
        after: Duration,
        /// How elaborate the next message may be.
        presentation: Presentation,
    },
    /// End here; the next attempt is due later.
    Later {
        /// Counted from now.
        after: Duration,
        /// How elaborate the next message may be.
        presentation: Presentation,
    },
    /// It can't work; trying again changes nothing.
    Reject,
    /// It could have worked, but did not: a dead letter.
    Exhausted {
        /// Why no more is tried.
        reason: String,
    },
}

impl Decision {
    /// Its name, for records.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Retry { .. } => "retry",
            Self::Later { .. } => "later",
            Self::Reject => "reject",
            Self::Exhausted { .. } => "exhausted",
        }
    }
}

/// Decides.
#[must_use]
pub fn decide(situation: &Situation<'_>) -> Decision {
    match situation.outcome {
        Outcome::Delivered(_) => Decision::Delivered,
        Outcome::Misconfigured if situation.is_renewed => {
            situation.again(Duration::ZERO, situation.presentation)
        }
        Outcome::Rejected | Outcome::Misconfigured | Outcome::Denied => Decision::Reject,
        Outcome::Unknown if situation.on_unknown == OnUnknown::Skip => {
            Decision::Exhausted { reason: "it may have been delivered, and on-unknown is \"skip\"".into() }
        }
        Outcome::ContentRefused => match situation.presentation.simpler() {
            Some(simpler) => situation.again(Duration::ZERO, simpler),
            None => Decision::Reject,
        },
        Outcome::RateLimited(hint) => {
            let wait = hint.unwrap_or_else(|| hintless(situation.count(OutcomeKind::RateLimited)));
            situation.again(wait.min(LONGEST_WAIT), situation.presentation)
        }
        Outcome::Trapped if situation.count(OutcomeKind::Trapped) > 1 => {
            Decision::Exhausted { reason: "the plugin broke twice".into() }
        }
        Outcome::Trapped => situation.again(Duration::ZERO, situation.presentation),
        Outcome::Transient | Outcome::TimedOut | Outcome::Unknown => {
            situation.again(backoff(situation.spent(), situation.random), situation.presentation)
        }
    }
}

impl Situation<'_> {
    fn count(&self, kind: OutcomeKind) -> u32 {
        u32::try_from(self.history.iter().filter(|past| **past == kind).count()).unwrap_or(u32::MAX)
    }

    /// Attempts that count against the channel's number. One that was refused is there only if the secrets were renewed after it.
    fn spent(&self) -> u32 {
        let free = [OutcomeKind::RateLimited, OutcomeKind::ContentRefused, OutcomeKind::Misconfigured];
        let free: u32 = free.into_iter().map(|kind| self.count(kind)).sum();
        u32::try_from(self.history.len()).unwrap_or(u32::MAX).saturating_sub(free)
    }

    fn again(&self, after: Duration, presentation: Presentation) -> Decision {
        if self.spent() >= self.attempts {
            let reason = match self.spent() {
                1 => "the only attempt failed".to_owned(),
                attempts => format!("{attempts} attempts failed"),
            };
            return Decision::Exhausted { reason };
        }
        if self.history.len() >= MOST_ATTEMPTS {
            return Decision::Exhausted { reason: format!("{MOST_ATTEMPTS} attempts, rate limits included") };
        }
        if fits(after, self.remaining) {
            Decision::Retry { after, presentation }
        } else {
            Decision::Later { after, presentation }
        }
    }
}

/// Whether a wait leaves enough of the invocation for an attempt.
#[must_use]
pub fn fits(wait: Duration, remaining: Duration) -> bool {
    wait.saturating_add(ATTEMPT_TIME) <= remaining
}

/// 1, 2, 4, 8, 16 s after attempt 1, 2, 3, …, a fifth more or less.
fn backoff(attempt: u32, random: f64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    let wait = BACKOFF.saturating_mul(1 << doublings).min(LONGEST_BACKOFF);
    wait.mul_f64(1.0 - JITTER + 2.0 * JITTER * random.clamp(0.0, 1.0))
}

/// 1, 4, 16, 64, 64 s … after the first, second, third rate limit without a hint.
pub(crate) fn hintless(count: u32) -> Duration {
    let steps = count.saturating_sub(1).min(8);
    BACKOFF.saturating_mul(4_u32.saturating_pow(steps)).min(LONGEST_BACKOFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notification::Receipt;

    const PLENTY: Duration = Duration::from_secs(3600);

    fn situation<'a>(outcome: &'a Outcome, history: &'a [OutcomeKind]) -> Situation<'a> {
        Situation {
            outcome,
            presentation: Presentation::Rich,
            history,
            attempts: 6,
            remaining: PLENTY,
            on_unknown: OnUnknown::Resend,
            is_renewed: false,
            random: 0.5,
        }
    }

    /// The waits until the delivery ends, all attempts ending alike.
    fn waits(outcome: &Outcome) -> (Vec<u64>, Decision) {
        let (mut history, mut waits) = (Vec::new(), Vec::new());
        loop {
            history.push(outcome.kind());
            match decide(&situation(outcome, &history)) {
                Decision::Retry { after, .. } => waits.push(after.as_secs()),
                end => return (waits, end),
            }
        }
    }

    #[test]
    fn dc_27_server_errors_are_tried_six_times() {
        let (slept, end) = waits(&Outcome::Transient);
        assert_eq!(slept, [1, 2, 4, 8, 16]);
        assert_eq!(end, Decision::Exhausted { reason: "6 attempts failed".into() });
    }

    #[test]
    fn dc_23_a_rate_limit_without_a_hint_backs_off_by_four() {
        let (slept, end) = waits(&Outcome::RateLimited(None));
        assert_eq!(slept[..6], [1, 4, 16, 64, 64, 64]);
        assert!(matches!(end, Decision::Exhausted { .. }));
    }

    #[test]
    fn tg_55_a_given_wait_is_kept_exactly_and_costs_no_attempt() {
        let limited = Outcome::RateLimited(Some(Duration::from_millis(5250)));
        let history = vec![OutcomeKind::RateLimited; 10];
        let expected =
            Decision::Retry { after: Duration::from_millis(5250), presentation: Presentation::Rich };
        assert_eq!(decide(&situation(&limited, &history)), expected);
    }

    #[test]
    fn tg_56_a_wait_that_does_not_fit_is_handed_over() {
        let limited = Outcome::RateLimited(Some(Duration::from_secs(400)));
        let short = Situation {
            remaining: Duration::from_secs(20),
            ..situation(&limited, &[OutcomeKind::RateLimited])
        };
        let expected = Decision::Later { after: Duration::from_secs(400), presentation: Presentation::Rich };
        assert_eq!(decide(&short), expected);
    }

    #[test]
    fn tg_58_refused_content_goes_down_the_ladder_at_once() {
        let refused = situation(&Outcome::ContentRefused, &[OutcomeKind::ContentRefused]);
        let next = |presentation| decide(&Situation { presentation, ..refused });
        let at_once = |presentation| Decision::Retry { after: Duration::ZERO, presentation };
        assert_eq!(next(Presentation::Rich), at_once(Presentation::Plain));
        assert_eq!(next(Presentation::Plain), at_once(Presentation::Minimal));
        assert_eq!(next(Presentation::Minimal), Decision::Reject);
    }

    #[test]
    fn some_outcomes_are_final() {
        for outcome in [Outcome::Rejected, Outcome::Misconfigured, Outcome::Denied] {
            assert_eq!(decide(&situation(&outcome, &[outcome.kind()])), Decision::Reject, "{outcome:?}");
        }
        let delivered = Outcome::Delivered(Receipt::default());
        assert_eq!(decide(&situation(&delivered, &[OutcomeKind::Delivered])), Decision::Delivered);
    }

    #[test]
    fn with_other_secrets_it_is_tried_again_at_once_and_that_costs_no_attempt() {
        let kinds = [OutcomeKind::Misconfigured];
        let refused =
            Situation { attempts: 1, is_renewed: true, ..situation(&Outcome::Misconfigured, &kinds) };
        let at_once = Decision::Retry { after: Duration::ZERO, presentation: Presentation::Rich };
        assert_eq!(decide(&refused), at_once);
        let late = Situation { remaining: ATTEMPT_TIME / 2, ..refused };
        assert!(matches!(decide(&late), Decision::Later { after: Duration::ZERO, .. }));
        assert_eq!(decide(&Situation { is_renewed: false, ..refused }), Decision::Reject);
    }

    #[test]
    fn a_broken_plugin_gets_one_more_chance() {
        assert_eq!(waits(&Outcome::Trapped).0, [0]);
    }

    #[test]
    fn an_unknown_end_is_sent_again_unless_the_channel_says_not_to() {
        let again = situation(&Outcome::Unknown, &[OutcomeKind::Unknown]);
        assert!(matches!(decide(&again), Decision::Retry { .. }));
        let skip = Situation { on_unknown: OnUnknown::Skip, ..again };
        assert!(matches!(decide(&skip), Decision::Exhausted { .. }));
    }

    proptest::proptest! {
        #[test]
        fn every_delivery_ends(random in 0.0..=1.0_f64, kinds in proptest::collection::vec(0..4_u8, 1..200)) {
            let outcomes = [Outcome::Transient, Outcome::RateLimited(None), Outcome::Unknown, Outcome::TimedOut];
            let mut history = Vec::new();
            let mut ended = false;
            for kind in kinds.iter().cycle().take(MOST_ATTEMPTS + 1) {
                let outcome = &outcomes[usize::from(*kind)];
                history.push(outcome.kind());
                match decide(&Situation { random, ..situation(outcome, &history) }) {
                    Decision::Retry { after, .. } => proptest::prop_assert!(after <= LONGEST_BACKOFF.mul_f64(1.0 + JITTER)),
                    _ => { ended = true; break }
                }
            }
            proptest::prop_assert!(ended);
        }
    }
}
