//! The project of a plugin's author. What has a script `build` is built by it, whatever the language; a crate by cargo.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use super::checkout;
use crate::error::CliError;
use crate::output::Step;

/// What a scaffold's projects are built with: `build FILE` writes the component to FILE.
const SCRIPT: &str = "build";

/// Builds the project in `folder` into `plugins`.
pub(crate) async fn build(folder: &Path, plugins: &Path) -> Result<Vec<PathBuf>, CliError> {
    let script = folder.join(SCRIPT);
    if !script.is_file() {
        return checkout::build_crate(folder, plugins).await;
    }
    let component = plugins.join(format!("{}.wasm", name(folder)?));
    std::fs::create_dir_all(plugins).map_err(CliError::file(plugins))?;
    let absolute = |path: &Path| std::path::absolute(path).map_err(CliError::file(path));
    let mut command = Command::new(absolute(&script)?);
    command.arg(absolute(&component)?).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    checkout::without_package(&mut command);
    let step = Step::begin("building the plugin");
    step.watch(checkout::run(command, &script.display().to_string())).await?;
    Ok(vec![component])
}

/// What the plugin calls itself, as the file is called: two projects may lie in folders of the same name.
fn name(folder: &Path) -> Result<String, CliError> {
    let path = folder.join("describe.json");
    let text = std::fs::read_to_string(&path).map_err(CliError::file(&path))?;
    let json: Value =
        serde_json::from_str(&text).map_err(|error| CliError::NotJson { path: path.clone(), error })?;
    let name = json.get("name").and_then(Value::as_str).unwrap_or_default();
    if campanile_core::description::is_name(name) {
        Ok(name.to_owned())
    } else {
        Err(CliError::PluginName(name.to_owned()))
    }
}
