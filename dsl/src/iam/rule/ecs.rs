//! Amazon ECS.

use serde_json::json;

use super::{Call, role_arn};
use crate::diag::{Diagnostic, codes};
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    pub(super) fn ecs(&mut self, arguments: &Arguments<'_>, job: bool) {
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
}

/// A definition without a revision stands for the newest one.
fn task_definitions(name: &str) -> Vec<String> {
    let definition = arn("ecs", "task-definition/", name);
    let revision = definition.rsplit_once('/').is_some_and(|(_, name)| name.contains(':'));
    vec![if revision || definition.ends_with('*') { definition } else { format!("{definition}:*") }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_definition_without_revision_is_any_of_its_revisions() {
        assert_eq!(task_definitions("export"), [arn("ecs", "task-definition/", "export:*")]);
        assert_eq!(task_definitions("export:7"), [arn("ecs", "task-definition/", "export:7")]);
    }
}
