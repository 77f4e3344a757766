//! AWS Step Functions: nested workflows.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html>

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;

use super::{Suffix, Task, arn, response, step};
use crate::diag::{Code, codes};
use crate::ir::expr::{Expr, Kind};
use crate::shape::{Json, Shape};
use crate::value::{Arg, Value, execution};
use crate::workflow::Workflow;

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
///
/// One that is at hand as a [`Workflow`] is taken as it is, and held against its types:
///
/// ```
/// # use statewright::prelude::*;
/// let child = Workflow::new("double", |w, number: Value<i64>| w.value(number * 2));
/// let double = states::StateMachine::<i64, i64>::of(&child);
/// Workflow::new("both", |w, number: Value<i64>| w.run("Double", double.start(number)).output);
/// ```
pub struct StateMachine<Req, Res> {
    name: &'static str,
    /// The input and the output of the workflow that it is, by the names of their types.
    of: Option<(&'static str, &'static str)>,
    shapes: PhantomData<fn(Req) -> Res>,
}

impl<Req, Res> StateMachine<Req, Res> {
    /// The state machine of that name in the workflow's own account and region, or of that ARN.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self { name, of: None, shapes: PhantomData }
    }

    /// The state machine of that workflow. That the types are those of the workflow is checked where it is started; `Json` goes
    /// with any.
    #[must_use]
    pub fn of(workflow: &Workflow) -> Self {
        Self { name: workflow.name().to_owned().leak(), of: Some(workflow.shapes()), shapes: PhantomData }
    }
}

impl<Req: Shape, Res: Shape> StateMachine<Req, Res> {
    /// What is wrong with its types.
    fn problem(&self) -> Option<(Code, String, String)> {
        let (input, output) = self.of?;
        let checks = [("takes", input, type_name::<Req>()), ("gives", output, type_name::<Value<Res>>())];
        let any = [type_name::<Json>(), type_name::<Value<Json>>()];
        // Who gives nothing gives an empty object.
        let same = |is: &str, said: &str| is == said || any.contains(&said) || any.contains(&is);
        let nothing = |is: &str, said: &str| is == type_name::<()>() && said == type_name::<Value<()>>();
        let (verb, is, said) = checks.into_iter().find(|(_, is, said)| !same(is, said) && !nothing(is, said))?;
        let bare = |name: &str| {
            name.strip_prefix("statewright::value::Value<").map_or(name, |n| n.trim_end_matches('>')).to_owned()
        };
        let message =
            format!("starts `{}`, which {verb} `{}`, as one that {verb} `{}`", self.name, bare(is), bare(said));
        Some((codes::CHILD_SHAPE, message, "name the types of that workflow, or `Json`".to_owned()))
    }

    /// An execution with this input. The console shows which execution started it.
    pub fn start(&self, input: impl Arg<Req>) -> StartExecution<Res> {
        let mut task = Task::new("states:startExecution", Suffix::Sync2);
        task.problem = self.problem();
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
    fn a_workflow_at_hand_is_started_with_its_own_types() {
        fn codes<Req: Shape, Res: Shape>(child: &Workflow, input: impl Arg<Req>) -> Vec<&'static str> {
            let machine = StateMachine::<Req, Res>::of(child);
            let parent = Workflow::new("parent", |w, _: Value<()>| {
                w.run("Start", machine.start(input));
            });
            parent.compile("app").diagnostics.iter().map(|problem| problem.code.id).collect()
        }
        let child = Workflow::new("child", |w, text: Value<String>| w.value(text.len()));
        assert_eq!(codes::<String, i64>(&child, "x"), [""; 0]);
        assert_eq!(codes::<Json, Json>(&child, Json::from("x")), [""; 0]);
        assert_eq!(codes::<i64, i64>(&child, 1), ["SW0227"]);
        assert_eq!(codes::<String, String>(&child, "x"), ["SW0227"]);
        let nothing = Workflow::new("nothing", |_, _: Value<String>| ());
        assert_eq!(codes::<String, ()>(&nothing, "x"), [""; 0]);
        assert_eq!(ran(StateMachine::<String, i64>::of(&child).start("x")).rights().len(), 3);
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
