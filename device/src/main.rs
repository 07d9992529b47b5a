//! `campanile-device`: reads its arguments, and says how it ended.

use std::process::ExitCode;

use campanile_device::cli::{Arguments, dispatch};
use clap::Parser as _;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!("no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(dispatch(arguments));
    // A thread may wait for a line of the standard input that never comes.
    runtime.shutdown_background();
    code
}
