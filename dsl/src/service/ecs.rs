//! Amazon ECS. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html>

use super::{Suffix, Task, response, step};
use crate::ir::expr::{Expr, Kind};
use crate::shape::Json;
use crate::value::Arg;

/// A task definition, with the roles that ECS passes on to its containers.
///
/// The roles stand in the task definition, which the compiler can't see; the execution role must be allowed to pass
/// exactly them.
///
/// ```
/// use statewright::prelude::*;
///
/// const EXPORT: ecs::TaskDefinition =
///     ecs::TaskDefinition::family("catalogue-export").roles(&["catalogue-export-task", "ecs-execution"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskDefinition {
    name: &'static str,
    roles: Option<&'static [&'static str]>,
}

impl TaskDefinition {
    /// The family of that name (its newest active revision), or `family:revision`, or an ARN.
    #[must_use]
    pub const fn family(name: &'static str) -> Self {
        Self { name, roles: None }
    }

    /// The names or ARNs of its task role and its task execution role.
    #[must_use]
    pub const fn roles(mut self, roles: &'static [&'static str]) -> Self {
        self.roles = Some(roles);
        self
    }

    /// It has no roles.
    #[must_use]
    pub const fn no_roles(mut self) -> Self {
        self.roles = Some(&[]);
        self
    }
}

step! {
    /// Runs a task and waits until it has stopped: `ecs:runTask.sync`. A container that exits with something else
    /// than 0 fails the state; stopping the execution stops the task.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// const EXPORT: ecs::TaskDefinition = ecs::TaskDefinition::family("export").roles(&["export-task", "ecs-execution"]);
    ///
    /// Workflow::new("export", |w, _: Value<()>| {
    ///     let date = w.set("BusinessDate", execution::start().minus_hours(5).date_in("+0900"));
    ///     let export = ecs::RunTask::new("batch", EXPORT)
    ///         .fargate(["subnet-0a1b2c3d"], ["sg-0a1b2c3d"])
    ///         .container("app", |c| c.args(["export", "--date"]).arg(date).environment("LOG_LEVEL", "info"));
    ///     w.run("Export", export).task_arn
    /// });
    /// ```
    RunTask = "ecs:runTask", RunJob {
        RunJob(Sync) -> StoppedTask;
        RequestResponse -> Started;
        Callback;
    }
}

response! {
    /// A task that has stopped.
    StoppedTask => StoppedTaskFields {
        /// The task's ARN.
        task_arn: String = "TaskArn",
        /// The ARN of the task definition's revision.
        task_definition_arn: String = "TaskDefinitionArn",
        /// `STOPPED`.
        last_status: String = "LastStatus",
        /// Why it stopped.
        stopped_reason: Option<String> = "StoppedReason",
        /// Its containers, each with `Name` and `ExitCode`.
        containers: Vec<Json> = "Containers",
    }
}

response! {
    /// What ECS answers at once: failures don't fail the state in this pattern.
    Started => StartedFields {
        /// The tasks.
        tasks: Vec<Json> = "Tasks",
        /// What could not be started, and why.
        failures: Vec<Json> = "Failures",
    }
}

impl RunTask {
    /// A task on the cluster of that name or ARN.
    pub fn new(cluster: impl Arg<String>, definition: TaskDefinition) -> Self {
        let mut task = Task::new("ecs:runTask", Suffix::Sync);
        task.set("Cluster", cluster.into_value().expr());
        task.set("TaskDefinition", Expr::literal(definition.name));
        task.access.passed_roles = definition.roles.map(|roles| roles.iter().map(|r| (*r).to_owned()).collect());
        Self { task, pattern: std::marker::PhantomData }
    }
}

impl<P> RunTask<P> {
    /// On Fargate, in these subnets and security groups, without a public address.
    pub fn fargate<A: Arg<String>, B: Arg<String>>(
        mut self,
        subnets: impl IntoIterator<Item = A>,
        security_groups: impl IntoIterator<Item = B>,
    ) -> Self {
        self.task.set("LaunchType", Expr::literal("FARGATE"));
        self.network(subnets, security_groups, "DISABLED")
    }

    /// On Fargate, in these subnets and security groups, with a public address.
    pub fn fargate_public<A: Arg<String>, B: Arg<String>>(
        mut self,
        subnets: impl IntoIterator<Item = A>,
        security_groups: impl IntoIterator<Item = B>,
    ) -> Self {
        self.task.set("LaunchType", Expr::literal("FARGATE"));
        self.network(subnets, security_groups, "ENABLED")
    }

    /// On the cluster's own instances.
    pub fn ec2(mut self) -> Self {
        self.task.set("LaunchType", Expr::literal("EC2"));
        self
    }

    /// What one container of the task does otherwise than its definition says. May be called for each container.
    pub fn container(mut self, name: &str, describe: impl FnOnce(Container) -> Container) -> Self {
        let container = describe(Container::new(name));
        let mut list = match self.task.get("Overrides").map(|o| o.field("ContainerOverrides")) {
            Some(list) => match list.kind() {
                Kind::Array(items) => items.clone(),
                _ => Vec::new(),
            },
            None => Vec::new(),
        };
        list.push(container.build());
        self.task.insert("Overrides", "ContainerOverrides", Kind::Array(list).into());
        self
    }

    /// Copies the task definition's tags to the task.
    pub fn propagate_tags(mut self) -> Self {
        self.task.set("PropagateTags", Expr::literal("TASK_DEFINITION"));
        self
    }

