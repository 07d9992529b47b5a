//! `campanile-device`: reads its arguments, and says how it ended.

use std::path::PathBuf;
use std::process::ExitCode;

use campanile_device::config::{Config, EXAMPLE};
use campanile_device::run::run;
use clap::{Parser, Subcommand};
use tokio::sync::watch;

/// Tells what changes on this machine to Campanile, and loses nothing on the way.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads signals and publishes what changes, until it is asked to stop.
    ///
    /// Examples:
    ///   echo INACTIVE | campanile-device run
    ///   read-flow | campanile-device run --config /etc/campanile/device.toml
    #[command(verbatim_doc_comment)]
    Run {
        /// What the device is, what it measures, and where it reports to.
        #[arg(long, env = "CAMPANILE_DEVICE_CONFIG", default_value = "device.toml")]
        config: PathBuf,
    },
    /// Prints a configuration with every setting and what it means.
    Config,
}

/// Something outside failed.
const FAILED: u8 = 1;

/// The configuration can't be used.
const INVALID: u8 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Run { config } => {
            tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).init();
            run_command(&config).await
        }
        Command::Config => {
            print!("{EXAMPLE}");
            ExitCode::SUCCESS
        }
    }
}

async fn run_command(path: &std::path::Path) -> ExitCode {
    let config = match Config::read(path) {
        Ok(config) => config,
        Err(error) => return failed(&error, INVALID),
    };
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        asked_to_stop().await;
        stop.send_replace(true);
        // A second time ends it at once: what is in the spool is safe.
        asked_to_stop().await;
        std::process::exit(FAILED.into());
    });
    match run(&config, stopped).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error, FAILED),
    }
}

fn failed(error: &dyn std::error::Error, code: u8) -> ExitCode {
    eprintln!("campanile-device: {error}");
    ExitCode::from(code)
}

/// Ctrl-C, or what systemd sends.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};

    let Ok(mut terminated) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}
