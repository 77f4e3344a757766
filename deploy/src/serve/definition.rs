//! Definitions and states that are tried, and what is wrong with them as Step Functions says it.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html>

use serde_json::{Value as Json, json};
use statewright::asl::StateMachine;
use statewright::diag::{Diagnostic, Place, codes};
use statewright_simulate::program::Program;
use statewright_simulate::test_state::{self, TestState};

use super::account::Account;
use super::input::Input;
use super::refusal::{Answer, Refusal};

/// What is wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    code: &'static str,
    message: String,
    /// As a path of AWS: `/States/A/Choices[0]/Next`.
    location: Option<String>,
}

/// Reads a definition that can run.
pub(super) fn read(text: &str, express: bool) -> Result<StateMachine, Vec<Problem>> {
    let machine = StateMachine::from_text(text, "definition").map_err(|problem| vec![Problem::of(&problem, text)])?;
    let mut problems = match Program::compile(&machine, "definition") {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(|problem| Problem::of(problem, text)).collect(),
    };
    if express {
        only_standard(&machine.to_json(), "", &mut problems);
    }
    if problems.is_empty() { Ok(machine) } else { Err(problems) }
}

/// The exception for a definition that can't run.
pub(super) fn refusal(problems: &[Problem]) -> Refusal {
    let told = problems.iter().map(|Problem { code, message, location }| {
        format!("{code}: {message} at {}", location.as_deref().unwrap_or("null"))
    });
    let told = told.collect::<Vec<_>>().join(", ");
    Refusal::new("InvalidDefinition", format!("Invalid State Machine Definition: '{told}'"))
}

/// `ValidateStateMachineDefinition`.
pub(super) fn validate(input: &Input) -> Answer {
    let text = input.required("definition")?;
    let express = input.one_of("type", &["STANDARD", "EXPRESS"])? == "EXPRESS";
    let _ = input.one_of("severity", &["ERROR", "WARNING"])?;
    let most = input.count("maxResults", 100, 100)?;
    let problems = read(text, express).err().unwrap_or_default();
    let diagnostics: Vec<Json> = problems.iter().take(most).map(Problem::to_json).collect();
    let result = if problems.is_empty() { "OK" } else { "FAIL" };
    Ok(json!({ "result": result, "diagnostics": diagnostics, "truncated": problems.len() > most }))
}

impl Account {
    /// `TestState`.
    pub(super) fn test_state(&self, input: &Input) -> Answer {
        let refused = |refusal: test_state::Refusal| Refusal::new(refusal.kind.name(), refusal.message);
        let asked = TestState::from_json(input.json()).map_err(refused)?;
        let now = self.world.now();
        let region = self.region.clone();
        let asked = TestState { region, millis: now, seed: now.cast_unsigned(), ..asked };
        test_state::test_state(&asked).map(|outcome| outcome.to_json()).map_err(refused)
    }
}

impl Problem {
    fn of(problem: &Diagnostic, text: &str) -> Self {
        let pointer = problem.labels.iter().find_map(|label| match &label.place {
            Place::Pointer { pointer, .. } => Some(pointer.as_str()),
            _ => None,
        });
        let definition: Json = serde_json::from_str(text).unwrap_or_default();
        let at = pointer.and_then(|pointer| definition.pointer(pointer)).and_then(Json::as_str);
        let (code, message) = match (problem.code, at) {
            (codes::NOT_JSON, _) => ("INVALID_JSON_DESCRIPTION", problem.message.clone()),
            (codes::NO_SUCH_STATE, Some(name)) => {
                ("MISSING_TRANSITION_TARGET", format!("Missing 'Next' target: {name}"))
            }
            (codes::NO_SUCH_STATE, None) if pointer == Some("/StartAt") => {
                ("SCHEMA_VALIDATION_FAILED", "These fields are required: [StartAt]".to_owned())
            }
            (codes::MALFORMED_EXPRESSION, Some(text)) if text.trim_start().starts_with("{%") => {
                ("INVALID_JSONATA_EXPRESSION", problem.message.clone())
            }
            _ => ("SCHEMA_VALIDATION_FAILED", problem.message.clone()),
        };
        let location = pointer.filter(|_| !definition.is_null()).map(|pointer| location(&definition, pointer));
        Self { code, message, location }
    }

