//! `campanile plugin build`: projects become components in the folder of plugins.

use std::path::Path;

use crate::args::ProjectArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output;
use crate::project::Project;
use crate::project::author;
use crate::project::checkout::Checkout;

pub(crate) async fn run(folder: Option<&Path>, arguments: &ProjectArguments) -> Result<Exit, CliError> {
    let plugins = Project::plugins(arguments)?;
    let built = match (folder, Checkout::find()?) {
        (Some(folder), _) => author::build(folder, &plugins).await?,
        (None, Some(checkout)) => checkout.build_plugins(&plugins).await?,
        (None, None) => author::build(Path::new("."), &plugins).await?,
    };
    for path in built {
        let size = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        output::line(format!("{}  {} KiB", path.display(), size / 1024));
    }
    Ok(Exit::Success)
}
