//! Installing pinned versions of what others wrote.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::run;
use crate::workspace;

/// Where it is installed: beside what cargo builds.
pub(crate) fn outside() -> PathBuf {
    target().join("outside")
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}

/// The folder with pins and servers.
pub(crate) fn endpoints() -> PathBuf {
    workspace().join("tests/endpoints")
}

/// Installs something once, whoever else is at it. `name` contains its version: another version is another folder.
pub(crate) fn once(name: &str, install: impl FnOnce(&Path) -> Result<(), String>) -> Result<PathBuf, String> {
    let folder = outside().join(name);
    fs::create_dir_all(&folder).map_err(|error| format!("{} can't be made: {error}", folder.display()))?;
    let lock = File::create(folder.join("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let done = folder.join("installed");
    if !done.exists() {
        install(&folder)?;
        fs::write(done, "").map_err(|error| error.to_string())?;
    }
    Ok(folder)
}

/// A virtual environment with exactly the versions of a file of pins, and gives its Python.
pub(crate) fn python_packages(python: &str, pins: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let folder = once(pins, |folder| {
        let base = find_python(python)?;
        let succeed = |command: &mut Command| {
            let done = run(command)?;
            if done.code == 0 { Ok(()) } else { Err(format!("{pins} can't be installed: {}", done.stderr)) }
        };
        succeed(Command::new(base).args(["-m", "venv"]).arg(folder.join("venv")))?;
        let pip = folder.join("venv/bin/pip");
        let pins = endpoints().join(format!("{pins}.txt"));
        succeed(Command::new(pip).args(["install", "--quiet", "--constraint"]).arg(pins).args(packages))
    })?;
    Ok(folder.join("venv/bin/python"))
}

/// Python of a certain version: on the path, or among those that pyenv has.
fn find_python(version: &str) -> Result<PathBuf, String> {
    let mut candidates = vec![PathBuf::from(format!("python{version}"))];
    if let Ok(root) = run(Command::new("pyenv").arg("root")) {
        let versions = fs::read_dir(Path::new(root.stdout.trim()).join("versions")).into_iter().flatten().flatten();
        let wanted = versions.filter(|entry| entry.file_name().to_string_lossy().starts_with(&format!("{version}.")));
        candidates.extend(wanted.map(|entry| entry.path().join("bin/python3")));
    }
    // A shim may be there without the Python behind it, so each is asked.
    let works = |python: &PathBuf| run(Command::new(python).arg("--version")).is_ok_and(|done| done.code == 0);
    candidates.into_iter().find(works).ok_or_else(|| format!("Python {version} is not installed"))
}
