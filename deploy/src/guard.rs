//! The concurrency guard in operation: who holds which lock, and giving back what nobody gives back.

use std::collections::BTreeMap;

use clap::Subcommand;
use statewright::bundle::{Bundle, LockSpec, Manifest};

use crate::aws::{Aws, Item};
use crate::error::{Error, Exit, Result};
use crate::manifest;
use crate::report::Report;

pub mod standing;
pub mod status;
pub mod token;
pub mod unlock;

/// What is done with locks.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show who holds the locks of the workflows, who waits, and the last tick of each schedule
    Status(status::Arguments),
    /// Give back the permit of an execution
    Unlock(unlock::Arguments),
}

/// Does it.
///
/// # Errors
///
/// If a call is refused, or what was asked for can't be done.
pub async fn run(command: &Command, manifest: &Manifest, aws: &Aws, report: &Report) -> Result<()> {
    match command {
        Command::Status(arguments) => status::run(arguments, manifest, aws, report).await,
        Command::Unlock(arguments) => unlock::run(arguments, manifest, aws, report).await,
    }
}

/// A lock, and the workflows of the app that take it.
#[derive(Clone, Debug)]
pub struct Lock<'m> {
    /// The table that it is in.
    pub table: &'m str,
    /// What the manifest says of it.
    pub spec: &'m LockSpec,
    /// The workflows, by name.
    pub workflows: Vec<&'m str>,
    /// Whether ticks have items of their own.
    marks_ticks: bool,
}

/// The locks of a workflow, or of all.
///
/// # Errors
///
/// If there is no such workflow.
pub fn locks<'m>(manifest: &'m Manifest, workflow: Option<&str>) -> Result<Vec<Lock<'m>>> {
    let all: Vec<&Bundle> = match workflow {
        Some(name) => vec![manifest::workflow(manifest, name)?],
        None => manifest.workflows.iter().collect(),
    };
    let mut found: BTreeMap<(&str, &str), Lock<'m>> = BTreeMap::new();
    for bundle in all {
        let Some(table) = &bundle.guard_table else { continue };
        for spec in &bundle.locks {
            let lock = found.entry((&table.table_name, &spec.key)).or_insert_with(|| Lock {
                table: &table.table_name,
                spec,
                workflows: Vec::new(),
                marks_ticks: false,
            });
            lock.workflows.push(&bundle.name);
            lock.workflows.dedup();
            lock.marks_ticks |= bundle.state_machine.definition.states.contains_key("guard/claim");
        }
    }
    Ok(found.into_values().collect())
}

impl Lock<'_> {
    /// Its item; those of all its values, if it has values. Empty if nobody has ever taken it.
    ///
    /// # Errors
    ///
    /// If AWS refuses to say.
    pub async fn items(&self, aws: &Aws) -> Result<Vec<Item>> {
        let key = &self.spec.key;
        if !self.spec.by_value && !self.marks_ticks {
            return Ok(vec![aws.lock(self.table, key).await?]);
        }
        let found = aws.locks(self.table, key).await?;
        let mut items = gathered(found, key, self.spec.by_value);
        if items.is_empty() && !self.spec.by_value {
            items.push(Item { key: key.clone(), ..Item::default() });
        }
        Ok(items)
    }
}

/// What stands between a lock and the tick that an item marks.
const TICK: &str = "|tick|";

/// Items of a lock, each with the ticks that items of their own mark.
fn gathered(found: Vec<Item>, key: &str, by_value: bool) -> Vec<Item> {
    let is_ours = |candidate: &str| candidate == key || by_value && candidate.starts_with(&format!("{key}:"));
    let (marks, locks): (Vec<_>, Vec<_>) = found.into_iter().partition(|item| item.key.contains(TICK));
    let mut items: BTreeMap<String, Item> =
        locks.into_iter().filter(|item| is_ours(&item.key)).map(|item| (item.key.clone(), item)).collect();
    for mark in marks {
        let Some((lock, tick)) = mark.key.split_once(TICK) else { continue };
        // A run that is no tick of a schedule marks itself, too.
        let Some((schedule, time)) = tick.rsplit_once('|').filter(|(schedule, _)| *schedule != "manual") else {
            continue;
        };
        if is_ours(lock) {
            let item = items.entry(lock.to_owned()).or_insert_with(|| Item { key: lock.to_owned(), ..Item::default() });
            let last = item.ticks.entry(schedule.to_owned()).or_default();
            if last.as_str() < time {
                time.clone_into(last);
            }
        }
    }
    items.into_values().collect()
}

/// An execution among tokens, by its ARN or its name.
fn is_of(token: &token::Token, execution: &str) -> bool {
    token.execution == execution || token::name(&token.execution) == execution
}

/// The lock is not there to be asked about.
fn not_guarded(workflow: &str) -> Error {
    let help = "scheduled workflows are guarded unless they say otherwise, others with `.concurrency(…)`";
    Error::new(Exit::Usage, format!("`{workflow}` has no concurrency guard, so there is no lock"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(key: &str) -> Item {
        Item { key: key.to_owned(), ..Item::default() }
    }

    #[test]
    fn ticks_with_items_of_their_own_are_gathered_by_lock() {
        let found = vec![
            item("workflow:a"),
            item("workflow:a|tick|arn:s|2026-01-01T00:00:00Z"),
            item("workflow:a|tick|arn:s|2026-01-02T00:00:00Z"),
            item("workflow:a|tick|manual|arn:execution"),
            item("workflow:ab"),
        ];
        let gathered = gathered(found, "workflow:a", false);
        let [only] = gathered.as_slice() else { panic!("{gathered:?}") };
        assert_eq!(only.ticks.iter().collect::<Vec<_>>(), [(&"arn:s".to_owned(), &"2026-01-02T00:00:00Z".to_owned())]);
    }

    #[test]
    fn a_lock_by_value_has_an_item_a_value() {
        let found = vec![item("workflow:a:x"), item("workflow:a:y"), item("workflow:ab:x")];
        let keys: Vec<_> = gathered(found, "workflow:a", true).into_iter().map(|item| item.key).collect();
        assert_eq!(keys, ["workflow:a:x", "workflow:a:y"]);
    }
}
