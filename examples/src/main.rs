//! The app that `cargo run` starts.

use std::process::ExitCode;

fn main() -> ExitCode {
    statewright_examples::app().main()
}
