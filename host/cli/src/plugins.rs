//! The plugins of a project, compiled for this machine as far as they need it.

pub(crate) mod sample;

use std::path::{Path, PathBuf};
use std::time::Duration;

use campanile_core::description::Description;
use campanile_sandbox::compile::{Compiled, Compiler};
use campanile_sandbox::digest::Digest;
use campanile_sandbox::folder::{self, component_files};
use campanile_sandbox::precompiled::Entry;
use campanile_sandbox::{Allocation, Engine};
use tokio::task::JoinHandle;

use crate::error::CliError;
use crate::output;
use crate::plugin::TrustError;
use crate::project::lock::Lock;

/// Compiling for longer than this is worth a line.
const PATIENCE: Duration = Duration::from_secs(3);

/// A component file and what became of it.
#[derive(Debug)]
pub(crate) struct PluginFile {
    /// Its name in the folder.
    pub(crate) file: String,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// The compiled plugin, or why there is none.
    pub(crate) state: Result<Compiled, String>,
}

impl PluginFile {
    pub(crate) fn description(&self) -> Option<&Description> {
        self.state.as_ref().ok().map(|compiled| &compiled.entry.description)
    }

    pub(crate) fn digest(&self) -> Option<&Digest> {
        self.state.as_ref().ok().map(|compiled| &compiled.entry.wasm)
    }
}

/// All component files of a folder.
#[derive(Debug)]
pub(crate) struct Plugins {
    pub(crate) files: Vec<PluginFile>,
    pub(crate) target: String,
}

impl Plugins {
    /// Compiles what is new or has changed in `folder`, if it may be read and is what `lock` pins. What is refused keeps its last good
    /// code, as long as that is pinned.
    pub(crate) async fn compile(
        folder: &Path,
        lock: Option<&Lock>,
        target: Option<&str>,
    ) -> Result<Self, CliError> {
        let engine = Engine::new(Allocation::Pooling)?;
        let compiler = Compiler::new(&engine, target)?;
        folder::check(folder, compiler.triple()).map_err(TrustError::File)?;
        let names = component_files(folder).map_err(CliError::file(folder))?;
        let is_there = |file: &str| names.iter().any(|name| name == file);
        compiler.retain(folder, |file, _| is_there(file))?;
        let mut files = Vec::new();
        for file in &names {
            let patience = tell_if_long(file);
            let state = one(&compiler, folder, file, lock).await;
            patience.abort();
            let duration = state.as_ref().ok().and_then(|compiled| compiled.duration);
            if let Some(duration) = duration.filter(|duration| *duration > PATIENCE) {
                output::note(format!("compiled {file} in {:.1} s", duration.as_secs_f64()));
            }
            let size = std::fs::metadata(folder.join(file)).map_or(0, |metadata| metadata.len());
            files.push(PluginFile { file: file.clone(), size, state });
        }
        let is_pinned = |entry: &Entry| lock.is_none_or(|lock| lock.pins(&entry.wasm));
        compiler.retain(folder, |file, entry| is_there(file) && is_pinned(entry))?;
        Ok(Self { files, target: compiler.triple().to_owned() })
    }

    /// What the plugins say of themselves.
    pub(crate) fn descriptions(&self) -> Vec<&Description> {
        self.files.iter().filter_map(PluginFile::description).collect()
    }

    /// What was compiled, by the files' names.
    pub(crate) fn compiled(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.files.iter().filter_map(|file| Some((file.file.as_str(), &file.state.as_ref().ok()?.entry)))
    }

    /// The file whose plugin has this name.
    pub(crate) fn named(&self, name: &str) -> Option<&PluginFile> {
        self.files.iter().find(|file| file.description().is_some_and(|description| description.name == name))
    }

    /// The files that are no plugins, each with the reason.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &str> {
        self.files.iter().filter_map(|file| file.state.as_ref().err().map(String::as_str))
    }

    /// Says what is wrong with files, on standard error.
    pub(crate) fn show_problems(&self) {
        for problem in self.problems() {
            output::note(format!("{}: {problem}", output::styled(output::BAD, "plugin")));
        }
    }
}

/// Says that a file is being compiled, unless it is done soon. Compiling keeps its thread busy: this runs on another.
fn tell_if_long(file: &str) -> JoinHandle<()> {
    let line = format!("compiling {file}; what comes of it is kept");
    tokio::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        output::note(line);
    })
}

/// Compiles one file. Nothing of it is looked at before its digest was.
async fn one(
    compiler: &Compiler,
    folder: &Path,
    file: &str,
    lock: Option<&Lock>,
) -> Result<Compiled, String> {
    let wasm = folder::read(folder, file).map_err(|error| error.to_string())?;
    if let Some(refusal) = lock.and_then(|lock| lock.refusal(folder, file, &Digest::of(&wasm))) {
        return Err(refusal);
    }
    compiler.compile_component(folder, file, &wasm).await.map_err(|error| error.to_string())
}

/// The path of a plugin by its name or as a file.
pub(crate) async fn path_of(plugin: &str, folder: &Path, lock: Option<&Lock>) -> Result<PathBuf, CliError> {
    let path = Path::new(plugin);
    if path.is_file() {
        return Ok(path.to_owned());
    }
    let plugins = Plugins::compile(folder, lock, None).await?;
    let found = plugins.named(plugin).map(|found| folder.join(&found.file));
    found.ok_or_else(|| CliError::NoPlugin { name: plugin.to_owned(), folder: folder.to_owned() })
}
