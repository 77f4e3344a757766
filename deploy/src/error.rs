//! How the command ends, and what it says then.

use std::fmt;

/// The exit codes. The numbers don't change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All is well.
    Ok = 0,
    /// The command line was not understood, or an answer was no.
    Usage = 2,
    /// A file could not be read.
    File = 3,
    /// There are no credentials, or no region, or AWS does not know the credentials.
    Credentials = 10,
    /// The credentials may not do it.
    Permission = 11,
    /// AWS could not be reached.
    Unreachable = 12,
    /// AWS asked to be left alone for a while, more often than was waited.
    Throttled = 13,
    /// Something of that name is there already and is not ours, or can't be changed in place.
    Conflict = 14,
    /// AWS refused it for another reason.
    Refused = 15,
    /// An execution that was waited for did not succeed.
    Execution = 20,
    /// Ctrl-C.
    Interrupted = 130,
}

/// What went wrong, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// How the command ends.
    pub exit: Exit,
    /// What was expected and what was found, as a lower-case fragment.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Error {
    /// An error with its way out.
    pub fn new(exit: Exit, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { exit, message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "\n  help: {}", self.help) }
    }
}

impl std::error::Error for Error {}

/// What most functions give.
pub type Result<T, E = Error> = std::result::Result<T, E>;
