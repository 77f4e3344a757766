//! What the tests under each service look at.

use serde_json::Value as Json;

use super::Step;
use crate::bundle::{ACCOUNT_ID, PARTITION, REGION, Role};
use crate::{Value, Workflow, asl};

/// A Task state with the rights that it needs.
pub(crate) struct Ran {
    /// Without `arn:…:states:::`.
    pub resource: String,
    pub arguments: Json,
    /// The actions of each statement, and its resources without partition, region and account.
    pub rights: Vec<(String, String)>,
}

/// Compiles a workflow of just that step.
pub(crate) fn ran(step: impl Step) -> Ran {
    let workflow = Workflow::new("w", |w, _: Value<crate::shape::Json>| {
        w.run("A", step);
    });
    let compiled = workflow.no_log().compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let asl::Kind::Task(task) = &compiled.bundle.state_machine.definition.states["A"].kind else {
        panic!("a step is a Task")
    };
    let Role::Managed(role) = &compiled.bundle.execution_role else { panic!("a role of ours") };
    let statements = role.policies.iter().flat_map(|policy| &policy.policy_document.statement);
    let short =
        |arn: &String| arn.replace(&format!("arn:{PARTITION}:"), "").replace(&format!(":{REGION}:{ACCOUNT_ID}:"), ":");
    let list = |items: Vec<String>| items.join(" ");
    Ran {
        resource: task.resource.clone().unwrap_or_default().replace(&format!("arn:{PARTITION}:states:::"), ""),
        arguments: task.arguments.clone().unwrap_or_default(),
        rights: statements
            .map(|statement| (list(statement.action.clone()), list(statement.resource.iter().map(short).collect())))
            .collect(),
    }
}

impl Ran {
    /// The rights, to be compared.
    pub(crate) fn rights(&self) -> Vec<(&str, &str)> {
        self.rights.iter().map(|(actions, resources)| (actions.as_str(), resources.as_str())).collect()
    }
}
