//! States in the words of the language, among ours.

use serde_json::Value as Json;

use super::Emitter;
use crate::asl::{QueryLanguage, State, StateMachine};
use crate::ir::expr::{Expr, Kind};
use crate::lower::graph::Def;
use crate::lower::vars::{self, Segment, Site, Step};

impl<'g, 'r> Emitter<'_, 'g, 'r> {
    /// The state as it was written, which need not say that it is in the language of the machine.
    pub(super) fn raw(&self, state: &State) -> State {
        let ours = if self.recording.in_paths { QueryLanguage::JsonPath } else { QueryLanguage::Jsonata };
        let query_language = state.query_language.filter(|said| *said != ours);
        State { query_language, ..state.clone() }
    }

    /// Whether an output is just what a state in the words of the language gives.
    pub(super) fn gives_itself(&self, output: &Expr, site: Site<'g, 'r>) -> bool {
        match output.kind() {
            Kind::Value(id) => match site.def(*id) {
                Some(Def::Expr(defined)) => self.gives_itself(defined, site),
                Some(Def::Output(_)) => true,
                _ => false,
            },
            _ => false,
        }
    }
}

/// What a state assigns itself, and what we want of it.
pub(super) fn merged(own: Option<Json>, ours: Option<Json>) -> Option<Json> {
    match (own, ours) {
        (Some(Json::Object(mut own)), Some(Json::Object(ours))) => {
            own.extend(ours);
            Some(own.into())
        }
        (own, ours) => own.or(ours),
    }
}

/// What variables hold behind a state in JSONPath: its whole result, or a part of the error.
pub(super) fn paths(assign: Vec<(String, Expr)>, site: Site<'_, '_>) -> Json {
    assign.into_iter().map(|(name, expr)| (format!("{name}.$"), Json::String(path(&expr, site)))).collect()
}

fn path(expr: &Expr, site: Site<'_, '_>) -> String {
    let step = |path: String, segment: &Segment| match &segment.step {
        Step::Field(name) => format!("{path}['{}']", name.replace('\'', "\\'")),
        Step::Index(index) => format!("{path}[{index}]"),
    };
    let Some((value, steps)) = vars::path(expr) else { return "$".to_owned() };
    // A value that was joined is just another name here.
    let root = match site.def(value) {
        Some(Def::Expr(defined)) => path(defined, site),
        _ => "$".to_owned(),
    };
    steps.iter().fold(root, step)
}

/// JSONata, unless a state wants JSONPath: then the machine is one in JSONPath, and all the others say that they are not.
pub(super) fn set_language(machine: &mut StateMachine) {
    if machine.states.values().any(has_json_path) {
        machine.states.values_mut().for_each(say_jsonata);
    } else {
        machine.query_language = Some(QueryLanguage::Jsonata);
    }
}

fn has_json_path(state: &State) -> bool {
    let inner = || state.machines().iter().flat_map(|machine| machine.states.values());
    state.query_language == Some(QueryLanguage::JsonPath) || inner().any(has_json_path)
}

fn say_jsonata(state: &mut State) {
    if state.query_language == Some(QueryLanguage::JsonPath) {
        return;
    }
    state.query_language = Some(QueryLanguage::Jsonata);
    for machine in state.machines_mut() {
        machine.states.values_mut().for_each(say_jsonata);
    }
}
