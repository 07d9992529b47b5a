//! The command line: names, help and examples.

mod bundle;
mod deliveries;
mod dev;
mod events;
mod export;
mod moment;
mod plugin;
mod redrive;
mod rule;
mod sending;
mod trust;

use std::path::PathBuf;

pub(crate) use bundle::{BundleArguments, LambdaTarget};
use campanile_core::config::StoreConfig;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
pub(crate) use deliveries::{DeliveriesArguments, DeliveriesVerb, ListArguments, StoreArguments};
pub(crate) use dev::{DevArguments, PublishArguments};
pub(crate) use events::{EventListArguments, EventStoreArguments, EventsArguments, EventsVerb};
pub(crate) use export::ExportArguments;
pub(crate) use plugin::{DevPluginArguments, Language, NewArguments, PluginVerb, TestArguments};
pub(crate) use redrive::RedriveArguments;
pub(crate) use rule::{RuleEvalArguments, RuleLintArguments, RuleVerb, TemplateArguments};
pub(crate) use sending::SendingArguments;
pub(crate) use trust::{AddArguments, RemoveArguments};

/// Routes IoT events to people: devices report a transition, channel plugins tell whoever needs to know.
#[derive(Debug, Parser)]
#[command(name = "campanile", version, arg_required_else_help = true, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  campanile dev                                           everything on one machine, with a page to look at
  campanile send examples/events/heating-inactive.json    see what an event would send, and to whom
  campanile check --deploy                                find what is wrong before deploying
  campanile plugin list                                   what channels can be made of
  campanile rule eval --rule HotRule --topic home/heating/status --payload '{\"status\":\"ACTIVE\"}'
                                                          why a message is no event";

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Run everything on one machine: broker, rules, function, and fakes of the providers.
    ///
    /// Devices publish over MQTT as they do to AWS IoT; the deployed template's rules and the deployed function do the rest. Messages
    /// are caught and shown as people would see them; nothing is sent unless --live names the channel.
    #[command(after_help = dev::DEV_EXAMPLES)]
    Dev(Box<DevArguments>),
    /// Publish a message by hand, as a device does, to a running `campanile dev`.
    #[command(after_help = dev::PUBLISH_EXAMPLES)]
    Publish(PublishArguments),
    /// Send an event through the real function and see the messages it makes.
    ///
    /// The event goes into the Lambda function's own binary under an emulator; fakes of the providers catch what its plugins
    /// send, checked as the real services would. Nothing leaves this machine unless --live is given.
    #[command(after_help = SEND_EXAMPLES)]
    Send(SendArguments),
    /// Check configuration, plugins, and the template's rules and policies together.
    ///
    /// Nothing of AWS is asked: secrets in SSM are counted, not looked up.
    #[command(
        after_help = "Examples:\n  campanile check             on this machine\n  campanile check --deploy    and where the function is deployed\n\nExit codes: 0 nothing wrong, 3 errors (or warnings with --deny-warnings), 5 a plugin can't be loaded."
    )]
    Check(CheckArguments),
    /// Make the deployment package: a zip file with the function, the configuration and its plugins, compiled.
    ///
    /// Checks all of it first as it will be deployed. The same input makes the same bytes. Of the plugins, those that a channel
    /// names go into the package.
    #[command(after_help = bundle::EXAMPLES)]
    Bundle(BundleArguments),
    /// See what became of each event on each channel.
    #[command(after_help = deliveries::EXAMPLES)]
    Deliveries(DeliveriesArguments),
    /// Try deliveries again that ended without success.
    ///
    /// On SQLite the function runs here until they have ended, caught as `send` does unless --live is given; what is caught counts
    /// as delivered. In DynamoDB they are reopened, and the deployed function goes on with them within a minute.
    #[command(after_help = redrive::EXAMPLES)]
    Redrive(RedriveArguments),
    /// See what devices sent: the history of all messages, whatever became of them.
    #[command(after_help = events::EXAMPLES)]
    Events(EventsArguments),
    /// Write what devices sent into a file for other tools: Parquet, CSV or JSON lines.
    ///
    /// Events of SQLite are in the order in which they were received; those of DynamoDB are in no order. Memory is bounded, however many
    /// there are. The file appears when it is complete.
    #[command(after_help = export::EXAMPLES)]
    Export(Box<ExportArguments>),
    /// Add, list, inspect, build and compile channel plugins.
    #[command(subcommand)]
    Plugin(PluginVerb),
    /// List, lint, evaluate and test the rules that decide which messages become events.
    #[command(subcommand)]
    Rule(RuleVerb),
    /// Print a completion script for a shell.
    #[command(after_help = "Example:\n  campanile completions bash > /etc/bash_completion.d/campanile")]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

const SEND_EXAMPLES: &str = "\
Examples:
  campanile send event.json                                      all channels, caught
  campanile send event.json --channel ops --json                 one channel, for scripts
  campanile send event.json --fault discord.com=429:retry-after=2:times=1
  TELEGRAM_BOT_TOKEN=… campanile send event.json --channel family --live

Exit codes: 0 delivered, 3 configuration, 4 no route wants it, 5 a plugin broke, 6 rejected, 7 given up or to be retried.";

/// Where the project is.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProjectArguments {
    /// The configuration; by default campanile.toml here or in a folder above.
    #[arg(long, value_name = "FILE", env = "CAMPANILE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The folder of plugins; by default `plugins` beside the configuration.
    #[arg(long, value_name = "DIR", env = "CAMPANILE_PLUGINS")]
    pub(crate) plugins: Option<PathBuf>,
}

/// Of `send`.
#[derive(Args, Debug)]
pub(crate) struct SendArguments {
    /// A rule event as JSON: the envelope that the rules select, or what a device sends; `-` for standard input.
    #[arg(value_name = "EVENT.json")]
    pub(crate) event: PathBuf,
    /// Only to this channel, whatever the routes say.
    #[arg(long, value_name = "NAME")]
    pub(crate) channel: Option<String>,
    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Keep the delivery in this store, so that the event is not told twice: sqlite:PATH, dynamodb:TABLE or memory. In SQLite the
    /// event is kept as well, as the template's cold rule would.
    #[arg(long, value_name = "STORE", default_value_t = StoreConfig::Memory)]
    pub(crate) store: StoreConfig,
    #[command(flatten)]
    pub(crate) sending: SendingArguments,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// Of `check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    /// Print the findings as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Take warnings for errors.
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// Check it as it will be deployed: nothing is caught there, and there are no variables or files of this machine.
    #[arg(long)]
    pub(crate) deploy: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