    /// A tag of the task.
    pub fn tag(mut self, key: &str, value: impl Arg<String>) -> Self {
        let pair = vec![("Key".to_owned(), Expr::literal(key)), ("Value".to_owned(), value.into_value().expr())];
        self.task.push("Tags", Expr::object(pair));
        self
    }

    fn network<A: Arg<String>, B: Arg<String>>(
        mut self,
        subnets: impl IntoIterator<Item = A>,
        security_groups: impl IntoIterator<Item = B>,
        public_ip: &str,
    ) -> Self {
        let subnets = subnets.into_iter().map(|s| s.into_value().expr()).collect();
        let groups = security_groups.into_iter().map(|g| g.into_value().expr()).collect();
        let vpc = vec![
            ("Subnets".to_owned(), Kind::Array(subnets).into()),
            ("SecurityGroups".to_owned(), Kind::Array(groups).into()),
            ("AssignPublicIp".to_owned(), Expr::literal(public_ip)),
        ];
        self.task.insert("NetworkConfiguration", "AwsvpcConfiguration", Expr::object(vpc));
        self
    }
}

/// What one container does otherwise than its definition says.
#[derive(Clone, Debug)]
#[must_use = "return it from the closure"]
pub struct Container {
    name: String,
    command: Vec<Expr>,
    environment: Vec<Expr>,
    limits: Vec<(String, Expr)>,
}

impl Container {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), command: Vec::new(), environment: Vec::new(), limits: Vec::new() }
    }

    /// One more word of the command, which takes the place of the definition's.
    pub fn arg(mut self, word: impl Arg<String>) -> Self {
        self.command.push(word.into_value().expr());
        self
    }

    /// More words of the command.
    pub fn args<A: Arg<String>>(mut self, words: impl IntoIterator<Item = A>) -> Self {
        self.command.extend(words.into_iter().map(|word| word.into_value().expr()));
        self
    }

    /// An environment variable.
    pub fn environment(mut self, name: &str, value: impl Arg<String>) -> Self {
        let pair = vec![("Name".to_owned(), Expr::literal(name)), ("Value".to_owned(), value.into_value().expr())];
        self.environment.push(Expr::object(pair));
        self
    }

    /// CPU units, of which 1,024 are a virtual CPU.
    pub fn cpu(mut self, units: impl Arg<i64>) -> Self {
        self.limits.push(("Cpu".to_owned(), units.into_value().expr()));
        self
    }

    /// The hard limit of memory, in MiB.
    pub fn memory(mut self, mib: impl Arg<i64>) -> Self {
        self.limits.push(("Memory".to_owned(), mib.into_value().expr()));
        self
    }

    fn build(self) -> Expr {
        let mut fields = vec![("Name".to_owned(), Expr::literal(self.name))];
        for (name, list) in [("Command", self.command), ("Environment", self.environment)] {
            if !list.is_empty() {
                fields.push((name.to_owned(), Kind::Array(list).into()));
            }
        }
        fields.extend(self.limits);
        Expr::object(fields)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::ran;
    use crate::value::task;

    const EXPORT: TaskDefinition = TaskDefinition::family("export").roles(&["export-task", "ecs-execution"]);

    #[test]
    fn a_task_is_run_to_its_end() {
        let step = RunTask::new("batch", EXPORT)
            .fargate(["subnet-1"], ["sg-1"])
            .container("app", |c| c.args(["export", "--all"]).environment("LEVEL", "info").cpu(256).memory(512))
            .container("sidecar", |c| c.arg("quiet"))
            .tag("team", "shop");
        let found = ran(step);
        assert_eq!(found.resource, "ecs:runTask.sync");
        let vpc = json!({ "Subnets": ["subnet-1"], "SecurityGroups": ["sg-1"], "AssignPublicIp": "DISABLED" });
        let app = json!({
            "Name": "app", "Command": ["export", "--all"], "Environment": [{ "Name": "LEVEL", "Value": "info" }],
            "Cpu": 256, "Memory": 512,
        });
        let expected = json!({
            "Cluster": "batch",
            "TaskDefinition": "export",
            "LaunchType": "FARGATE",
            "NetworkConfiguration": { "AwsvpcConfiguration": vpc },
            "Overrides": { "ContainerOverrides": [app, { "Name": "sidecar", "Command": ["quiet"] }] },
            "Tags": [{ "Key": "team", "Value": "shop" }],
        });
        assert_eq!(found.arguments, expected);
        let rule = "events:rule/StepFunctionsGetEventsForECSTaskRule";
        assert_eq!(
            found.rights(),
            [
                ("iam:PassRole", "iam::${AWS::AccountId}:role/ecs-execution iam::${AWS::AccountId}:role/export-task"),
                ("ecs:RunTask", "ecs:task-definition/export:*"),
                ("ecs:TagResource", "ecs:task/batch/*"),
                ("ecs:DescribeTasks ecs:StopTask", "ecs:task/batch/*"),
                ("events:DescribeRule events:PutRule events:PutTargets", rule),
            ]
        );
    }

    #[test]
    fn what_is_not_waited_for_needs_no_more_than_to_be_run() {
        let definition = TaskDefinition::family("export:7").no_roles();
        let run = [("ecs:RunTask", "ecs:task-definition/export:7")];
        let found = ran(RunTask::new("batch", definition).request_response());
        assert_eq!((found.resource.as_str(), found.rights()), ("ecs:runTask", run.to_vec()));
        let step = RunTask::new("batch", definition).container("app", |c| c.environment("TOKEN", task::token()));
        let found = ran(step.wait_for_task_token::<String>());
        assert_eq!((found.resource.as_str(), found.rights()), ("ecs:runTask.waitForTaskToken", run.to_vec()));
    }
}
