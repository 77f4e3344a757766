//! The `statewright` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    statewright_deploy::cli::main()
}
