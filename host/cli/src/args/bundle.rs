//! The arguments of `campanile bundle`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ProjectArguments;

pub(super) const EXAMPLES: &str = "\
Examples:
  campanile bundle --bootstrap \"$(deploy/build | tail -n 1)\"          build the function and make function.zip
  campanile bundle --bootstrap bootstrap --out build/campanile.zip
  campanile bundle --bootstrap bootstrap --lock                     and pin the plugins as they are now
  campanile bundle --bootstrap bootstrap --json                     what is inside, for scripts

Exit codes: 0 made, 1 a file can't be read or written, or Lambda would not take it, 3 configuration, 5 a plugin can't be loaded or is \
not the one that plugins.lock pins.";

/// Of `bundle`.
#[derive(Args, Debug)]
pub(crate) struct BundleArguments {
    /// The function's binary for Lambda, as `deploy/build` makes it.
    #[arg(long, value_name = "FILE")]
    pub(crate) bootstrap: PathBuf,
    /// What the function runs on.
    #[arg(long, value_name = "TRIPLE", value_enum, default_value_t = LambdaTarget::Aarch64)]
    pub(crate) target: LambdaTarget,
    /// Where to put the package. One that is there is replaced, once the new one is complete.
    #[arg(long, value_name = "FILE", default_value = "function.zip")]
    pub(crate) out: PathBuf,
    /// Write plugins.lock beside the configuration: from then on, other plugins than these are refused.
    #[arg(long)]
    pub(crate) lock: bool,
    /// Print what is inside as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// The processors that Lambda has (developer guide, "Selecting and configuring an instruction set architecture").
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LambdaTarget {
    /// Graviton: what the template asks for.
    #[value(name = "aarch64-unknown-linux-gnu")]
    Aarch64,
    /// For a template that asks for `x86_64`.
    #[value(name = "x86_64-unknown-linux-gnu")]
    X86_64,
}

impl LambdaTarget {
    /// As compilers call it.
    pub(crate) fn triple(self) -> &'static str {
        match self {
            Self::Aarch64 => "aarch64-unknown-linux-gnu",
            Self::X86_64 => "x86_64-unknown-linux-gnu",
        }
    }
}
