//! `campanile-device doctor`.

use std::process::ExitCode;

use super::output::{print, visible};
use super::{CONFIGURATION, ConfigFile, FAILED, failed};
use crate::doctor::{Check, Options, Outcome, examine};

/// Goes the way of a transition step by step: certificate, key, clock, DNS, TCP, TLS, CONNECT, PUBLISH. Each line is ok, or says what to do.
///
/// It ends with 1 if something does not work.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  campanile-device doctor
  campanile-device doctor --publish
  campanile-device doctor --json | jq 'select(.outcome == \"failed\")'")]
pub(super) struct Doctor {
    #[command(flatten)]
    config: ConfigFile,
    /// Publishes an event with the status TEST. Rules that store everything will store it.
    #[arg(long)]
    publish: bool,
    /// Connects also while `run` is connected, whose connection ends for a moment.
    #[arg(long)]
    take_over: bool,
    /// Whose clock to compare with; `HOST` or `HOST:PORT`.
    #[arg(long, value_name = "HOST", default_value = "time.aws.com")]
    time_server: String,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) async fn run(&self) -> ExitCode {
        let config = match self.config.read() {
            Ok(config) => config,
            Err(error) => return failed(&error, CONFIGURATION),
        };
        let options = Options {
            time_server: self.time_server.clone(),
            publishes: self.publish,
            takes_over: self.take_over || self.publish,
        };
        let mut is_well = true;
        let tell = |check: Check| {
            is_well &= !check.is_failed();
            print(&if self.json { as_json(&check) } else { for_people(&check) });
        };
        examine(&config, &options, tell).await;
        if is_well { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
    }
}

fn as_json(check: &Check) -> String {
    serde_json::to_string(check).map_or_else(|_| String::new(), |line| line + "\n")
}

fn for_people(check: &Check) -> String {
    let (word, found, remedy) = match &check.outcome {
        Outcome::Ok { found } => ("ok", found, None),
        Outcome::Warning { found, remedy } => ("warning", found, Some(remedy)),
        Outcome::Failed { found, remedy } => ("FAILED", found, Some(remedy)),
        Outcome::NotTried { found } => ("-", found, None),
    };
    let line = format!("{:<12} {word:<8} {}\n", check.name, visible(found));
    match remedy {
        Some(remedy) => format!("{line}{:21} {}\n", "", visible(remedy)),
        None => line,
    }
}
