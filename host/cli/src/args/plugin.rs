//! What `campanile plugin …` takes.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ProjectArguments;
use super::trust::{ADD_EXAMPLES, AddArguments, RemoveArguments};

const DEV_EXAMPLES: &str = "\
Examples:
  campanile plugin dev plugins/night-pager
  campanile plugin dev plugins/night-pager --settings '{\"url\":\"https://example.com/hook\"}'
  campanile plugin dev plugins/night-pager --fault example.com=429:retry-after=2:times=1

Nothing is sent: what the plugin asks for is caught and shown. Its secrets are the examples of its description.
Keys: p publishes a sample, an alert and its recovery by turns, e opens the page, r builds again, q stops.";

const TEST_EXAMPLES: &str = "\
Examples:
  campanile plugin test plugins/night-pager.wasm
  campanile plugin test night-pager --cases plugins/night-pager/cases
  campanile plugin test night-pager --cases plugins/night-pager/cases --update
  campanile plugin test night-pager --only rate-limited --settings '{\"url\":\"https://example.com/hook\"}'

Nothing is sent. A case named like a built-in script takes its place. docs/writing-a-plugin.md has the format of cases.

Exit codes: 0 nothing failed, 4 there is no case with that name, 8 something failed.";

/// The verbs about plugins.
#[derive(Debug, Subcommand)]
pub(crate) enum PluginVerb {
    /// List the plugins with their settings, hosts and secrets.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Show what a component imports, exports and says of itself.
    #[command(after_help = "Example:\n  campanile plugin inspect ~/Downloads/ntfy.wasm")]
    Inspect {
        /// A plugin's name, or a file.
        #[arg(value_name = "NAME|FILE")]
        plugin: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Add a plugin from a file or a URL, once you have seen what it wants; pins it in plugins.lock.
    #[command(after_help = ADD_EXAMPLES)]
    Add(AddArguments),
    /// Remove a plugin, and what plugins.lock pins of it.
    #[command(after_help = "Example:\n  campanile plugin remove night-pager")]
    Remove(RemoveArguments),
    /// Begin a plugin: a project that builds, with tests.
    #[command(
        after_help = "Examples:\n  campanile plugin new night-pager\n  campanile plugin new night-pager --lang python --into ~/src"
    )]
    New(NewArguments),
    /// Work on a plugin: build it whenever it is saved, and show what it makes of an event.
    #[command(after_help = DEV_EXAMPLES)]
    Dev(DevPluginArguments),
    /// Try a plugin: whether it is one, and what it makes of its provider's bad days and of your cases.
    #[command(after_help = TEST_EXAMPLES)]
    Test(TestArguments),
    /// Build plugins into the folder of plugins.
    #[command(
        after_help = "Examples:\n  campanile plugin build                    the plugins of this checkout\n  campanile plugin build plugins/night-pager"
    )]
    Build {
        /// The project of a plugin, in any language: what has a script `build`, or a crate. By default the plugins of the checkout.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Compile all plugins to machine code, ahead of time.
    #[command(
        after_help = "Example:\n  campanile plugin compile --target aarch64-unknown-linux-gnu    for Lambda on arm64"
    )]
    Compile {
        /// Target triple; by default this machine.
        #[arg(long, value_name = "TRIPLE")]
        target: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        project: ProjectArguments,
    },
}

/// What `campanile plugin new` takes.
#[derive(Args, Debug)]
pub(crate) struct NewArguments {
    /// The plugin's name: lower case letters, digits and hyphens.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The language to write it in.
    #[arg(long, value_enum, default_value_t = Language::Rust)]
    pub(crate) lang: Language,
    /// The folder to put the project into; by default that of plugins.
    #[arg(long, value_name = "DIR")]
    pub(crate) into: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// What `campanile plugin dev` takes.
#[derive(Args, Debug)]
pub(crate) struct DevPluginArguments {
    /// The project of the plugin.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Settings of its channel, a JSON object; those that are required have the examples of the description otherwise.
    #[arg(long, value_name = "JSON")]
    pub(crate) settings: Option<String>,
    /// Make its provider misbehave, as with `campanile dev`: WHO=FAULT. May be given more than once.
    #[arg(long, value_name = "WHO=FAULT")]
    pub(crate) fault: Vec<String>,
    /// Where the page is, on this machine.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7700")]
    pub(crate) ui: SocketAddr,
    /// Without the page.
    #[arg(long)]
    pub(crate) headless: bool,
    /// Print what happens as JSON, one object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `campanile plugin test` takes.
#[derive(Args, Debug)]
pub(crate) struct TestArguments {
    /// A file, or a plugin's name.
    #[arg(value_name = "FILE.wasm|NAME")]
    pub(crate) plugin: String,
    /// A folder of cases: files NAME.json.
    #[arg(long, value_name = "DIR")]
    pub(crate) cases: Option<PathBuf>,
    /// Settings of its channel, a JSON object; those that are required have the examples of the description otherwise.
    #[arg(long, value_name = "JSON")]
    pub(crate) settings: Option<String>,
    /// Write the requests that cases make into their files, and show what has changed.
    #[arg(long, requires = "cases")]
    pub(crate) update: bool,
    /// Only this case or built-in script.
    #[arg(long, value_name = "CASE")]
    pub(crate) only: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// A language that there is an SDK for.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Language {
    /// The smallest and quickest; needs rustup.
    Rust,
    /// An interpreter inside; needs Node.js.
    Javascript,
    /// An interpreter inside, the largest; needs Python 3.11 or later.
    Python,
}

impl Language {
    /// As it is written on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Javascript => "javascript",
            Self::Python => "python",
        }
    }

    /// As people write it.
    pub(crate) fn shown(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Javascript => "JavaScript",
            Self::Python => "Python",
        }
    }
}
