//! Who else may hold a permit.

use std::collections::BTreeMap;

use super::Lock;

/// What a workflow has to know of the others in its app.
#[derive(Debug, Default)]
pub(crate) struct Neighbours {
    /// The workflows that name a key, by the key.
    by_key: BTreeMap<String, Vec<String>>,
    /// The name of the table, if the app says one.
    pub guard_table: Option<String>,
}

impl Neighbours {
    pub(crate) const fn new(guard_table: Option<String>) -> Self {
        Self { by_key: BTreeMap::new(), guard_table }
    }

    /// Notes that a workflow names a key.
    pub(crate) fn shares(&mut self, key: &str, workflow: &str) {
        self.by_key.entry(key.to_owned()).or_default().push(workflow.to_owned());
    }

    /// The workflows whose executions may hold a permit of a lock, in order.
    pub(crate) fn sharers(&self, lock: &Lock, workflow: &str) -> Vec<String> {
        let mut found =
            lock.key().strip_prefix("key:").and_then(|key| self.by_key.get(key)).cloned().unwrap_or_default();
        found.push(workflow.to_owned());
        found.sort();
        found.dedup();
        found
    }
}
