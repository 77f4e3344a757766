//! Sections.

use std::collections::{BTreeSet, HashSet};

use super::{Builder, Frame};
use crate::guard::Concurrency;
use crate::ir::expr::{Expr, ValueId};
use crate::ir::{BlockId, Step};

/// A section: some of the nodes of a machine.
pub(in crate::lower) struct Part<'r> {
    pub step: &'r Step,
    /// In the names of its states: two sections can take one lock.
    pub name: String,
    pub lock: &'r str,
    pub concurrency: &'r Concurrency,
    pub key: Option<&'r Expr>,
    pub states: BTreeSet<String>,
    pub start: String,
    /// The states of branches and item processors too.
    pub within: BTreeSet<String>,
    pub maps: usize,
}

impl<'r> Builder<'r, '_> {
    /// Lowers a block, and notes which states it became.
    pub(super) fn guarded(
        &mut self,
        frame: &mut Frame<'r>,
        step: &'r Step,
        (lock, concurrency, key): (&'r str, &'r Concurrency, Option<&'r Expr>),
        body: BlockId,
        result: ValueId,
    ) {
        let first = frame.machine.nodes.len();
        let known: HashSet<String> = self.names.keys().cloned().collect();
        let from = std::mem::take(&mut frame.open);
        frame.open = self.arm(frame, from, body, result, step);
        let within = self.names.keys().filter(|name| !known.contains(*name)).cloned().collect();
        let states: Vec<String> = frame.machine.nodes[first..].iter().map(|node| node.name.clone()).collect();
        let Some(start) = states.first().cloned() else { return };
        let states = states.into_iter().collect();
        let names = std::iter::once(step.name.clone()).chain((2..).map(|number| format!("{}-{number}", step.name)));
        let is_free = |name: &String| self.sections.iter().all(|part| part.name != *name);
        let Some(name) = names.into_iter().find(is_free) else { return };
        self.sections.push(Part { step, name, lock, concurrency, key, states, start, within, maps: self.maps });
    }
}
