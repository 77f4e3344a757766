//! What each integration needs. Action and resource names are those of the service authorization reference.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use std::borrow::Cow;

use serde_json::{Value as Json, json};

use super::Need;
use super::argument::{Argument, Arguments};
use crate::asl::{Map, Pattern};
use crate::bundle::{ACCOUNT_ID, PARTITION, REGION};
use crate::diag::{Diagnostic, Diagnostics, Place, codes};
use crate::service::{Access, arn};

/// The call of one Task.
pub(super) struct Call<'a> {
    pub access: &'a Access,
    pub state: &'a str,
    pub place: Place,
    pub diagnostics: &'a mut Diagnostics,
    pub needs: &'a mut Vec<Need>,
}

impl Call<'_> {
    /// Adds what an optimized integration needs; false if it is not known.
    pub(super) fn optimized(&mut self, service: &str, api: &str, pattern: Pattern, arguments: &Arguments<'_>) -> bool {
        let job = matches!(pattern, Pattern::Sync | Pattern::Sync2);
        match (service, api) {
            ("lambda", "invoke") => self.lambda(arguments),
            ("ecs", "runTask") => self.ecs(arguments, job),
            ("batch", "submitJob") => self.batch(arguments, job),
            ("glue", "startJobRun") => self.glue(arguments, job),
            ("sns", "publish") => self.sns(arguments),
            ("sqs", "sendMessage") => self.sqs(arguments),
            ("states", "startExecution") => self.states(arguments, job),
            ("dynamodb", "getItem") => self.dynamodb("DynamoDbGetItem", "dynamodb:GetItem", arguments),
            ("dynamodb", "putItem") => self.dynamodb("DynamoDbPutItem", "dynamodb:PutItem", arguments),
            ("dynamodb", "updateItem") => self.dynamodb("DynamoDbUpdateItem", "dynamodb:UpdateItem", arguments),
            ("dynamodb", "deleteItem") => self.dynamodb("DynamoDbDeleteItem", "dynamodb:DeleteItem", arguments),
            _ => return false,
        }
        true
    }

    pub(super) fn need(
        &mut self,
        sid: &'static str,
        actions: &[&'static str],
        resources: Vec<String>,
        condition: Option<Json>,
    ) {
        let mut reason = format!("`{}`", self.state);
        if let Some(why) = self.access.any_because.as_ref().filter(|_| resources.iter().any(|r| r.ends_with('*'))) {
            reason = format!("{reason}, any resource: {why}");
        }
        let actions = actions.iter().map(|action| Cow::from(*action)).collect();
        self.needs.push(Need { sid, actions, resources, condition, reason });
    }

    /// Adds what the author said of a call that is not known; false if nothing was said.
    pub(super) fn said(&mut self) -> bool {
        let actions: Vec<_> = self.access.actions.iter().map(|action| Cow::from(action.clone())).collect();
        if actions.is_empty() {
            return false;
        }
        let resources = self.named("resource", &Argument::Computed, |any| vec![any.to_owned()]);
        self.need("SdkCall", &[], resources, None);
        if let Some(need) = self.needs.last_mut() {
            need.actions = actions;
        }
        true
    }

    /// Says that the rights of a call are not known.
    pub(super) fn unknown(&mut self, resource: &str) {
        let message = format!("`{}` calls `{resource}`, whose rights are not known", self.state);
        self.diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_INTEGRATION, message, self.place.clone())
                .help(
                "say which ones: `sdk::Call::new(…).actions([\"s3:GetObject\"])`, or bring a role that allows it: `.role_arn(\"…\")`",
            ),
        );
    }

    /// The resources that an argument names: `arns` makes ARNs of a name, which may end in `*`.
    pub(super) fn named(
        &mut self,
        argument: &str,
        value: &Argument<'_>,
        arns: impl Fn(&str) -> Vec<String>,
    ) -> Vec<String> {
        match value {
            Argument::Text(text) => arns(text),
            _ if !self.access.resources.is_empty() => self.access.resources.clone(),
            Argument::Prefix(prefix) => arns(&format!("{prefix}*")),
            Argument::Computed | Argument::Absent | Argument::Other(_) => {
                if self.access.any_because.is_none() {
                    let message = format!(
                        "`{}` computes its `{argument}`, so its role may use every resource of that kind",
                        self.state
                    );
                    self.diagnostics.push(Diagnostic::warning(codes::ANY_RESOURCE, message, self.place.clone()).help(
                        "say which ones with `.allow([\"arn:…\"])`, or why any is right with `.allow_any(\"…\")`",
                    ));
                }
                arns("*")
            }
        }
    }

    /// The rule of EventBridge through which Step Functions learns that a job has ended.
    fn managed_rule(&mut self, name: &str) {
        let rule = arn("events", "rule/", name);
        self.need("ManagedRule", &["events:DescribeRule", "events:PutRule", "events:PutTargets"], vec![rule], None);
    }

    fn lambda(&mut self, arguments: &Arguments<'_>) {
        let qualifier = match arguments.get("Qualifier") {
            Argument::Text(qualifier) => qualifier.to_owned(),
            _ => "*".to_owned(),
        };
        let functions = self.named("FunctionName", &arguments.get("FunctionName"), |name| {
            let function = arn("lambda", "function:", name);
            let qualified = function.rsplit_once(":function:").is_some_and(|(_, name)| name.contains(':'));
            if qualified || function.ends_with('*') {
                vec![function]
            } else {
                vec![format!("{function}:{qualifier}"), function]
            }
        });
        self.need("LambdaInvoke", &["lambda:InvokeFunction"], functions, None);
    }

    fn ecs(&mut self, arguments: &Arguments<'_>, job: bool) {
        let cluster = match arguments.get("Cluster") {
            Argument::Absent => Argument::Text("default"),
            given => given,
        };
        let definitions = match arguments.get("TaskDefinition") {
            Argument::Text(name) => task_definitions(name),
            computed => self.named("TaskDefinition", &computed, task_definitions),
        };
        let (clusters, names) = match &cluster {
            Argument::Text(name) => (vec![arn("ecs", "cluster/", name)], vec![(*name).to_owned()]),
            computed => {
                let clusters = self.named("Cluster", computed, |name| vec![arn("ecs", "cluster/", name)]);
                let clusters: Vec<String> = clusters.into_iter().filter(|arn| arn.contains(":cluster/")).collect();
                let names = clusters.clone();
                (clusters, names)
            }
        };
        let operator = if clusters.iter().any(|arn| arn.contains('*')) { "ArnLike" } else { "ArnEquals" };
        let condition = match clusters.as_slice() {
            [] => None,
            [one] => Some(json!({ operator: { "ecs:cluster": one } })),
            several => Some(json!({ operator: { "ecs:cluster": several } })),
        };
        self.need("EcsRunTask", &["ecs:RunTask"], definitions, condition.clone());

        let tasks: Vec<String> = match names.as_slice() {
            [] => vec![arn("ecs", "", "task/*")],
            names => names
                .iter()
                .map(|name| arn("ecs", "", &format!("task/{}/*", name.rsplit('/').next().unwrap_or(name))))
                .collect(),
        };
        if ["Tags", "PropagateTags", "EnableECSManagedTags"].iter().any(|n| arguments.get(n) != Argument::Absent) {
            let condition = json!({ "StringEquals": { "ecs:CreateAction": "RunTask" } });
            self.need("EcsTagTask", &["ecs:TagResource"], tasks.clone(), Some(condition));
        }
        match &self.access.passed_roles {
            Some(roles) if roles.is_empty() => {}
            Some(roles) => {
                let roles = roles.iter().map(|role| role_arn(role)).collect();
                let condition = json!({ "StringEquals": { "iam:PassedToService": "ecs-tasks.amazonaws.com" } });
                self.need("EcsPassRole", &["iam:PassRole"], roles, Some(condition));
            }
            None => self.diagnostics.push(
                Diagnostic::error(
                    codes::UNKNOWN_PASSED_ROLES,
                    format!("`{}` runs a task whose roles are not known, so its role can't be allowed to pass them", self.state),
                    self.place.clone(),
                )
                .help("name them: `TaskDefinition::family(\"…\").roles(&[\"task-role\", \"execution-role\"])`, or `.no_roles()`"),
            ),
        }
        if job {
            self.need("EcsTasks", &["ecs:DescribeTasks", "ecs:StopTask"], tasks, condition);
            self.managed_rule("StepFunctionsGetEventsForECSTaskRule");
        }
    }

    fn batch(&mut self, arguments: &Arguments<'_>, job: bool) {
        let mut resources =
            self.named("JobQueue", &arguments.get("JobQueue"), |name| vec![arn("batch", "job-queue/", name)]);
        resources.extend(self.named("JobDefinition", &arguments.get("JobDefinition"), |name| {
            let definition = arn("batch", "job-definition/", name);
            let revision = definition.rsplit_once('/').is_some_and(|(_, name)| name.contains(':'));
            // Without a revision, it is the newest one that is used.
            if revision || definition.ends_with('*') {
                vec![definition]
            } else {
                vec![format!("{definition}:*"), definition]
            }
        }));
        let jobs = arn("batch", "job/", "*");
        resources.push(jobs.clone());
        self.need("BatchSubmitJob", &["batch:SubmitJob"], resources, None);
        if arguments.get("Tags") != Argument::Absent {
            self.need("BatchTagJob", &["batch:TagResource"], vec![jobs.clone()], None);
        }
        if job {
            self.need("BatchDescribeJobs", &["batch:DescribeJobs"], vec!["*".to_owned()], None);
            self.need("BatchTerminateJob", &["batch:TerminateJob"], vec![jobs], None);
            self.managed_rule("StepFunctionsGetEventsForBatchJobsRule");
        }
    }

    fn glue(&mut self, arguments: &Arguments<'_>, job: bool) {
        let jobs = self.named("JobName", &arguments.get("JobName"), |name| vec![arn("glue", "job/", name)]);
        self.need("GlueStartJobRun", &["glue:StartJobRun"], jobs.clone(), None);
        if job {
            self.need("GlueJobRuns", &["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns"], jobs, None);
        }
    }

    fn sns(&mut self, arguments: &Arguments<'_>) {
        let topic = match arguments.get("TopicArn") {
            Argument::Absent => arguments.get("TargetArn"),
            topic => topic,
        };
        let topics = self.named("TopicArn", &topic, |topic| vec![whole_arn(topic, "sns", "")]);
        self.need("SnsPublish", &["sns:Publish"], topics, None);
    }

    fn sqs(&mut self, arguments: &Arguments<'_>) {
        // Of a URL, the account and the queue are at the end: without the whole beginning nothing is known.
        let url = match arguments.get("QueueUrl") {
            Argument::Prefix(prefix) if prefix.split('/').nth(4).is_none_or(str::is_empty) => Argument::Computed,
            url => url,
        };
        let queues = self.named("QueueUrl", &url, |url| vec![queue_arn(url)]);
        self.need("SqsSendMessage", &["sqs:SendMessage"], queues, None);
    }

    fn states(&mut self, arguments: &Arguments<'_>, job: bool) {
        let machines = self.named("StateMachineArn", &arguments.get("StateMachineArn"), |machine| {
            vec![whole_arn(machine, "states", "stateMachine:")]
        });
        if job {
            let executions = machines.iter().map(|machine| executions(machine)).collect();
            self.need("StatesExecutions", &["states:DescribeExecution", "states:StopExecution"], executions, None);
            self.managed_rule("StepFunctionsGetEventsForStepFunctionsExecutionRule");
        }
        self.need("StatesStartExecution", &["states:StartExecution"], machines, None);
    }

    /// A Map whose items are executions of the same state machine, and what it reads and writes.
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html>
    pub(super) fn distributed(&mut self, workflow: &str, map: &Map) {
        let machine = arn("states", "stateMachine:", workflow);
        self.need("MapStartExecution", &["states:StartExecution"], vec![machine], None);
        // AWS's example names the executions of the workflow; the ARN of a child has the label behind the name.
        let own = arn("states", "execution:", &format!("{workflow}:*"));
        let children = arn("states", "execution:", &format!("{workflow}/*"));
        let actions = ["states:DescribeExecution", "states:StopExecution"];
        self.need("MapExecutions", &actions, vec![children.clone(), own], None);
        self.need("MapRedrive", &["states:RedriveExecution"], vec![children], None);
        if let Some(reader) = &map.item_reader {
            let arguments = Arguments::either(reader.arguments.as_ref(), reader.parameters.as_ref());
            let lists = reader.resource.as_deref().is_some_and(|resource| resource.contains("listObjects"));
            let bucket = self.named("Bucket", &arguments.get("Bucket"), |name| vec![bucket_arn(name)]);
            let config = reader.reader_config.as_ref();
            if lists {
                self.need("MapListObjects", &["s3:ListBucket"], bucket.clone(), None);
                if config.is_some_and(|config| config.transformation.as_deref() == Some("LOAD_AND_FLATTEN")) {
                    let objects = self.objects(&bucket, &beginning(arguments.get("Prefix")));
                    self.need("MapReadItems", &["s3:GetObject"], objects, None);
                }
            } else {
                let objects = self.objects(&bucket, &arguments.get("Key"));
                self.need("MapReadItems", &["s3:GetObject"], objects, None);
            }
            if config.is_some_and(|c| c.manifest_type.is_some() || c.input_type.as_deref() == Some("MANIFEST")) {
                // Only the manifest itself knows its files.
                let files = self.named("files", &Argument::Computed, |_| vec![bucket_arn("*")]);
                self.need("MapReadFiles", &["s3:GetObject"], files, None);
            }
        }
        if let Some(writer) = map.result_writer.as_ref().filter(|writer| writer.resource.is_some()) {
            let arguments = Arguments::either(writer.arguments.as_ref(), writer.parameters.as_ref());
            let bucket = self.named("Bucket", &arguments.get("Bucket"), |name| vec![bucket_arn(name)]);
            let objects = self.objects(&bucket, &beginning(arguments.get("Prefix")));
            let actions = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"];
            self.need("MapWriteResults", &actions, objects, None);
        }
    }

    /// The objects of buckets, as far as their keys are known.
    fn objects(&self, buckets: &[String], key: &Argument<'_>) -> Vec<String> {
        let key = match key {
            Argument::Text(key) => (*key).to_owned(),
            Argument::Prefix(prefix) => format!("{prefix}*"),
            Argument::Computed | Argument::Absent | Argument::Other(_) => "*".to_owned(),
        };
        buckets
            .iter()
            .map(|bucket| if bucket.ends_with('*') { bucket.clone() } else { format!("{bucket}/{key}") })
            .collect()
    }

    fn dynamodb(&mut self, sid: &'static str, action: &'static str, arguments: &Arguments<'_>) {
        let tables = self.named("TableName", &arguments.get("TableName"), |name| vec![arn("dynamodb", "table/", name)]);
        self.need(sid, &[action], tables, None);
    }
}

