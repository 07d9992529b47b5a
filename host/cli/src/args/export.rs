//! The arguments of `campanile export`.

use std::path::{Path, PathBuf};

use campanile_export::Format;
use clap::Args;

use super::EventStoreArguments;
use super::moment::Moment;

pub(super) const EXAMPLES: &str = "\
Examples:
  campanile export --since 30d --out events.parquet       the last thirty days, from the configuration's store
  campanile export --store dynamodb:campanile-events --since 2026-11-01 --until 2026-12-01 --out november.parquet
  campanile export --device home-heating --format csv --out heating.csv --force
  campanile export --format jsonl --out - | jq -r .status | sort | uniq -c
  campanile export --format parquet --out - | aws s3 cp - s3://my-bucket/events.parquet

Columns: received_at, occurred_at, device, device_id, event_id, trace_id, topic, status, previous, seq, reading, payload, raw.

Exit codes: 0 all is in the file, 1 nothing is written, 6 what is no event was left out and named, 130 stopped with Ctrl-C.
docs/export.md loads the file with pandas and DuckDB.";

/// Of `export`.
#[derive(Args, Debug)]
pub(crate) struct ExportArguments {
    /// What is written: parquet for programs, csv for spreadsheets, jsonl for programs that read lines. By default what FILE ends with.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Only events received since: `2h` or `7d` ago, a day as `2026-11-24`, or a moment as `2026-11-24T09:00:00Z`.
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<Moment>,
    /// Only events received before; as `--since`.
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<Moment>,
    /// Only events of this device.
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// Where to: a file, which appears when it is complete, or `-` for the standard output.
    #[arg(long, value_name = "FILE|-")]
    pub(crate) out: PathBuf,
    /// Replace FILE if there is one.
    #[arg(long)]
    pub(crate) force: bool,
    /// Print a summary as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: EventStoreArguments,
}

impl ExportArguments {
    /// Whether the rows go to the standard output.
    pub(crate) fn is_to_stdout(&self) -> bool {
        self.out == Path::new("-")
    }
}
