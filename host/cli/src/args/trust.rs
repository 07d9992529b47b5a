//! What `campanile plugin add` and `campanile plugin remove` take.

use clap::Args;

use super::ProjectArguments;

pub(super) const ADD_EXAMPLES: &str = "\
Examples:
  campanile plugin add ~/Downloads/ntfy.wasm --channel phone
  campanile plugin add https://example.com/pager-1.2.0.wasm --publisher-key minisign.pub
  campanile plugin add plugins/pager.wasm                       take a file that was changed or dropped there
  campanile plugin add pager.wasm --json                        what it is and wants, for scripts; nothing is changed

The file is FILE.minisig, or URL.minisig, if it is signed. --yes agrees to a new plugin and to an update that wants no more than before.

Exit codes: 0 installed, 1 not fetched or not agreed to, 2 nobody to ask, 3 configuration, 5 not a plugin, or not signed as it has to be.";

/// Of `plugin add`.
#[derive(Args, Debug)]
pub(crate) struct AddArguments {
    /// The component: a file, or an https URL.
    #[arg(value_name = "FILE|URL")]
    pub(crate) source: String,
    /// Add a channel of the plugin to campanile.toml, with the grant that it wants.
    #[arg(long, value_name = "NAME")]
    pub(crate) channel: Option<String>,
    /// Agree without being asked, unless an update wants more than what is there.
    #[arg(long)]
    pub(crate) yes: bool,
    /// The publisher's key for minisign: it has to be signed by it, and every update as well.
    #[arg(long, value_name = "FILE|BASE64")]
    pub(crate) publisher_key: Option<String>,
    /// Print what it is and what was done as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// Of `plugin remove`.
#[derive(Args, Debug)]
pub(crate) struct RemoveArguments {
    /// What the plugin calls itself.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Also if it serves channels.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Print what was done as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}
