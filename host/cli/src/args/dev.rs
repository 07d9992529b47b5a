//! The arguments of `campanile dev` and `campanile publish`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use url::Url;

use super::ProjectArguments;

pub(super) const DEV_EXAMPLES: &str = "\
Examples:
  campanile dev                                            everything on one machine, nothing is kept
  campanile dev --data-dir ~/.campanile                    and go on there tomorrow
  campanile dev --fault discord.com=429:retry-after=2      with a provider that has had enough
  campanile dev --identity home-heating                    with a certificate for a device, for mqtts
  TELEGRAM_BOT_TOKEN=… campanile dev --live family         really send on one channel

Then, from another terminal:
  campanile publish --sample

Keys: e opens the page, p publishes a sample, r reloads, c clears the screen, q stops, ? helps.

Exit codes: 0 stopped, 1 a port is taken or the data folder is in use, 3 configuration or template.";

pub(super) const PUBLISH_EXAMPLES: &str = "\
Examples:
  campanile publish --sample                               an alert
  campanile publish home/heating/status --device home-heating '{\"status\":\"INACTIVE\"}'
  campanile publish --sample --status ACTIVE               its recovery
  campanile publish home/heating/status --device home-heating @event.json

Exit codes: 0 acknowledged, 1 there is no broker or it refused, 2 no topic, 6 the payload is too large.";

/// Of `dev`.
#[derive(Args, Debug)]
pub(crate) struct DevArguments {
    /// Keep everything in this folder and go on with what is there; by default a temporary one that goes with the process.
    #[arg(long, value_name = "DIR", env = "CAMPANILE_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Where devices connect to, on this machine; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:1883")]
    pub(crate) mqtt: SocketAddr,
    /// Where devices connect to with TLS and a certificate, on this machine.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8883")]
    pub(crate) mqtts: SocketAddr,
    /// Where the page is, on this machine.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7700")]
    pub(crate) ui: SocketAddr,
    /// Without the page.
    #[arg(long)]
    pub(crate) headless: bool,
    /// Take messages from this broker instead of an own one: mqtt://HOST:PORT, or mqtts. Who has published one is what its topic or
    /// its payload says.
    #[arg(long, value_name = "URL", conflicts_with_all = ["mqtt", "mqtts", "identity"])]
    pub(crate) broker: Option<Url>,
    /// For a broker with mqtts: a file with certificates of who may have issued its own.
    #[arg(long, value_name = "FILE", requires = "broker")]
    pub(crate) broker_ca: Option<PathBuf>,
    /// Issue a certificate for this device. May be given more than once.
    #[arg(long, value_name = "NAME")]
    pub(crate) identity: Vec<String>,
    /// Make a provider misbehave: WHO=FAULT, for example `api.telegram.org=500:times=2`, `discord.com=429:retry-after=2`,
    /// `discord.com=reset`. May be given more than once.
    #[arg(long, value_name = "WHO=FAULT")]
    pub(crate) fault: Vec<String>,
    /// Really send on this channel, with its real secrets; all others are caught. May be given more than once.
    #[arg(long, value_name = "CHANNEL")]
    pub(crate) live: Vec<String>,
    /// Print what happens as JSON, one object a line.
    #[arg(long)]
    pub(crate) json: bool,
    /// Show what the function logs.
    #[arg(long, short)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// The longest client id, in bytes (AWS IoT quotas).
const DEVICE_BYTES: usize = 128;

/// A client id that every broker takes.
fn device(name: &str) -> Result<String, String> {
    if name.is_empty() || name.starts_with(' ') || name.len() > DEVICE_BYTES {
        return Err(format!("a device's name has 1 to {DEVICE_BYTES} bytes, and no space first"));
    }
    Ok(name.to_owned())
}

/// Of `publish`.
#[derive(Args, Debug)]
pub(crate) struct PublishArguments {
    /// Where to.
    #[arg(value_name = "TOPIC", required_unless_present = "sample")]
    pub(crate) topic: Option<String>,
    /// What: text, `@FILE`, or `-` for standard input.
    #[arg(value_name = "PAYLOAD", required_unless_present = "sample")]
    pub(crate) payload: Option<String>,
    /// As which device: the MQTT client id.
    #[arg(long, value_name = "NAME", default_value = "home-heating", value_parser = device)]
    pub(crate) device: String,
    /// A transition of a heating that went inactive; of one that came back if `--status` says so.
    #[arg(long, conflicts_with_all = ["payload"])]
    pub(crate) sample: bool,
    /// The status of the sample.
    #[arg(long, value_name = "STATUS", default_value = "INACTIVE", requires = "sample")]
    pub(crate) status: String,
    /// The broker, on this machine.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:1883")]
    pub(crate) mqtt: SocketAddr,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
