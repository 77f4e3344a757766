//! Which variables are assigned, and on which edges.
//!
//! A value that a state reads is assigned on the edges that define it. They all lead to one place, behind which whatever may read the
//! value stands: a block is the scope of its values. So no way has to be walked from a reader back to them, and the work grows with
//! the states, however far a value is read. Two kinds of values need the walk, since some ways from where they are defined lead to
//! no reader: those that were defined before the first state, and all of them where there are jumps.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Key, Site, variables};
use crate::ir::Recording;
use crate::ir::expr::ValueId;
use crate::lower::graph::{Def, Machine, Node, NodeKind, To};

/// The variables of a machine.
#[derive(Debug, Default)]
pub(in crate::lower) struct Live {
    /// What each edge assigns, by its state and its number there.
    assigned: BTreeMap<(usize, usize), BTreeSet<Key>>,
    /// What is read of the machines around it.
    pub free: BTreeSet<Key>,
    /// All that are read.
    pub read: BTreeSet<Key>,
}

impl Live {
    /// What an edge assigns.
    pub(in crate::lower) fn assigned(&self, node: usize, edge: usize) -> impl Iterator<Item = &Key> {
        self.assigned.get(&(node, edge)).into_iter().flatten()
    }
}

/// Finds the variables of a machine and of those inside of it.
pub(in crate::lower) fn find(machine: &mut Machine<'_>, recording: &Recording) {
    for inner in machine.nodes.iter_mut().flat_map(Node::machines_mut) {
        find(inner, recording);
    }
    let found = Finder::new(machine, recording).live();
    machine.live = found;
}

struct Finder<'m, 'r> {
    machine: &'m Machine<'r>,
    recording: &'m Recording,
    /// The edges that define each value.
    definers: HashMap<ValueId, Vec<(usize, usize)>>,
    /// The edges that lead to each state.
    before: Vec<Vec<(usize, usize)>>,
    /// By which walk each state was seen last.
    seen: Vec<usize>,
    walks: usize,
    /// Whether there are ways that are no blocks: jumps, and what raw states lead to by its name.
    has_jumps: bool,
    live: Live,
    /// Keys to look at, with the state that reads each.
    open: Vec<(Key, usize)>,
}

impl<'m, 'r> Finder<'m, 'r> {
    fn new(machine: &'m Machine<'r>, recording: &'m Recording) -> Self {
        let mut definers: HashMap<ValueId, Vec<(usize, usize)>> = HashMap::new();
        let mut before = vec![Vec::new(); machine.nodes.len()];
        for (index, node) in machine.nodes.iter().enumerate() {
            for (number, edge) in node.edges.iter().enumerate() {
                if let To::Node(next) = edge.to {
                    before[next].push((index, number));
                    edge.defs.iter().for_each(|(id, _)| definers.entry(*id).or_default().push((index, number)));
                }
            }
        }
        let seen = vec![0; machine.nodes.len()];
        let has_raw = machine.nodes.iter().any(|node| matches!(node.kind, NodeKind::Raw(..)));
        let has_jumps = has_raw || !recording.labels.is_empty();
        let (live, open) = (Live::default(), Vec::new());
        Self { machine, recording, definers, before, seen, walks: 0, has_jumps, live, open }
    }

    fn live(mut self) -> Live {
        for index in 0..self.machine.nodes.len() {
            self.read_by(index);
        }
        while let Some((key, node)) = self.open.pop() {
            let is_known = !self.live.read.insert(key.clone());
            let walks = self.has_jumps || self.machine.start.def(key.value).is_some();
            if walks {
                self.walk(&key, node);
            } else if is_known {
                // Its edges have been found.
            } else if let Some(edges) = self.definers.get(&key.value).cloned() {
                for edge in edges {
                    self.assign(&key, edge);
                }
            } else {
                self.live.free.insert(key);
            }
        }
        self.live
    }

    /// What a state reads by itself, at its end too.
    fn read_by(&mut self, index: usize) {
        let node = &self.machine.nodes[index];
        let site = Site { machine: self.machine, node: index, edge: None };
        let mut found = BTreeSet::new();
        node.visit(&mut |expr| variables(site, expr, self.recording, &mut found));
        if let NodeKind::Parallel { carried, .. } | NodeKind::Map { carried, .. } = &node.kind {
            carried.iter().for_each(|carried| variables(site, &carried.value(), self.recording, &mut found));
        }
        for inner in node.machines() {
            // What is free inside and defined before the first state goes in by another way.
            found.extend(inner.live.free.iter().cloned());
        }
        for edge in &node.edges {
            let end = if let To::End(output) = &edge.to { Some(output) } else { None };
            for output in edge.output.iter().chain(end) {
                variables(Site { edge: Some(edge), ..site }, output, self.recording, &mut found);
            }
        }
        self.open.extend(found.into_iter().map(|key| (key, index)));
    }

    /// Assigns a value on an edge, if it is defined there. What it is made of is read then.
    fn assign(&mut self, key: &Key, (index, number): (usize, usize)) -> bool {
        let edge = &self.machine.nodes[index].edges[number];
        let site = Site { machine: self.machine, node: index, edge: Some(edge) };
        let Some(def) = site.def(key.value) else { return false };
        if self.live.assigned.entry((index, number)).or_default().insert(key.clone())
            && let Def::Expr(defined) = def
        {
            let mut found = BTreeSet::new();
            variables(site, defined, self.recording, &mut found);
            self.open.extend(found.into_iter().map(|key| (key, index)));
        }
        true
    }

    /// From a reader back to wherever the value is defined.
    fn walk(&mut self, key: &Key, reader: usize) {
        self.walks += 1;
        let mut open = vec![reader];
        while let Some(node) = open.pop() {
            if std::mem::replace(&mut self.seen[node], self.walks) == self.walks {
                continue;
            }
            if self.machine.first() == Some(node) && self.machine.start.def(key.value).is_none() {
                self.live.free.insert(key.clone());
            }
            for edge in self.before[node].clone() {
                if !self.assign(key, edge) {
                    open.push(edge.0);
                }
            }
        }
    }
}
