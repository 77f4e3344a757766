//! Definitions from elsewhere.

use std::path::PathBuf;

use crate::workspace;

/// The folder of the corpus: `STATEWRIGHT_CORPUS`, or `shared/corpus` beside the workspace. It is not part of this
/// repository.
///
/// # Errors
///
/// If there is none. In CI of an outsider there may be none either, so nothing insists on it.
pub fn corpus() -> Result<PathBuf, String> {
    let named = std::env::var_os("STATEWRIGHT_CORPUS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| workspace().join("../shared/corpus"));
    if folder.is_dir() { Ok(folder) } else { Err(format!("there is no corpus at {}", folder.display())) }
}
