//! Resources: what a manifest wants, and what is there, in one form, so that they can be compared.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use statewright::bundle::{Bundle, ManagedRole, Manifest, Role, Target};

/// The tag that says to which app a resource belongs. What has another, or none, is never touched.
pub const APP_TAG: &str = "statewright:app";
/// The tag that says to which workflow a resource belongs.
pub const WORKFLOW_TAG: &str = "statewright:workflow";
/// The tag of what apps share, with what it is for as its value. It belongs to none of them.
pub const SHARED_TAG: &str = "statewright:shared";

/// What a resource is, in the order in which resources are created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Holds the schedules of the app.
    ScheduleGroup,
    /// Holds the logs of a workflow.
    LogGroup,
    /// The DynamoDB table of the concurrency guard, which all apps of an account and region share.
    Table,
    /// An IAM role with its policies.
    Role,
    /// The state machine.
    StateMachine,
    /// A schedule.
    Schedule,
}

impl Kind {
    /// What a reader calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScheduleGroup => "schedule group",
            Self::LogGroup => "log group",
            Self::Table => "table",
            Self::Role => "role",
            Self::StateMachine => "state machine",
            Self::Schedule => "schedule",
        }
    }

    /// Whether it is nobody's, so that no app deletes it, and none is kept from using it.
    #[must_use]
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Table)
    }

    /// The attributes that AWS can't change in place.
    #[must_use]
    pub const fn fixed(self) -> &'static [&'static str] {
        match self {
            Self::Role => &["Path"],
            Self::StateMachine => &["Type"],
            Self::Table => &["Key"],
            Self::ScheduleGroup | Self::LogGroup | Self::Schedule => &[],
        }
    }
}

/// A resource by kind and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// Its name, unique among its kind in the account and region.
    pub name: String,
}

impl Key {
    /// A key.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

/// Resources with their attributes: an object of fields as the AWS APIs spell them.
pub type Resources = BTreeMap<Key, Json>;

/// Everything that a manifest wants in an account and region.
#[must_use]
pub fn wanted(manifest: &Manifest, target: &Target) -> Resources {
    let mut found = Resources::new();
    for bundle in &manifest.workflows {
        workflow(&mut found, bundle, &manifest.app);
    }
    found.into_iter().map(|(key, json)| (Key::new(key.kind, target.fill(&key.name)), target.fill_json(&json))).collect()
}

fn workflow(found: &mut Resources, bundle: &Bundle, app: &str) {
    let tags = json!({ APP_TAG: app, WORKFLOW_TAG: bundle.name });
    if let Some(group) = &bundle.schedule_group {
        found.insert(Key::new(Kind::ScheduleGroup, &group.name), json!({ "Tags": { APP_TAG: app } }));
    }
    if let Some(group) = &bundle.log_group {
        let attributes = json!({ "RetentionInDays": group.retention_in_days, "Tags": tags });
        found.insert(Key::new(Kind::LogGroup, &group.log_group_name), attributes);
    }
    if let Some(table) = &bundle.guard_table {
        let attributes = json!({
            "Key": { &table.partition_key: "S" },
            "TtlAttribute": table.ttl_attribute,
            "DeletionProtectionEnabled": table.deletion_protection_enabled,
        });
        found.insert(Key::new(Kind::Table, &table.table_name), attributes);
    }
    for role in [Some(&bundle.execution_role), bundle.scheduler_role.as_ref()].into_iter().flatten() {
        if let Role::Managed(role) = role {
            found.insert(Key::new(Kind::Role, &role.role_name), managed_role(role, &tags));
        }
    }
    let machine = &bundle.state_machine;
    let mut tags = tags;
    for (key, value) in &machine.tags {
        tags[key] = value.as_str().into();
    }
    let logging = machine.logging.as_ref().map(|logging| {
        json!({
            "Level": logging.level,
            "IncludeExecutionData": logging.include_execution_data,
            "LogGroupArn": format!("{}:*", logging.log_group_arn),
        })
    });
    let attributes = json!({
        "Type": machine.r#type,
        "RoleArn": bundle.execution_role.arn(),
        "Definition": machine.definition,
        "Logging": logging,
        "Tracing": machine.tracing,
        "Tags": tags,
    });
    found.insert(Key::new(Kind::StateMachine, &machine.name), attributes);
    for spec in &bundle.schedules {
        let mut attributes = json!(spec);
        if let Some(fields) = attributes.as_object_mut() {
            fields.shift_remove("Name");
        }
        found.insert(Key::new(Kind::Schedule, &spec.name), attributes);
    }
}

fn managed_role(role: &ManagedRole, tags: &Json) -> Json {
    let documents = |managed: bool| -> Json {
        let policies = role.policies.iter().filter(|policy| policy.managed == managed);
        policies.map(|policy| (policy.policy_name.clone(), json!(policy.policy_document))).collect()
    };
    json!({
        "Path": role.path,
        "AssumeRolePolicyDocument": role.assume_role_policy_document,
        "PermissionsBoundary": role.permissions_boundary,
        "InlinePolicies": documents(false),
        "ManagedPolicies": documents(true),
        "Tags": tags,
    })
}
