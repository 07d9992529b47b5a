//! `campanile completions SHELL`.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Arguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(shell: Shell) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "campanile", &mut script);
    output::line(String::from_utf8_lossy(&script).trim_end());
    Ok(Exit::Success)
}
