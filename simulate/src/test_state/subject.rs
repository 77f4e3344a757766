//! The state that is tested, in a program.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Value as Json, json};
use statewright::asl::StateMachine;
use statewright::diag::Diagnostic;

use super::{Refusal, TestState};
use crate::program::{Code, Kind, Program};

/// What a state is called that comes without a name.
const UNNAMED: &str = "StateName";

/// What a definition is called in diagnostics.
const FILE: &str = "definition";

pub(super) struct Subject {
    /// The whole definition.
    pub root: Rc<Program>,
    /// The states among which it is.
    program: Rc<Program>,
    number: usize,
    /// Whether it is, at any depth, in a Map.
    pub in_map: bool,
}

impl Subject {
    pub(super) fn find(request: &TestState) -> Result<Self, Refusal> {
        let json: Json = serde_json::from_str(&request.definition).map_err(|error| {
            Refusal::definition(format!("Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: {error}'"))
        })?;
        let name = match &request.state_name {
            Some(name) if json.get("States").is_some() => name,
            Some(_) => return Err(not_found()),
            None => UNNAMED,
        };
        let machine = if request.state_name.is_some() { request.definition.clone() } else { wrapped(&json)? };
        let machine = StateMachine::from_text(&machine, FILE).map_err(|problem| invalid(&[problem]))?;
        let root = Program::compile(&machine, FILE).map_err(|problems| invalid(&problems))?;
        let (program, number, in_map) = search(&root, name, false).ok_or_else(not_found)?;
        Ok(Self { root, program, number, in_map })
    }

    pub(super) fn code(&self) -> Result<&Code, Refusal> {
        self.program.states.get(self.number).ok_or_else(not_found)
    }

    /// The name of another state beside it.
    pub(super) fn name_of(&self, number: usize) -> Option<String> {
        self.program.states.get(number).map(|code| code.name.to_string())
    }
}

fn not_found() -> Refusal {
    Refusal::validation("State not found in definition")
}

fn invalid(problems: &[Diagnostic]) -> Refusal {
    let problems: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    Refusal::definition(format!(
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: {}'",
        problems.join(", ")
    ))
}

/// A state machine of one state. The states that it names are there too, since only their names matter.
fn wrapped(state: &Json) -> Result<String, Refusal> {
    let mut states = json!({ UNNAMED: state });
    let Some(fields) = state.as_object() else {
        return Err(Refusal::definition(
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Expected a state'",
        ));
    };
    let own = ["Next", "Default"].into_iter().filter_map(|field| fields.get(field));
    let rules = ["Choices", "Catch"].into_iter().filter_map(|field| fields.get(field)?.as_array()).flatten();
    let names: BTreeSet<&str> = own.chain(rules.filter_map(|rule| rule.get("Next"))).filter_map(Json::as_str).collect();
    for name in names.into_iter().filter(|name| *name != UNNAMED) {
        states[name] = json!({ "Type": "Succeed" });
    }
    Ok(json!({ "StartAt": UNNAMED, "States": states }).to_string())
}

/// The states among which one is, and whether that is in a Map.
fn search(program: &Rc<Program>, name: &str, in_map: bool) -> Option<(Rc<Program>, usize, bool)> {
    if let Some(number) = program.states.iter().position(|code| &*code.name == name) {
        return Some((program.clone(), number, in_map));
    }
    program
        .states
        .iter()
        .find_map(|code| inner(code).find_map(|inner| search(inner, name, in_map || matches!(code.kind, Kind::Map(_)))))
}

/// The state with a name inside another one.
pub(super) fn within(code: &Code, name: &str) -> Option<(Rc<Program>, usize)> {
    inner(code).find_map(|program| search(program, name, false)).map(|(program, number, _)| (program, number))
}

fn inner(code: &Code) -> impl Iterator<Item = &Rc<Program>> {
    let programs = match &code.kind {
        Kind::Parallel { branches, .. } => branches.as_slice(),
        Kind::Map(map) => std::slice::from_ref(&map.processor),
        _ => &[],
    };
    programs.iter()
}
