//! `campanile`: the command line tool. Verbs only; what they do is in the libraries.

mod args;
mod check;
mod checkout;
mod completions;
mod error;
mod exit;
mod findings;
mod output;
mod plugin;
mod plugins;
mod project;
mod rule;
mod send;
mod template;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    arguments.color.write_global();
    match run(arguments.verb) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::error(&error);
            error.exit().into()
        }
    }
}

#[tokio::main]
async fn run(verb: args::Verb) -> Result<exit::Exit, error::CliError> {
    match verb {
        args::Verb::Send(arguments) => send::run(arguments).await,
        args::Verb::Check(arguments) => check::run(arguments).await,
        args::Verb::Plugin(verb) => plugin::run(verb).await,
        args::Verb::Rule(verb) => rule::run(&verb),
        args::Verb::Completions { shell } => completions::run(shell),
    }
}
