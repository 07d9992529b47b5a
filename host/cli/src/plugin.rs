//! `campanile plugin …`.

mod build;
mod compile;
mod inspect;
mod list;
mod new;
mod test;

use crate::args::PluginVerb;
use crate::error::CliError;
use crate::exit::Exit;

pub(crate) async fn run(verb: PluginVerb) -> Result<Exit, CliError> {
    match verb {
        PluginVerb::List { json, project } => list::run(json, &project).await,
        PluginVerb::Inspect { plugin, json, project } => inspect::run(&plugin, json, &project).await,
        PluginVerb::Dev(arguments) => crate::dev::author::run(arguments).await,
        PluginVerb::New(arguments) => new::run(&arguments),
        PluginVerb::Test(arguments) => Box::pin(test::run(&arguments)).await,
        PluginVerb::Build { folder, project } => build::run(folder.as_deref(), &project).await,
        PluginVerb::Compile { target, json, project } => {
            compile::run(target.as_deref(), json, &project).await
        }
    }
}
