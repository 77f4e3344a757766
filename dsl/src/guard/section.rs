//! Sections: guards around a part of a machine.

use std::collections::BTreeSet;

use super::Guard;
use super::weave::{around, is_in_jsonpath};
use crate::asl::{Kind, StateMachine};
use crate::diag::Place;
use crate::guard::Concurrency;

/// A part of a workflow that is guarded.
#[derive(Debug)]
pub(crate) struct Section {
    /// In the names of its states.
    pub name: String,
    /// What its lock is called, unless its concurrency names a key.
    pub lock: String,
    pub place: Place,
    pub concurrency: Concurrency,
    /// What its lock is computed by, as JSONata.
    pub key: Option<String>,
    /// The names of its states.
    pub states: BTreeSet<String>,
    /// The one with which it begins.
    pub start: String,
    /// Its states and those of the branches and item processors in it.
    pub within: BTreeSet<String>,
    /// How many Maps there are around it.
    pub maps: usize,
}

/// Weaves guards around the sections of a machine, of which inner ones come before those around them.
pub(crate) fn weave_sections(machine: &mut StateMachine, sections: &mut [(Section, Guard)]) {
    let in_jsonpath = is_in_jsonpath(machine);
    for number in 0..sections.len() {
        let (before, rest) = sections.split_at_mut(number + 1);
        let Some((section, guard)) = before.last() else { continue };
        let Some(found) = machine_of(machine, &section.start) else { continue };
        let known: BTreeSet<String> = found.states.keys().cloned().collect();
        let name = Some(section.name.as_str());
        let (woven, first) = around(found, &section.states, &section.start, guard, name, in_jsonpath);
        // What was woven in is a part of the sections around.
        let new: Vec<String> = woven.states.keys().filter(|name| !known.contains(*name)).cloned().collect();
        *found = woven;
        for (outer, _) in rest.iter_mut().filter(|(outer, _)| outer.states.contains(&section.start)) {
            outer.states.extend(new.iter().cloned());
            if outer.start == section.start {
                outer.start.clone_from(&first);
            }
        }
    }
}

/// The machine, branch or item processor with a state.
fn machine_of<'m>(machine: &'m mut StateMachine, state: &str) -> Option<&'m mut StateMachine> {
    if machine.states.contains_key(state) {
        return Some(machine);
    }
    machine.states.values_mut().find_map(|outer| match &mut outer.kind {
        Kind::Parallel(parallel) => parallel.branches.iter_mut().flatten().find_map(|branch| machine_of(branch, state)),
        Kind::Map(map) => map.item_processor.as_mut().and_then(|processor| machine_of(processor, state)),
        _ => None,
    })
}
