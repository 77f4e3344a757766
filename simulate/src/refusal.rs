//! Why a service that is kept in memory refuses a call.

use std::fmt;

/// A refused call: the same for tables and buckets; a Task spells it as its integration does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// As the service's API names it: `ConditionalCheckFailedException`, `NoSuchKey`. `S3` for an error of S3 that its API
    /// does not name.
    pub exception: &'static str,
    /// What the service says.
    pub message: String,
    /// The status of the HTTP response.
    pub status: u16,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.exception, self.message)
    }
}

impl std::error::Error for Refusal {}
