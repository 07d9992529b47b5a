//! What the end of one attempt means for the deliveries that come after it. Pure: the time is an argument.
//!
//! A channel whose secrets or address were refused is not asked by every further delivery, nor a provider that is asked too
//! often. It is left alone for a while, then one delivery goes first, the probe, and its end is the answer for all that wait.
//! Waiting costs no attempt. Nothing of this is kept: a new process asks once to know.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::outcome::Outcome;
use crate::retry::{LONGEST_WAIT, hintless};

/// First wait after a refusal, doubled each time: 1, 2, 4, 8, 15 min.
const COOL_DOWN: Duration = Duration::from_secs(60);

/// Longest wait after a refusal: what was repaired works again before anybody wonders why it does not.
const LONGEST_COOL_DOWN: Duration = Duration::from_secs(15 * 60);

/// A wait as long as this is more than the limit of a chat or a webhook; if two channels are told to, the provider means
/// whoever sends from here (DC-26).
const BLOCK: Duration = Duration::from_secs(2 * 60);

/// When to ask again while a probe is under way: as long as an attempt takes unless its channel says otherwise.
const PROBE: Duration = Duration::from_secs(10);

/// What nobody has asked about for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(3600);

/// Where a delivery goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way<'a> {
    /// Who is asked: channels with the same are limited together.
    pub provider: &'a str,
    /// The channel's own name.
    pub channel: &'a str,
}

/// A provider, or one of its channels.
type Place = (String, Option<String>);

impl Way<'_> {
    fn provider(&self) -> Place {
        (self.provider.to_owned(), None)
    }

    fn channel(&self) -> Place {
        (self.provider.to_owned(), Some(self.channel.to_owned()))
    }

    fn places(&self) -> [Place; 2] {
        [self.channel(), self.provider()]
    }
}

/// Leave to make one attempt; its end is to be reported, or that there was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass(u64);

/// Whether an attempt may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It may.
    Go(Pass),
    /// Not yet.
    Wait(Wait),
}

/// Why a delivery has to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When to ask again; earlier if anything has ended until then.
    pub until: Timestamp,
    /// Whether other secrets or settings would end it.
    pub is_refused: bool,
    /// The cause, in one sentence.
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// The secrets or the address are no good.
    Refused,
    /// Too much for now.
    Limited,
    /// Nothing is taken from here for minutes.
    Blocked,
}

/// One place that is left alone.
#[derive(Debug)]
struct Breaker {
    cause: Cause,
    /// How often in a row.
    count: u32,
    until: Timestamp,
    /// What the provider said.
    detail: String,
    /// The last pass that had been given by then: how older attempts end tells nothing new.
    last_pass: u64,
    probe: Option<Pass>,
}

/// Everything that is left alone at the moment.
#[derive(Debug, Default)]
pub struct Breakers {
    places: BTreeMap<Place, Breaker>,
    passes: u64,
}

impl Breakers {
    /// Asks for leave to make an attempt.
    pub fn ask(&mut self, way: Way<'_>, now: Timestamp) -> Answer {
        self.places.retain(|_, breaker| breaker.probe.is_some() || now < later(breaker.until, FORGOTTEN));
        let known = way.places().into_iter().filter_map(|place| self.places.get_key_value(&place));
        let waits = known.filter_map(|((_, channel), breaker)| breaker.wait(channel.is_some(), now));
        if let Some(wait) = waits.max_by_key(|wait| wait.until) {
            return Answer::Wait(wait);
        }
        self.passes += 1;
        let pass = Pass(self.passes);
        for place in way.places() {
            if let Some(breaker) = self.places.get_mut(&place) {
                breaker.probe = Some(pass);
            }
        }
        Answer::Go(pass)
    }

