//! asl-validator, the JSON schema that editors and linters use, and cfn-lint, AWS's own linter of templates.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Done, run};
use crate::install::{once, python_packages};

const VERSION: &str = "4.0.0";

/// asl-validator from npm.
#[derive(Debug)]
pub struct AslValidator(PathBuf);

impl AslValidator {
    /// Installs it.
    ///
    /// # Errors
    ///
    /// If Node is not to be had here.
    pub fn install() -> Result<Self, String> {
        let folder = once(&format!("asl-validator-{VERSION}"), |folder| {
            let mut npm = Command::new("npm");
            npm.current_dir(folder).args(["install", "--no-fund", "--no-audit", "--prefix", "."]);
            let done = run(npm.arg(format!("asl-validator@{VERSION}")))?;
            if done.code == 0 { Ok(()) } else { Err(format!("asl-validator can't be installed: {}", done.stderr)) }
        })?;
        Ok(Self(folder.join("node_modules/.bin/asl-validator")))
    }

    /// Looks at a definition.
    ///
    /// # Panics
    ///
    /// If it can't be started.
    #[must_use]
    pub fn check(&self, definition: &Path) -> Done {
        run(Command::new(&self.0).arg("--json-path").arg(definition)).unwrap()
    }
}

/// cfn-lint from PyPI.
#[derive(Debug)]
pub struct CfnLint(PathBuf);

impl CfnLint {
    /// Installs it.
    ///
    /// # Errors
    ///
    /// If Python is not to be had here.
    pub fn install() -> Result<Self, String> {
        python_packages("3.11", "cfn-lint-1.58.0", &["cfn-lint==1.58.0"]).map(Self)
    }

    /// Looks at templates.
    ///
    /// # Panics
    ///
    /// If it can't be started.
    #[must_use]
    pub fn check(&self, templates: &[PathBuf]) -> Done {
        run(Command::new(self.0.with_file_name("cfn-lint")).args(templates)).unwrap()
    }
}
