//! AWS Step Functions: nested workflows.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html>

use std::fmt;
use std::marker::PhantomData;

use super::{Suffix, Task, arn, response, step};
use crate::ir::expr::{Expr, Kind};
use crate::shape::Shape;
use crate::value::{Arg, Value, execution};

/// Another workflow, with the shapes of its input and of its output.
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Shop { id: String }
///
/// const FEED: states::StateMachine<Shop, String> = states::StateMachine::named("shop-feed");
///
/// Workflow::new("feeds", |w, input: Value<Vec<Shop>>| {
///     w.map("EachShop", input).each(|w, shop| w.run("ShopFeed", FEED.start(shop)).output)
/// });
/// ```
pub struct StateMachine<Req, Res> {
    name: &'static str,
    shapes: PhantomData<fn(Req) -> Res>,
}

impl<Req, Res> StateMachine<Req, Res> {
    /// The state machine of that name in the workflow's own account and region, or of that ARN.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self { name, shapes: PhantomData }
    }
}

impl<Req: Shape, Res: Shape> StateMachine<Req, Res> {
    /// An execution with this input. The console shows which execution started it.
    pub fn start(&self, input: impl Arg<Req>) -> StartExecution<Res> {
        let mut task = Task::new("states:startExecution", Suffix::Sync2);
        task.set("StateMachineArn", Expr::literal(arn("states", "stateMachine:", self.name)));
        let input = input.into_value().expr();
        let starter = ("AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID".to_owned(), execution::id().expr());
        // The parent's id goes with an input that is known to be an object; another stays as it is.
        task.set(
            "Input",
            match input.kind() {
                Kind::Object(fields) => Expr::object(fields.iter().cloned().chain([starter]).collect()),
                _ => input,
            },
        );
        StartExecution { task, pattern: PhantomData }
    }
}

impl<Req, Res> Clone for StateMachine<Req, Res> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Req, Res> Copy for StateMachine<Req, Res> {}

impl<Req, Res> fmt::Debug for StateMachine<Req, Res> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateMachine").field("name", &self.name).finish()
    }
}

step! {
    /// Starts an execution and waits for its end: `states:startExecution.sync:2`. It fails with `States.TaskFailed`
    /// unless the execution succeeds; stopping the execution stops the nested one.
    StartExecution<Res> = "states:startExecution", RunJob {
        RunJob(Sync2) -> Execution<Res>;
        RequestResponse -> Started;
        Callback;
    }
}

impl<Res, P> StartExecution<Res, P> {
    /// The execution's name: a second start with the same name and input does nothing, for 90 days.
    pub fn execution_name(mut self, name: impl Arg<String>) -> Self {
        self.task.set("Name", name.into_value().expr());
        self
    }
}

/// An execution that has succeeded.
pub struct Execution<Res>(PhantomData<fn() -> Res>);

/// The fields of [`Execution`].
#[derive(Debug)]
pub struct ExecutionFields<Res: Shape> {
    /// The execution's ARN.
    pub execution_arn: Value<String>,
    /// The execution's name.
    pub name: Value<String>,
    /// What it gave.
    pub output: Value<Res>,
}

impl<Res: Shape> Shape for Execution<Res> {
    type Fields = ExecutionFields<Res>;

    fn fields(of: &Expr) -> ExecutionFields<Res> {
        ExecutionFields {
            execution_arn: Value::of(of.field("ExecutionArn")),
            name: Value::of(of.field("Name")),
            output: Value::of(of.field("Output")),
        }
    }
}

response! {
    /// An execution that has just been started.
    Started => StartedFields {
        /// The execution's ARN.
        execution_arn: String = "ExecutionArn",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::ran;
    use crate::value::task;

    const CHILD: StateMachine<String, i64> = StateMachine::named("child");

    #[test]
    fn an_execution_is_waited_for_and_stopped_with_its_parent() {
        let found = ran(CHILD.start("x").execution_name("n"));
        assert_eq!(found.resource, "states:startExecution.sync:2");
        let machine = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:child";
        assert_eq!(found.arguments, json!({ "StateMachineArn": machine, "Input": "x", "Name": "n" }));
        let rule = "events:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule";
        assert_eq!(
            found.rights(),
            [
                ("events:DescribeRule events:PutRule events:PutTargets", rule),
                ("states:DescribeExecution states:StopExecution", "states:execution:child:*"),
                ("states:StartExecution", "states:stateMachine:child"),
            ]
        );
    }

    #[test]
    fn what_is_not_waited_for_needs_no_more_than_to_be_started() {
        let start = [("states:StartExecution", "states:stateMachine:child")];
        let found = ran(CHILD.start("x").request_response());
        assert_eq!((found.resource.as_str(), found.rights()), ("states:startExecution", start.to_vec()));
        let found = ran(CHILD.start(task::token()).wait_for_task_token::<bool>());
        assert_eq!(
            (found.resource.as_str(), found.rights()),
            ("states:startExecution.waitForTaskToken", start.to_vec())
        );
    }
}
