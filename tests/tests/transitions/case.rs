//! A definition, the same workflow in the builder, and the ways on which both run.

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use statewright::asl::StateMachine;
use statewright::prelude::*;
use statewright_simulate::s3::S3;
use statewright_simulate::task::{Answer, Request};
use statewright_simulate::{Run, Simulation};

/// A definition with its rewriting.
pub(crate) struct Case {
    /// How its name begins.
    pub(crate) file: &'static str,
    pub(crate) workflow: Workflow,
    pub(crate) ways: Vec<Way>,
}

/// One way through it: an input, and what each state is answered, one time after another. The last answer stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Way {
    input: Json,
    answers: Vec<(&'static str, Result<Json, &'static str>)>,
    objects: Vec<(&'static str, &'static str, &'static str)>,
}

pub(crate) fn way(input: Json) -> Way {
    Way { input, ..Way::default() }
}

impl Way {
    pub(crate) fn answer(mut self, state: &'static str, answer: impl Into<Json>) -> Self {
        self.answers.push((state, Ok(answer.into())));
        self
    }

    pub(crate) fn fails(mut self, state: &'static str, error: &'static str) -> Self {
        self.answers.push((state, Err(error)));
        self
    }

    /// Without the answers to a state.
    pub(crate) fn without(mut self, state: &str) -> Self {
        self.answers.retain(|(of, _)| *of != state);
        self
    }

    pub(crate) fn object(mut self, bucket: &'static str, key: &'static str, text: &'static str) -> Self {
        self.objects.push((bucket, key, text));
        self
    }

    fn run(&self, definition: &StateMachine) -> Run {
        let mut answers: HashMap<&'static str, Vec<Result<Json, &'static str>>> = HashMap::new();
        for (state, answer) in self.answers.iter().rev() {
            answers.entry(state).or_default().push(answer.clone());
        }
        let service = move |request: &Request| {
            let left = answers.get_mut(request.state.as_str())?;
            let answer = if left.len() > 1 { left.pop()? } else { left.last()?.clone() };
            Some(match answer {
                // The whole response of `lambda:invoke` holds the one of the function.
                Ok(result) if request.resource.contains(":states:::lambda:invoke") && request.token.is_none() => {
                    Answer::returns(json!({ "Payload": result, "StatusCode": 200 }))
                }
                Ok(result) => Answer::returns(result),
                Err(error) => Answer::fails(error, "as the case wants it"),
            })
        };
        let buckets = self.objects.iter().fold(S3::new(), |s3, (bucket, key, text)| s3.with_object(bucket, key, *text));
        let run =
            Simulation::of("case", definition.clone(), false).input(&self.input).buckets(buckets).mock(service).run();
        run.unwrap_or_else(|trouble| panic!("{trouble}\n{}", definition.to_text()))
    }
}

/// What came of it.
pub(crate) struct Compared {
    pub(crate) hand: StateMachine,
    pub(crate) ours: StateMachine,
    pub(crate) problems: Vec<String>,
    /// How many states were entered on all ways, by hand and in the builder.
    pub(crate) entered: (usize, usize),
}

impl Case {
    pub(crate) fn compare(&self, text: &str) -> Compared {
        let mut json: Json = serde_json::from_str(text).unwrap();
        repaired(&mut json);
        let hand = StateMachine::from_text(&json.to_string(), self.file).unwrap();
        let compiled = self.workflow.compile("cases");
        let mut problems = Vec::new();
        if compiled.diagnostics.has_errors() {
            problems.push(compiled.diagnostics.to_string());
        }
        let ours = compiled.bundle.state_machine.definition;
        let mut entered = (0, 0);
        for way in &self.ways {
            let (by_hand, built) = (way.run(&hand), way.run(&ours));
            let (first, second) = (said(&by_hand), said(&built));
            for (first, second) in first.iter().zip(&second).filter(|(first, second)| first != second) {
                problems.push(format!("{}: by hand {first}\n  and in the builder {second}", way.input));
            }
            if first.len() != second.len() {
                problems.push(format!("{}: {} calls by hand, {} in the builder", way.input, first.len(), second.len()));
            }
            let count = |run: &Run| run.executions().iter().map(|execution| entries(execution)).sum::<usize>();
            let (first, second) = (count(&by_hand), count(&built));
            if second > first {
                let paths = format!("{:?} and {:?}", by_hand.path(), built.path());
                problems.push(format!("{}: {second} states are entered, and {first} by hand: {paths}", way.input));
            }
            entered.0 += first;
            entered.1 += second;
        }
        Compared { hand, ours, problems, entered }
    }
}

