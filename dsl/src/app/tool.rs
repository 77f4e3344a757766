//! The `statewright` command, which talks to AWS.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use super::Exit;

const PACKAGE: &str = "statewright-deploy";

/// Hands the manifest over, and gives back how the command ended.
pub(super) fn run(manifest: &Path, arguments: &[OsString]) -> u8 {
    let mut command = match std::env::var_os("CARGO") {
        Some(cargo) if workspace_contains_tool(&cargo) => {
            let mut command = Command::new(cargo);
            command.args(["run", "--quiet", "--package", PACKAGE, "--"]);
            command
        }
        _ => Command::new("statewright"),
    };
    command.args(arguments).arg("--manifest").arg(manifest);
    match start(&mut command) {
        Ok(code) => code,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!(
                "error: `{}` is done by the `statewright` command, which is not installed\n  help: cargo install {PACKAGE} --version {}",
                arguments.first().map(|a| a.to_string_lossy()).unwrap_or_default(),
                env!("CARGO_PKG_VERSION"),
            );
            Exit::Tool as u8
        }
        Err(error) => {
            eprintln!("error: can't start {}: {error}", command.get_program().display());
            Exit::Tool as u8
        }
    }
}

/// Whether the workspace that is being run has the tool as a package: then that one is used.
fn workspace_contains_tool(cargo: &OsStr) -> bool {
    let output = Command::new(cargo).args(["metadata", "--no-deps", "--format-version", "1", "--offline"]).output();
    let Ok(output) = output else { return false };
    let Ok(metadata) = serde_json::from_slice::<serde_json::Value>(&output.stdout) else { return false };
    metadata["packages"].as_array().into_iter().flatten().any(|package| package["name"] == PACKAGE)
}

/// Becomes the command, so that Ctrl-C and its exit code are its own.
#[cfg(unix)]
fn start(command: &mut Command) -> std::io::Result<u8> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn start(command: &mut Command) -> std::io::Result<u8> {
    let status = command.status()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(Exit::Tool as u8))
}
