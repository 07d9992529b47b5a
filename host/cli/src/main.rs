//! `campanile`: the command line tool. Verbs only; what they do is in the libraries.

mod args;
mod bundle;
mod check;
mod completions;
mod deliveries;
mod dev;
mod dispatch;
mod error;
mod events;
mod exit;
mod export;
mod findings;
mod function;
mod listing;
mod output;
mod plugin;
mod plugins;
mod project;
mod redrive;
mod rule;
mod send;
mod stops;
mod store;
mod template;
mod wants;
mod whole;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    arguments.color.write_global();
    dispatch::run(arguments.verb).unwrap_or_else(|error| output::error(&error)).into()
}
