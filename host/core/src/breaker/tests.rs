//! Rows of the conformance table (TG, DC) by their ids; times are exact.

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::{Answer, Breakers, PROBE, Pass, Wait, Way};
use crate::notification::Receipt;
use crate::outcome::Outcome;

const FAMILY: Way<'_> = Way { provider: "discord", channel: "family" };
const OPS: Way<'_> = Way { provider: "discord", channel: "ops" };
const NEIGHBOURS: Way<'_> = Way { provider: "discord", channel: "neighbours" };
const TELEGRAM: Way<'_> = Way { provider: "telegram", channel: "phone" };

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_second(1_795_407_000).unwrap() + Duration::from_secs(seconds)
}

fn delivered() -> Outcome {
    Outcome::Delivered(Receipt::default())
}

fn limited(seconds: u64) -> Outcome {
    Outcome::RateLimited(Some(Duration::from_secs(seconds)))
}

/// Breakers with the words that a test needs.
#[derive(Default)]
struct Tested(Breakers);

impl Tested {
    fn go(&mut self, way: Way<'_>, seconds: u64) -> Pass {
        match self.0.ask(way, at(seconds)) {
            Answer::Go(pass) => pass,
            Answer::Wait(wait) => panic!("{way:?} at {seconds} s: {wait:?}"),
        }
    }

    fn wait(&mut self, way: Way<'_>, seconds: u64) -> Wait {
        match self.0.ask(way, at(seconds)) {
            Answer::Go(_) => panic!("{way:?} may go at {seconds} s"),
            Answer::Wait(wait) => wait,
        }
    }

    fn end(&mut self, way: Way<'_>, pass: Pass, seconds: u64, outcome: &Outcome) {
        self.0.ended(way, pass, outcome, "HTTP 4xx", at(seconds));
    }

    /// One attempt that takes no time.
    fn try_once(&mut self, way: Way<'_>, seconds: u64, outcome: &Outcome) {
        let pass = self.go(way, seconds);
        self.end(way, pass, seconds, outcome);
    }

    /// Seconds until each next probe, all of them ending alike.
    fn waits(&mut self, way: Way<'_>, outcome: &Outcome, times: usize) -> Vec<u64> {
        let (mut now, mut waits) = (0, Vec::new());
        for _ in 0..times {
            self.try_once(way, now, outcome);
            let until = self.wait(way, now).until;
            let seconds = u64::try_from(until.duration_since(at(now)).as_secs()).unwrap();
            waits.push(seconds);
            now += seconds;
        }
        waits
    }
}

#[test]
fn dc_28_a_refused_channel_is_left_alone_for_longer_each_time() {
    let waits = Tested::default().waits(FAMILY, &Outcome::Misconfigured, 6);
    assert_eq!(waits, [60, 120, 240, 480, 900, 900]);
}

#[test]
fn dc_28_the_other_channels_of_a_provider_are_none_of_its_business() {
    let mut breakers = Tested::default();
    breakers.try_once(FAMILY, 0, &Outcome::Misconfigured);
    let wait = breakers.wait(FAMILY, 1);
    assert!(wait.is_refused);
    assert_eq!(wait.reason, "an earlier delivery to this channel was refused: HTTP 4xx");
    breakers.try_once(OPS, 1, &delivered());
    assert_eq!(breakers.wait(FAMILY, 2).until, at(60), "and what works elsewhere says nothing of this one");
}

#[test]
fn after_the_wait_one_delivery_goes_first_and_its_success_frees_all() {
    let mut breakers = Tested::default();
    breakers.try_once(FAMILY, 0, &Outcome::Misconfigured);
    let probe = breakers.go(FAMILY, 60);
    let behind = breakers.wait(FAMILY, 61);
    assert_eq!(behind.until, at(61) + PROBE);
    assert!(behind.reason.starts_with("another delivery tries first; an earlier delivery"), "{behind:?}");
    breakers.end(FAMILY, probe, 62, &delivered());
    breakers.go(FAMILY, 62);
    breakers.go(FAMILY, 62);
    breakers.try_once(FAMILY, 62, &Outcome::Misconfigured);
    assert_eq!(breakers.wait(FAMILY, 62).until, at(122), "it counts from the beginning again");
}

#[test]
fn a_probe_that_tells_nothing_lets_another_go() {
    let mut breakers = Tested::default();
    breakers.try_once(FAMILY, 0, &Outcome::Misconfigured);
    breakers.try_once(FAMILY, 60, &Outcome::Transient);
    let unmade = breakers.go(FAMILY, 61);
    breakers.wait(FAMILY, 61);
    breakers.0.release(unmade);
    breakers.go(FAMILY, 61);
}

#[test]
fn what_was_on_its_way_already_counts_once() {
    let mut breakers = Tested::default();
    let passes: Vec<Pass> = (0..50).map(|_| breakers.go(FAMILY, 0)).collect();
    for pass in &passes[..49] {
        breakers.end(FAMILY, *pass, 1, &Outcome::Misconfigured);
    }
    assert_eq!(breakers.wait(FAMILY, 2).until, at(61), "49 refusals of one moment are one");
    breakers.end(FAMILY, passes[49], 2, &delivered());
    assert_eq!(breakers.wait(FAMILY, 3).until, at(61), "and an older success does not undo them");
}

