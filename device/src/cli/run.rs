//! `campanile-device run`.

use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{CONFIGURATION, ConfigFile, FAILED, failed};
use crate::run::{RunError, run};

/// Reads signals and publishes what changes, until the input ends or it is asked to stop.
///
/// What is published is on the disk first and stays there until the broker has acknowledged it, so it may be killed at any time. Asked
/// to stop, it publishes for ten seconds more; asked twice, it ends at once.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  echo INACTIVE | campanile-device run
  read-flow | campanile-device run --config /etc/campanile/device.toml")]
pub(super) struct Run {
    #[command(flatten)]
    config: ConfigFile,
}

impl Run {
    pub(super) async fn run(&self) -> ExitCode {
        tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).init();
        let config = match self.config.read() {
            Ok(config) => config,
            Err(error) => return failed(&error, CONFIGURATION),
        };
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(async move {
            asked_to_stop().await;
            stop.send_replace(true);
            // What is in the spool is safe.
            asked_to_stop().await;
            std::process::exit(FAILED.into());
        });
        match run(&config, stopped).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error @ (RunError::Tls(_) | RunError::Threshold(_))) => failed(&error, CONFIGURATION),
            Err(error) => failed(&error, FAILED),
        }
    }
}

/// Ctrl-C, or what systemd sends.
async fn asked_to_stop() {
    let Ok(mut terminated) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}
