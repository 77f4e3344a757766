//! What was recorded on AWS, replayed here: executions with their histories, synchronous executions, calls of TestState.
//! The layout of a case and the rules of comparison are those of the corpus; `STATEWRIGHT_CORPUS` names another folder.

use std::fs;
use std::path::Path;
use std::rc::Rc;

use serde_json::{Value as Json, json};
use statewright::asl::StateMachine;
use statewright_simulate::execution::{Execution, Status};
use statewright_simulate::fault::Failure;
use statewright_simulate::s3::S3;
use statewright_simulate::scope::Payload;
use statewright_simulate::service::Buckets;
use statewright_simulate::task::{Answer, Reply, Request};
use statewright_simulate::world::{Rules, Settings, World};

mod compare;
mod test_state;

pub use compare::Difference;

use compare::Masks;

/// A recorded case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub id: String,
    /// The case as it is stored.
    pub json: Json,
    /// What times look like.
    times: Rc<regress::Regex>,
}

impl Case {
    /// All cases of a kind, in a stable order.
    ///
    /// # Panics
    ///
    /// If a file can't be read.
    #[must_use]
    pub fn all(corpus: &Path, kind: &str) -> Vec<Self> {
        let folder = corpus.join("aws-recorded");
        let times = fs::read_to_string(folder.join("iso8601.regex")).unwrap();
        let times = Rc::new(regress::Regex::new(times.trim()).unwrap());
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let cases = files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "json"));
        let cases = cases.map(|file| serde_json::from_str::<Json>(&fs::read_to_string(file).unwrap()).unwrap());
        let cases = cases.filter(|case| case["kind"] == kind);
        cases
            .map(|json| Self { id: json["id"].as_str().unwrap_or_default().to_owned(), json, times: times.clone() })
            .collect()
    }

    /// Whether it can be compared at all.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.json["usable"] != "no"
    }

    /// Whether every event is compared, or only the end.
    #[must_use]
    pub fn has_full_history(&self) -> bool {
        self.json["usable"] == "full-history"
    }

    fn masks(&self) -> Masks {
        Masks::new(&self.json, self.times.clone())
    }

    /// The day of the recording, as `YYYY-MM-DD`.
    fn day(&self) -> String {
        let recorded = self.json["source"]["recorded"].as_str().unwrap_or_default();
        match recorded.get(..10).unwrap_or_default().split('-').collect::<Vec<_>>()[..] {
            [day, month, year] => format!("{year}-{month}-{day}"),
            _ => "9999".to_owned(),
        }
    }

    /// Runs it here.
    ///
    /// # Errors
    ///
    /// What keeps it from running.
    pub fn run(&self) -> Result<Rc<Execution>, String> {
        let case = &self.json;
        let context = &case["context"];
        let text = |name: &str| context[name].as_str().unwrap_or_default().to_owned();
        let world = World::new(Settings {
            account: text("account"),
            region: text("region"),
            rules: Rules::on(&self.day()),
            ..Settings::default()
        });
        world.set_buckets(Buckets(Rc::new(self.objects().into())));
        world.add_service(outcomes(case));
        let file = format!("{}.json", self.id);
        let definition = StateMachine::from_text(&case["definition"].to_string(), &file);
        let definition = definition.map_err(|problem| problem.message)?;
        let express = case["state_machine_type"] == "EXPRESS";
        let name = text("state_machine_name");
        let started = &case["expected"]["history"][0]["executionStartedEventDetails"];
        let role = started["roleArn"].as_str().map_or_else(|| text("role_arn"), str::to_owned);
        let machine = world.add_machine_as(&name, &definition, express, role);
        let machine = machine.map_err(|problems| {
            let texts: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
            texts.join("; ")
        })?;
        let input = Payload::from_text(case["input_string"].as_str().unwrap_or("{}")).unwrap();
        let execution = world.start(&machine, input, Some(&text("execution_name")));
        world.run(|| execution.status() != Status::Running).map_err(|trouble| trouble.to_string())?;
        Ok(execution)
    }

    /// The objects in S3 that were there.
    fn objects(&self) -> S3 {
        let mut s3 = S3::new();
        for step in self.json["setup"].as_array().into_iter().flatten() {
            let put = &step["params"];
            if step["service"] == "s3" && step["op"] == "PutObject" {
                let text = |name: &str| put[name].as_str().unwrap_or_default();
                s3.put(text("Bucket"), text("Key"), text("Body").as_bytes().to_vec());
            }
        }
        s3
    }

    /// What of the history differs, and, for a case with its full history, whether that is compared event by event.
    #[must_use]
    pub fn history_differences(&self, execution: &Execution) -> Vec<Difference> {
        let masks = self.masks();
        let expected = self.json["expected"]["history"].as_array().cloned().unwrap_or_default();
        let found: Vec<Json> = execution.events().iter().map(|event| event.to_json(true)).collect();
        let mut differences = Vec::new();
        for number in 0..expected.len().max(found.len()) {
            let side = |events: &[Json]| events.get(number).cloned().unwrap_or_default();
            let (mut expected, mut found) = (side(&expected), side(&found));
            for event in [&mut expected, &mut found] {
                if let Some(fields) = event.as_object_mut() {
                    fields.remove("timestamp");
                }
            }
            masks.compare(&format!("event {}", number + 1), &expected, &found, &mut differences);
        }
        differences
    }

    /// What of the end differs: status, output, error and cause.
    #[must_use]
    pub fn end_differences(&self, execution: &Execution) -> Vec<Difference> {
        let (masks, expected) = (self.masks(), &self.json["expected"]);
        let mut differences = Vec::new();
        let mut compare = |name: &str, expected: Json, found: Json| {
            masks.compare(name, &json!({ name: expected }), &json!({ name: found }), &mut differences);
        };
        compare("status", expected["status"].clone(), execution.status().to_string().into());
        let output = expected.get("output_json").or(expected.get("output")).cloned().unwrap_or_default();
        compare("output", output, execution.output().map_or(Json::Null, |output| (*output).clone()));
        let Failure { error, cause } = execution.failure();
        compare("error", expected["error"].clone(), error.into());
        compare("cause", expected["cause"].clone(), cause.into());
        differences
    }
}

