//! Runs states of a woven machine with the step function of simulations, and remembers what came of it.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value as Json, json};
use statewright_simulate::test_state::{Configuration, InspectionLevel, Mock, Outcome, Status, TestState};

use super::clock::{Reading, WORKFLOW, arn, start};
use super::machine::{Machine, Number, Site};
use super::text::{Text, Texts};

/// An execution that enters a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Visit {
    pub execution: u8,
    pub generation: u8,
    pub at: Number,
    pub variables: Text,
    pub data: Text,
    pub reading: Reading,
}

/// What the work of a state comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    /// It has no work.
    Nothing,
    /// A result, as JSON.
    Result(Text),
    /// The name of an error.
    Error(&'static str),
}

/// How a visit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Landing {
    /// In another state.
    Next { at: Number, variables: Text, data: Text },
    /// At the end of the machine, with that output.
    Ended { data: Text },
    /// With an error that nobody takes.
    Failed,
    /// The work is done again.
    Again,
}

/// Retriers have tried so often that none tries again.
const EXHAUSTED: u64 = 1_000_000;

/// What came of visits before.
#[derive(Default)]
pub(super) struct Bench {
    landings: HashMap<(usize, Visit, Answer, bool), Landing>,
    requests: HashMap<(usize, Visit), Text>,
    items: HashMap<(usize, Visit), Vec<Text>>,
}

impl Bench {
    /// Runs a state to its end. `patient` is whether its Retriers still have tries left.
    ///
    /// # Errors
    ///
    /// If the state can't run at all.
    pub(super) fn run(
        &mut self,
        texts: &mut Texts,
        (number, machine): (usize, &Machine),
        input: &Json,
        visit: Visit,
        answer: Answer,
        patient: bool,
    ) -> Result<Landing, String> {
        if let Some(landing) = self.landings.get(&(number, visit, answer, patient)) {
            return Ok(*landing);
        }
        let site = machine.site(visit.at);
        let mut request = request(texts, site, input, visit);
        request.mock = match answer {
            Answer::Nothing => None,
            Answer::Result(result) => Some(Mock::result(&*texts.get(result))),
            Answer::Error(error) => Some(Mock::error(error, "of the model")),
        };
        request.configuration = Configuration {
            retrier_retry_count: Some(if patient { 0 } else { EXHAUSTED }),
            ..Configuration::default()
        };
        let outcome = run(site, &request)?;
        let output = texts.number(outcome.output.as_deref().unwrap_or("null"));
        let landing = match (outcome.status, &outcome.next_state) {
            (Status::Retriable, _) => Landing::Again,
            (Status::Failed, _) => Landing::Failed,
            (_, None) => Landing::Ended { data: output },
            (_, Some(next)) => {
                let at = machine.number(next).ok_or_else(|| format!("there is no state `{next}`"))?;
                let variables = noted(&outcome, "variables").unwrap_or_default();
                let variables = kept(texts, &variables, machine.site(at).live.as_ref());
                Landing::Next { at, variables, data: output }
            }
        };
        self.landings.insert((number, visit, answer, patient), landing);
        Ok(landing)
    }

    /// What a Task asks for, as JSON.
    ///
    /// # Errors
    ///
    /// If it does not come so far.
    pub(super) fn request(
        &mut self,
        texts: &mut Texts,
        (number, machine): (usize, &Machine),
        input: &Json,
        visit: Visit,
    ) -> Result<Text, String> {
        if let Some(found) = self.requests.get(&(number, visit)) {
            return Ok(*found);
        }
        let site = machine.site(visit.at);
        let request = request(texts, site, input, visit).mock(Mock::error("Model.Asked", ""));
        let outcome = run(site, &request)?;
        let asked = noted(&outcome, "afterArguments").ok_or_else(|| format!("{}: {:?}", site.name, outcome.failure))?;
        let asked = texts.number(&asked);
        self.requests.insert((number, visit), asked);
        Ok(asked)
    }

    /// The inputs of the iterations of a Map.
    ///
    /// # Errors
    ///
    /// If it has none.
    pub(super) fn items(
        &mut self,
        texts: &mut Texts,
        (number, machine): (usize, &Machine),
        input: &Json,
        visit: Visit,
    ) -> Result<Vec<Text>, String> {
        if let Some(found) = self.items.get(&(number, visit)) {
            return Ok(found.clone());
        }
        let site = machine.site(visit.at);
        let request = request(texts, site, input, visit).mock(Mock::result("[]"));
        let outcome = run(site, &request)?;
        let items = noted(&outcome, "afterItemSelector").ok_or_else(|| format!("{}: no items", site.name))?;
        let items: Vec<Json> = serde_json::from_str(&items).map_err(|error| format!("{}: {error}", site.name))?;
        let items: Vec<Text> = items.iter().map(|item| texts.number(&item.to_string())).collect();
        self.items.insert((number, visit), items.clone());
        Ok(items)
    }
}

fn run(site: &Site, request: &TestState) -> Result<Outcome, String> {
    site.rehearsal.run(request).map_err(|refusal| format!("{}: {refusal}", site.name))
}

fn noted(outcome: &Outcome, name: &str) -> Option<String> {
    outcome.inspection.as_ref()?.get(name)?.as_str().map(str::to_owned)
}

fn request(texts: &Texts, site: &Site, input: &Json, visit: Visit) -> TestState {
    let context = json!({
        "Execution": {
            "Id": arn(visit.execution),
            "Input": input,
            "Name": format!("e{}", visit.execution),
            "RoleArn": "arn:aws:iam::123456789012:role/nightly",
            "StartTime": start(visit.execution),
            "RedriveCount": visit.generation,
        },
        "State": { "EnteredTime": visit.reading.time(), "Name": site.name, "RetryCount": 0 },
        "StateMachine": {
            "Id": format!("arn:aws:states:eu-west-1:123456789012:stateMachine:{WORKFLOW}"),
            "Name": WORKFLOW,
        },
    });
    TestState {
        input: Some(texts.get(visit.data).to_string()),
        variables: Some(texts.get(visit.variables).to_string()),
        context: Some(context.to_string()),
        inspection_level: InspectionLevel::Debug,
        ..TestState::new("")
    }
}

/// Of variables, those that still matter, in an order of their own.
fn kept(texts: &mut Texts, variables: &str, live: Option<&BTreeSet<String>>) -> Text {
    let mut variables: Map<String, Json> = serde_json::from_str(variables).unwrap_or_default();
    variables.retain(|name, _| live.is_none_or(|live| live.contains(name)));
    variables.sort_keys();
    texts.number(&Json::from(variables).to_string())
}
