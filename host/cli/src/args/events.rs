//! The arguments of `campanile events`.

use campanile_core::config::StoreConfig;
use campanile_store::Cursor;
use clap::{Args, Subcommand};

use super::ProjectArguments;
use super::moment::Moment;

pub(super) const EXAMPLES: &str = "\
Examples:
  campanile events                                        the newest, from the configuration's store
  campanile events --device home-heating --since 7d
  campanile events --store dynamodb:campanile-events --since 2026-11-24 --json
  campanile events show 5f0c1b2e                          one of them, as the device sent it";

/// Where events are kept.
#[derive(Args, Clone, Debug)]
pub(crate) struct EventStoreArguments {
    /// Where events are kept: sqlite:PATH, or dynamodb:TABLE with the event table. By default what the environment says
    /// (`CAMPANILE_EVENT_TABLE`, `CAMPANILE_STORE`), else the configuration.
    #[arg(long, global = true, value_name = "STORE")]
    pub(crate) store: Option<StoreConfig>,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// Of `events`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct EventsArguments {
    #[command(subcommand)]
    pub(crate) verb: Option<EventsVerb>,
    #[command(flatten)]
    pub(crate) list: EventListArguments,
}

/// What else can be asked about events.
#[derive(Debug, Subcommand)]
pub(crate) enum EventsVerb {
    /// Show an event with all that the device sent.
    Show {
        /// Its id, as the list prints it, or a part that only it has; or the `event_id` that the device gave it.
        #[arg(value_name = "ID")]
        id: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        store: EventStoreArguments,
    },
}

/// Of `events` alone.
#[derive(Args, Debug)]
pub(crate) struct EventListArguments {
    /// Only those of this device.
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// Only those received since: `2h` or `7d` ago, a day as `2026-11-24`, or a moment as `2026-11-24T09:00:00Z`.
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<Moment>,
    /// Only those received before; as `--since`.
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<Moment>,
    /// How many, newest first.
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: usize,
    /// Go on where the last page ended, as it says.
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<Cursor>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: EventStoreArguments,
}
