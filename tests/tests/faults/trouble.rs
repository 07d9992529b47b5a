//! What goes wrong in a run: providers that fail, processes that are killed.

use std::convert::Infallible;
use std::time::Duration;

use campanile_local::catcher::Catcher;
use campanile_tests::function::Function;

use crate::dice::Dice;

/// What providers do on a bad day. A probability holds until all faults are taken back.
const FAULTS: [&str; 15] = [
    "500:times=1",
    "502:times=2",
    "503:latency=300ms:times=2",
    "500:probability=0.4",
    "429:retry-after=1:times=1",
    "429:retry-after=1:times=2",
    "429:rate=3/s:burst=1:times=3",
    "reset:times=1",
    "reset:times=2:latency=100ms",
    "reset:probability=0.3",
    "lost:times=1",
    "lost:times=2",
    "lost:latency=200ms:times=1",
    "hang:times=1",
    "slow:latency=700ms:times=2",
];

/// What is not for every provider: after a 429 without a hint, Discord is left alone for five minutes.
const SPECIAL: [(&str, &str); 3] = [
    ("api.telegram.org", "429:times=1"),
    ("api.telegram.org", "garbage:times=1"),
    ("log.example", "429:times=1"),
];

const PROVIDERS: [&str; 3] = ["api.telegram.org", "discord.com", "log.example"];

/// What goes wrong.
#[derive(Debug)]
pub(crate) struct Trouble {
    /// In order.
    faults: Vec<Fault>,
    /// In order.
    crashes: Vec<Crash>,
}

#[derive(Debug)]
struct Fault {
    after: Duration,
    provider: &'static str,
    fault: &'static str,
}

#[derive(Debug)]
struct Crash {
    moment: Moment,
    /// Which of the processes that live then.
    victim: usize,
}

#[derive(Debug)]
enum Moment {
    /// After the crash before, or the start.
    After(Duration),
    /// As soon as a provider has got so many requests more: between an attempt and its record.
    Requests(u64),
}

impl Trouble {
    pub(crate) fn thrown(dice: &mut Dice) -> Self {
        let mut after = Duration::ZERO;
        let faults = (0..dice.within(0, 4)).map(|_| {
            after += Duration::from_millis(dice.one_of(&[0, 0, 200, 600]));
            let usual = (dice.one_of(&PROVIDERS), dice.one_of(&FAULTS));
            let (provider, fault) = if dice.strikes(15) { dice.one_of(&SPECIAL) } else { usual };
            Fault { after, provider, fault }
        });
        let faults = faults.collect();
        Self { faults, crashes: (0..dice.within(0, 3)).map(|_| Crash::thrown(dice)).collect() }
    }

    /// Processes are killed once more, and the providers are well.
    pub(crate) fn aftermath(dice: &mut Dice) -> Self {
        let crashes = if dice.strikes(25) { 1 } else { 0 };
        Self { faults: Vec::new(), crashes: (0..crashes).map(|_| Crash::thrown(dice)).collect() }
    }

    /// Makes it happen, and never returns: what it waits for may not come.
    pub(crate) async fn make(&self, function: &Function, catcher: &Catcher) -> Infallible {
        let faults = async {
            let start = tokio::time::Instant::now();
            for fault in &self.faults {
                tokio::time::sleep_until(start + fault.after).await;
                catcher.faults().set(fault.provider.parse().unwrap(), fault.fault.parse().unwrap());
            }
        };
        let crashes = async {
            for crash in &self.crashes {
                crash.moment.come(catcher).await;
                crash.strike(function);
            }
        };
        tokio::join!(faults, crashes);
        std::future::pending().await
    }
}

impl Crash {
    fn thrown(dice: &mut Dice) -> Self {
        let moment = if dice.strikes(60) {
            Moment::Requests(dice.below(4) + 1)
        } else {
            Moment::After(Duration::from_millis(dice.below(500)))
        };
        Self { moment, victim: dice.place(6) }
    }

    fn strike(&self, function: &Function) {
        let processes = function.emulator().processes();
        if let Some(process) = processes.get(self.victim % processes.len().max(1)) {
            function.emulator().crash(*process);
        }
    }
}

impl Moment {
    async fn come(&self, catcher: &Catcher) {
        match self {
            Self::After(time) => tokio::time::sleep(*time).await,
            Self::Requests(count) => {
                let mut latest = catcher.inbox().subscribe();
                let until = *latest.borrow() + count;
                latest.wait_for(|id| *id >= until).await.ok();
            }
        }
    }
}

/// The providers are well again.
pub(crate) fn end(catcher: &Catcher) {
    for (selector, _) in catcher.faults().list() {
        catcher.faults().clear(&selector);
    }
}
