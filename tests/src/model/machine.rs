//! A woven machine, taken apart into its states.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};
use statewright::asl::StateMachine;
use statewright::guard::STATES;
use statewright_simulate::test_state::{Rehearsal, TestState};

/// The number of a state in its machine.
pub(super) type Number = u16;

/// A machine whose states run one by one.
pub(super) struct Machine {
    pub sites: Vec<Site>,
    pub start: Number,
    /// How many may be inside that run this machine.
    pub limit: usize,
}

/// One state, also one inside a Map.
pub(super) struct Site {
    pub name: String,
    pub work: Work,
    pub rehearsal: Rehearsal,
    /// Whether it is in the guarded region.
    pub inside: bool,
    /// Whether an execution that is here had a permit: inside, or on its way out.
    pub behind: bool,
    /// Whether an execution ends here because its tick has run.
    pub duplicate: bool,
    /// The variables that are read here or later, before they are assigned again. None: all of them.
    pub live: Option<BTreeSet<String>>,
}

/// What a state does that others can notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Nothing: it computes.
    Nothing,
    /// It calls something that the guard has nothing to do with.
    Call,
    /// It chooses, perhaps by the clock.
    Choice,
    /// It writes an item of the table by that action.
    Write(String),
    /// It reads an item.
    Read,
    /// It asks for the status of an execution.
    Describe,
    /// It asks which executions run.
    List,
    /// It stops an execution.
    Stop,
    /// It runs the states from that one on for each item.
    Map(Number),
}

impl Machine {
    /// # Errors
    ///
    /// If a state can't be run.
    pub(super) fn new(definition: &StateMachine, limit: usize) -> Result<Self, String> {
        let json = definition.to_json();
        let mut machine = Self { sites: Vec::new(), start: 0, limit };
        let language = json.get("QueryLanguage").and_then(Json::as_str).unwrap_or("JSONPath").to_owned();
        machine.start = machine.add(&json, &language, true)?;
        Ok(machine)
    }

    /// Adds the states of a machine or of a Map's processor; gives the number of the first that runs.
    fn add(&mut self, machine: &Json, language: &str, top: bool) -> Result<Number, String> {
        let none = Map::new();
        let states = machine.get("States").and_then(Json::as_object).unwrap_or(&none);
        let live = liveness(states);
        for (name, state) in states {
            let work = match state["Type"].as_str() {
                Some("Map") => Work::Map(self.add(&state["ItemProcessor"], language, false)?),
                Some("Choice") => Work::Choice,
                _ => task(state["Resource"].as_str().unwrap_or_default()),
            };
            let mut state = state.clone();
            if state.get("QueryLanguage").is_none() {
                state["QueryLanguage"] = language.into();
            }
            let request = TestState::new(whole(name, &state)).state(name);
            let rehearsal = Rehearsal::of(&request).map_err(|refusal| format!("{name}: {refusal}"))?;
            let inside = top && !name.starts_with(STATES);
            let behind = inside || matches!(name.strip_prefix(STATES), Some("release" | "done"));
            let live = top.then(|| live.iter().find(|(known, _)| known == name).map(|(_, live)| live.clone()));
            let live = live.map(Option::unwrap_or_default);
            let duplicate = name.strip_prefix(STATES) == Some("duplicate");
            self.sites.push(Site { name: name.clone(), work, rehearsal, inside, behind, duplicate, live });
        }
        let start = machine["StartAt"].as_str().unwrap_or_default();
        self.number(start).ok_or_else(|| format!("there is no state `{start}`"))
    }

    /// The state of that name.
    pub(super) fn number(&self, name: &str) -> Option<Number> {
        self.sites.iter().position(|site| site.name == name).and_then(|number| Number::try_from(number).ok())
    }

    pub(super) fn site(&self, number: Number) -> &Site {
        &self.sites[usize::from(number)]
    }
}

/// A state among those that it leads to, of which only the names matter.
fn whole(name: &str, state: &Json) -> String {
    let mut states = json!({ name: state });
    for (target, _) in edges(state).into_iter().filter(|(target, _)| target != name) {
        states[target] = json!({ "Type": "Succeed" });
    }
    json!({ "StartAt": name, "States": states }).to_string()
}

fn task(resource: &str) -> Work {
    match resource.rsplit(':').next().unwrap_or_default() {
        "getItem" => Work::Read,
        "describeExecution" => Work::Describe,
        "listExecutions" => Work::List,
        "stopExecution" => Work::Stop,
        action @ ("updateItem" | "putItem") => Work::Write(action.to_owned()),
        "" => Work::Nothing,
        _ => Work::Call,
    }
}

/// Where a state leads, and what is assigned on the way.
fn edges(state: &Json) -> Vec<(String, BTreeSet<String>)> {
    let edge = |from: &Json, field: &str| {
        let target = from.get(field)?.as_str()?.to_owned();
        let assigned = from.get("Assign").and_then(Json::as_object).into_iter().flat_map(Map::keys).cloned().collect();
        Some((target, assigned))
    };
    let own = ["Next", "Default"].into_iter().filter_map(|field| edge(state, field));
    let rules = ["Choices", "Catch"].into_iter().filter_map(|field| state.get(field)?.as_array()).flatten();
    own.chain(rules.filter_map(|rule| edge(rule, "Next"))).collect()
}

/// For each state, the variables whose values still matter when it is entered. What does not matter is forgotten, so
/// that states of the model that differ in nothing else are one.
fn liveness(states: &Map<String, Json>) -> Vec<(String, BTreeSet<String>)> {
    let mut found: Vec<_> = states.iter().map(|(name, state)| (name.clone(), read(&state.to_string()))).collect();
    loop {
        let before = found.clone();
        for ((_, live), state) in found.iter_mut().zip(states.values()) {
            for (target, assigned) in edges(state) {
                let later = before.iter().find(|(name, _)| *name == target);
                live.extend(later.into_iter().flat_map(|(_, later)| later.difference(&assigned)).cloned());
            }
        }
        if found == before {
            return found;
        }
    }
}

/// The names behind every `$` of a text.
fn read(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    text.split('$').skip(1).map(name).collect()
}
