//! `campanile plugin compile`: components become machine code, for this machine or the one they are deployed to.

use serde_json::{Value, json};

use crate::args::ProjectArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output;
use crate::plugins::{PluginFile, Plugins};
use crate::project::Project;
use crate::project::lock::Lock;

pub(crate) async fn run(
    target: Option<&str>,
    json: bool,
    arguments: &ProjectArguments,
) -> Result<Exit, CliError> {
    let folder = Project::plugins(arguments)?;
    let lock = Lock::of_folder(arguments)?;
    let plugins = Plugins::compile(&folder, lock.as_ref(), target).await?;
    if json {
        let files: Vec<Value> = plugins.files.iter().map(to_json).collect();
        output::json(&json!({ "target": plugins.target, "plugins": files }));
    } else {
        for file in &plugins.files {
            show(file);
        }
        output::line(format!(
            "{} for {}",
            crate::error::count(plugins.descriptions().len(), "plugin"),
            plugins.target
        ));
    }
    plugins.show_problems();
    Ok(if plugins.problems().next().is_some() { Exit::Plugin } else { Exit::Success })
}

fn show(file: &PluginFile) {
    if let Ok(compiled) = &file.state {
        let how = compiled.duration.map_or_else(
            || output::styled(output::QUIET, "up to date"),
            |duration| format!("compiled in {} ms", duration.as_millis()),
        );
        let (wasm, code) = (file.size / 1024, compiled.code_size / 1024);
        output::line(format!("{:<24} {wasm:>6} KiB -> {code:>6} KiB  {how}", file.file));
    }
}

fn to_json(file: &PluginFile) -> Value {
    match &file.state {
        Ok(compiled) => json!({
            "file": file.file,
            "name": compiled.entry.description.name,
            "wasm-sha256": compiled.entry.wasm,
            "code-sha256": compiled.entry.code,
            "wasm-bytes": file.size,
            "code-bytes": compiled.code_size,
            "compiled-ms": compiled.duration.map(|duration| duration.as_secs_f64() * 1000.0),
        }),
        Err(error) => json!({ "file": file.file, "error": error }),
    }
}
