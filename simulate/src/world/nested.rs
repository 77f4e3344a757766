//! Workflows that start workflows.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html>

use std::rc::Rc;

use serde_json::{Value as Json, json};
use statewright::asl::Pattern;

use super::control::described;
use super::{Work, World};
use crate::execution::{Execution, Status};
use crate::fault::{Failure, Fault, Origin};
use crate::history::iso;
use crate::program::{Call, Wire};
use crate::scope::Payload;
use crate::task::{Answer, Request};

/// An execution for whose end another one waits. Dropping this aborts it.
pub(crate) struct Child {
    execution: Rc<Execution>,
    waits: Waits,
    parent: String,
}

/// For what a parent waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waits {
    /// `.sync`: success, with input and output as JSON text.
    Text,
    /// `.sync:2`: success, with input and output as JSON.
    Json,
    /// `startSyncExecution`: whatever the end.
    AnyEnd,
}

impl World {
    /// Starts what a Task wants to be started, if it is one of the workflows here.
    pub(super) fn nested(&self, call: &Call, request: &Request) -> Option<Work> {
        let Wire::Integration { service, action, pattern } = &call.wire else { return None };
        let sdk = service == "aws-sdk:sfn";
        if !(sdk || service == "states") || !matches!(action.as_str(), "startExecution" | "startSyncExecution") {
            return None;
        }
        let arn = request.parameters.get("StateMachineArn")?.as_str()?;
        let machine = self.machine(arn)?;
        let refused = |name: &str, message: String| {
            let cause = format!("{message} (Service: AWSStepFunctions; Status Code: 400; Error Code: {name})");
            let prefix = if sdk { "Sfn" } else { "StepFunctions" };
            Some(Work::Answer(Answer::fails(format!("{prefix}.{name}Exception"), cause)))
        };
        let input: Payload = match request.parameters.get("Input") {
            Some(Json::String(text)) => match Payload::from_text(text) {
                Ok(input) => input,
                Err(error) => {
                    return refused(
                        "InvalidExecutionInput",
                        format!("Invalid State Machine Execution Input: '{error}'"),
                    );
                }
            },
            Some(other) => other.clone().into(),
            None => json!({}).into(),
        };
        let sync = action == "startSyncExecution";
        if sync && !machine.express {
            let message = "This operation is not supported by this type of state machine".to_owned();
            return refused("StateMachineTypeNotSupported", message);
        }
        let name = request.parameters.get("Name").and_then(Json::as_str);
        let execution = match name.map_or(Ok(None), |name| self.named(&machine, name, &input)) {
            Ok(Some(known)) => known,
            Ok(None) => self.start(&machine, input, name),
            Err(message) => return refused("ExecutionAlreadyExists", message),
        };
        let waits = match (sync, *pattern) {
            (true, _) => Waits::AnyEnd,
            (false, Pattern::Sync) => Waits::Text,
            (false, Pattern::Sync2) => Waits::Json,
            (false, pattern) => {
                let date = if sdk { iso(execution.start).into() } else { Json::from(execution.start) };
                let started = json!({ "ExecutionArn": execution.arn, "StartDate": date });
                return Some(Work::Answer(match pattern {
                    Pattern::WaitForTaskToken => Answer::silent().submitted(started),
                    _ => Answer::returns(started),
                }));
            }
        };
        let parent = self.arn("execution", &format!("{}:{}", request.workflow, request.execution));
        Some(Work::Child(Child { execution, waits, parent }))
    }
}

/// The names of fields as Step Functions spells them in results.
pub(super) fn pascal(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| first.to_ascii_uppercase().to_string() + characters.as_str()).unwrap_or_default()
}

impl Child {
    pub(crate) fn submitted(&self) -> Json {
        json!({ "ExecutionArn": self.execution.arn, "StartDate": self.execution.start })
    }

    /// What the parent gets when it has ended.
    pub(crate) async fn ended(&self) -> Result<Payload, Fault> {
        self.execution.done.wait().await;
        if self.waits == Waits::AnyEnd {
            let mut description = described(&self.execution);
            if let Some(fields) = description.as_object_mut() {
                fields.retain(|name, _| !name.starts_with("Redrive"));
            }
            return Ok(description.into());
        }
        let mut description = self.execution.describe(pascal);
        if let Some(fields) = description.as_object_mut() {
            fields.insert("StartDate".to_owned(), self.execution.start.into());
            fields.insert("StopDate".to_owned(), self.execution.stopped().into());
        }
        if self.execution.status() != Status::Succeeded {
            let cause = description.to_string();
            return Err(Fault { failure: Failure::new("States.TaskFailed", cause), origin: Origin::Task });
        }
        if self.waits == Waits::Json
            && let Some(fields) = description.as_object_mut()
        {
            fields.insert("Input".to_owned(), (*self.execution.input).clone());
            fields.insert("Output".to_owned(), self.execution.output().map_or(Json::Null, Payload::into_json));
        }
        Ok(description.into())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let cause = format!(
            "The Task state in AWS Step Functions execution [{}] which was managing this resource was aborted",
            self.parent
        );
        self.execution.stop(Status::Aborted, Failure { error: None, cause: Some(cause) });
    }
}
