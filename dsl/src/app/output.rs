//! Writing files: only what changed, and never half of one.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::bundle::Manifest;
use crate::{cloudformation, files, terraform};

pub(super) const MANIFEST: &str = "manifest.json";
const TERRAFORM: &str = "terraform";
const CLOUDFORMATION: &str = "cloudformation";

/// For whom files are written, beside those for review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct For {
    pub terraform: bool,
    pub cloudformation: bool,
}

/// Writes everything below a folder, and says what changed. Files of workflows that are gone are removed.
pub(super) fn write(manifest: &Manifest, out: &Path, readers: For) -> Result<String, String> {
    let earlier = earlier(manifest, out)?;
    let mut wanted: BTreeMap<PathBuf, String> = BTreeMap::new();
    for bundle in &manifest.workflows {
        let folder = Path::new(&bundle.name);
        wanted.extend(files::of(bundle).into_iter().map(|(name, text)| (folder.join(name), text)));
    }
    if readers.terraform {
        let folder = Path::new(TERRAFORM);
        wanted.extend(terraform::files(manifest).into_iter().map(|(name, text)| (folder.join(name), text)));
    }
    if readers.cloudformation {
        let folder = Path::new(CLOUDFORMATION);
        wanted.extend(cloudformation::files(manifest).into_iter().map(|(name, text)| (folder.join(name), text)));
    }
    wanted.insert(MANIFEST.into(), files::text(manifest));

    let mut report = String::new();
    let mut unchanged = 0;
    for stale in stale(manifest, earlier.as_ref(), out, &wanted) {
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

/// What an earlier run wrote here. A folder with the manifest of something else is not ours to write to.
fn earlier(manifest: &Manifest, out: &Path) -> Result<Option<Manifest>, String> {
    let path = out.join(MANIFEST);
    let Ok(bytes) = fs::read(&path) else { return Ok(None) };
    let elsewhere = "write to another folder with `--out DIR`";
    match serde_json::from_slice::<Manifest>(&bytes) {
        Ok(earlier) if earlier.app == manifest.app => Ok(Some(earlier)),
        Ok(other) => Err(format!("{} is of the app `{}`\n  help: {elsewhere}", path.display(), other.app)),
        Err(_) if !String::from_utf8_lossy(&bytes).contains("\"FormatVersion\"") => {
            Err(format!("{} is not a manifest of workflows\n  help: {elsewhere}", path.display()))
        }
        // Of an older version: written anew.
        Err(_) => Ok(None),
    }
}

/// What an earlier run wrote and this one does not. Only files of names that are ours, in folders that the earlier
/// manifest names. The template of a workflow that is gone goes in any case: a module that reads all of them would keep
/// the workflow, and its schedules.
fn stale(
    manifest: &Manifest,
    earlier: Option<&Manifest>,
    out: &Path,
    wanted: &BTreeMap<PathBuf, String>,
) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for bundle in earlier.iter().flat_map(|earlier| &earlier.workflows) {
        found.extend(files::of(bundle).into_keys().map(|name| Path::new(&bundle.name).join(name)));
        if manifest.workflows.iter().all(|present| present.name != bundle.name) {
            found.push(Path::new(TERRAFORM).join(terraform::template_path(&bundle.name)));
            found.push(Path::new(CLOUDFORMATION).join(cloudformation::template_path(&bundle.name)));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: For = For { terraform: true, cloudformation: true };
    use crate::prelude::*;

    fn app(name: &str, workflows: &[&str]) -> Manifest {
        let workflow =
            |name: &&str| Workflow::new(*name, |w, _: Value<()>| w.succeed("Done")).schedule(Schedule::rate("1 day"));
        workflows.iter().map(workflow).fold(App::new(name), App::workflow).compile().0
    }

    #[test]
    fn only_what_changed_is_written_and_what_is_gone_is_removed() {
        let out = std::env::temp_dir().join(format!("statewright-output-{}", std::process::id()));
        let _ = fs::remove_dir_all(&out);
        let both = write(&app("shop", &["a", "b"]), &out, BOTH).unwrap();
        assert!(both.contains("created"), "{both}");
        assert!(!write(&app("shop", &["a", "b"]), &out, BOTH).unwrap().contains("created"));
        fs::write(out.join("b/mine.txt"), "mine").unwrap();
        // The template goes although this run writes no Terraform.
        let one = write(&app("shop", &["a"]), &out, For::default()).unwrap();
        assert!(one.contains("removed"), "{one}");
        assert!(!out.join("terraform/workflows/b.json").exists() && out.join("terraform/workflows/a.json").exists());
        assert!(!out.join("cloudformation/b.json").exists() && out.join("cloudformation/a.json").exists());
        assert!(!out.join("b/asl.json").exists() && out.join("b/mine.txt").exists());

        let other = write(&app("bank", &["c"]), &out, For::default()).unwrap_err();
        assert!(other.contains("is of the app `shop`") && other.contains("--out"), "{other}");
        fs::write(out.join(MANIFEST), "{\"name\": \"a web app\"}").unwrap();
        assert!(
            write(&app("shop", &["a"]), &out, For::default()).unwrap_err().contains("is not a manifest of workflows")
        );
        fs::remove_dir_all(&out).unwrap();
    }
}
