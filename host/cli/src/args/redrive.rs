//! The arguments of `campanile redrive`.

use clap::{ArgGroup, Args};

use super::{SendingArguments, StoreArguments};

pub(super) const EXAMPLES: &str = "\
Examples:
  campanile redrive --all --dry-run                        what it would try again
  campanile redrive --channel ops                          after the webhook was repaired
  campanile redrive 0192f3a4 --live                        one of them, and really send it
  campanile redrive --all --store dynamodb:campanile-dispatch --wait

Exit codes: 0 delivered, or handed to the deployed function; 4 no such delivery, or it has not ended without success; 5 a plugin \
broke; 6 rejected again, or no event; 7 given up again or to be retried.";

/// Of `redrive`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("chosen").args(["id", "all", "channel", "device"]).required(true).multiple(true))]
pub(crate) struct RedriveArguments {
    /// The delivery: its id as `campanile deliveries` prints it, or a part that only it has.
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// All that ended as rejected or as dead letter.
    #[arg(long, conflicts_with = "id")]
    pub(crate) all: bool,
    /// Those on this channel.
    #[arg(long, value_name = "NAME", conflicts_with = "id")]
    pub(crate) channel: Option<String>,
    /// Those of this device.
    #[arg(long, value_name = "DEVICE", conflicts_with = "id")]
    pub(crate) device: Option<String>,
    /// Only say what would be tried again.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// In DynamoDB: wait until the deployed function has gone on with them.
    #[arg(long)]
    pub(crate) wait: bool,
    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) sending: SendingArguments,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
}
