//! The command line: what there is to say, and which part of the program does it.

mod doctor;
mod output;
mod provision;
mod run;
mod simulate;
mod status;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;

use crate::config::{Config, ConfigError, EXAMPLE};

/// Something outside failed: a file, the disk; or `doctor` has found something.
const FAILED: u8 = 1;

/// The configuration can't be used. (2 is a wrong command line.)
const CONFIGURATION: u8 = 3;

/// Tells Campanile what changes on this machine, and loses nothing on the way.
///
/// A device has an id, a certificate and a file `device.toml`. It reads signals, makes statuses of them, keeps each change on the disk, and
/// publishes it until the broker has acknowledged it.
#[derive(Debug, Parser)]
#[command(name = "campanile-device", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Run),
    Status(status::Status),
    Doctor(doctor::Doctor),
    Provision(provision::Arguments),
    Simulate(simulate::Simulate),
    /// Prints a configuration with every setting and what it means.
    #[command(after_help = "Example:\n  campanile-device config >device.toml")]
    Config,
    /// Prints a script that completes commands in a shell.
    #[command(
        after_help = "Example:\n  campanile-device completions bash >/etc/bash_completion.d/campanile-device"
    )]
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

/// Where the configuration is.
#[derive(Debug, clap::Args)]
struct ConfigFile {
    /// What the device is, what it measures, and where it reports to.
    #[arg(long, value_name = "FILE", env = "CAMPANILE_DEVICE_CONFIG", default_value = "device.toml")]
    config: PathBuf,
}

impl ConfigFile {
    fn read(&self) -> Result<Config, ConfigError> {
        Config::read(&self.config)
    }
}

/// Does what is asked, and gives the code to end with.
pub async fn dispatch(arguments: Arguments) -> ExitCode {
    match arguments.command {
        Command::Run(run) => run.run().await,
        Command::Status(status) => status.run(),
        Command::Doctor(doctor) => doctor.run().await,
        Command::Provision(provision) => provision.run(),
        Command::Simulate(simulate) => simulate.run().await,
        Command::Config => {
            output::print(EXAMPLE);
            ExitCode::SUCCESS
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "campanile-device", &mut script);
            output::print(&String::from_utf8_lossy(&script));
            ExitCode::SUCCESS
        }
    }
}

fn failed(error: &dyn std::error::Error, code: u8) -> ExitCode {
    output::complain(&error.to_string());
    ExitCode::from(code)
}
