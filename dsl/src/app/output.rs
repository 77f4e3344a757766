//! Writing files: only what changed, and never half of one.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::bundle::Manifest;
use crate::{files, terraform};

pub(super) const MANIFEST: &str = "manifest.json";
const TERRAFORM: &str = "terraform";

/// Writes everything below a folder, and says what changed. Files of workflows that are gone are removed.
pub(super) fn write(manifest: &Manifest, out: &Path, with_terraform: bool) -> Result<String, String> {
    let mut wanted: BTreeMap<PathBuf, String> = BTreeMap::new();
    for bundle in &manifest.workflows {
        let folder = Path::new(&bundle.name);
        wanted.extend(files::of(bundle).into_iter().map(|(name, text)| (folder.join(name), text)));
    }
    if with_terraform {
        let folder = Path::new(TERRAFORM);
        wanted.extend(terraform::files(manifest).into_iter().map(|(name, text)| (folder.join(name), text)));
    }
    wanted.insert(MANIFEST.into(), files::text(manifest));

    let mut report = String::new();
    let mut unchanged = 0;
    for stale in stale(out, &wanted, with_terraform) {
        let path = out.join(&stale);
        fs::remove_file(&path).map_err(|error| format!("can't remove {}: {error}", path.display()))?;
        // A folder that still holds something stays.
        let _ = path.parent().map(fs::remove_dir);
        report.push_str(&format!("removed  {}\n", path.display()));
    }
    for (name, text) in &wanted {
        let path = out.join(name);
        let before = fs::read(&path).ok();
        if before.as_deref() == Some(text.as_bytes()) {
            unchanged += 1;
            continue;
        }
        replace(&path, text).map_err(|error| format!("can't write {}: {error}", path.display()))?;
        report.push_str(&format!("{}  {}\n", if before.is_some() { "changed" } else { "created" }, path.display()));
    }
    if unchanged > 0 {
        report.push_str(&format!("{unchanged} files unchanged in {}\n", out.display()));
    }
    Ok(report)
}

/// What an earlier run wrote and this one does not. Only files of names that are ours, in folders that the earlier
/// manifest names.
fn stale(out: &Path, wanted: &BTreeMap<PathBuf, String>, with_terraform: bool) -> Vec<PathBuf> {
    let earlier: Option<Manifest> =
        fs::read(out.join(MANIFEST)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let mut found: Vec<PathBuf> = earlier
        .iter()
        .flat_map(|manifest| &manifest.workflows)
        .flat_map(|bundle| {
            let folder = PathBuf::from(&bundle.name);
            files::of(bundle).into_keys().map(move |name| folder.join(name))
        })
        .collect();
    if with_terraform && let Some(earlier) = &earlier {
        found.extend(terraform::files(earlier).into_keys().map(|name| Path::new(TERRAFORM).join(name)));
    }
    found.retain(|name| !wanted.contains_key(name) && out.join(name).is_file());
    found
}

/// Writes a file beside the old one first, so that whoever reads or interrupts never meets half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    fs::write(&new, text)?;
    fs::rename(&new, path)
}
