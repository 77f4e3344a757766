//! Calls of Step Functions itself: an execution that looks at, stops or answers others.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html>

use serde_json::{Value as Json, json};

use super::World;
use super::nested::pascal;
use crate::execution::Execution;
use crate::fault::Failure;
use crate::history::iso;
use crate::program::{Call, Wire};
use crate::task::{Answer, Request};

impl World {
    /// The answer to a call that is about the executions of this world, if it is one.
    pub(super) fn control(&self, call: &Call, request: &Request) -> Option<Answer> {
        let Wire::Integration { service, action, .. } = &call.wire else { return None };
        if service != "aws-sdk:sfn" {
            return None;
        }
        let text = |name: &str| request.parameters.get(name).and_then(Json::as_str);
        let failure = || Failure { error: text("Error").map(str::to_owned), cause: text("Cause").map(str::to_owned) };
        let heard = |heard: bool| match heard {
            true => Answer::returns(json!({})),
            false => refused("TaskTimedOutException", "Task Timed Out: 'Provided task does not exist anymore'"),
        };
        Some(match action.as_str() {
            "describeExecution" => match self.execution(text("ExecutionArn")?) {
                Some(execution) => Answer::returns(described(&execution)),
                None => missing(text("ExecutionArn")?),
            },
            "stopExecution" => match self.execution(text("ExecutionArn")?) {
                Some(execution) => {
                    self.stop(&execution, failure());
                    Answer::returns(json!({ "StopDate": iso(self.now()) }))
                }
                None => missing(text("ExecutionArn")?),
            },
            "listExecutions" => {
                let machine = self.machine(text("StateMachineArn")?)?;
                let status = text("StatusFilter");
                let most = request.parameters.get("MaxResults").and_then(Json::as_u64).filter(|most| *most > 0);
                let most = usize::try_from(most.unwrap_or(100)).unwrap_or(100);
                let mut found = self.executions();
                found.retain(|execution| execution.machine_arn() == machine.arn);
                found.retain(|execution| status.is_none_or(|status| execution.status().to_string() == status));
                // The latest ones come first.
                let listed: Vec<Json> = found.iter().rev().take(most).map(|execution| listed(execution)).collect();
                Answer::returns(json!({ "Executions": listed }))
            }
            "sendTaskSuccess" => {
                let output = serde_json::from_str::<Json>(text("Output")?).ok()?;
                heard(self.send_task_success(text("TaskToken")?, output))
            }
            "sendTaskFailure" => heard(self.send_task_failure(text("TaskToken")?, failure())),
            "sendTaskHeartbeat" => heard(self.send_task_heartbeat(text("TaskToken")?)),
            _ => return None,
        })
    }
}

fn refused(exception: &str, message: &str) -> Answer {
    let cause = format!("{message} (Service: Sfn, Status Code: 400, Request ID: 00000000-0000-0000-0000-000000000000)");
    Answer::fails(format!("Sfn.{exception}"), cause)
}

fn missing(arn: &str) -> Answer {
    refused("ExecutionDoesNotExistException", &format!("Execution Does Not Exist: '{arn}'"))
}

/// A description in the spelling of the SDK's integration: times are text.
pub(super) fn described(execution: &Execution) -> Json {
    let mut description = execution.describe(pascal);
    if let Some(fields) = description.as_object_mut() {
        fields.insert("StartDate".to_owned(), iso(execution.start).into());
        if let Some(stopped) = execution.stopped() {
            fields.insert("StopDate".to_owned(), iso(stopped).into());
        }
    }
    description
}

fn listed(execution: &Execution) -> Json {
    let mut fields = json!({ "ExecutionArn": execution.arn, "Name": execution.name,
        "StateMachineArn": execution.machine_arn(), "Status": execution.status().to_string(),
        "StartDate": iso(execution.start) });
    if let (Some(stopped), Some(fields)) = (execution.stopped(), fields.as_object_mut()) {
        fields.insert("StopDate".to_owned(), iso(stopped).into());
    }
    fields
}
