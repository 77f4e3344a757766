//! Commands that other crates bring to an app.

use std::ffi::OsString;
use std::fmt;

use crate::bundle::Manifest;

/// A command that another crate brings, so that an app has it without building what it does not need.
pub trait Extension: fmt::Debug {
    /// What it is called on the command line.
    fn name(&self) -> &'static str;

    /// A line for the usage: the command with its options, and what it does.
    fn usage(&self) -> &'static str;

    /// Does it, with the arguments behind its name; returns the exit code.
    fn run(&self, manifest: &Manifest, arguments: &[OsString]) -> u8;
}
