//! Decides, request by request, whether a fault strikes and what it does then.

use std::time::{Duration, Instant};

use super::random::SplitMix64;
use super::{Fault, FaultKind, FixedAnswer};

/// The most random bytes that an answer gets.
const GARBAGE_BYTES: u64 = 512;

/// A fault at work.
#[derive(Clone, Debug)]
pub struct FaultPlan {
    fault: Fault,
    random: SplitMix64,
    tokens: f64,
    filled_at: Option<Instant>,
}

/// What happens to one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The wait before it.
    pub latency: Duration,
    /// The rest.
    pub kind: EffectKind,
}

/// What happens to one request, after the wait.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectKind {
    /// This answer.
    Status(FixedAnswer),
    /// The provider's 429, with the wait in seconds.
    RateLimited(Option<f64>),
    /// The connection is closed.
    Reset,
    /// What would have happened without the fault, and the connection is closed.
    Lost,
    /// Status 200 and these bytes.
    Garbage(Vec<u8>),
    /// No answer, ever.
    Hang,
    /// What would have happened without the fault.
    Pass,
}

impl FaultPlan {
    /// `fault` from now on. The same seed gives the same course.
    #[must_use]
    pub fn new(fault: Fault, seed: u64) -> Self {
        let tokens = match fault.kind {
            FaultKind::TokenBucket { burst, .. } => f64::from(burst),
            _ => 0.0,
        };
        Self { fault, random: SplitMix64::new(seed), tokens, filled_at: None }
    }

    /// What happens to the next request, which arrives at `now`; `None` if the fault leaves it alone.
    pub fn next(&mut self, now: Instant) -> Option<Effect> {
        if self.is_over() || self.random.fraction() >= self.fault.probability {
            return None;
        }
        let kind = match &self.fault.kind {
            FaultKind::Status(answer) => EffectKind::Status(answer.clone()),
            FaultKind::RateLimited { retry_after } => EffectKind::RateLimited(*retry_after),
            &FaultKind::TokenBucket { per_second, burst } => {
                EffectKind::RateLimited(Some(self.missing_token(per_second, f64::from(burst), now)?))
            }
            FaultKind::Reset => EffectKind::Reset,
            FaultKind::Lost => EffectKind::Lost,
            FaultKind::Garbage => EffectKind::Garbage(self.garbage()),
            FaultKind::Hang => EffectKind::Hang,
            FaultKind::Slow => EffectKind::Pass,
        };
        self.fault.times = self.fault.times.map(|times| times.saturating_sub(1));
        Some(Effect { latency: self.fault.latency, kind })
    }

    /// The fault, with the times that are left.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Whether it will never strike again.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.fault.times == Some(0)
    }

    /// Takes a token; if there is none, the seconds until there is.
    fn missing_token(&mut self, per_second: f64, burst: f64, now: Instant) -> Option<f64> {
        let filled_at = self.filled_at.replace(now).unwrap_or(now);
        let gained = now.saturating_duration_since(filled_at).as_secs_f64() * per_second;
        self.tokens = (self.tokens + gained).min(burst);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        Some((1.0 - self.tokens) / per_second)
    }

    fn garbage(&mut self) -> Vec<u8> {
        let count = 1 + self.random.next() % GARBAGE_BYTES;
        self.random.bytes(usize::try_from(count).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> FaultPlan {
        FaultPlan::new(text.parse().unwrap(), 7)
    }

    fn effects(plan: &mut FaultPlan, count: usize) -> Vec<Option<EffectKind>> {
        let now = Instant::now();
        (0..count).map(|_| plan.next(now).map(|effect| effect.kind)).collect()
    }

    #[test]
    fn a_fault_strikes_as_often_as_it_says() {
        let mut plan = plan("reset:times=2");
        assert_eq!(effects(&mut plan, 3), [Some(EffectKind::Reset), Some(EffectKind::Reset), None]);
        assert!(plan.is_over());
    }

    #[test]
    fn a_fault_strikes_as_likely_as_it_says_and_the_same_way_for_a_seed() {
        let struck = effects(&mut plan("hang:probability=0.3"), 10_000);
        let count = struck.iter().flatten().count();
        assert!((2_800..3_200).contains(&count), "{count}");
        assert_eq!(struck, effects(&mut plan("hang:probability=0.3"), 10_000));
        assert_eq!(effects(&mut plan("hang:probability=0"), 100), vec![None; 100]);
    }

    #[test]
    fn a_bucket_lets_bursts_pass_and_says_how_long_to_wait() {
        let mut plan = plan("429:rate=2/s:burst=3:times=2");
        let start = Instant::now();
        let mut at =
            |milliseconds| plan.next(start + Duration::from_millis(milliseconds)).map(|effect| effect.kind);
        assert_eq!([at(0), at(0), at(0)], [None, None, None]);
        assert_eq!(at(0), Some(EffectKind::RateLimited(Some(0.5))));
        assert_eq!(at(500), None);
        assert_eq!(at(750), Some(EffectKind::RateLimited(Some(0.25))));
        assert_eq!(at(750), None, "two refusals were asked for");
    }

    #[test]
    fn a_bucket_never_holds_more_than_its_burst() {
        let mut plan = plan("429:rate=1/s:burst=2");
        let start = Instant::now();
        let later = start + Duration::from_secs(3600);
        assert_eq!(plan.next(start), None);
        assert_eq!([plan.next(later), plan.next(later)], [None, None]);
        assert!(plan.next(later).is_some());
    }

    #[test]
    fn garbage_differs_and_is_never_empty() {
        let mut plan = plan("garbage");
        let bodies: std::collections::HashSet<Vec<u8>> = effects(&mut plan, 100)
            .into_iter()
            .map(|effect| match effect {
                Some(EffectKind::Garbage(bytes)) if (1..=512).contains(&bytes.len()) => bytes,
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(bodies.len() > 90);
    }

    #[test]
    fn a_slow_fault_is_latency_and_nothing_else() {
        let effect = plan("slow:latency=250ms").next(Instant::now());
        assert_eq!(effect, Some(Effect { latency: Duration::from_millis(250), kind: EffectKind::Pass }));
    }
}
