//! `campanile plugin …`.

mod add;
mod build;
mod candidate;
mod compile;
mod inspect;
mod list;
mod new;
mod portrait;
mod remove;
mod signature;
mod test;
mod trust;

use crate::args::PluginVerb;
use crate::error::CliError;
use crate::exit::Exit;
pub(crate) use trust::TrustError;

pub(crate) async fn run(verb: PluginVerb) -> Result<Exit, CliError> {
    match verb {
        PluginVerb::List { json, project } => list::run(json, &project).await,
        PluginVerb::Inspect { plugin, json, project } => inspect::run(&plugin, json, &project).await,
        PluginVerb::Add(arguments) => Box::pin(add::run(arguments)).await,
        PluginVerb::Remove(arguments) => remove::run(arguments).await,
        PluginVerb::Dev(arguments) => crate::dev::author::run(arguments).await,
        PluginVerb::New(arguments) => new::run(&arguments),
        PluginVerb::Test(arguments) => Box::pin(test::run(&arguments)).await,
        PluginVerb::Build { folder, project } => build::run(folder.as_deref(), &project).await,
        PluginVerb::Compile { target, json, project } => {
            compile::run(target.as_deref(), json, &project).await
        }
    }
}
