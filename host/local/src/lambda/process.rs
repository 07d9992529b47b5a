//! The function's process: a clean environment, its output as log lines, and how it ended.

use std::net::SocketAddr;
use std::process::{ExitStatus, Stdio};

use tokio::process::{Child, Command};
use tokio::sync::broadcast;

use super::config::{EmulatorConfig, REGION};
use super::living::{Alive, Living};
use super::log::{self, LogLine, LogStream};
use crate::ids;

/// A process that dies with this value.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    alive: Alive,
}

impl Process {
    /// Starts the function as environment number `number`, connected to the Runtime API at `api`.
    pub(super) fn spawn(
        config: &EmulatorConfig,
        api: SocketAddr,
        number: u32,
        lines: &broadcast::Sender<LogLine>,
        living: &Living,
    ) -> std::io::Result<Self> {
        let mut child = command(config)?
            .current_dir(std::path::absolute(&config.task_root)?)
            .env_clear()
            .envs(config.environment.iter().map(|(name, value)| (name, value)))
            .envs(service_variables(config, api)?)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C in a terminal goes to the whole group: whoever runs the emulator decides what becomes of invocations.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        if let Some(output) = child.stdout.take() {
            tokio::spawn(log::pump(output, number, LogStream::Stdout, lines.clone()));
        }
        if let Some(output) = child.stderr.take() {
            tokio::spawn(log::pump(output, number, LogStream::Stderr, lines.clone()));
        }
        Ok(Self { child, alive: living.enter(number) })
    }

    pub(super) fn number(&self) -> u32 {
        self.alive.number()
    }

    /// Waits until the process has ended and says how, in the service's words.
    pub(super) async fn exit(&mut self) -> String {
        tokio::select! {
            _ = self.child.wait() => {}
            () = self.alive.crash() => self.kill().await,
        }
        match self.child.wait().await {
            Ok(status) => describe(status),
            Err(error) => format!("Runtime exited with error: {error}"),
        }
    }

    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    pub(super) async fn kill(&mut self) {
        if let Err(error) = self.child.kill().await {
            tracing::debug!(%error, "the function's process could not be killed");
        }
    }
}

/// The program, not yet what surrounds it.
fn command(config: &EmulatorConfig) -> std::io::Result<Command> {
    // The directory changes before the program is looked up, so a relative path would miss it.
    let binary = std::path::absolute(&config.binary)?;
    Ok(match config.launcher.split_first() {
        None => Command::new(binary),
        Some((program, arguments)) => {
            let mut command = Command::new(program);
            command.args(arguments).arg(binary);
            command
        }
    })
}

/// What the service sets (developer guide, "Defined runtime environment variables"), without credentials: nothing that
/// runs here may reach AWS by accident. `AWS_EXECUTION_ENV` is not set for OS-only runtimes.
fn service_variables(
    config: &EmulatorConfig,
    api: SocketAddr,
) -> std::io::Result<[(&'static str, String); 13]> {
    let task_root = std::path::absolute(&config.task_root)?.display().to_string();
    Ok([
        ("AWS_LAMBDA_RUNTIME_API", api.to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", config.function_name.clone()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", config.memory_mib.to_string()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", config.function_name)),
        ("AWS_LAMBDA_LOG_STREAM_NAME", ids::log_stream(jiff::Timestamp::now())),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_DEFAULT_REGION", REGION.to_owned()),
        ("LAMBDA_TASK_ROOT", task_root),
        ("_HANDLER", "bootstrap".to_owned()),
        ("LANG", "en_US.UTF-8".to_owned()),
        ("TZ", ":UTC".to_owned()),
    ])
}

fn describe(status: ExitStatus) -> String {
    match status.code() {
        Some(0) => "Runtime exited without providing a reason".to_owned(),
        Some(code) => format!("Runtime exited with error: exit status {code}"),
        None => format!("Runtime exited with error: {status}"),
    }
}
