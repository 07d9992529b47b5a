//! `campanile bundle`: the deployment package, of the function's binary, the configuration and its plugins.

mod archive;
mod binary;
mod package;
mod show;

pub(crate) use binary::BinaryError;

use crate::args::BundleArguments;
use crate::check::{Purpose, Review};
use crate::error::CliError;
use crate::exit::Exit;
use crate::output;
use crate::plugins::Plugins;
use crate::project::Project;
use crate::project::lock::Lock;
use crate::whole;
use binary::Bootstrap;
use package::Package;
use show::Bundle;

pub(crate) async fn run(arguments: BundleArguments) -> Result<Exit, CliError> {
    let project = Project::find(&arguments.project)?;
    let bootstrap = Bootstrap::read(&arguments.bootstrap, arguments.target)?;
    let lock = Lock::read(&project)?;
    // What is to be pinned anew is taken as it is.
    let pinned = lock.as_ref().filter(|_| !arguments.lock);
    let plugins = Plugins::compile(&project.plugins, pinned, Some(arguments.target.triple())).await?;
    if arguments.lock {
        Lock::of(&plugins, lock.as_ref())?.write(&project)?;
    }
    let review = Review::of(&project, plugins, Purpose::Deploy)?;
    review.show();
    let config = review.deployable()?;
    let package = Package::of(bootstrap, &review, config, &project)?;
    let zip = archive::zip(&package.entries)?;
    whole::put(&arguments.out, &zip.bytes)?;
    let bundle = Bundle { file: &arguments.out, package: &package, zip: &zip, config, review: &review };
    if arguments.json {
        output::json(&bundle.to_json());
    } else {
        bundle.show();
    }
    Ok(Exit::Success)
}
