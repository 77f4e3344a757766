//! CloudFormation: a template for each workflow, and one for what they share.
//!
//! Account, region and partition stay what they are here, CloudFormation's pseudo parameters, inside `Fn::Sub`; any other
//! `${` is escaped.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html>

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Map, Value as Json, json};

use crate::bundle::{
    ACCOUNT_ID, Bundle, FlexibleTimeWindow, GuardTable, ManagedRole, Manifest, PARTITION, REGION, Role, ScheduleSpec,
    URL_SUFFIX,
};
use crate::files::{self, without_null};

/// The templates, by their path:
///
/// - `shared.json`: the schedule group of the app, and the table of the concurrency guard. It is created first. Where another
///   app of the account and region has brought the table, `CreateGuardTable` is `false`. The table stays when the stack goes.
/// - `NAME.json`: everything else of a workflow. Its roles have names, so it wants `CAPABILITY_NAMED_IAM`.
///
/// ```
/// use statewright::prelude::*;
///
/// let app = App::new("shop").workflow(Workflow::new("hello", |w, _: Value<()>| w.succeed("Hello")));
/// let files = statewright::cloudformation::files(&app.compile().0);
/// assert!(files.contains_key(std::path::Path::new("hello.json")));
/// ```
#[must_use]
pub fn files(manifest: &Manifest) -> BTreeMap<PathBuf, String> {
    let mut found: BTreeMap<PathBuf, String> = BTreeMap::new();
    for bundle in &manifest.workflows {
        found.insert(template_path(&bundle.name), files::text(&workflow(bundle, &manifest.app)));
    }
    if let Some(shared) = shared(manifest) {
        found.insert("shared.json".into(), files::text(&shared));
    }
    found
}

/// Where the template of a workflow is. No workflow is called as the other template is, since names have no dots.
pub(crate) fn template_path(workflow: &str) -> PathBuf {
    if workflow == "shared" { "shared.workflow.json".into() } else { format!("{workflow}.json").into() }
}

fn template(description: &str, resources: Map<String, Json>) -> Json {
    json!({ "AWSTemplateFormatVersion": "2010-09-09", "Description": description, "Resources": resources })
}

/// What the workflows of an app share.
fn shared(manifest: &Manifest) -> Option<Json> {
    let mut resources = Map::new();
    if let Some(group) = manifest.workflows.iter().find_map(|bundle| bundle.schedule_group.as_ref()) {
        let properties = json!({ "Name": group.name, "Tags": tags([("statewright:app", manifest.app.as_str())]) });
        resources.insert("ScheduleGroup".to_owned(), resource("AWS::Scheduler::ScheduleGroup", properties));
    }
    let tables: BTreeSet<&GuardTable> = manifest.workflows.iter().filter_map(|b| b.guard_table.as_ref()).collect();
    for table in &tables {
        let mut body = resource("AWS::DynamoDB::Table", guard_table(table));
        body["Condition"] = "CreatesGuardTable".into();
        body["DeletionPolicy"] = "Retain".into();
        body["UpdateReplacePolicy"] = "Retain".into();
        resources.insert(label("GuardTable", &table.table_name), body);
    }
    if resources.is_empty() {
        return None;
    }
    let mut shared = template(&format!("what the workflows of {} share", manifest.app), resources);
    if !tables.is_empty() {
        shared["Parameters"] = json!({ "CreateGuardTable": {
            "Type": "String", "Default": "true", "AllowedValues": ["true", "false"],
            "Description": "Whether the guard's table is created here: all workflows of an account and region share it",
        } });
        shared["Conditions"] =
            json!({ "CreatesGuardTable": { "Fn::Equals": [{ "Ref": "CreateGuardTable" }, "true"] } });
    }
    Some(shared)
}

