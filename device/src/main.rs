//! `campanile-device`: reads its arguments, and says how it ended.

use std::process::ExitCode;

use campanile_device::cli::{Arguments, dispatch};
use clap::Parser as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    dispatch(Arguments::parse()).await
}
