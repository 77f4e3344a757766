//! Workflows that start workflows.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html>

use std::rc::Rc;

use serde_json::{Value as Json, json};
use statewright::asl::Pattern;

use super::{Work, World};
use crate::execution::{Execution, Status};
use crate::fault::{Failure, Fault, Origin};
use crate::program::{Call, Wire};
use crate::scope::Payload;
use crate::task::{Answer, Request};

/// An execution for whose end another one waits. Dropping this aborts it.
pub(crate) struct Child {
    execution: Rc<Execution>,
    pattern: Pattern,
    parent: String,
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
        let input = match request.parameters.get("Input") {
            Some(Json::String(text)) => serde_json::from_str(text).ok()?,
            Some(other) => other.clone(),
            None => json!({}),
        };
        let name = request.parameters.get("Name").and_then(Json::as_str);
        let execution = self.start(&machine, input, name);
        let pattern = if action == "startSyncExecution" { Pattern::Sync2 } else { *pattern };
        if matches!(pattern, Pattern::RequestResponse | Pattern::WaitForTaskToken) {
            let started = json!({ "ExecutionArn": execution.arn, "StartDate": execution.start });
            return Some(Work::Answer(match pattern {
                Pattern::WaitForTaskToken => Answer::silent().submitted(started),
                _ => Answer::returns(started),
            }));
        }
        let parent = self.arn("execution", &format!("{}:{}", request.workflow, request.execution));
        Some(Work::Child(Child { execution, pattern, parent }))
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
        let mut description = self.execution.describe(pascal);
        if self.execution.status() != Status::Succeeded {
            let cause = description.to_string();
            return Err(Fault { failure: Failure::new("States.TaskFailed", cause), origin: Origin::Task });
        }
        if self.pattern == Pattern::Sync2
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
