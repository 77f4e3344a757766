//! What the concurrency guard of a workflow needs, and what those who operate it have to know.

use serde::{Deserialize, Serialize};

/// The table of the [concurrency guard](crate::guard), as `CreateTable` takes it. Many apps share it: it is created where it
/// is not there, and never deleted with a workflow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GuardTable {
    /// 3 to 255 letters, digits, `-`, `_` and `.`.
    pub table_name: String,
    /// The name of the partition key, a string.
    pub partition_key: String,
    /// The attribute with the time at which an item may go, in seconds since 1970.
    pub ttl_attribute: String,
    /// `PAY_PER_REQUEST`.
    pub billing_mode: String,
    /// Whether it has to be unprotected before it can be deleted.
    pub deletion_protection_enabled: bool,
}

/// A lock that the executions of a workflow take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LockSpec {
    /// The key of its item in the table; what the keys begin with, if there is a lock for each value.
    pub key: String,
    /// Whether there is a lock for each value.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub by_value: bool,
    /// The part of the workflow that it guards, if it is not the whole.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub section: Option<String>,
    /// The key of the lock that an execution holds when it takes this one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub within: Option<String>,
    /// Whether an execution that gets no permit waits for one.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub waits: bool,
    /// How many executions may hold it at once.
    pub limit: u32,
    /// What happens to one that gets no permit, in words.
    pub on_conflict: String,
    /// Whether a run that failed keeps its permit.
    pub holds_after_failure: bool,
    /// So many seconds a run that did not come to its end keeps its permit.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub settle_seconds: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl GuardTable {
    /// The table of that name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            table_name: name.to_owned(),
            partition_key: "pk".to_owned(),
            ttl_attribute: "ttl".to_owned(),
            billing_mode: "PAY_PER_REQUEST".to_owned(),
            deletion_protection_enabled: true,
        }
    }
}
