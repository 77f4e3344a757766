//! Terraform: a module that creates everything, and files for a team that has a module of its own.
//!
//! The module is Terraform's JSON syntax, in which every string is a template: `${AWS::Region}` and its like become
//! data sources, the ARNs of our own resources become references, and any other `${` or `%{` is escaped. Texts that
//! hold JSON are strings, not `jsonencode`, which would write `<aws.scheduler.scheduled-time>` in a way that
//! EventBridge Scheduler does not understand.
//! <https://developer.hashicorp.com/terraform/language/syntax/json>

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Map, Value as Json, json};

use crate::bundle::{
    ACCOUNT_ID, Bundle, FlexibleTimeWindow, GuardTable, ManagedRole, Manifest, PARTITION, Policy, REGION, Role,
    ScheduleSpec, URL_SUFFIX,
};
use crate::files::{self, without_null};

/// Teams with a module of their own begin with this.
const FOR_EACH: &str = include_str!("terraform/for_each.tf");

/// The files, by their path:
///
/// - `main.tf.json`: a module that creates everything. It takes its provider from its caller.
/// - `workflows/NAME.json`: each workflow alone, as a template for `templatefile` with `partition`, `region`,
///   `account_id` and `url_suffix`.
/// - `for_each.tf.example`: a module that reads them, to begin with.
#[must_use]
pub fn files(manifest: &Manifest) -> BTreeMap<PathBuf, String> {
    let template =
        |bundle: &Bundle| (template_path(&bundle.name), Symbols::Template.fill(&files::text(&parts(bundle))));
    // Both read the same bundles and are about the same work.
    std::thread::scope(|scope| {
        let templates = scope.spawn(|| manifest.workflows.iter().map(template).collect::<BTreeMap<_, _>>());
        let module = files::text(&module(manifest));
        let mut found = templates.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        found.insert("main.tf.json".into(), module);
        found.insert("for_each.tf.example".into(), FOR_EACH.to_owned());
        found
    })
}

/// Where the template of a workflow is.
pub(crate) fn template_path(workflow: &str) -> PathBuf {
    PathBuf::from("workflows").join(format!("{workflow}.json"))
}

/// What stands for account, region and partition.
#[derive(Clone, Copy)]
enum Symbols {
    /// Data sources of the module.
    Data,
    /// Variables of `templatefile`.
    Template,
}

impl Symbols {
    /// A text as a template of Terraform, in one pass: texts are long, and there are many.
    fn fill(self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() + text.len() / 8);
        let mut rest = text;
        while let Some(at) = rest.find(['$', '%']) {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some((symbol, with)) = self.symbols().into_iter().find(|(symbol, _)| rest.starts_with(symbol)) {
                filled.push_str(with);
                rest = &rest[symbol.len()..];
            } else {
                let (sign, behind) = rest.split_at(1);
                filled.push_str(sign);
                if behind.starts_with('{') {
                    filled.push_str(sign);
                }
                rest = behind;
            }
        }
        filled.push_str(rest);
        filled
    }

    const fn symbols(self) -> [(&'static str, &'static str); 4] {
        match self {
            Self::Data => [
                (PARTITION, "${data.aws_partition.current.partition}"),
                (REGION, "${data.aws_region.current.id}"),
                (ACCOUNT_ID, "${data.aws_caller_identity.current.account_id}"),
                (URL_SUFFIX, "${data.aws_partition.current.dns_suffix}"),
            ],
            Self::Template => [
                (PARTITION, "${partition}"),
                (REGION, "${region}"),
                (ACCOUNT_ID, "${account_id}"),
                (URL_SUFFIX, "${url_suffix}"),
            ],
        }
    }
}

fn data(text: &str) -> String {
    Symbols::Data.fill(text)
}

