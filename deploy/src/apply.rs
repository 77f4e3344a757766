//! Carrying out a plan.

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
    for phase in phases(&plan.steps) {
        if phase.iter().any(|step| step.key.kind == Kind::StateMachine && step.action == Action::Create) {
            report.waiting("waiting for IAM to spread the new roles, which takes up to a minute …");
        }
        let work = stream::iter(phase).map(|step| async move { (step, carry_out(aws, step, wanted, live).await) });
        let mut work = work.buffer_unordered(CONCURRENCY);
        let mut failed: Option<Error> = None;
        while let Some((step, result)) = work.next().await {
            match result {
                Ok(()) => {
                    done += 1;
                    report.done(&line(step));
                    report.event("done", event(step));
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if let Some(mut error) = failed {
            report.end();
            let _ = write!(error.message, "\n  {done} of {} steps are done", plan.steps.len());
            if error.help.is_empty() {
                error.help = "correct that, and run the command again: it goes on where it stopped".to_owned();
            }
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
        let creates = group.iter().any(|step| step.key.kind == Kind::StateMachine && step.action == Action::Create);
        if creates && canary && group.len() > 1 {
            canary = false;
            let (first, rest) = group.split_at(1);
            phases.extend([first, rest]);
        } else {
            phases.push(group);
        }
    }
    phases
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
}
