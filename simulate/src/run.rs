//! A run that has ended: how, by which way, with which calls.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use serde_json::Value as Json;

use crate::coverage::Coverage;
use crate::execution::{Execution, Status};
use crate::fault::Failure;
use crate::history::Event;
use crate::scope::Payload;
use crate::service::{Buckets, Tables};
use crate::task::Request;
use crate::world::World;

/// A run that has ended.
#[derive(Debug)]
pub struct Run {
    pub(crate) world: World,
    pub(crate) execution: Rc<Execution>,
    pub(crate) tables: Option<Tables>,
    pub(crate) buckets: Option<Buckets>,
}

impl Run {
    /// How it ended.
    #[must_use]
    pub fn status(&self) -> Status {
        self.execution.status()
    }

    /// What it gave, if it succeeded.
    #[must_use]
    pub fn output(&self) -> Option<Json> {
        self.execution.output().map(Payload::into_json)
    }

    /// Its error and cause, if it did not.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.execution.failure()
    }

    /// How long it took, in the time of the world.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        let millis = self.execution.stopped().unwrap_or(self.execution.start) - self.execution.start;
        Duration::from_millis(u64::try_from(millis).unwrap_or_default())
    }

    /// The names of the states that it entered, in order; those of branches and iterations included, those of the
    /// [guard](statewright::guard) not: they are in the [history](Self::history).
    #[must_use]
    pub fn path(&self) -> Vec<String> {
        let entered = self.execution.events().into_iter().filter(|event| event.kind.name().ends_with("StateEntered"));
        entered.filter_map(|event| event.state().map(str::to_owned)).filter(|name| !is_of_guard(name)).collect()
    }

    /// The calls that it made, and those of the workflows that it started, in order; those of the guard not.
    #[must_use]
    pub fn calls(&self) -> Vec<Request> {
        let mut calls = self.world.calls();
        calls.retain(|call| !is_of_guard(&call.state));
        calls
    }

    /// The calls of a state.
    #[must_use]
    pub fn calls_of(&self, state: &str) -> Vec<Request> {
        self.calls().into_iter().filter(|call| call.state == state).collect()
    }

    /// Its history.
    #[must_use]
    pub fn history(&self) -> Vec<Event> {
        self.execution.events()
    }

    /// The execution itself.
    #[must_use]
    pub fn execution(&self) -> &Execution {
        &self.execution
    }

    /// All executions of the world: its own, and those that it started.
    #[must_use]
    pub fn executions(&self) -> Vec<Rc<Execution>> {
        self.world.executions()
    }

    /// What of the definition has run. [`Coverage::add`] sums up runs.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        self.execution.coverage()
    }

    /// The items of a table, as they are now.
    #[must_use]
    pub fn tables(&self, table: &str) -> Vec<Json> {
        self.tables.as_ref().map(|tables| tables.0.borrow().items(table)).unwrap_or_default()
    }

    /// The bytes of an object, as they are now.
    #[must_use]
    pub fn object(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        self.buckets.as_ref()?.0.borrow().get(bucket, key).ok()
    }

    /// In what this run and another one, of another spelling of the same workflow, behaved differently: how they ended, and
    /// which calls they made. Names of states are not compared, nor is the order of calls at the same moment.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |what: &str, own: String, others: String| {
            if own != others {
                differences.push(format!("{what}: {own} here, {others} there"));
            }
        };
        compare("status", self.status().to_string(), other.status().to_string());
        let output = |run: &Self| run.output().map_or_else(|| "none".to_owned(), |output| output.to_string());
        compare("output", output(self), output(other));
        let error = |run: &Self| run.failure().error.unwrap_or_default();
        compare("error", error(self), error(other));
        let calls = |run: &Self| {
            let mut calls: Vec<String> =
                run.calls().iter().map(|call| format!("{} with {}", call.resource, call.parameters)).collect();
            calls.sort();
            calls
        };
        let (own, others) = (calls(self), calls(other));
        compare("number of calls", own.len().to_string(), others.len().to_string());
        for (own, others) in own.into_iter().zip(others) {
            compare("call", own, others);
        }
        differences
    }

    /// How often each state was entered.
    #[must_use]
    pub fn entered(&self) -> HashMap<String, usize> {
        let mut entered = HashMap::new();
        for name in self.path() {
            *entered.entry(name).or_default() += 1;
        }
        entered
    }
}

/// Whether a state was woven in.
fn is_of_guard(state: &str) -> bool {
    state.starts_with(statewright::guard::STATES)
}
