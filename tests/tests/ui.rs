//! What rustc and the macros say about the mistakes that people make. `TRYBUILD=overwrite cargo test --test ui` takes
//! over what was meant to change.
//!
//! The words are those of one version of rustc, the oldest that is supported: with another they are not compared.

use std::process::Command;

use statewright_tests::need;

/// The version of rustc, if it is the one whose words are known.
fn pinned() -> Result<(), String> {
    let pinned = env!("CARGO_PKG_RUST_VERSION");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().map_err(|e| format!("rustc can't be run: {e}"))?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let known = format!("rustc {pinned}.");
    if version.starts_with(&known) {
        return Ok(());
    }
    Err(format!("the messages are those of rustc {pinned}, not of {}: `RUSTUP_TOOLCHAIN={pinned}.0`", version.trim()))
}

#[test]
fn mistakes_are_explained() {
    let Some(()) = need(pinned()) else { return };
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
