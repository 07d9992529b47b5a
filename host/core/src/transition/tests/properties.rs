//! What holds for every history of a device, in every order, with every repetition.

mod world;

use proptest::prelude::*;
use proptest::sample::Index;
use world::World;

use super::*;

/// Longer keys, names and statuses than these are refused before they come here.
const LONG_KEY: usize = 64;
const LONG_NAME: usize = 128;

/// What the state may take, as JSON, with the longest texts.
const MOST_BYTES: usize = 24 * 1024;

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Arrive(Index),
    Wait(i64),
    Tick,
    Told(usize),
    Lost(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => any::<Index>().prop_map(Step::Arrive),
        2 => (1..1000_i64).prop_map(Step::Wait),
        2 => Just(Step::Tick),
        6 => any::<usize>().prop_map(Step::Told),
        1 => any::<usize>().prop_map(Step::Lost),
    ];
    prop::collection::vec(step, 1..80)
}

/// Transitions of a device in the order in which they happened; it may lose its count, and say where it comes from.
fn history() -> impl Strategy<Value = Vec<Event>> {
    let status = prop_oneof![Just("INACTIVE"), Just("ACTIVE"), Just("FAULT"), Just("IDLE")];
    let transition = (0..400_i64, status, prop::bool::weighted(0.05), any::<bool>());
    prop::collection::vec(transition, 1..30).prop_map(|transitions| {
        let (mut second, mut seq, mut before) = (0, 0, None);
        let mut history = Vec::new();
        for (index, (gap, status, resets, says_previous)) in transitions.into_iter().enumerate() {
            // A count that begins again does so after a restart, which takes a while.
            (second, seq) = if resets { (second + gap + 400, 0) } else { (second + gap, seq + 1) };
            let key = format!("{index:0>LONG_KEY$}");
            let previous = before.filter(|_| says_previous).map(str::to_owned);
            history.push(Event { key, seq: Some(seq), previous, ..event(second, status) });
            before = Some(status);
        }
        history
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let repeat = prop::option::of((1..90_u64).prop_map(minutes));
    let flapping = prop::option::weighted(0.7, Just(FlappingPolicy::default()));
    // The story starts at 12:00.
    let quiet = prop::option::of((12..14_i8, 14..35_i8).prop_map(|(start, end)| {
        let time = |hour| jiff::civil::time(hour % 24, 30, 0, 0);
        let window = Window { days: Vec::new(), start: time(start), end: time(end) };
        QuietHours::new("UTC", vec![window]).unwrap()
    }));
    let lasting = prop_oneof![3 => Just(Duration::ZERO), 1 => (1..10_u64).prop_map(minutes)];
    let all = (repeat, flapping, quiet, lasting, any::<bool>());
    all.prop_map(|(repeat, flapping, quiet_hours, lasting, waits)| Policy {
        stale_wait: if waits { Duration::from_secs(30) } else { Duration::ZERO },
        lasting,
        repeat,
        flapping,
        quiet_hours,
        ..Policy::default()
    })
}

/// The events in an order that `order` chooses, each of them at least once.
fn shuffled<'e>(history: &'e [Event], order: &[Index]) -> Vec<&'e Event> {
    let mut rest: Vec<&Event> = history.iter().collect();
    let mut shuffled = Vec::new();
    for index in order {
        let event = if rest.is_empty() { index.get(history) } else { rest[index.index(rest.len())] };
        rest.retain(|other| other.key != event.key || index.index(5) == 0);
        shuffled.push(event);
    }
    shuffled.extend(rest);
    shuffled
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_latest_event_is_believed_in_whatever_order_they_come(
        history in history(),
        order in prop::collection::vec(any::<Index>(), 0..80),
    ) {
        let mut state = DeviceState::default();
        for (index, event) in shuffled(&history, &order).into_iter().enumerate() {
            let now = at(20_000 + i64::try_from(index).unwrap());
            state = arrive(&state, event, standing(event, is_inactive), &Policy::default(), now).state;
        }
        let latest = history.iter().max_by_key(|event| (event.occurred_at, event.seq)).unwrap();
        prop_assert_eq!(state.status(), Some(latest.status.as_str()), "(a)");
        prop_assert_eq!(state.changed_at(), Some(latest.occurred_at));
    }

    #[test]
    fn every_step_keeps_the_promises(policy in policy(), history in history(), steps in steps()) {
        let mut world = World::new(policy);
        for step in &steps {
            world.step(step, &history);
        }
    }

    #[test]
    fn in_the_end_people_know_how_the_device_is(policy in policy(), history in history(), steps in steps()) {
        let mut world = World::new(policy);
        for step in steps.iter().filter(|step| !matches!(step, Step::Lost(_))) {
            world.step(step, &history);
        }
        world.comes_to_rest();
        let believed = world.news.last().is_some_and(|news| is_inactive_or_fault(&news.status));
        prop_assert_eq!(believed, world.state.status().is_some_and(is_inactive_or_fault), "{:?}", world.news);
    }

    #[test]
    fn a_route_that_alerts_for_the_first_time_can_go_on_from_what_all_have_seen(
        policy in policy(),
        others in policy(),
        history in history(),
        order in prop::collection::vec(any::<Index>(), 0..80),
    ) {
        let (mut saw_all, mut base, mut copied) = (DeviceState::default(), DeviceState::default(), None);
        for (index, event) in shuffled(&history, &order).into_iter().enumerate() {
            let now = at(i64::try_from(index).unwrap() * 90);
            let standing = standing(event, is_inactive_or_fault);
            let seen = arrive(&saw_all, event, standing, &policy, now);
            if standing.bad || copied.is_some() {
                let route = copied.as_ref().unwrap_or(&base);
                let own = arrive(route, event, standing, &policy, now);
                prop_assert_eq!(&own.verdict, &seen.verdict);
                if !matches!(seen.verdict, Verdict::Silent(Silence::Late | Silence::Duplicate)) {
                    prop_assert_eq!(&own.state, &seen.state);
                }
                copied = Some(own.state);
            } else {
                prop_assert_eq!(seen.verdict.news(), None);
            }
            // What all routes share was seen under a policy of its own.
            base = arrive(&base, event, Standing::GOOD, &others, now).state;
            prop_assert_eq!(base.bad_since().or(due(&base, &others)), None);
            saw_all = tick(&seen.state, &policy, now).state;
            copied = copied.map(|state| tick(&state, &policy, now).state);
        }
    }

    #[test]
    fn the_state_stays_small(names in prop::collection::vec("[A-Z]{64}", 4..5), count in 1..300_i64) {
        let policy = Policy { repeat: Some(minutes(1)), ..Policy::default() };
        let mut state = DeviceState::default();
        for index in 0..count {
            let device_id = "d".repeat(LONG_NAME);
            let status = &names[usize::try_from(index).unwrap() % names.len()];
            let key = format!("{index:0>LONG_KEY$}");
            let event = Event { key, device_id, previous: Some(names[0].clone()), ..event(index * 200, status) };
            state = arrive(&state, &event, standing(&event, |_| true), &policy, at(index * 200)).state;
            state = tick(&state, &policy, at(index * 200 + 100)).state;
        }
        let bytes = serde_json::to_string(&state).unwrap().len();
        prop_assert!(bytes < MOST_BYTES, "(f) {bytes} bytes");
    }
}
