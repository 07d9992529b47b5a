//! What `campanile plugin …` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ProjectArguments;