fn guard_table(table: &GuardTable) -> Json {
    json!({
        "TableName": table.table_name,
        "BillingMode": table.billing_mode,
        "AttributeDefinitions": [{ "AttributeName": table.partition_key, "AttributeType": "S" }],
        "KeySchema": [{ "AttributeName": table.partition_key, "KeyType": "HASH" }],
        "TimeToLiveSpecification": { "AttributeName": table.ttl_attribute, "Enabled": true },
        "DeletionProtectionEnabled": table.deletion_protection_enabled,
        "Tags": tags([("statewright:shared", "guard")]),
    })
}

fn workflow(bundle: &Bundle, app: &str) -> Json {
    let mut resources = Map::new();
    let machine = &bundle.state_machine;
    let mut own: BTreeMap<&str, &str> =
        machine.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    own.insert("statewright:app", app);
    own.insert("statewright:workflow", &bundle.name);
    let tags = tags(own);

    if let Some(group) = &bundle.log_group {
        let properties = json!({ "LogGroupName": sub(&group.log_group_name), "RetentionInDays": group.retention_in_days,
            "Tags": tags });
        let mut body = resource("AWS::Logs::LogGroup", properties);
        body["DeletionPolicy"] = "Retain".into();
        body["UpdateReplacePolicy"] = "Retain".into();
        resources.insert("LogGroup".to_owned(), body);
    }
    let execution_role = role(&mut resources, &bundle.execution_role, "ExecutionRole", &tags);
    let logging = machine.logging.as_ref().map(|logging| {
        let group = match bundle.log_group {
            Some(_) => json!({ "Fn::GetAtt": ["LogGroup", "Arn"] }),
            None => sub(&format!("{}:*", logging.log_group_arn)),
        };
        json!({ "Level": logging.level, "IncludeExecutionData": logging.include_execution_data,
            "Destinations": [{ "CloudWatchLogsLogGroup": { "LogGroupArn": group } }] })
    });
    let definition = serde_json::to_string(&machine.definition).unwrap_or_default();
    let properties = json!({
        "StateMachineName": machine.name,
        "StateMachineType": machine.r#type,
        "RoleArn": execution_role,
        "DefinitionString": sub(&definition),
        "LoggingConfiguration": logging,
        "TracingConfiguration": { "Enabled": machine.tracing },
        "Tags": tags,
    });
    let mut body = resource("AWS::StepFunctions::StateMachine", properties);
    let policies: Vec<&String> = resources.keys().filter(|name| name.starts_with("ExecutionRolePolicy")).collect();
    if !policies.is_empty() {
        body["DependsOn"] = json!(policies);
    }
    resources.insert("StateMachine".to_owned(), body);
    if let Some(scheduler_role) = &bundle.scheduler_role {
        let scheduler_role = role(&mut resources, scheduler_role, "SchedulerRole", &tags);
        for (number, spec) in bundle.schedules.iter().enumerate() {
            let name = if number == 0 { "Schedule".to_owned() } else { format!("Schedule{}", number + 1) };
            resources.insert(name, resource("AWS::Scheduler::Schedule", schedule(spec, &scheduler_role)));
        }
    }
    let description = machine.definition.comment.as_deref().unwrap_or(&bundle.name);
    let mut template = template(&description.chars().take(1_000).collect::<String>(), resources);
    template["Outputs"] = json!({ "StateMachineArn": { "Value": { "Ref": "StateMachine" } } });
    template
}

