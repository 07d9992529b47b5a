//! Running inside a checkout of Campanile itself: the plugins and the function are built first, as `cargo run` has built
//! the tool.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::above;
use crate::error::CliError;
use crate::output::{self, Step};

const WASM_TARGET: &str = "wasm32-wasip2";

/// The plugins that this repository has.
const OWN_PLUGINS: &[&str] =
    &["campanile-telegram", "campanile-discord", "campanile-webhook", "campanile-ntfy", "campanile-email"];

/// A checkout of Campanile.
#[derive(Debug)]
pub(crate) struct Checkout {
    root: PathBuf,
}

impl Checkout {
    /// The checkout around the current folder, if the tool itself was built in it.
    pub(crate) fn find() -> Result<Option<Self>, CliError> {
        let Some(contract) = above("wit/channel.wit")? else { return Ok(None) };
        let root =
            contract.ancestors().nth(2).filter(|root| !root.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let is_ours = root.join("host/cli/Cargo.toml").exists() && std::env::var_os("CARGO").is_some();
        Ok(is_ours.then(|| Self { root: root.to_owned() }))
    }

    /// Builds the function and the plugins, and says so while it takes long.
    pub(crate) async fn build_all(&self, plugins: &Path) -> Result<(), CliError> {
        self.build_bootstrap().await?;
        self.build_plugins(plugins).await.map(drop)
    }

    /// Builds the function alone.
    pub(crate) async fn build_bootstrap(&self) -> Result<(), CliError> {
        let step = Step::begin("building the function");
        step.watch(self.build_function(&step)).await
    }

    /// Builds the function beside the tool. The same selection of packages as `cargo run` makes, so that nothing is
    /// compiled twice.
    async fn build_function(&self, step: &Step) -> Result<(), CliError> {
        let mut command = cargo(&self.root);
        command.args(["build", "--release", "--quiet", "--bin", "bootstrap"]);
        messages(command, "cargo build --release --bin bootstrap", step).await.map(drop)
    }

    /// Builds the plugins of the checkout into `plugins`.
    pub(crate) async fn build_plugins(&self, plugins: &Path) -> Result<Vec<PathBuf>, CliError> {
        let selected: Vec<&str> = OWN_PLUGINS.iter().flat_map(|name| ["-p", name]).collect();
        build(&self.root, &selected, plugins).await
    }

    /// The sources of the plugin, or of the SDK, in the folder `name`.
    pub(crate) fn plugin_sources(&self, name: &str) -> PathBuf {
        self.root.join("plugins").join(name)
    }
}

/// Builds the crate in `folder` into `plugins`.
pub(crate) async fn build_crate(folder: &Path, plugins: &Path) -> Result<Vec<PathBuf>, CliError> {
    build(folder, &[], plugins).await
}

async fn build(folder: &Path, selected: &[&str], plugins: &Path) -> Result<Vec<PathBuf>, CliError> {
    ensure_target(folder).await?;
    let mut command = cargo(folder);
    command.args(["build", "--release", "--quiet", "--target", WASM_TARGET]).args(selected);
    let shown = format!("cargo build --release --target {WASM_TARGET}");
    let step = Step::begin("building the plugins");
    let messages = step.watch(messages(command, &shown, &step)).await?;
    let components: Vec<PathBuf> = messages.iter().flat_map(components).collect();
    if components.is_empty() {
        return Err(CliError::NoComponent(folder.to_owned()));
    }
    std::fs::create_dir_all(plugins).map_err(CliError::file(plugins))?;
    components.iter().map(|component| put(component, plugins)).collect()
}

/// Runs cargo, whose messages tell what it is at. What the compiler says goes to standard error.
async fn messages(mut command: Command, shown: &str, step: &Step) -> Result<Vec<Value>, CliError> {
    command.args(["--message-format", "json-render-diagnostics"]).stdout(Stdio::piped());
    let spawn = |error| CliError::Spawn { program: "cargo".into(), error };
    let mut child = command.kill_on_drop(true).spawn().map_err(spawn)?;
    let mut messages = Vec::new();
    if let Some(output) = child.stdout.take() {
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await.map_err(spawn)? {
            let message: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(name) = message.pointer("/target/name").and_then(Value::as_str) {
                step.at(name);
            }
            messages.push(message);
        }
    }
    let status = child.wait().await.map_err(spawn)?;
    if status.success() { Ok(messages) } else { Err(CliError::Command { command: shown.to_owned() }) }
}

/// The components that one of cargo's messages announces.
fn components(message: &Value) -> Vec<PathBuf> {
    let is_library = message
        .pointer("/target/crate_types")
        .and_then(Value::as_array)
        .is_some_and(|types| types.contains(&"cdylib".into()));
    let files = message.get("filenames").and_then(Value::as_array).filter(|_| is_library);
    let paths = files.into_iter().flatten().filter_map(Value::as_str).map(PathBuf::from);
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "wasm")).collect()
}

/// Copies and renames, so that nobody sees half a file; leaves a file alone that is the same.
fn put(component: &Path, plugins: &Path) -> Result<PathBuf, CliError> {
    let stem = component.file_stem().map(|stem| stem.to_string_lossy().replace('_', "-")).unwrap_or_default();
    let name = format!("{}.wasm", stem.strip_prefix("campanile-").unwrap_or(&stem));
    let path = plugins.join(&name);
    let bytes = std::fs::read(component).map_err(CliError::file(component))?;
    if std::fs::read(&path).is_ok_and(|current| current == bytes) {
        return Ok(path);
    }
    let unfinished = plugins.join(format!(".{name}.unfinished"));
    std::fs::write(&unfinished, bytes).map_err(CliError::file(&unfinished))?;
    std::fs::rename(&unfinished, &path).map_err(CliError::file(&path))?;
    Ok(path)
}

/// Installs the standard library for components, once.
async fn ensure_target(folder: &Path) -> Result<(), CliError> {
    let mut command = Command::new("rustc");
    command.current_dir(folder).args(["--print", "target-libdir", "--target", WASM_TARGET]);
    let asked = command.output().await.map_err(|error| CliError::Spawn { program: "rustc".into(), error })?;
    let library = String::from_utf8_lossy(&asked.stdout).trim().to_owned();
    if asked.status.success() && Path::new(&library).exists() {
        return Ok(());
    }
    output::note(format!("installing the target {WASM_TARGET}"));
    let mut command = Command::new("rustup");
    command.current_dir(folder).args(["target", "add", WASM_TARGET]);
    run(command, &format!("rustup target add {WASM_TARGET}")).await
}

fn cargo(folder: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(folder).stdin(Stdio::null());
    without_package(&mut command);
    command
}

/// Takes out the variables of the `cargo run` around us: they would change what is built and make it all be built again.
pub(super) fn without_package(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let is_of_package = ["CARGO_PKG_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_MANIFEST_"];
        if is_of_package.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(name.as_ref());
        }
    }
}

pub(super) async fn run(mut command: Command, shown: &str) -> Result<(), CliError> {
    let program = shown.split(' ').next().unwrap_or(shown).to_owned();
    let status =
        command.kill_on_drop(true).status().await.map_err(|error| CliError::Spawn { program, error })?;
    if status.success() { Ok(()) } else { Err(CliError::Command { command: shown.to_owned() }) }
}
