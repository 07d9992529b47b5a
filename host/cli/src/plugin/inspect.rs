//! `campanile plugin inspect`: one component, from the outside and in its own words.

use campanile_core::description::Description;
use campanile_sandbox::digest::Digest;
use campanile_sandbox::inspect::{Inspection, inspect};
use serde_json::json;

use crate::args::ProjectArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{self, QUIET, STRONG, styled};
use crate::plugins::{Plugins, path_of};
use crate::project::Project;

pub(crate) async fn run(plugin: &str, json: bool, arguments: &ProjectArguments) -> Result<Exit, CliError> {
    let folder = Project::plugins(arguments).unwrap_or_else(|_| "plugins".into());
    let path = path_of(plugin, &folder).await?;
    let wasm = std::fs::read(&path).map_err(CliError::file(&path))?;
    let inspection = inspect(&wasm).map_err(|error| CliError::Inspect { path: path.clone(), error })?;
    let description = describe(&path).await?;
    let digest = Digest::of(&wasm);
    if json {
        output::json(&json!({
            "file": path,
            "sha256": digest,
            "bytes": wasm.len(),
            "contract": inspection.contract,
            "imports": inspection.imports,
            "exports": inspection.exports,
            "description": description,
        }));
    } else {
        show(&path.display().to_string(), &digest, wasm.len(), &inspection, &description);
    }
    Ok(Exit::Success)
}

/// Compiles a copy, so that a file from anywhere can be asked without being dropped into the folder.
async fn describe(path: &std::path::Path) -> Result<Description, CliError> {
    let folder = tempfile::tempdir().map_err(CliError::file(std::env::temp_dir()))?;
    std::fs::copy(path, folder.path().join("plugin.wasm")).map_err(CliError::file(path))?;
    let plugins = Plugins::compile(folder.path(), None).await?;
    let file = plugins.files.into_iter().next();
    match file.map(|file| file.state) {
        Some(Ok(compiled)) => Ok(compiled.entry.description),
        Some(Err(error)) => Err(CliError::Answer(error)),
        None => Err(CliError::NoComponent(path.to_owned())),
    }
}

fn show(path: &str, digest: &Digest, bytes: usize, inspection: &Inspection, description: &Description) {
    output::line(format!(
        "{} {}  {}",
        styled(STRONG, &description.name),
        description.version,
        styled(QUIET, path)
    ));
    output::line(format!("  {}", description.summary));
    output::line(format!("  sha256    {digest}"));
    output::line(format!("  size      {} KiB", bytes / 1024));
    output::line(format!("  contract  campanile:channel@{}", inspection.contract));
    names("imports", &inspection.imports);
    names("exports", &inspection.exports);
    names("hosts", &description.hosts);
    for secret in &description.secrets {
        let places: Vec<&str> = secret.places.iter().map(|place| place.name()).collect();
        output::line(format!("  secret    {} in {}: {}", secret.name, places.join(", "), secret.summary));
    }
    let settings = serde_json::to_string_pretty(&description.settings).unwrap_or_default();
    output::line(format!("  settings\n{}", indented(&settings)));
}

fn names(what: &str, names: &[String]) {
    for (index, name) in names.iter().enumerate() {
        output::line(format!("  {:<9} {name}", if index == 0 { what } else { "" }));
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
