//! Least-privilege policies, inferred from a finished state machine.
//!
//! Each Task needs certain rights on certain resources, for a reason; `rule` has them per service. A literal
//! argument gives the exact resource, an expression that begins with known text its prefix, anything else every
//! resource of the kind, and then a diagnostic asks the user to say which ones.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html>

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::asl::{Kind, Resource, StateMachine};
use crate::bundle::{ACCOUNT_ID, PARTITION, Policy, PolicyDocument, REGION, Statement};
use crate::diag::{Diagnostics, Place};
use crate::service::Access;

mod argument;
mod policy;
mod rule;

pub(crate) use policy::policies;

use argument::{Argument, Arguments};
use rule::Call;

/// Rights on resources, and why.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Need {
    /// The statement's name without its number: letters and digits.
    pub sid: &'static str,
    pub actions: Vec<Cow<'static, str>>,
    pub resources: Vec<String>,
    pub condition: Option<Json>,
    pub reason: String,
}

/// What the execution role of a workflow's machine needs for its Tasks and its distributed Maps. `access` is what was said about single states; `place`
/// finds the line where a state was written.
pub(crate) fn needs(
    workflow: &str,
    machine: &StateMachine,
    access: &BTreeMap<String, Access>,
    place: &dyn Fn(&str) -> Place,
    diagnostics: &mut Diagnostics,
) -> Vec<Need> {
    let mut needs = Vec::new();
    let nothing = Access::default();
    machine.walk(&mut |visit| {
        let mut call = Call {
            access: access.get(visit.name).unwrap_or(&nothing),
            state: visit.name,
            place: place(visit.name),
            diagnostics,
            needs: &mut needs,
        };
        let task = match &visit.state.kind {
            Kind::Task(task) => task,
            Kind::Map(map) if map.is_distributed() => return call.distributed(workflow, map),
            _ => return,
        };
        if let Some(credentials) = &task.credentials {
            // The call is made with the rights of that role, so this one needs nothing else.
            let role = credentials.role_arn.as_deref().or(credentials.role_arn_path.as_deref());
            let role = role.map_or(Argument::Absent, Argument::of);
            let resources = call.named("Credentials.RoleArn", &role, |arn| vec![arn.to_owned()]);
            return call.need("AssumeRole", &["sts:AssumeRole"], resources, None);
        }
        let resource = task.resource.as_deref().unwrap_or_default();
        match Resource::parse(resource) {
            Resource::Optimized { service: "http", api: "invoke", .. } => call.http(workflow, &Arguments::of(task)),
            Resource::Optimized { service, api, pattern } => {
                if !call.optimized(service, api, pattern, &Arguments::of(task)) && !call.said() {
                    call.unknown(resource);
                }
            }
            Resource::Lambda(function) => {
                call.need("LambdaInvoke", &["lambda:InvokeFunction"], vec![function.to_owned()], None);
            }
            // A worker of an activity has its own rights; the execution needs none.
            Resource::Activity(_) => {}
            Resource::Sdk { .. } if call.said() || call.sdk(resource, task) => {}
            Resource::Sdk { .. } | Resource::Other(_) => call.unknown(resource),
        }
    });
    needs
}

/// What logging to CloudWatch Logs needs. None of these actions knows single resources.
/// <https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy>
pub(crate) fn log_delivery() -> Need {
    Need {
        sid: "LogDelivery",
        actions: [
            "logs:CreateLogDelivery",
            "logs:CreateLogStream",
            "logs:DeleteLogDelivery",
            "logs:DescribeLogGroups",
            "logs:DescribeResourcePolicies",
            "logs:GetLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutLogEvents",
            "logs:PutResourcePolicy",
            "logs:UpdateLogDelivery",
        ]
        .map(Cow::from)
        .to_vec(),
        resources: vec!["*".to_owned()],
        condition: None,
        reason: "logging; these actions know no single resources".to_owned(),
    }
}

/// What tracing with X-Ray needs. None of these actions knows single resources.
/// <https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html>
pub(crate) fn tracing() -> Need {
    Need {
        sid: "Tracing",
        actions: [
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments",
        ]
        .map(Cow::from)
        .to_vec(),
        resources: vec!["*".to_owned()],
        condition: None,
        reason: "tracing; these actions know no single resources".to_owned(),
    }
}

/// Lets Step Functions assume the execution role, for executions of this machine only.
pub(crate) fn execution_trust(machine_arn: &str) -> PolicyDocument {
    trust("states.amazonaws.com", machine_arn)
}

/// Lets EventBridge Scheduler assume the scheduler role, for schedules of this group only.
pub(crate) fn scheduler_trust(group: &str) -> PolicyDocument {
    let group = format!("arn:{PARTITION}:scheduler:{REGION}:{ACCOUNT_ID}:schedule-group/{group}");
    trust("scheduler.amazonaws.com", &group)
}

fn trust(service: &str, source_arn: &str) -> PolicyDocument {
    let statement = Statement {
        sid: String::new(),
        effect: "Allow".to_owned(),
        principal: Some(json!({ "Service": service })),
        action: vec!["sts:AssumeRole".to_owned()],
        resource: Vec::new(),
        condition: Some(json!({
            "ArnLike": { "aws:SourceArn": source_arn },
            "StringEquals": { "aws:SourceAccount": ACCOUNT_ID },
        })),
    };
    PolicyDocument { version: "2012-10-17".to_owned(), statement: vec![statement] }
}

/// What the scheduler role needs.
pub(crate) fn scheduler_policies(workflow: &str, machine_arn: &str, dead_letter_queues: Vec<String>) -> Vec<Policy> {
    let mut needs = vec![Need {
        sid: "StartExecution",
        actions: ["states:StartExecution"].map(Cow::from).to_vec(),
        resources: vec![machine_arn.to_owned()],
        condition: None,
        reason: "schedules start the workflow".to_owned(),
    }];
    if !dead_letter_queues.is_empty() {
        needs.push(Need {
            sid: "DeadLetterQueue",
            actions: ["sqs:SendMessage"].map(Cow::from).to_vec(),
            resources: dead_letter_queues,
            condition: None,
            reason: "schedules tell the dead-letter queue what could not be started".to_owned(),
        });
    }
    policies(workflow, "scheduler", needs)
}
