//! Redriving an execution that failed, without letting it run beside another one that has its permit.

use clap::Args;
use serde_json::json;
use statewright::bundle::{Bundle, Manifest};

use crate::aws::{Aws, Look};
use crate::error::{Error, Exit, Result};
use crate::guard::token;
use crate::manifest;
use crate::report::Report;

pub mod held;
pub mod permit;

use held::Held;

/// Which execution goes on.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The execution, by its ARN, or by its name and its workflow
    #[arg(value_name = "ARN|NAME")]
    execution: String,
    /// The workflow of an execution that is given by its name
    workflow: Option<String>,
}

/// Takes the permits that the execution had when it failed, and lets it go on.
///
/// # Errors
///
/// If it can't be redriven, if somebody else holds its permit, or if AWS refuses it.
pub async fn run(arguments: &Arguments, manifest: &Manifest, aws: &Aws, report: &Report) -> Result<()> {
    let (bundle, arn) = execution(arguments, manifest, aws)?;
    let look = aws.look(&arn).await?.ok_or_else(|| {
        let message = format!("there is no execution `{arn}`");
        Error::new(Exit::Usage, message, "give the ARN as the console shows it, or the name and the workflow")
    })?;
    refuse_if_not_redrivable(&arn, &look)?;
    let mut held = if bundle.guard_table.is_some() { held::held(&aws.trace(&arn).await?) } else { Vec::new() };
    held.iter_mut().for_each(|held| as_today(bundle, held));
    permit::redrive(aws, &arn, look.redrives + 1, &held).await?;
    let keys: Vec<&str> = held.iter().map(|held| held.key.as_str()).collect();
    let with = match keys.as_slice() {
        [] if bundle.guard_table.is_some() => {
            ": it had not entered what the guard protects, and takes its permit itself".to_owned()
        }
        [] => String::new(),
        keys => format!(", with the permit of {}", keys.join(", ")),
    };
    report.text(&format!("redriven {arn}{with}\n"));
    report.event("redriven", json!({ "executionArn": arn, "redriveCount": look.redrives + 1, "locks": keys }));
    Ok(())
}

/// The execution that is meant, and its workflow.
fn execution<'m>(arguments: &Arguments, manifest: &'m Manifest, aws: &Aws) -> Result<(&'m Bundle, String)> {
    let Arguments { execution, workflow } = arguments;
    if execution.starts_with("arn:") {
        let of_arn = token::workflow(execution).and_then(|name| name.split('/').next()).unwrap_or_default();
        if workflow.as_ref().is_some_and(|workflow| workflow != of_arn) {
            let message = format!(
                "expected an execution of `{}`, found one of `{of_arn}`",
                workflow.as_deref().unwrap_or_default()
            );
            return Err(Error::new(Exit::Usage, message, "leave the workflow out: the ARN names it"));
        }
        return Ok((manifest::workflow(manifest, of_arn)?, execution.clone()));
    }
    let Some(workflow) = workflow else {
        let message = format!("`{execution}` is the name of an execution, and names are unique in a workflow only");
        return Err(Error::new(Exit::Usage, message, format!("write `statewright redrive {execution} WORKFLOW`")));
    };
    Ok((manifest::workflow(manifest, workflow)?, aws.execution_arn(workflow, execution)))
}

fn refuse_if_not_redrivable(arn: &str, look: &Look) -> Result<()> {
    if look.redrive_status.as_deref() == Some("REDRIVABLE") {
        return Ok(());
    }
    let status = &look.status;
    let reason = look.redrive_reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let help = match look.redrive_status.as_deref() {
        Some("REDRIVABLE_BY_MAP_RUN") => "redrive the execution that has the Map: it takes its iterations along",
        _ => "Standard executions that failed, timed out or were stopped can be redriven for 14 days; start a new one",
    };
    Err(Error::new(Exit::Conflict, format!("`{arn}` is {status} and can't be redriven{reason}"), help))
}

/// What the manifest says of the lock today counts, if it still knows it.
fn as_today(bundle: &Bundle, held: &mut Held) {
    let is_it = |key: &str, by_value: bool| held.key == key || by_value && held.key.starts_with(&format!("{key}:"));
    if let Some(lock) = bundle.locks.iter().find(|lock| is_it(&lock.key, lock.by_value)) {
        (held.limit, held.holds_after_failure) = (lock.limit, lock.holds_after_failure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_aws_would_redrive_is_redriven() {
        let look = |status: &str, redrive: Option<&str>| Look {
            status: status.to_owned(),
            redrives: 0,
            redrive_status: redrive.map(str::to_owned),
            redrive_reason: Some("because".to_owned()),
        };
        assert_eq!(refuse_if_not_redrivable("arn", &look("FAILED", Some("REDRIVABLE"))), Ok(()));
        let running = refuse_if_not_redrivable("arn", &look("RUNNING", Some("NOT_REDRIVABLE"))).unwrap_err();
        assert_eq!(
            (running.exit, running.message.as_str()),
            (Exit::Conflict, "`arn` is RUNNING and can't be redriven: because")
        );
        let child = refuse_if_not_redrivable("arn", &look("FAILED", Some("REDRIVABLE_BY_MAP_RUN"))).unwrap_err();
        assert!(child.help.contains("has the Map"));
    }
}
