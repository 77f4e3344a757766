//! [`Bundle`]: everything that one workflow needs in AWS, independent of how it gets there.
//!
//! Field names are those of the AWS APIs (`CreateStateMachine`, `CreateRole`, `CreateSchedule`, …). Account, region and
//! partition are not known here: they stand in every string as the pseudo parameters that CloudFormation made
//! familiar ([`PARTITION`], [`REGION`], [`ACCOUNT_ID`]), and whoever renders the bundle replaces them
//! ([`Target::fill`], or a Terraform reference).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::asl::StateMachine;

mod guard;
mod target;

pub use guard::{GuardTable, LockSpec};
pub use target::Target;

/// Stands for the partition: `aws`, `aws-cn`, `aws-us-gov`.
pub const PARTITION: &str = "${AWS::Partition}";
/// Stands for the region, such as `ap-northeast-1`.
pub const REGION: &str = "${AWS::Region}";
/// Stands for the account's twelve digits.
pub const ACCOUNT_ID: &str = "${AWS::AccountId}";

/// Stands for the domain of the partition's endpoints: `amazonaws.com`, `amazonaws.com.cn`.
pub const URL_SUFFIX: &str = "${AWS::URLSuffix}";

/// The name of one of a workflow's roles, `kind` being `execution` or `scheduler`. A role's name is unique in the
/// account and has at most 64 characters, so it ends with the region, of which the longest has 14.
#[must_use]
pub fn role_name(workflow: &str, kind: &str) -> String {
    let room = 64 - "--".len() - kind.len() - 14;
    format!("{}-{kind}-{REGION}", crate::name::shorten(workflow, room))
}

/// The name of a workflow's log group. With this beginning, all workflows share one entry in the resource policy of
/// CloudWatch Logs, whose size is limited.
#[must_use]
pub fn log_group_name(workflow: &str) -> String {
    format!("/aws/vendedlogs/states/{workflow}")
}

/// The file that an app writes and that everything which deploys reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Manifest {
    /// Grows when a reader must know more than before: see [`Manifest::FORMAT_VERSION`].
    pub format_version: u32,
    /// The app's name: owner of everything below, by the tag `statewright:app`.
    pub app: String,
    /// The workflows, sorted by name.
    pub workflows: Vec<Bundle>,
}

impl Manifest {
    /// The version that this crate writes, and the newest that it reads.
    pub const FORMAT_VERSION: u32 = 1;
}

/// Everything that one workflow needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Bundle {
    /// The workflow's name, which is the state machine's.
    pub name: String,
    /// SHA-256 over everything else in this bundle, as lower-case hex: changes when anything would change in AWS.
    pub content_hash: String,
    /// The state machine.
    pub state_machine: StateMachineSpec,
    /// The role that executions assume.
    pub execution_role: Role,
    /// The role that EventBridge Scheduler assumes; present if and only if there are schedules.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scheduler_role: Option<Role>,
    /// The table of the concurrency guard, if it is guarded: one for all workflows of an account and region.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub guard_table: Option<GuardTable>,
    /// The locks that its executions take.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub locks: Vec<LockSpec>,
    /// The log group of the executions, if logging is on and the group is ours to create.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub log_group: Option<LogGroup>,
    /// The schedule group: one an app, so bundles of one app name the same one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub schedule_group: Option<ScheduleGroup>,
    /// The schedules.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub schedules: Vec<ScheduleSpec>,
}

/// The state machine, as `CreateStateMachine` takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StateMachineSpec {
    /// At most 80 characters.
    pub name: String,
    /// Standard or Express; can't be changed later.
    pub r#type: StateMachineType,
    /// The definition; [`PARTITION`], [`REGION`] and [`ACCOUNT_ID`] stand in its strings.
    pub definition: StateMachine,
    /// Execution history to CloudWatch Logs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub logging: Option<Logging>,
    /// X-Ray.
    pub tracing: bool,
    /// Tags of the user; ownership tags are added by whoever deploys.
    pub tags: BTreeMap<String, String>,
}

/// The two kinds of workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum StateMachineType {
    /// Up to one year, exactly once.
    #[default]
    Standard,
    /// Up to five minutes, at least once.
    Express,
}

/// Which events of an execution reach CloudWatch Logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Logging {
    /// Which events.
    pub level: LogLevel,
    /// Whether inputs and outputs are logged too.
    pub include_execution_data: bool,
    /// ARN of the log group, without the `:*` that the API wants at the end.
    pub log_group_arn: String,
}

/// `OFF` is not here: no logging is no [`Logging`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// Every event.
    All,
    /// Errors, caught ones included.
    Error,
    /// Only what ends the execution.
    Fatal,
}

/// A role: one that we create, or one that the user brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Role {
    /// Created, updated and deleted with the workflow.
    Managed(ManagedRole),
    /// The user's own: nothing is created.
    Given(GivenRole),
}

/// A role that the user brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GivenRole {
    /// Its ARN.
    pub role_arn: String,
    /// What that role must allow, for the report; nothing deploys it.
    pub required_policies: Vec<Policy>,
}