/// What keys begin with.
fn beginning(prefix: Argument<'_>) -> Argument<'_> {
    match prefix {
        Argument::Text(prefix) => Argument::Prefix(prefix.to_owned()),
        other => other,
    }
}

/// A role by its name, with its path if it has one, or by its ARN.
fn role_arn(name: &str) -> String {
    if name.starts_with("arn:") { name.to_owned() } else { format!("arn:{PARTITION}:iam::{ACCOUNT_ID}:role/{name}") }
}

/// A bucket by its name; `*` for any.
fn bucket_arn(name: &str) -> String {
    format!("arn:{PARTITION}:s3:::{name}")
}

/// A definition without a revision stands for the newest one.
fn task_definitions(name: &str) -> Vec<String> {
    let definition = arn("ecs", "task-definition/", name);
    let revision = definition.rsplit_once('/').is_some_and(|(_, name)| name.contains(':'));
    vec![if revision || definition.ends_with('*') { definition } else { format!("{definition}:*") }]
}

/// An argument that is an ARN, of which `*` stands for any of the account's.
fn whole_arn(text: &str, service: &str, prefix: &str) -> String {
    if text == "*" { arn(service, prefix, "*") } else { text.to_owned() }
}

/// The ARN of a queue by its URL, `https://sqs.REGION.DOMAIN/ACCOUNT/NAME`.
fn queue_arn(url: &str) -> String {
    let parts = url.strip_prefix("https://sqs.").and_then(|rest| {
        let (host, path) = rest.split_once('/')?;
        let region = match host.strip_prefix(REGION) {
            Some(_) => REGION,
            None => host.split('.').next()?,
        };
        let (account, name) = path.split_once('/')?;
        Some((region, account, name))
    });
    match parts {
        Some((region, account, name)) => format!("arn:{PARTITION}:sqs:{region}:{account}:{name}"),
        None => arn("sqs", "", url.rsplit('/').next().unwrap_or("*")),
    }
}

/// The executions of a state machine, and of no other whose name begins alike.
fn executions(machine: &str) -> String {
    let Some((before, name)) = machine.rsplit_once(":stateMachine:") else { return arn("states", "execution:", "*") };
    let name = name.split(':').next().unwrap_or(name);
    format!("{before}:execution:{name}:*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executions_are_those_of_the_machine_alone() {
        assert_eq!(executions("arn:aws:states:r:1:stateMachine:child"), "arn:aws:states:r:1:execution:child:*");
        assert_eq!(executions("arn:aws:states:r:1:stateMachine:child:live"), "arn:aws:states:r:1:execution:child:*");
    }

    #[test]
    fn a_queue_is_found_by_its_url() {
        let own = format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT_ID}/orders");
        assert_eq!(queue_arn(&own), format!("arn:{PARTITION}:sqs:{REGION}:{ACCOUNT_ID}:orders"));
        let other = queue_arn("https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo");
        assert_eq!(other, format!("arn:{PARTITION}:sqs:eu-west-1:123456789012:orders.fifo"));
    }

    #[test]
    fn a_task_definition_without_revision_is_any_of_its_revisions() {
        assert_eq!(task_definitions("export"), [arn("ecs", "task-definition/", "export:*")]);
        assert_eq!(task_definitions("export:7"), [arn("ecs", "task-definition/", "export:7")]);
    }
}