/// Answers each call with what AWS answered, in the same order.
fn outcomes(case: &Json) -> impl FnMut(&Request) -> Option<Answer> + use<> {
    let outcomes: Vec<Json> = case["task_outcomes"].as_array().cloned().unwrap_or_default();
    let events = case["expected"]["history"].as_array().cloned().unwrap_or_default();
    let submitted = events.into_iter().filter(|event| event["type"] == "TaskSubmitted");
    let mut submitted: Vec<Json> =
        submitted.map(|event| event["taskSubmittedEventDetails"]["output"].clone()).rev().collect();
    let started = case["expected"]["history"].as_array().into_iter().flatten();
    let started = started.filter(|event| event["type"] == "ActivityStarted");
    let mut started: Vec<Json> = started.map(|event| event["activityStartedEventDetails"].clone()).collect();
    started.reverse();
    let mut outcomes = outcomes.into_iter();
    move |request| {
        let outcome = outcomes.next()?;
        let text = |name: &str| match &outcome[name] {
            Json::String(text) => Some(text.clone()),
            Json::Null => None,
            other => Some(other.to_string()),
        };
        let event = outcome["event"].as_str().unwrap_or_default();
        let reply = if event.ends_with("Succeeded") {
            let output = &outcome["output"];
            // Objects were parsed; everything else stayed text.
            let parsed = output.as_str().and_then(|text| serde_json::from_str(text).ok());
            Reply::Returns(parsed.unwrap_or_else(|| output.clone()))
        } else if event.ends_with("TimedOut") {
            Reply::Silent
        } else {
            Reply::Fails(Failure { error: text("error"), cause: text("cause") })
        };
        let mut answer = Answer { reply, after: std::time::Duration::ZERO, submitted: None };
        if request.resource.contains(".sync") || request.resource.contains(".waitForTaskToken") {
            answer.submitted = submitted.pop();
        } else if request.resource.contains(":activity:") {
            answer.submitted = started.pop();
        }
        Some(answer)
    }
}
