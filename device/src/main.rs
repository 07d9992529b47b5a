//! `campanile-device`: reads its arguments, and says how it ended.

use std::process::ExitCode;

use campanile_device::cli::{Arguments, dispatch};
use clap::Parser as _;
use tokio::runtime::Builder;

fn main() -> std::io::Result<ExitCode> {
    let arguments = Arguments::parse();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let code = runtime.block_on(dispatch(arguments));
    // A thread may wait for a line of the standard input that never comes.
    runtime.shutdown_background();
    Ok(code)
}
