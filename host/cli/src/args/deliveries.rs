//! The arguments of `campanile deliveries`.

use campanile_core::config::StoreConfig;
use campanile_core::ledger::StateKind;
use campanile_store::Cursor;
use clap::builder::PossibleValue;
use clap::{Args, Subcommand, ValueEnum};

use super::ProjectArguments;
use super::moment::Moment;

pub(super) const EXAMPLES: &str = "\
Examples:
  campanile deliveries                                            the newest, from the configuration's store
  campanile deliveries --status dead-letter --device home-heating
  campanile deliveries --channel ops --since 2h
  campanile deliveries --store dynamodb:campanile-dispatch --json
  campanile deliveries show 0192f3a4                              one of them, attempt by attempt
  campanile deliveries letters                                    what was handed in and is no event";

/// Which store is meant.
#[derive(Args, Clone, Debug)]
pub(crate) struct StoreArguments {
    /// The store: sqlite:PATH or dynamodb:TABLE; by default that of the configuration.
    #[arg(long, global = true, value_name = "STORE", env = "CAMPANILE_STORE")]
    pub(crate) store: Option<StoreConfig>,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// Of `deliveries`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct DeliveriesArguments {
    #[command(subcommand)]
    pub(crate) verb: Option<DeliveriesVerb>,
    #[command(flatten)]
    pub(crate) list: ListArguments,
}

/// What else can be asked about deliveries.
#[derive(Debug, Subcommand)]
pub(crate) enum DeliveriesVerb {
    /// Show a delivery with all its attempts.
    Show {
        /// Its id, as the list prints it, or a part that only it has.
        #[arg(value_name = "ID")]
        id: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// List the events that were no events: dead letters without a delivery.
    Letters {
        /// How many, newest first.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        store: StoreArguments,
    },
}

/// Of `deliveries` alone.
#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    /// Only those that stand here.
    #[arg(long)]
    pub(crate) status: Option<Status>,
    /// Only those of this device.
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// Only those on this channel.
    #[arg(long, value_name = "NAME")]
    pub(crate) channel: Option<String>,
    /// Only those opened since: `2h` or `7d` ago, a day as `2026-11-24`, or a moment as `2026-11-24T09:00:00Z`.
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<Moment>,
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
    pub(crate) store: StoreArguments,
}

/// Where a delivery stands, as an argument.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Status(pub(crate) StateKind);

impl ValueEnum for Status {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [Status; 5] = {
            let [first, second, third, fourth, fifth] = StateKind::ALL;
            [Status(first), Status(second), Status(third), Status(fourth), Status(fifth)]
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
    }
}