/// Resources of the module, by type and name.
#[derive(Default)]
struct Resources(BTreeMap<&'static str, Map<String, Json>>);

impl Resources {
    fn add(&mut self, r#type: &'static str, name: &str, body: Json) {
        let all = self.0.entry(r#type).or_default();
        // `a.b` and `a_b` are two schedules, and one label.
        let names = std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{name}_{number}")));
        if let Some(name) = names.into_iter().find(|name| !all.contains_key(name)) {
            all.insert(name, without_null(body));
        }
    }
}

fn module(manifest: &Manifest) -> Json {
    let mut resources = Resources::default();
    let mut outputs = Map::new();
    if let Some(group) = manifest.workflows.iter().find_map(|bundle| bundle.schedule_group.as_ref()) {
        let tags = json!({ "statewright:app": manifest.app });
        resources.add("aws_scheduler_schedule_group", "this", json!({ "name": group.name, "tags": tags }));
    }
    let tables: BTreeSet<&GuardTable> = manifest.workflows.iter().filter_map(|b| b.guard_table.as_ref()).collect();
    for table in &tables {
        resources.add("aws_dynamodb_table", &label(&table.table_name), guard_table(table));
    }
    for bundle in &manifest.workflows {
        workflow(&mut resources, bundle, &manifest.app);
        let name = label(&bundle.name);
        let value = json!({ "value": format!("${{aws_sfn_state_machine.{name}.arn}}") });
        outputs.insert(format!("{name}_arn"), value);
    }
    let mut module = json!({
        "terraform": {
            "required_version": ">= 1.5",
            "required_providers": { "aws": { "source": "hashicorp/aws", "version": ">= 5.40" } },
        },
        "data": {
            "aws_caller_identity": { "current": {} },
            "aws_partition": { "current": {} },
            "aws_region": { "current": {} },
        },
        "resource": resources.0,
        "output": outputs,
    });
    if !tables.is_empty() {
        module["variable"] = json!({ "create_guard_table": {
            "description": "Whether this module creates the guard's table, which all workflows of an account and region share: in one module only",
            "type": "bool",
            "default": true,
        } });
    }
    module
}

/// The table of the guard, in one module of all that share it.
fn guard_table(table: &GuardTable) -> Json {
    json!({
        "count": "${var.create_guard_table ? 1 : 0}",
        "name": table.table_name,
        "billing_mode": table.billing_mode,
        "hash_key": table.partition_key,
        "attribute": [{ "name": table.partition_key, "type": "S" }],
        "ttl": { "attribute_name": table.ttl_attribute, "enabled": true },
        "deletion_protection_enabled": table.deletion_protection_enabled,
        "tags": { "statewright:shared": "guard" },
    })
}

fn workflow(resources: &mut Resources, bundle: &Bundle, app: &str) {
    let machine = &bundle.state_machine;
    let name = label(&bundle.name);
    let mut tags: BTreeMap<String, String> = machine.tags.iter().map(|(key, value)| (data(key), data(value))).collect();
    tags.insert("statewright:app".to_owned(), app.to_owned());
    tags.insert("statewright:workflow".to_owned(), bundle.name.clone());

    let mut depends_on = Vec::new();
    depends_on
        .extend(bundle.guard_table.iter().map(|table| format!("aws_dynamodb_table.{}", label(&table.table_name))));
    let execution_role = role(resources, &bundle.execution_role, &format!("{name}_execution"), &tags, &mut depends_on);
    if let Some(group) = &bundle.log_group {
        let body = json!({
            "name": data(&group.log_group_name),
            "retention_in_days": group.retention_in_days,
            "tags": tags,
        });
        resources.add("aws_cloudwatch_log_group", &name, body);
    }
    let logging = machine.logging.as_ref().map(|logging| {
        let group = match bundle.log_group {
            Some(_) => format!("${{aws_cloudwatch_log_group.{name}.arn}}"),
            None => data(&logging.log_group_arn),
        };
        json!({
            "level": logging.level,
            "include_execution_data": logging.include_execution_data,
            "log_destination": format!("{group}:*"),
        })
    });
    let body = json!({
        "name": bundle.name,
        "type": machine.r#type,
        "role_arn": execution_role,
        "definition": data(&compact(&machine.definition)),
        "logging_configuration": logging,
        "tracing_configuration": { "enabled": machine.tracing },
        "tags": tags,
        "depends_on": (!depends_on.is_empty()).then_some(depends_on),
    });
    resources.add("aws_sfn_state_machine", &name, body);

    let mut depends_on = Vec::new();
    let Some(scheduler_role) = &bundle.scheduler_role else { return };
    let scheduler_role = role(resources, scheduler_role, &format!("{name}_scheduler"), &tags, &mut depends_on);
    for spec in &bundle.schedules {
        let body = schedule(spec, &format!("${{aws_sfn_state_machine.{name}.arn}}"), &scheduler_role, &depends_on);
        resources.add("aws_scheduler_schedule", &label(&spec.name), body);
    }
}

/// Adds a role with its policies, and gives the reference to its ARN. The policies go to `depends_on`: whoever uses
/// the role waits for them.
fn role(
    resources: &mut Resources,
    role: &Role,
    name: &str,
    tags: &BTreeMap<String, String>,
    depends_on: &mut Vec<String>,
) -> String {
    let Role::Managed(role) = role else { return data(&role.arn()) };
    let ManagedRole { role_name, path, assume_role_policy_document, permissions_boundary, policies } = role;
    let body = json!({
        "name": data(role_name),
        "path": path,
        "assume_role_policy": document(assume_role_policy_document),
        "permissions_boundary": permissions_boundary.as_deref().map(data),
        "tags": tags,
    });
    resources.add("aws_iam_role", name, body);
    for (index, Policy { policy_name, managed, policy_document, .. }) in policies.iter().enumerate() {
        let role = format!("${{aws_iam_role.{name}.id}}");
        if *managed {
            let label = format!("{name}_{}", index + 1);
            let body =
                json!({ "name": data(policy_name), "path": path, "policy": document(policy_document), "tags": tags });
            resources.add("aws_iam_policy", &label, body);
            let body = json!({ "role": role, "policy_arn": format!("${{aws_iam_policy.{label}.arn}}") });
            resources.add("aws_iam_role_policy_attachment", &label, body);
            depends_on.push(format!("aws_iam_role_policy_attachment.{label}"));
        } else {
            let body = json!({ "name": data(policy_name), "role": role, "policy": document(policy_document) });
            resources.add("aws_iam_role_policy", name, body);
            depends_on.push(format!("aws_iam_role_policy.{name}"));
        }
    }
    format!("${{aws_iam_role.{name}.arn}}")
}

fn schedule(spec: &ScheduleSpec, machine: &str, role: &str, depends_on: &[String]) -> Json {
    let window = match &spec.flexible_time_window {
        FlexibleTimeWindow::Off => json!({ "mode": "OFF" }),
        FlexibleTimeWindow::Flexible { maximum_window_in_minutes } => {
            json!({ "mode": "FLEXIBLE", "maximum_window_in_minutes": maximum_window_in_minutes })
        }
    };
    let retry = &spec.target.retry_policy;
    json!({
        "name": spec.name,
        "group_name": "${aws_scheduler_schedule_group.this.name}",
        "description": spec.description.as_deref().map(data),
        "schedule_expression": spec.schedule_expression,
        "schedule_expression_timezone": spec.schedule_expression_timezone,
        "start_date": spec.start_date,
        "end_date": spec.end_date,
        "state": spec.state,
        "flexible_time_window": window,
        "target": without_null(json!({
            "arn": machine,
            "role_arn": role,
            "input": data(&spec.target.input),
            "retry_policy": {
                "maximum_event_age_in_seconds": retry.maximum_event_age_in_seconds,
                "maximum_retry_attempts": retry.maximum_retry_attempts,
            },
            "dead_letter_config": spec.target.dead_letter_config.as_ref().map(|queue| json!({ "arn": data(&queue.arn) })),
        })),
        "depends_on": (!depends_on.is_empty()).then_some(depends_on),
    })
}

/// One workflow with the documents as texts, for a module that puts them into its resources.
fn parts(bundle: &Bundle) -> Json {
    let machine = &bundle.state_machine;
    let role = |role: &Role| match role {
        Role::Given(role) => json!({ "arn": role.role_arn }),
        Role::Managed(role) => json!({
            "name": role.role_name,
            "path": role.path,
            "assume_role_policy": role.assume_role_policy_document,
            "permissions_boundary": role.permissions_boundary,
            "policies": role.policies.iter().map(|policy| json!({
                "name": policy.policy_name,
                "managed": policy.managed,
                "policy": policy.policy_document,
            })).collect::<Vec<_>>(),
        }),
    };
    json!({
        "name": bundle.name,
        "type": machine.r#type,
        "definition": compact(&machine.definition),
        "logging": machine.logging.as_ref().map(|logging| json!({
            "level": logging.level,
            "include_execution_data": logging.include_execution_data,
            "log_group_arn": logging.log_group_arn,
        })),
        "log_group": bundle.log_group.as_ref().map(|group| json!({
            "name": group.log_group_name,
            "retention_in_days": group.retention_in_days,
        })),
        "tracing": machine.tracing,
        "tags": machine.tags,
        "guard_table": bundle.guard_table.as_ref().map(|table| &table.table_name),
        "execution_role": role(&bundle.execution_role),
        "scheduler_role": bundle.scheduler_role.as_ref().map(role),
        "schedules": bundle.schedules.iter().map(|spec| schedule_parts(bundle, spec)).collect::<Map<_, _>>(),
    })
}

fn schedule_parts(bundle: &Bundle, spec: &ScheduleSpec) -> (String, Json) {
    let mut body = schedule(spec, &spec.target.arn, &spec.target.role_arn, &[]);
    if let Some(fields) = body.as_object_mut() {
        fields.retain(|key, _| key != "depends_on" && key != "group_name");
        fields.insert("workflow".to_owned(), bundle.name.clone().into());
    }
    // These texts become part of a template as a whole; here they are as they were.
    body["description"] = json!(spec.description);
    body["target"]["input"] = json!(spec.target.input);
    body["target"]["dead_letter_config"] =
        json!(spec.target.dead_letter_config.as_ref().map(|q| json!({ "arn": q.arn })));
    (spec.name.clone(), body)
}

fn document(document: &crate::bundle::PolicyDocument) -> String {
    data(&compact(document))
}

fn compact(part: &impl serde::Serialize) -> String {
    // What a bundle holds is nothing that JSON can't.
    serde_json::to_string(part).unwrap_or_default()
}

/// A name in Terraform: letters, digits, `-` and `_`, a letter first. Two names of workflows have two labels.
fn label(name: &str) -> String {
    let name = name.replace('.', "_");
    if name.starts_with(|c: char| !c.is_ascii_alphabetic()) { format!("_{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;

    fn manifest() -> Manifest {
        let nightly = Workflow::new("nightly", |w, _: Value<()>| {
            w.run("Say", sns::Publish::new(sns::Topic::named("alerts"), "costs ${10} %{if}"));
        })
        .schedule(Schedule::rate("1 day").input(schedule::scheduled_time()));
        App::new("shop").workflow(nightly).compile().0
    }

    #[test]
    fn texts_of_the_user_are_escaped_and_those_of_aws_are_not() {
        let module = module(&manifest());
        let definition = module["resource"]["aws_sfn_state_machine"]["nightly"]["definition"].as_str().unwrap();
        assert!(definition.contains("costs $${10} %%{if}"), "{definition}");
        assert!(definition.contains("arn:${data.aws_partition.current.partition}:sns:${data.aws_region.current.id}:"));
        let input = &module["resource"]["aws_scheduler_schedule"]["nightly"]["target"]["input"];
        assert_eq!(input, "\"<aws.scheduler.scheduled-time>\"");
        assert!(files(&manifest())[&PathBuf::from("main.tf.json")].contains("<aws.scheduler.scheduled-time>"));
    }

    #[test]
    fn own_resources_are_referred_to() {
        let module = module(&manifest());
        let machine = &module["resource"]["aws_sfn_state_machine"]["nightly"];
        assert_eq!(machine["role_arn"], "${aws_iam_role.nightly_execution.arn}");
        let waits_for = ["aws_dynamodb_table.statewright-guard", "aws_iam_role_policy.nightly_execution"];
        assert_eq!(machine["depends_on"], json!(waits_for));
        assert_eq!(module["resource"]["aws_dynamodb_table"]["statewright-guard"]["deletion_protection_enabled"], true);
        assert_eq!(machine["logging_configuration"]["log_destination"], "${aws_cloudwatch_log_group.nightly.arn}:*");
        let target = &module["resource"]["aws_scheduler_schedule"]["nightly"]["target"];
        assert_eq!(target["arn"], "${aws_sfn_state_machine.nightly.arn}");
    }
}
