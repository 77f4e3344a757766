//! The context object.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html>

use crate::ir::expr::Context;

/// Where something is in it.
pub(in crate::lower) const fn context_path(context: Context) -> &'static str {
    match context {
        Context::ExecutionId => "Execution.Id",
        Context::ExecutionName => "Execution.Name",
        Context::ExecutionStart => "Execution.StartTime",
        Context::StateMachineId => "StateMachine.Id",
        Context::StateMachineName => "StateMachine.Name",
        Context::StateName => "State.Name",
        Context::StateEntered => "State.EnteredTime",
        Context::RetryCount => "State.RetryCount",
        Context::TaskToken => "Task.Token",
        Context::ScheduledTime => "Execution.Input._schedule.time",
        Context::RedriveCount => "Execution.RedriveCount",
        Context::MapIndex => "Map.Item.Index",
        Context::MapValue => "Map.Item.Value",
        Context::MapKey => "Map.Item.Key",
        Context::MapSource => "Map.Item.Source",
        Context::Whole => "",
        Context::ExecutionInput => "Execution.Input",
        Context::ExecutionRole => "Execution.RoleArn",
        Context::RedriveTime => "Execution.RedriveTime",
    }
}
