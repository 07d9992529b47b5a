//! The arguments of whatever lets the function send.

use clap::Args;

/// Whether messages leave this machine, and what happens to them if not.
#[derive(Args, Clone, Debug)]
pub(crate) struct SendingArguments {
    /// Really send, with the real secrets.
    #[arg(long)]
    pub(crate) live: bool,
    /// Make a provider misbehave: WHO=FAULT, for example `api.telegram.org=500:times=2`, `discord.com=429:retry-after=2`,
    /// `discord.com=reset`. May be given more than once.
    #[arg(long, value_name = "WHO=FAULT", conflicts_with = "live")]
    pub(crate) fault: Vec<String>,
    /// Show what the function logs.
    #[arg(long, short)]
    pub(crate) verbose: bool,
}
