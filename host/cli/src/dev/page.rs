//! The page: where it is, and how it gets into a browser.

use std::process::Stdio;
use std::sync::Arc;

use campanile_dev::System;
use campanile_dev::broker::Addresses;
use campanile_dev::web::{About, Web, WebConfig, WebError};
use tokio::process::Command;

use super::banner::{self, DEVICE};
use crate::args::DevArguments;
use crate::error::CliError;

/// What opens an address in the browser that somebody uses.
const OPENER: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

/// Starts it, unless nobody wants it.
pub(super) async fn start(
    system: &Arc<System>,
    arguments: &DevArguments,
    addresses: Addresses,
) -> Result<Option<Web>, CliError> {
    if arguments.headless {
        return Ok(None);
    }
    let data = system.data();
    let persistence = if data.is_temporary() {
        "Lost when it stops: --data-dir DIR keeps it.".to_owned()
    } else {
        format!("Kept in {}.", data.path().display())
    };
    let about = About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mqtt: addresses.mqtt.map(|address| format!("mqtt://{address}")),
        mqtts: addresses.mqtts.map(|address| format!("mqtts://{address}")),
        persistence,
        live: arguments.live.clone(),
        topic: banner::sample(system, DEVICE, "INACTIVE").topic,
        device: DEVICE.to_owned(),
    };
    let config = WebConfig { address: arguments.ui, system: Arc::clone(system), about };
    match Web::start(config).await {
        Ok(web) => Ok(Some(web)),
        Err(WebError::Listen { address, source }) => {
            Err(CliError::Taken { flag: "--ui", address, error: source })
        }
        Err(WebError::NotLoopback(address)) => Err(CliError::NotLoopback { flag: "--ui", address }),
    }
}

/// Opens the page in the browser. Whoever has none reads the address.
///
/// # Errors
///
/// If there is no program that does it.
pub(super) fn open(url: &str) -> std::io::Result<()> {
    let mut command = Command::new(OPENER);
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop)
}