#[test]
fn other_secrets_end_the_wait() {
    let mut breakers = Tested::default();
    breakers.try_once(FAMILY, 0, &Outcome::Misconfigured);
    breakers.0.renewed(FAMILY);
    breakers.go(FAMILY, 1);
}

#[test]
fn tg_55_a_hint_is_for_all_deliveries_of_the_channel_and_no_other() {
    let mut breakers = Tested::default();
    breakers.try_once(FAMILY, 0, &limited(5));
    let wait = breakers.wait(FAMILY, 1);
    assert_eq!((wait.until, wait.is_refused), (at(5), false));
    assert_eq!(wait.reason, "this channel was told to wait: HTTP 4xx");
    breakers.try_once(OPS, 1, &delivered());
    breakers.go(FAMILY, 5);
}

#[test]
fn tg_55_the_longest_of_several_hints_holds() {
    let mut breakers = Tested::default();
    let (one, other) = (breakers.go(FAMILY, 0), breakers.go(FAMILY, 0));
    breakers.end(FAMILY, one, 1, &limited(5));
    breakers.end(FAMILY, other, 2, &limited(30));
    assert_eq!(breakers.wait(FAMILY, 3).until, at(32));
}

#[test]
fn dc_23_without_a_hint_the_whole_provider_is_left_alone() {
    let mut breakers = Tested::default();
    assert_eq!(breakers.waits(FAMILY, &Outcome::RateLimited(None), 5), [1, 4, 16, 64, 64]);
    let wait = breakers.wait(OPS, 86);
    assert_eq!(wait.reason, "the provider is asked too often: HTTP 4xx");
    breakers.go(TELEGRAM, 86);
    let probe = breakers.go(OPS, 149);
    breakers.wait(FAMILY, 149);
    breakers.end(OPS, probe, 150, &delivered());
    breakers.go(FAMILY, 150);
}

#[test]
fn dc_26_a_block_of_two_channels_is_one_of_the_provider_and_gets_one_probe() {
    let mut breakers = Tested::default();
    let blocked = limited(300);
    breakers.try_once(FAMILY, 0, &blocked);
    breakers.try_once(OPS, 10, &blocked);
    assert_eq!(breakers.wait(NEIGHBOURS, 11).until, at(310), "nobody else tries");
    breakers.go(TELEGRAM, 11);
    let probe = breakers.go(NEIGHBOURS, 310);
    breakers.wait(FAMILY, 311);
    breakers.end(NEIGHBOURS, probe, 312, &delivered());
    breakers.try_once(FAMILY, 312, &delivered());
    breakers.try_once(OPS, 312, &delivered());
}

#[test]
fn one_channel_that_waits_long_does_not_make_the_others_wait() {
    let mut breakers = Tested::default();
    breakers.try_once(FAMILY, 0, &limited(400));
    breakers.try_once(OPS, 1, &delivered());
    breakers.try_once(FAMILY, 400, &limited(400));
    breakers.try_once(OPS, 401, &delivered());
}

#[test]
fn what_nobody_asks_about_is_forgotten() {
    let mut breakers = Tested::default();
    let names: Vec<String> = (0..100).map(|number| format!("channel-{number}")).collect();
    for name in &names {
        breakers.try_once(Way { provider: "discord", channel: name }, 0, &Outcome::Misconfigured);
    }
    assert_eq!(breakers.0.places.len(), 100);
    breakers.go(TELEGRAM, 60 + 3600);
    assert_eq!(breakers.0.places.len(), 0);
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(delivered()),
        Just(Outcome::Misconfigured),
        Just(Outcome::RateLimited(None)),
        Just(Outcome::Transient),
        Just(Outcome::ContentRefused),
        (0..1000_u64).prop_map(limited),
    ]
}

proptest! {
    /// Whatever happened: who asks again when told to gets through, and while a place is doubted only one at a time does.
    #[test]
    fn every_wait_ends_and_probes_go_one_by_one(steps in prop::collection::vec((0..3_usize, 0..200_u64, any_outcome()), 1..60)) {
        let ways = [FAMILY, OPS, TELEGRAM];
        let (mut breakers, mut now) = (Breakers::default(), 0);
        for (way, passed, outcome) in steps {
            now += passed;
            let way = ways[way];
            let mut asked = at(now);
            let pass = loop {
                match breakers.ask(way, asked) {
                    Answer::Go(pass) => break pass,
                    Answer::Wait(wait) => {
                        prop_assert!(wait.until > asked);
                        asked = wait.until;
                    }
                }
            };
            if breakers.places.contains_key(&way.channel()) || breakers.places.contains_key(&way.provider()) {
                prop_assert!(matches!(breakers.ask(way, asked), Answer::Wait(_)), "two at a time");
            }
            now = u64::try_from(asked.duration_since(at(0)).as_secs()).unwrap() + 1;
            breakers.ended(way, pass, &outcome, "HTTP 4xx", asked);
            prop_assert!(breakers.places.values().all(|breaker| breaker.probe.is_none()));
        }
    }
}
