//! What the suites that cross the crates share: endpoints, tools and validators that nobody here wrote.
//!
//! Each installs what it needs, in pinned versions, under `target/outside`. Where a machine lacks Python 3.13, Node or
//! Terraform, a test says so in one line and passes; with `CI` or `STATEWRIGHT_REQUIRE_ALL` set it fails instead.

mod account;
mod command;
mod corpus;
mod install;
pub mod model;
mod recorded;
mod server;
mod terraform;
mod validator;

pub use account::Account;
pub use command::{Done, run};
pub use corpus::corpus;
pub use recorded::{Case, Difference};
pub use server::{Options, Server, statewright_binary};
pub use terraform::Terraform;
pub use validator::{AslValidator, CfnLint};

/// What a test needs, or `None` and a line that says what is skipped.
///
/// # Panics
///
/// Where nothing may be skipped.
#[must_use]
pub fn need<T>(found: Result<T, String>) -> Option<T> {
    match found {
        Ok(found) => Some(found),
        Err(why) => {
            let required = ["CI", "STATEWRIGHT_REQUIRE_ALL"].iter().any(|name| std::env::var_os(name).is_some());
            assert!(!required, "nothing may be skipped here, but {why}");
            eprintln!("skipped: {why}");
            None
        }
    }
}

/// The folder of the workspace.
#[must_use]
pub fn workspace() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A new, empty folder for a test, by its name.
#[must_use]
pub fn scratch(name: &str) -> std::path::PathBuf {
    let folder = install::outside().join("scratch").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