    fn to_json(&self) -> Json {
        let mut json = json!({ "severity": "ERROR", "code": self.code, "message": self.message });
        if let Some(location) = &self.location {
            json["location"] = location.as_str().into();
        }
        json
    }
}

/// A JSON pointer as AWS writes a place: with the numbers of items in brackets.
fn location(definition: &Json, pointer: &str) -> String {
    let (mut at, mut written) = (Some(definition), String::new());
    for part in pointer.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        if at.is_some_and(Json::is_array) {
            written.push_str(&format!("[{name}]"));
            at = at.and_then(|list| list.get(name.parse::<usize>().ok()?));
        } else {
            written.push('/');
            written.push_str(&name);
            at = at.and_then(|object| object.get(&name));
        }
    }
    if written.is_empty() { "/".to_owned() } else { written }
}

/// What an Express workflow can't do: wait for jobs, tokens and workers, and run distributed Maps.
fn only_standard(machine: &Json, at: &str, problems: &mut Vec<Problem>) {
    let mut problem = |location: String, message: String| {
        problems.push(Problem { code: "SCHEMA_VALIDATION_FAILED", message, location: Some(location) });
    };
    let states = machine["States"].as_object().into_iter().flatten();
    let mut inner = Vec::new();
    for (name, state) in states {
        let at = format!("{at}/States/{name}");
        let resource = state["Resource"].as_str().unwrap_or_default();
        let pattern = [".waitForTaskToken", ".sync"].into_iter().find(|pattern| resource.contains(pattern));
        if let Some(pattern) = pattern {
            let message = format!("Express state machine does not support '{pattern}' service integration");
            problem(format!("{at}/Resource"), message);
        }
        if resource.starts_with("arn:") && resource.split(':').nth(5) == Some("activity") {
            problem(format!("{at}/Resource"), "Express state machine does not support Activity ARN".to_owned());
        }
        for field in ["ItemProcessor", "Iterator"] {
            if state[field]["ProcessorConfig"]["Mode"] == "DISTRIBUTED" {
                let message =
                    "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines";
                problem(format!("{at}/{field}/ProcessorConfig/Mode"), message.to_owned());
            }
            if state[field].is_object() {
                inner.push((&state[field], format!("{at}/{field}")));
            }
        }
        let branches = state["Branches"].as_array().into_iter().flatten().enumerate();
        inner.extend(branches.map(|(number, branch)| (branch, format!("{at}/Branches[{number}]"))));
    }
    for (machine, at) in inner {
        only_standard(machine, &at, problems);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(definition: &Json, express: bool) -> String {
        read(&definition.to_string(), express).map(|_| String::new()).unwrap_or_else(|p| refusal(&p).message)
    }

    #[test]
    fn targets_are_told_as_aws_tells_them() {
        let choice = json!({ "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsNull": true, "Next": "B" }] });
        assert_eq!(
            told(&json!({ "StartAt": "A", "States": { "A": choice } }), false),
            "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at \
             /States/A/Choices[0]/Next'"
        );
        assert!(told(&json!([]), false).contains("SCHEMA_VALIDATION_FAILED"));
        assert_eq!(read("{", false).unwrap_err()[0].code, "INVALID_JSON_DESCRIPTION");
    }

    #[test]
    fn an_express_workflow_waits_for_nobody() {
        let task =
            json!({ "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true });
        let branch = json!({ "StartAt": "T", "States": { "T": task } });
        let machine =
            json!({ "StartAt": "P", "States": { "P": { "Type": "Parallel", "Branches": [branch], "End": true } } });
        assert_eq!(told(&machine, false), "");
        assert!(told(&machine, true).ends_with("service integration at /States/P/Branches[0]/States/T/Resource'"));
    }
}
