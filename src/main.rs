//! The `jejak` command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    jejak::cli::run(std::env::args_os())
}
