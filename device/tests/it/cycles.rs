//! Publisher, broker and network break at random: 500 times in all, or as `CAMPANILE_DEVICE_CYCLES` says. The seed of each
//! world is printed; `CAMPANILE_DEVICE_SEED` begins with another one.

// By its path, so that its parts are found beside it from here and from the tests of `campanile dev`.
#[path = "cycles/world.rs"]
pub(crate) mod world;

use std::path::Path;

use self::world::Broker;
use crate::mosquitto::Mosquitto;

/// Worlds that live at the same time: most of the time they wait.
const WORLDS: u32 = 5;

impl Broker for Mosquitto {
    fn port(&self) -> u16 {
        self.port()
    }

    async fn restart(&mut self) {
        self.restart();
    }
}

/// A number that the environment may set.
pub(crate) fn setting(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |number| number.parse().unwrap())
}

#[test]
fn whatever_breaks_each_transition_arrives_in_mosquitto() {
    let cycles = u32::try_from(setting("CAMPANILE_DEVICE_CYCLES", 500)).unwrap();
    let first = setting("CAMPANILE_DEVICE_SEED", fastrand::u64(..1_000_000));
    // A thread each: starting a broker waits.
    let worlds: Vec<_> = (0..WORLDS)
        .map(|number| std::thread::spawn(move || world(first + u64::from(number), cycles.div_ceil(WORLDS))))
        .collect();
    worlds.into_iter().for_each(|world| world.join().unwrap());
}

fn world(seed: u64, cycles: u32) {
    println!("seed {seed}: {cycles} cycles");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut broker = Mosquitto::start(folder.path(), "allow_anonymous true\n");
    let program = Path::new(env!("CARGO_BIN_EXE_campanile-device"));
    let story = runtime.block_on(world::run(seed, cycles, program, &mut broker));
    println!(
        "seed {seed}: {} transitions, {} acknowledgements, {:?}",
        story.events.len(),
        story.copies,
        story.broken
    );
}
