//! `campanile plugin remove`: a plugin goes, with what is pinned of it. The configuration is left to whoever wrote it.

use campanile_core::config::Config;
use serde_json::json;

use super::trust::TrustError;
use crate::args::RemoveArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{self, GOOD, styled};
use crate::plugins::Plugins;
use crate::project::Project;
use crate::project::lock::Lock;

pub(crate) async fn run(arguments: RemoveArguments) -> Result<Exit, CliError> {
    let RemoveArguments { name, yes, json, project } = arguments;
    let project = Project::find(&project)?;
    let channels = channels(&project, &name);
    if !channels.is_empty() && !yes {
        return Err(TrustError::Used { plugin: name, channels }.into());
    }
    let mut lock = Lock::read(&project)?;
    let file = file(&project, &name, lock.as_ref()).await?;
    let path = project.plugins.join(&file);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(CliError::File { path, error });
        }
        _ => {}
    }
    if let Some(lock) = &mut lock
        && lock.remove(&name).is_some()
    {
        lock.write(&project)?;
    }
    if json {
        output::json(&json!({ "name": name, "plugin-file": file, "channels": channels }));
    } else {
        output::line(format!("{}  {}", styled(GOOD, "removed"), path.display()));
    }
    Ok(Exit::Success)
}

/// The file of the plugin: what is pinned, or who says so.
async fn file(project: &Project, name: &str, lock: Option<&Lock>) -> Result<String, CliError> {
    if let Some(pin) = lock.and_then(|lock| lock.pin(name)) {
        return Ok(pin.file.clone());
    }
    let plugins = Plugins::compile(&project.plugins, lock, None).await?;
    let unknown = || CliError::NoPlugin { name: name.to_owned(), folder: project.plugins.clone() };
    plugins.named(name).map(|found| found.file.clone()).ok_or_else(unknown)
}

/// The channels that the plugin serves; none if the configuration can't be read.
fn channels(project: &Project, name: &str) -> Vec<String> {
    let config = project.read_config().ok().and_then(|text| Config::parse(&text).ok());
    let channels = config.into_iter().flat_map(|config| config.channels);
    channels.filter(|(_, channel)| channel.plugin.get_ref() == name).map(|(name, _)| name).collect()
}
