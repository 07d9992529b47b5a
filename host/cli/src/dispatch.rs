//! From the verb on the command line to the module that does it.

use crate::args::Verb;
use crate::error::CliError;
use crate::exit::Exit;
use crate::{bundle, check, completions, deliveries, dev, events, plugin, redrive, rule, send};

/// Does what the verb says.
#[tokio::main]
pub(crate) async fn run(verb: Verb) -> Result<Exit, CliError> {
    match verb {
        Verb::Dev(arguments) => Box::pin(dev::run(*arguments)).await,
        Verb::Publish(arguments) => dev::publish::run(arguments).await,
        Verb::Send(arguments) => send::run(arguments).await,
        Verb::Check(arguments) => check::run(arguments).await,
        Verb::Bundle(arguments) => bundle::run(arguments).await,
        Verb::Deliveries(arguments) => Box::pin(deliveries::run(arguments)).await,
        Verb::Redrive(arguments) => redrive::run(&arguments).await,
        Verb::Events(arguments) => events::run(arguments).await,
        Verb::Plugin(verb) => plugin::run(verb).await,
        Verb::Rule(verb) => rule::run(&verb),
        Verb::Completions { shell } => completions::run(shell),
    }
}
