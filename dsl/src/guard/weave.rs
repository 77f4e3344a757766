//! Weaving: a pure pass from a state machine to a state machine.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::states::Region;
use super::{Guard, STATES, VARIABLES};
use crate::asl::{Catcher, Kind, Pass, QueryLanguage, State, StateMachine, States};
use crate::diag::{Diagnostic, Place, codes};

/// Weaves a guard into a machine in either query language: the states of the guard are in JSONata and say so.
///
/// What runs inside stays as it is written, with its errors, its outputs and its redrive: there is no Parallel and no Catch
/// around it. What ends the machine leads to `guard/release` instead, and a Succeed becomes a Pass that leads there.
///
/// # Errors
///
/// [`SW1002`](codes::RESERVED_NAME) if a state or a variable has a reserved name.
pub fn weave(machine: &StateMachine, guard: &Guard) -> Result<StateMachine, Diagnostic> {
    check_names(machine)?;
    Ok(weave_checked(machine, guard))
}

/// The same for a machine whose names have been looked at, before its sections were woven.
pub(crate) fn weave_checked(machine: &StateMachine, guard: &Guard) -> StateMachine {
    let all: BTreeSet<String> = machine.states.keys().cloned().collect();
    let Some(start) = machine.start_at.clone() else { return machine.clone() };
    around(machine, &all, &start, guard, None, is_in_jsonpath(machine)).0
}

/// Whether a state that says nothing is in JSONPath.
pub(super) fn is_in_jsonpath(machine: &StateMachine) -> bool {
    machine.query_language != Some(QueryLanguage::Jsonata)
}

/// Weaves a guard around some states of a machine, of which one is the first: a section. Gives the name of the state by which
/// it is entered now.
///
/// Control enters them by that state only. Wherever it leaves them, also by a Catcher, the permit is given back first.
pub(super) fn around(
    machine: &StateMachine,
    inside: &BTreeSet<String>,
    start: &str,
    guard: &Guard,
    section: Option<&str>,
    in_jsonpath: bool,
) -> (StateMachine, String) {
    let mut region = Region { guard, section, inside: start, in_jsonpath, states: States::new() };
    let first = region.before();
    let before = std::mem::take(&mut region.states);
    let end = region.behind();
    // Each place outside to which the region leads has a release of its own.
    let mut exits: Vec<(String, String)> = Vec::new();
    let mut states = machine.states.clone();
    for (name, state) in &mut states {
        let is_inside = inside.contains(name);
        targets(state, &mut |target| {
            if is_inside && !inside.contains(target) {
                let known = exits.iter().find(|(to, _)| to == target).map(|(_, release)| release.clone());
                let release = known.unwrap_or_else(|| {
                    let part = format!("leave-{}", exits.len() + 1);
                    let release = region.release_to(&part, target);
                    exits.push((target.clone(), release.clone()));
                    release
                });
                *target = release;
            } else if !is_inside && target == start {
                target.clone_from(&first);
            }
        });
        if let (true, Some(end)) = (is_inside, &end) {
            lead_to(state, end);
        }
    }
    // What never ends the machine needs no way to do so: AWS refuses states that nothing leads to.
    let ends = end.as_ref().is_some_and(|end| states.values().any(|state| state.next.as_ref() == Some(end)));
    if !ends {
        region.states.shift_remove(&region.name("release"));
        region.states.shift_remove(&region.name("done"));
    }
    region.aside();
    let mut woven = States::new();
    let at = states.get_index_of(start).filter(|_| section.is_some()).unwrap_or(0);
    for (index, (name, state)) in states.into_iter().enumerate() {
        if index == at {
            woven.extend(before.clone());
        }
        woven.insert(name, state);
    }
    woven.extend(region.states);
    let begins = machine.start_at.as_deref() == Some(start);
    let start_at = if begins { Some(first.clone()) } else { machine.start_at.clone() };
    (StateMachine { start_at, states: woven, ..machine.clone() }, first)
}

/// Every name of a state to which a state leads.
fn targets(state: &mut State, f: &mut dyn FnMut(&mut String)) {
    state.next.iter_mut().for_each(&mut *f);
    let catchers = |catch: &mut Option<Vec<Catcher>>, f: &mut dyn FnMut(&mut String)| {
        catch.iter_mut().flatten().for_each(|catcher| catcher.next.iter_mut().for_each(&mut *f));
    };
    match &mut state.kind {
        Kind::Task(task) => catchers(&mut task.catch, f),
        Kind::Parallel(parallel) => catchers(&mut parallel.catch, f),
        Kind::Map(map) => catchers(&mut map.catch, f),
        Kind::Choice(choice) => {
            choice.default.iter_mut().for_each(&mut *f);
            choice.choices.iter_mut().flatten().for_each(|rule| rule.next.iter_mut().for_each(&mut *f));
        }
        _ => {}
    }
}

/// Makes a state that ends the machine lead on.
fn lead_to(state: &mut State, next: &str) {
    if matches!(state.kind, Kind::Succeed) {
        state.kind = Kind::Pass(Pass::default());
    } else if state.end == Some(true) {
        state.end = None;
    } else {
        return;
    }
    state.next = Some(next.to_owned());
}

/// Refuses names that are the guard's.
pub(crate) fn check_names(machine: &StateMachine) -> Result<(), Diagnostic> {
    let mut found = None;
    machine.walk(&mut |visit| {
        let reserved = |what: &str, name: &str, beginning: &str| {
            let message = format!("the {what} `{name}` has a name that is the guard's");
            let place = Place::Pointer { file: String::new(), pointer: visit.pointer.to_owned() };
            Diagnostic::error(codes::RESERVED_NAME, message, place)
                .help(format!("rename it: no {what} may begin with `{beginning}`"))
        };
        if visit.name.starts_with(STATES) {
            found.get_or_insert_with(|| reserved("state", visit.name, STATES));
        }
        for name in assigned(visit.state) {
            if name.starts_with(VARIABLES) {
                found.get_or_insert_with(|| reserved("variable", name, VARIABLES));
            }
        }
    });
    found.map_or(Ok(()), Err)
}

/// The variables that a state assigns.
fn assigned(state: &State) -> impl Iterator<Item = &str> {
    let rules = match &state.kind {
        Kind::Choice(choice) => choice.choices.as_deref().unwrap_or_default(),
        _ => &[],
    };
    let of_catchers = state.catch().iter().map(|catcher| &catcher.assign);
    let all = std::iter::once(&state.assign).chain(rules.iter().map(|rule| &rule.assign)).chain(of_catchers);
    all.filter_map(|assign| assign.as_ref().and_then(Json::as_object))
        .flat_map(|fields| fields.keys().map(|name| name.strip_suffix(".$").unwrap_or(name)))
}
