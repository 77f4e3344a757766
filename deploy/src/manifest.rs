//! Reading the manifest that an app wrote.

use std::path::Path;

use serde_json::Value as Json;
use statewright::bundle::{Bundle, Manifest};

use crate::error::{Error, Exit, Result};

/// Reads a manifest.
///
/// # Errors
///
/// If it can't be read, is no manifest, or is newer than this command.
pub fn read(path: &Path) -> Result<Manifest> {
    let place = path.display();
    let rewrite = "write it with `cargo run synth` in the app";
    let bytes = std::fs::read(path)
        .map_err(|error| Error::new(Exit::File, format!("can't read the manifest {place}: {error}"), rewrite))?;
    let json: Json = serde_json::from_slice(&bytes)
        .map_err(|error| Error::new(Exit::File, format!("{place} is not JSON: {error}"), rewrite))?;
    let version = json["FormatVersion"].as_u64().unwrap_or_default();
    if version > u64::from(Manifest::FORMAT_VERSION) {
        let message = format!(
            "{place} has the format {version}, and this command knows those up to {}",
            Manifest::FORMAT_VERSION
        );
        return Err(Error::new(Exit::File, message, "update it: `cargo install statewright-deploy`"));
    }
    serde_json::from_value(json)
        .map_err(|error| Error::new(Exit::File, format!("{place} is not a manifest: {error}"), rewrite))
}

/// The workflow of that name.
///
/// # Errors
///
/// If there is none.
pub fn workflow<'m>(manifest: &'m Manifest, name: &str) -> Result<&'m Bundle> {
    manifest.workflows.iter().find(|bundle| bundle.name == name).ok_or_else(|| {
        let names: Vec<_> = manifest.workflows.iter().map(|bundle| bundle.name.as_str()).collect();
        Error::new(
            Exit::Usage,
            format!("{} has no workflow `{name}`", manifest.app),
            format!("it has {}", names.join(", ")),
        )
    })
}
