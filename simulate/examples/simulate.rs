//! `statewright simulate`, without what talks to AWS: `cargo run --release -p statewright-simulate --example simulate -- FILE`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    ExitCode::from(statewright_simulate::Command::run_file(&arguments))
}
