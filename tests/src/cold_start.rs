//! Cold starts as `tests/cold-start` measures them: of `bootstrap`, and of functions that send the same two requests without it. All are
//! started by the emulator, get the same events, and send to the same server on loopback, without TLS. The requests are looked at by the
//! fakes of local mode: a function that sends what a provider would refuse has no figures.
//!
//! Not in it: a provider's TLS and distance, which are the same for all; the parameter store and the ledger's table, which only
//! `bootstrap` asks. It has its examples of secrets, and its ledger in memory. How long its init phase takes with a client for the table
//! is measured apart.

mod contestant;
mod course;
mod figures;
mod machine;
mod providers;
mod quota;
mod report;

use contestant::Contestant;
pub use contestant::Programs;
pub use course::Sample;
pub use figures::{Figures, Spread};
pub use machine::Machine;
use providers::Providers;
use quota::Quota;
pub use report::Report;

/// Measures all functions, each `runs` times, with whole processors and with the share of one that a small function has.
pub async fn measured(programs: &Programs, runs: usize) -> Report {
    let providers = Providers::start().await;
    let contestants = contestant::all(programs, providers.origin()).await;
    let whole = rounds(&contestants, &providers, runs, None).await;
    let share = match Quota::make() {
        Ok(quota) => Ok(rounds(&contestants, &providers, runs, Some(&quota)).await),
        Err(error) => Err(error.to_string()),
    };
    Report { machine: Machine::this(&programs.python), runs, whole, share }
}

/// One cold start of each function, turn by turn, so that what else the machine does strikes all alike. The first round fills the
/// system's caches and does not count.
async fn rounds(
    contestants: &[Contestant],
    providers: &Providers,
    runs: usize,
    quota: Option<&Quota>,
) -> Vec<Figures> {
    let at = if quota.is_some() { ", a seventh of a processor" } else { "" };
    let mut samples = vec![Vec::new(); contestants.len()];
    for round in 0..=runs {
        tell(&format!("round {round} of {runs}{at}"));
        for (contestant, samples) in contestants.iter().zip(&mut samples) {
            let sample = course::cold_start(contestant, providers, quota).await;
            if round > 0 {
                samples.push(sample);
            }
        }
    }
    let of = |(contestant, samples): (&Contestant, &Vec<Sample>)| {
        Figures::of(contestant.id, contestant.title, contestant.deployed_bytes, samples)
    };
    contestants.iter().zip(&samples).map(of).collect()
}

#[expect(clippy::print_stderr, reason = "it takes minutes, and who waits wants to know where it is")]
fn tell(what: &str) {
    eprintln!("measuring: {what}");
}
