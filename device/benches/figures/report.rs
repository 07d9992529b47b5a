//! All figures, and how people read them: as tables in Markdown.

use std::fmt;

use serde::Serialize;

use crate::latency::{Latencies, Latency};
use crate::machine::Machine;
use crate::memory::{Idle, Memory};
use crate::process::Resident;
use crate::rate::{Rate, Rates};

/// The largest that the program may be, in MiB.
const SIZE: f64 = 5.0;

/// The most memory that it may take, in MiB.
const MEMORY: f64 = 8.0;

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) size_bytes: u64,
    pub(crate) memory: Memory,
    pub(crate) idle: Idle,
    /// A write and a sync of the disk, without the program.
    pub(crate) sync: Latency,
    pub(crate) latency: Latencies,
    pub(crate) rate: Rates,
}

impl Report {
    /// What is more than it may be.
    pub(crate) fn missed(&self) -> Vec<String> {
        let size = ("the program", mib(self.size_bytes), SIZE);
        let memory = self.residents().map(|(when, resident)| (when, resident.mib(), MEMORY));
        let all = [size].into_iter().chain(memory);
        let missed = all.filter(|(_, is, may)| is > may);
        missed.map(|(what, is, may)| format!("{what}: {is:.1} MiB, and at most {may} MiB")).collect()
    }

    fn residents(&self) -> [(&'static str, Resident); 3] {
        let Memory { connected, spooled, published, .. } = self.memory;
        [
            ("memory, connected", connected),
            ("memory, with a full spool", spooled),
            ("memory, after that was published", published),
        ]
    }

    fn small(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory, idle, .. } = self;
        writeln!(to, "| | Measured | At most |\n|---|---|---|")?;
        writeln!(to, "| The program, one stripped file | {:.1} MiB | {SIZE} MiB |", mib(self.size_bytes))?;
        writeln!(to, "| Memory, connected with mutual TLS | {} | {MEMORY} MiB |", memory.connected)?;
        let spooled = grouped(memory.transitions);
        writeln!(to, "| Memory, {spooled} transitions in the spool | {} | {MEMORY} MiB |", memory.spooled)?;
        writeln!(to, "| Memory, after they were published | {} | {MEMORY} MiB |", memory.published)?;
        writeln!(to, "| Memory, the most until then | {:.1} MiB | |", memory.published.peak_mib())?;
        #[expect(clippy::cast_precision_loss, reason = "microseconds of a minute")]
        let (cpu, seconds) = (idle.cpu_us as f64 / 1000.0, idle.seconds as f64);
        let percent = cpu / seconds / 10.0;
        writeln!(
            to,
            "| Processor at rest, connected | {cpu:.1} ms in {seconds} s: {percent:.4} %, {} wakes | |",
            idle.wakes
        )
    }

    fn quick(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { latency, rate, .. } = self;
        writeln!(
            to,
            "| | `sync = true` | `sync = false` | rumqttc alone | `mosquitto_pub` |\n|---|---|---|---|---|\n\
             | Kept before it is published | on the disk | by the system | no | no |\n\
             | Write and sync of the disk alone, p50 / p99 | {} | | | |\n\
             | Signal to PUBACK, p50 / p99 | {} | {} | {} | {}, one process for each |\n\
             | Events a second | {} | {} | {} | {} of `-l`, with {:.1} MiB |\n\
             | At the pace that AWS takes | {} | | | |",
            self.sync,
            latency.synced,
            latency.unsynced,
            latency.rumqttc,
            latency.mosquitto_pub,
            rate.synced,
            rate.unsynced,
            rate.rumqttc,
            rate.mosquitto_pub,
            mib(rate.mosquitto_pub_kib * 1024),
            rate.paced,
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(to, "{}.\n", self.machine)?;
        self.small(to)?;
        writeln!(to, "\nOver loopback without TLS, at a broker that acknowledges at once:\n")?;
        self.quick(to)
    }
}

impl Resident {
    fn mib(self) -> f64 {
        mib(self.kib * 1024)
    }

    fn peak_mib(self) -> f64 {
        mib(self.peak_kib * 1024)
    }
}

impl fmt::Display for Resident {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:.1} MiB, of it {:.1} MiB anonymous", self.mib(), mib(self.anonymous_kib * 1024))
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[expect(clippy::cast_precision_loss, reason = "microseconds of an event")]
        let [p50, p99] = [self.p50_us, self.p99_us].map(|us| us as f64 / 1000.0);
        write!(to, "{p50:.2} / {p99:.2} ms")
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate is positive, and no machine does so much"
        )]
        let per_second = self.per_second.round() as usize;
        write!(to, "{}", grouped(per_second))
    }
}

#[expect(clippy::cast_precision_loss, reason = "memory and files have fewer bytes than that")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}

/// `10 000`.
fn grouped(number: usize) -> String {
    if number < 1000 {
        number.to_string()
    } else {
        format!("{} {:03}", grouped(number / 1000), number % 1000)
    }
}