/// A role with its inline policies, as `CreateRole` and `PutRolePolicy` take them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ManagedRole {
    /// At most 64 characters once [`REGION`] is filled in: a role's name is unique in the account, in all regions.
    pub role_name: String,
    /// Begins and ends with `/`.
    pub path: String,
    /// Who may assume it, and for what.
    pub assume_role_policy_document: PolicyDocument,
    /// ARN of a permissions boundary.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub permissions_boundary: Option<String>,
    /// What it may do. Inline policies together are at most 10,240 characters (white space not counted); what is
    /// over that is in a policy whose [`Policy::managed`] is true.
    pub policies: Vec<Policy>,
}

impl ManagedRole {
    /// The ARN, still symbolic.
    #[must_use]
    pub fn arn(&self) -> String {
        format!("arn:{PARTITION}:iam::{ACCOUNT_ID}:role{}{}", self.path, self.role_name)
    }
}

impl Role {
    /// The ARN, still symbolic if the role is ours.
    #[must_use]
    pub fn arn(&self) -> String {
        match self {
            Self::Managed(role) => role.arn(),
            Self::Given(role) => role.role_arn.clone(),
        }
    }
}

/// A named policy with the reason of each statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    /// The name of the inline policy, or of the managed one.
    pub policy_name: String,
    /// True if it is too large to be inline: a customer-managed policy, attached.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub managed: bool,
    /// The document.
    pub policy_document: PolicyDocument,
    /// Why each statement is there, by its `Sid`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub reasons: BTreeMap<String, Vec<String>>,
}

/// An IAM policy document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyDocument {
    /// Always `2012-10-17`.
    pub version: String,
    /// Merged and sorted.
    pub statement: Vec<Statement>,
}

/// One statement; every list is sorted, and stays a list if it has one element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// Letters and digits, unique in the document.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub sid: String,
    /// `Allow` or `Deny`.
    pub effect: String,
    /// Only in a trust policy: `{"Service": "states.amazonaws.com"}`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub principal: Option<Json>,
    /// `service:Action`.
    pub action: Vec<String>,
    /// ARNs and patterns; absent in a trust policy.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub resource: Vec<String>,
    /// Operator → key → value or values.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub condition: Option<Json>,
}

/// A CloudWatch Logs log group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LogGroup {
    /// Begins with `/aws/vendedlogs/states/`, which keeps the account's resource policy small.
    pub log_group_name: String,
    /// One of the values that CloudWatch Logs knows.
    pub retention_in_days: u32,
}

/// An EventBridge Scheduler schedule group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ScheduleGroup {
    /// At most 64 characters.
    pub name: String,
}

/// A schedule, as `CreateSchedule` takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ScheduleSpec {
    /// At most 64 characters.
    pub name: String,
    /// The name of the schedule group.
    pub group_name: String,
    /// `cron(…)`, `rate(…)` or `at(…)`.
    pub schedule_expression: String,
    /// IANA name.
    pub schedule_expression_timezone: String,
    /// RFC 3339, in UTC.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start_date: Option<String>,
    /// RFC 3339, in UTC.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub end_date: Option<String>,
    /// Paused or not.
    pub state: ScheduleState,
    /// `OFF`, or a window of 1 to 1,440 minutes.
    pub flexible_time_window: FlexibleTimeWindow,
    /// What is started.
    pub target: ScheduleTarget,
    /// What the schedule is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
}

/// Whether a schedule fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ScheduleState {
    /// It fires.
    Enabled,
    /// It is paused.
    Disabled,
}

/// How late a schedule may fire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE", tag = "Mode")]
pub enum FlexibleTimeWindow {
    /// Within a minute of its time.
    Off,
    /// Anywhere in the window.
    Flexible {
        /// 1 to 1,440.
        #[serde(rename = "MaximumWindowInMinutes")]
        maximum_window_in_minutes: u32,
    },
}

/// What a schedule starts: always `states:StartExecution` of the bundle's state machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ScheduleTarget {
    /// The state machine's ARN, symbolic.
    pub arn: String,
    /// The scheduler role's ARN, symbolic.
    pub role_arn: String,
    /// The execution's input, as JSON text; EventBridge Scheduler's `<aws.scheduler.…>` words stand unescaped.
    pub input: String,
    /// How often and how long a failed start is tried again; always written out, since `UpdateSchedule` resets what
    /// is left out.
    pub retry_policy: RetryPolicy,
    /// Where starts that failed for good go.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub dead_letter_config: Option<DeadLetterConfig>,
}

/// How often and how long a failed start is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetryPolicy {
    /// 60 to 86,400; AWS's default is 86,400.
    pub maximum_event_age_in_seconds: u32,
    /// 0 to 185; AWS's default is 185.
    pub maximum_retry_attempts: u32,
}

/// An SQS queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeadLetterConfig {
    /// The queue's ARN.
    pub arn: String,
}