fn entries(execution: &statewright_simulate::execution::Execution) -> usize {
    let is_entry = |event: &&statewright_simulate::history::Event| event.kind.name().ends_with("StateEntered");
    execution.events().iter().filter(is_entry).count()
}

/// How it ended, and what it asked of whom.
fn said(run: &Run) -> Vec<String> {
    let mut calls: Vec<_> = run.calls().iter().map(|call| (call.state.clone(), called(call))).collect();
    // Branches and items run at the same time; the calls of one state have an order.
    calls.sort_by(|a, b| a.0.cmp(&b.0));
    // Many a Fail has no name for what went wrong; ours always has.
    let error = run.failure().error.filter(|error| error != UNNAMED);
    let mut output = run.output().unwrap_or_default();
    output.sort_all_objects();
    let end = format!("{} with {output} or {error:?}", run.status());
    let calls = calls.into_iter().map(|(state, (api, mut parameters))| {
        parameters.sort_all_objects();
        format!("{state}: {api} with {parameters}")
    });
    [end].into_iter().chain(calls).collect()
}

/// The error of a Fail that has none by hand.
pub(crate) const UNNAMED: &str = "Unnamed";

/// A call, the same for a function however it is called.
fn called(call: &Request) -> (String, Json) {
    let mut parameters = call.parameters.clone();
    parsed(&mut parameters);
    if let Some(token) = &call.token {
        masked(&mut parameters, token);
    }
    let Some((_, api)) = call.resource.split_once(":states:::") else {
        return ("lambda:invoke".into(), json!({ "FunctionName": last(&call.resource), "Payload": parameters }));
    };
    if api == "lambda:invoke" {
        parameters["FunctionName"] = last(parameters["FunctionName"].as_str().unwrap_or_default()).into();
        if parameters.get("Payload").is_none() {
            parameters["Payload"] = json!({});
        }
    }
    (api.trim_end_matches(":2").to_owned(), parameters)
}

/// The name of a function by its ARN.
fn last(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}

/// Many a definition has a function or a topic whose ARN is none: a placeholder, or a slip. Each gets one of that name.
fn repaired(json: &mut Json) {
    match json {
        Json::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Json::String(arn) if key == "Resource" && !arn.contains(":states:") => {
                        *arn = format!("arn:aws:lambda:us-east-1:123456789012:function:{}", last(arn));
                    }
                    Json::String(arn) if key == "TopicArn" && !arn.starts_with("arn:") => {
                        *arn = format!("arn:aws:sns:us-east-1:123456789012:{arn}");
                    }
                    other => repaired(other),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(repaired),
        _ => {}
    }
}

/// JSON text as what it says: a message may be given as either.
fn parsed(json: &mut Json) {
    match json {
        Json::String(text) if text.starts_with(['{', '[']) => {
            if let Ok(inner) = serde_json::from_str(text) {
                *json = inner;
            }
        }
        Json::Object(fields) => fields.iter_mut().for_each(|(_, value)| parsed(value)),
        Json::Array(items) => items.iter_mut().for_each(parsed),
        _ => {}
    }
}

fn masked(json: &mut Json, token: &str) {
    match json {
        Json::String(text) if text == token => "the token".clone_into(text),
        Json::Object(fields) => fields.iter_mut().for_each(|(_, value)| masked(value, token)),
        Json::Array(items) => items.iter_mut().for_each(|item| masked(item, token)),
        _ => {}
    }
}

/// A function of JSON.
pub(crate) const fn function(name: &'static str) -> lambda::Function<Json, Json> {
    lambda::Function::named(name)
}
