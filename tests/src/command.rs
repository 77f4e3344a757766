//! Commands, and how they ended.

use std::process::Command;

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Done {
    /// Panics with everything that the command said, unless it ended with this code.
    ///
    /// # Panics
    ///
    /// See above.
    #[track_caller]
    #[must_use]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Panics unless the standard output has this in it.
    ///
    /// # Panics
    ///
    /// See above.
    #[track_caller]
    #[must_use]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "expected `{text}` in\n{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Panics unless the standard error has this in it.
    ///
    /// # Panics
    ///
    /// See above.
    #[track_caller]
    #[must_use]
    pub fn complains(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "expected `{text}` in\n{}\n{}", self.stdout, self.stderr);
        self
    }
}

/// Runs a command to its end.
///
/// # Errors
///
/// If it can't be started.
pub fn run(command: &mut Command) -> Result<Done, String> {
    let output =
        command.output().map_err(|error| format!("{} can't be started: {error}", command.get_program().display()))?;
    Ok(Done {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}