/// Adds a role with its policies, and gives what stands for its ARN.
fn role(resources: &mut Map<String, Json>, role: &Role, name: &str, tags: &Json) -> Json {
    let Role::Managed(role) = role else { return sub(&role.arn()) };
    let ManagedRole { role_name, path, assume_role_policy_document, permissions_boundary, policies } = role;
    let inline: Vec<Json> = policies
        .iter()
        .filter(|policy| !policy.managed)
        .map(|policy| {
            json!({ "PolicyName": sub(&policy.policy_name), "PolicyDocument": sub_all(json!(policy.policy_document)) })
        })
        .collect();
    let properties = json!({
        "RoleName": sub(role_name),
        "Path": path,
        "AssumeRolePolicyDocument": sub_all(json!(assume_role_policy_document)),
        "PermissionsBoundary": permissions_boundary.as_deref().map(sub),
        "Policies": (!inline.is_empty()).then_some(inline),
        "Tags": tags,
    });
    resources.insert(name.to_owned(), resource("AWS::IAM::Role", properties));
    for (number, policy) in policies.iter().filter(|policy| policy.managed).enumerate() {
        let properties = json!({
            "ManagedPolicyName": sub(&policy.policy_name),
            "Path": path,
            "PolicyDocument": sub_all(json!(policy.policy_document)),
            "Roles": [{ "Ref": name }],
        });
        resources.insert(format!("{name}Policy{}", number + 1), resource("AWS::IAM::ManagedPolicy", properties));
    }
    json!({ "Fn::GetAtt": [name, "Arn"] })
}

fn schedule(spec: &ScheduleSpec, role: &Json) -> Json {
    let window = match &spec.flexible_time_window {
        FlexibleTimeWindow::Off => json!({ "Mode": "OFF" }),
        FlexibleTimeWindow::Flexible { maximum_window_in_minutes } => {
            json!({ "Mode": "FLEXIBLE", "MaximumWindowInMinutes": maximum_window_in_minutes })
        }
    };
    let target = &spec.target;
    json!({
        "Name": spec.name,
        "GroupName": spec.group_name,
        "Description": spec.description,
        "ScheduleExpression": spec.schedule_expression,
        "ScheduleExpressionTimezone": spec.schedule_expression_timezone,
        "StartDate": spec.start_date,
        "EndDate": spec.end_date,
        "State": spec.state,
        "FlexibleTimeWindow": window,
        "Target": without_null(json!({
            "Arn": { "Ref": "StateMachine" },
            "RoleArn": role,
            "Input": sub(&target.input),
            "RetryPolicy": {
                "MaximumEventAgeInSeconds": target.retry_policy.maximum_event_age_in_seconds,
                "MaximumRetryAttempts": target.retry_policy.maximum_retry_attempts,
            },
            "DeadLetterConfig": target.dead_letter_config.as_ref().map(|queue| json!({ "Arn": sub(&queue.arn) })),
        })),
    })
}

fn resource(r#type: &str, properties: Json) -> Json {
    json!({ "Type": r#type, "Properties": without_null(properties) })
}

fn tags<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Json {
    pairs.into_iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

/// A logical id: letters and digits.
fn label(prefix: &str, name: &str) -> String {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{prefix}{name}")
}

/// A text in which the pseudo parameters are filled in, and nothing else.
fn sub(text: &str) -> Json {
    const SYMBOLS: [&str; 4] = [PARTITION, REGION, ACCOUNT_ID, URL_SUFFIX];
    if !SYMBOLS.iter().any(|symbol| text.contains(symbol)) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        escaped.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
        let length = known.map_or(2, |symbol| symbol.len());
        escaped.push_str(known.map_or("${!", |symbol| symbol));
        rest = &rest[length..];
    }
    escaped.push_str(rest);
    json!({ "Fn::Sub": escaped })
}

/// The same in every text of a value.
fn sub_all(value: Json) -> Json {
    match value {
        Json::String(text) => sub(&text),
        Json::Array(items) => items.into_iter().map(sub_all).collect(),
        Json::Object(fields) => fields.into_iter().map(|(key, value)| (key, sub_all(value))).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pseudo_parameters_are_filled_in() {
        assert_eq!(sub("costs ${10}"), "costs ${10}");
        let text = "arn:${AWS::Partition}:sns:${AWS::Region}:x ${10} ${!y}";
        assert_eq!(sub(text), json!({ "Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:x ${!10} ${!!y}" }));
        assert_eq!(label("GuardTable", "statewright-guard"), "GuardTablestatewrightguard");
    }
}
