//! From the recorded steps to a state machine.
//!
//! Three steps: [`graph`] turns blocks into nodes and edges; [`vars`] decides which values become workflow variables,
//! and on which edge each is assigned; [`state`] writes the states, with the expressions of [`expr_jsonata`] or
//! [`expr_jsonpath`]. For JSONPath a recording is made [`ready`] before.
//!
//! What makes the machine small: no state exists only to compute. A `set`, the result of a task and the outcome of a
//! choice are *definitions on edges*; an edge becomes the `Assign` of the state, choice rule or catcher that it
//! leaves, with just the definitions that a later state reads. Four things follow from how variables work in ASL:
//!
//! - A variable is readable from the *next* state on, so a state that reads what its own edge defines (its `Output`
//!   at the end of the machine) gets the expression instead.
//! - Before the first state there is no edge that could assign. The first state gets the expressions; if it is a
//!   Parallel or Map, its branches and items get them as their input.
//! - Where arms meet again, each arm's last edges define the joined value.
//! - A branch or item reads the variables around it but can't assign them, so a value that it has to keep itself
//!   gets a name of its own.

use std::collections::{BTreeMap, HashMap};

use crate::asl;
use crate::diag::{Diagnostics, Place};
use crate::guard::Section;
use crate::ir::{Expr, Recording};
use crate::service::Access;

mod expr_jsonata;
mod expr_jsonpath;
mod graph;
mod ready;
mod state;
mod vars;
mod view;

pub(crate) use vars::{Segment, Step, path, reads};

/// A compiled state machine.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub machine: asl::StateMachine,
    /// What was said about the access rights of each Task, by the name of its state.
    pub access: BTreeMap<String, Access>,
    /// Where each state was written.
    pub places: HashMap<String, Place>,
    /// What the lock is computed by, as JSONata.
    pub key: Option<String>,
    /// The parts that are guarded, inner ones before those around them.
    pub sections: Vec<Section>,
    pub diagnostics: Diagnostics,
}

/// Compiles a recording.
pub(crate) fn lower(recording: &mut Recording) -> Lowered {
    recording.cut_depth();
    ready::ready(recording);
    let recording = &*recording;
    let mut diagnostics = recording.diagnostics.clone();
    let (mut root, places, parts) = graph::build(recording, &mut diagnostics);
    vars::carry(&mut root, recording);
    vars::note_defined(&mut root);
    vars::live::find(&mut root, recording);
    vars::check(&root, recording, &mut diagnostics);
    let names = vars::Names::of(&root, recording);
    let machine = state::emit(&root, &names, recording, &mut diagnostics);
    let key = |key: &Expr| state::key(&root, &names, recording, key);
    let section = |part: graph::Part<'_>| Section {
        name: part.name,
        lock: part.lock.to_owned(),
        place: part.step.at.clone(),
        concurrency: part.concurrency.clone(),
        key: part.key.map(key),
        states: part.states,
        start: part.start,
        within: part.within,
        maps: part.maps,
    };
    let sections = parts.into_iter().map(section).collect();
    let key = recording.key.as_ref().map(key);
    Lowered { machine, access: graph::access(&root), places, key, sections, diagnostics }
}
