//! Carrying out a plan.

use std::cell::Cell;
use std::fmt::Write as _;

use futures_util::stream::{self, StreamExt};
use serde_json::{Value as Json, json};

use crate::aws::Aws;
use crate::error::{Error, Result};
use crate::plan::{Action, Plan, Step};
use crate::report::Report;
use crate::resource::{Kind, Resources};

/// So many steps of one kind at the same time.
const CONCURRENCY: usize = 5;

/// Carries out a plan, kind by kind. What is in work when a step fails is finished, and nothing is begun behind it.
///
/// The first new state machine goes alone: by it we learn when IAM has spread the new roles, so that not all of them
/// ask for that side by side.
///
/// # Errors
///
/// The first refusal, with how far it came. Running it again finishes the work.
pub async fn apply(aws: &Aws, plan: &Plan, wanted: &Resources, live: &Resources, report: &Report) -> Result<()> {
    report.begin(plan.steps.len());
    let mut done = 0;
    let mut told = false;
    for phase in phases(&plan.steps) {
        if !told && phase.iter().any(is_new_machine) {
            told = true;
            report.waiting("the first new state machine may have to wait for its role, up to a minute …");
        }
        let stop = &Cell::new(false);
        let work = stream::iter(phase).map(|step| async move {
            // What was not begun when a step failed is left for the next time.
            if stop.get() { (step, None) } else { (step, Some(carry_out(aws, step, wanted, live).await)) }
        });
        let mut work = work.buffer_unordered(CONCURRENCY);
        let mut failed: Option<Error> = None;
        while let Some((step, result)) = work.next().await {
            match result {
                Some(Ok(())) => {
                    done += 1;
                    report.done(&line(step));
                    report.event("done", event(step));
                }
                Some(Err(error)) => {
                    stop.set(true);
                    failed = failed.or(Some(error));
                }
                None => {}
            }
        }
        if failed.is_none()
            && let Some(Err(error)) = narrow(aws, phase, plan, wanted, live).await
        {
            failed = Some(error);
        }
        if let Some(mut error) = failed {
            report.end();
            let _ = write!(error.message, "\n  {done} of {} steps are done", plan.steps.len());
            return Err(error);
        }
    }
    report.end();
    Ok(())
}

/// Steps that can be done side by side, in their order.
fn phases(steps: &[Step]) -> Vec<&[Step]> {
    let mut phases = Vec::new();
    let mut canary = true;
    for group in steps.chunk_by(|a, b| a.key.kind == b.key.kind && is_delete(a) == is_delete(b)) {
        match group.iter().position(is_new_machine) {
            Some(first) if canary => {
                canary = false;
                let (before, rest) = group.split_at(first);
                let (first, rest) = rest.split_at(1);
                phases.extend([before, first, rest].into_iter().filter(|phase| !phase.is_empty()));
            }
            _ => phases.push(group),
        }
    }
    phases
}

fn is_new_machine(step: &Step) -> bool {
    step.key.kind == Kind::StateMachine && step.action == Action::Create
}

/// After the last state machine: takes the old rights from the roles that kept them until then.
async fn narrow(aws: &Aws, phase: &[Step], plan: &Plan, wanted: &Resources, live: &Resources) -> Option<Result<()>> {
    let last = plan.steps.iter().rposition(|step| step.key.kind <= Kind::StateMachine && !is_delete(step))?;
    if phase.last() != plan.steps.get(last) {
        return None;
    }
    for step in plan.steps.iter().filter(|step| step.key.kind == Kind::Role) {
        if let (Action::Update(_), Some(before), Some(after)) =
            (&step.action, live.get(&step.key), wanted.get(&step.key))
        {
            let between = widened(before, after);
            if between != *after
                && let Err(error) = aws.update(&step.key, &between, after).await
            {
                return Some(Err(error));
            }
        }
    }
    Some(Ok(()))
}

/// A role with its new rights beside its old ones: between the two definitions of its state machine, executions of either
/// may run.
fn widened(before: &Json, after: &Json) -> Json {
    let mut both = after.clone();
    let (Some(old), Some(new)) = (before["InlinePolicies"].as_object(), both["InlinePolicies"].as_object_mut()) else {
        return both;
    };
    for (name, document) in old {
        match new.get_mut(name) {
            Some(wanted) => {
                let statements = document["Statement"].as_array().into_iter().flatten();
                if let Some(all) = wanted["Statement"].as_array_mut() {
                    for statement in statements {
                        let mut statement = statement.clone();
                        if !all.contains(&statement) {
                            if let Some(sid) = statement["Sid"].as_str().map(|sid| format!("{sid}Before")) {
                                statement["Sid"] = sid.into();
                            }
                            all.push(statement);
                        }
                    }
                }
            }
            None => {
                new.insert(name.clone(), document.clone());
            }
        }
    }
    // IAM's limit of all inline policies of a role: too much for both means one after the other.
    let size = both["InlinePolicies"].to_string().len();
    if size > 10_240 { after.clone() } else { both }
}

fn is_delete(step: &Step) -> bool {
    step.action == Action::Delete
}

async fn carry_out(aws: &Aws, step: &Step, wanted: &Resources, live: &Resources) -> Result<()> {
    let nothing = Json::Null;
    let before = live.get(&step.key).unwrap_or(&nothing);
    let after = wanted.get(&step.key).unwrap_or(&nothing);
    match &step.action {
        Action::Create => aws.create(&step.key, after).await,
        Action::Update(_) if step.key.kind == Kind::Role => {
            aws.update(&step.key, before, &widened(before, after)).await
        }
        Action::Update(_) => aws.update(&step.key, before, after).await,
        Action::Delete => aws.delete(&step.key, before).await,
    }
}

fn line(step: &Step) -> String {
    let verb = match step.action {
        Action::Create => "created",
        Action::Update(_) => "changed",
        Action::Delete => "deleted",
    };
    format!("{verb}  {:<14} {}", step.key.kind.name(), step.key.name)
}

/// A step for a program.
#[must_use]
pub fn event(step: &Step) -> Json {
    let (action, changes) = match &step.action {
        Action::Create => ("create", Vec::new()),
        Action::Update(changes) => ("update", changes.iter().map(|change| change.attribute.clone()).collect()),
        Action::Delete => ("delete", Vec::new()),
    };
    json!({ "action": action, "kind": step.key.kind.name(), "name": step.key.name, "attributes": changes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Key;

    #[test]
    fn the_first_new_state_machine_goes_alone() {
        let step = |kind, name: &str| Step { key: Key::new(kind, name), action: Action::Create };
        let steps = [
            step(Kind::Role, "a"),
            step(Kind::Role, "b"),
            step(Kind::StateMachine, "a"),
            step(Kind::StateMachine, "b"),
            step(Kind::StateMachine, "c"),
            step(Kind::Schedule, "a"),
        ];
        let sizes: Vec<_> = phases(&steps).iter().map(|phase| phase.len()).collect();
        assert_eq!(sizes, [2, 1, 2, 1]);
    }

    #[test]
    fn between_two_definitions_a_role_has_the_rights_of_both() {
        let policy = |topic: &str| json!({ "Sid": "SnsPublish", "Action": ["sns:Publish"], "Resource": [topic] });
        let role = |topic| json!({ "InlinePolicies": { "execution": { "Statement": [policy(topic)] } } });
        let both = widened(&role("a"), &role("b"));
        let mut old = policy("a");
        old["Sid"] = "SnsPublishBefore".into();
        assert_eq!(both["InlinePolicies"]["execution"]["Statement"], json!([policy("b"), old]));
        assert_eq!(widened(&role("a"), &role("a")), role("a"));
    }
}