    /// Learns from the end of an attempt; `detail` is what the provider said.
    pub fn ended(&mut self, way: Way<'_>, pass: Pass, outcome: &Outcome, detail: &str, now: Timestamp) {
        self.release(pass);
        let mut shut = |place, cause, wait: &dyn Fn(u32) -> Duration| {
            self.shut(place, pass, now, cause, wait, detail);
        };
        match *outcome {
            Outcome::Delivered(_) | Outcome::Rejected | Outcome::ContentRefused => {
                way.places().into_iter().for_each(|place| self.open(&place, pass));
            }
            Outcome::Misconfigured => {
                shut(way.channel(), Cause::Refused, &cool_down);
                self.open(&way.provider(), pass);
            }
            Outcome::RateLimited(None) => shut(way.provider(), Cause::Limited, &hintless),
            Outcome::RateLimited(Some(hint)) if hint < BLOCK => {
                shut(way.channel(), Cause::Limited, &|_| hint);
            }
            Outcome::RateLimited(Some(hint)) => {
                let hint = hint.min(LONGEST_WAIT);
                shut(way.channel(), Cause::Blocked, &|_| hint);
                if self.blocks_others(way, now) {
                    self.shut(way.provider(), pass, now, Cause::Blocked, &|_| hint, detail);
                }
            }
            Outcome::Transient
            | Outcome::Trapped
            | Outcome::TimedOut
            | Outcome::Denied
            | Outcome::Unknown => {}
        }
    }

    /// An attempt ended and told nothing, or was never made: if it was a probe, another one may go.
    pub fn release(&mut self, pass: Pass) {
        for breaker in self.places.values_mut().filter(|breaker| breaker.probe == Some(pass)) {
            breaker.probe = None;
        }
    }

    /// A channel has other secrets: what was refused is no longer what would be sent.
    pub fn renewed(&mut self, way: Way<'_>) {
        self.places.remove(&way.channel());
    }

    fn blocks_others(&self, way: Way<'_>, now: Timestamp) -> bool {
        self.places.iter().any(|((provider, channel), breaker)| {
            let is_other = channel.as_deref().is_some_and(|channel| channel != way.channel);
            provider == way.provider && is_other && breaker.cause == Cause::Blocked && now < breaker.until
        })
    }

    /// It works, unless the attempt is older than what is known.
    fn open(&mut self, place: &Place, pass: Pass) {
        if self.places.get(place).is_some_and(|breaker| breaker.last_pass < pass.0) {
            self.places.remove(place);
        }
    }

    fn shut(
        &mut self,
        place: Place,
        pass: Pass,
        now: Timestamp,
        cause: Cause,
        wait: &dyn Fn(u32) -> Duration,
        detail: &str,
    ) {
        let known = self.places.get_mut(&place);
        if let Some(known) = known.filter(|breaker| pass.0 <= breaker.last_pass) {
            // Made before the place was shut, so no second refusal; but a longer wait is a longer wait.
            if cause != Cause::Refused {
                known.until = known.until.max(later(now, wait(known.count)));
            }
            return;
        }
        let earlier = self.places.get(&place).filter(|breaker| breaker.cause == cause);
        let count = earlier.map_or(0, |breaker| breaker.count).saturating_add(1);
        let (until, detail, last_pass) = (later(now, wait(count)), detail.to_owned(), self.passes);
        self.places.insert(place, Breaker { cause, count, until, detail, last_pass, probe: None });
    }
}

impl Breaker {
    fn wait(&self, is_channel: bool, now: Timestamp) -> Option<Wait> {
        let (until, first) = match self.probe {
            _ if now < self.until => (self.until, ""),
            Some(_) => (later(now, PROBE), "another delivery tries first; "),
            None => return None,
        };
        let what = match (self.cause, is_channel) {
            (Cause::Refused, _) => "an earlier delivery to this channel was refused",
            (Cause::Limited | Cause::Blocked, true) => "this channel was told to wait",
            (Cause::Limited | Cause::Blocked, false) => "the provider is asked too often",
        };
        let reason = format!("{first}{what}: {}", self.detail);
        Some(Wait { until, is_refused: self.cause == Cause::Refused, reason })
    }
}

fn cool_down(count: u32) -> Duration {
    let doublings = count.saturating_sub(1).min(8);
    COOL_DOWN.saturating_mul(1 << doublings).min(LONGEST_COOL_DOWN)
}

fn later(now: Timestamp, after: Duration) -> Timestamp {
    now.checked_add(after).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
