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
mod store;
mod template;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    arguments.color.write_global();
    match dispatch::run(arguments.verb) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::error(&error);
            error.exit().into()
        }
    }
}
