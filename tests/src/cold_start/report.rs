//! All figures, and how people read them: as tables in Markdown.

use std::{fmt, iter};

use serde::Serialize;

use super::figures::{Figures, Spread};
use super::machine::Machine;

/// What was measured in one run.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// Where.
    pub machine: Machine,
    /// Cold starts of each function that count.
    pub runs: usize,
    /// With all processors.
    pub whole: Vec<Figures>,
    /// With a seventh of one from the start on, or why that could not be measured.
    #[serde(with = "or_reason")]
    pub share: Result<Vec<Figures>, String>,
}

impl Report {
    /// The rows of the README.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = table(&self.whole, &ROWS);
        if let Ok(share) = &self.share {
            let first_byte = |figures: &Figures| spread(&figures.first_byte);
            text += &row("The first byte with a seventh of a processor", share, first_byte);
        }
        text
    }
}

impl fmt::Display for Report {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(to, "{}.\n", self.machine)?;
        writeln!(
            to,
            "{} cold starts of each, turn by turn; p50 / p90 / slowest, in milliseconds:\n",
            self.runs
        )?;
        writeln!(to, "{}", table(&self.whole, &ROWS))?;
        match &self.share {
            Ok(share) => {
                writeln!(
                    to,
                    "The same with a seventh of a processor, which is what a function of 256 MiB has. Lambda gives that to invocations; \
                     the init phase has more there, and here it has not:\n"
                )?;
                write!(to, "{}", table(share, &ROWS))
            }
            Err(reason) => writeln!(to, "With a seventh of a processor: not measured here. {reason}"),
        }
    }
}

type Cell = fn(&Figures) -> String;

const ROWS: [(&str, Cell); 8] = [
    ("From the process's start until it asks for an event", |figures| spread(&figures.init)),
    ("The same with a client for its table in DynamoDB", |figures| {
        figures.init_with_table.as_ref().map(spread).unwrap_or_default()
    }),
    ("Until the first byte is at a provider", |figures| spread(&figures.first_byte)),
    ("Until all requests are there", |figures| spread(&figures.sent)),
    ("Until it has answered", |figures| spread(&figures.answered)),
    ("A second event, until it has answered", |figures| spread(&figures.warm)),
    ("Most memory", |figures| bytes(figures.peak_kib * 1024)),
    ("Deployed files, unpacked", |figures| bytes(figures.deployed_bytes)),
];

fn table(functions: &[Figures], rows: &[(&str, Cell)]) -> String {
    let mut text = row("", functions, |figures| figures.title.to_owned());
    text += &"|---".repeat(functions.len() + 1);
    text += "|\n";
    for (title, cell) in rows {
        text += &row(title, functions, cell);
    }
    text
}

fn row(title: &str, functions: &[Figures], cell: impl Fn(&Figures) -> String) -> String {
    let mut text = "|".to_owned();
    for cell in iter::once(title.to_owned()).chain(functions.iter().map(cell)) {
        if !cell.is_empty() {
            text = text + " " + &cell;
        }
        text += " |";
    }
    text + "\n"
}

/// In milliseconds; what takes longer than ten needs no tenths.
fn spread(spread: &Spread) -> String {
    #[expect(clippy::cast_precision_loss, reason = "microseconds of minutes")]
    let milliseconds = |us: u128| match us as f64 / 1000.0 {
        small if small < 10.0 => format!("{small:.1}"),
        large => format!("{large:.0}"),
    };
    let Spread { p50_us, p90_us, max_us } = *spread;
    [p50_us, p90_us, max_us].map(milliseconds).join(" / ")
}

#[expect(clippy::cast_precision_loss, reason = "files and memory have fewer bytes than that")]
fn bytes(bytes: u64) -> String {
    match bytes as f64 / 1024.0 {
        small if small < 1024.0 => format!("{small:.1} KiB"),
        large => format!("{:.1} MiB", large / 1024.0),
    }
}

/// `{"measured": [...]}` or `{"not-measured": "why"}`.
mod or_reason {
    use serde::{Serialize as _, Serializer};

    use super::Figures;

    #[derive(serde::Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Shown<'r> {
        Measured(&'r [Figures]),
        NotMeasured(&'r str),
    }

    pub(super) fn serialize<S: Serializer>(
        share: &Result<Vec<Figures>, String>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match share {
            Ok(figures) => Shown::Measured(figures),
            Err(reason) => Shown::NotMeasured(reason),
        }
        .serialize(to)
    }
}
