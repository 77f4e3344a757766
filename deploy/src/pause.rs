//! Pausing schedules, and letting them fire again.

use clap::Args;
use serde_json::json;
use statewright::bundle::{Manifest, ScheduleSpec, ScheduleState};

use crate::aws::Aws;
use crate::error::{Error, Exit, Result};
use crate::report::Report;

/// Which schedules.
#[derive(Args, Debug)]
pub struct Arguments {
    /// A schedule, or a workflow: then all of its schedules
    #[arg(value_name = "SCHEDULE|WORKFLOW")]
    name: String,
}

/// Pauses schedules, or lets them fire again.
///
/// # Errors
///
/// If there are none, or AWS refuses it.
pub async fn run(
    arguments: &Arguments,
    wanted: ScheduleState,
    manifest: &Manifest,
    aws: &Aws,
    report: &Report,
) -> Result<()> {
    let specs = named(manifest, &arguments.name)?;
    let (paused, word) = match wanted {
        ScheduleState::Disabled => (true, "paused"),
        ScheduleState::Enabled => (false, "resumed"),
    };
    for spec in &specs {
        let before = aws.set_schedule_state(&spec.name, &aws.target.fill(&spec.group_name), wanted).await?;
        let changed = before != wanted;
        report.text(&if changed {
            format!("{word} {}: {} ({})\n", spec.name, spec.schedule_expression, spec.schedule_expression_timezone)
        } else {
            format!("{} is {} already\n", spec.name, if paused { "paused" } else { "not paused, so it fires" })
        });
        report.event(
            word,
            json!({ "schedule": spec.name, "group": spec.group_name, "state": wanted, "changed": changed }),
        );
    }
    // Who deploys would wonder.
    if specs.iter().any(|spec| spec.state != wanted) {
        let how = if paused { "write `.disabled()` on the schedule" } else { "take `.disabled()` from the schedule" };
        report.text(&format!("the next deploy brings back the state that the app says; {how} to keep it so\n"));
    }
    Ok(())
}

/// The schedules of that name: all of a workflow, or one.
fn named<'m>(manifest: &'m Manifest, name: &str) -> Result<Vec<&'m ScheduleSpec>> {
    let all = || manifest.workflows.iter().flat_map(|bundle| &bundle.schedules);
    if let Some(bundle) = manifest.workflows.iter().find(|bundle| bundle.name == name)
        && !bundle.schedules.is_empty()
    {
        return Ok(bundle.schedules.iter().collect());
    }
    if let Some(spec) = all().find(|spec| spec.name == name) {
        return Ok(vec![spec]);
    }
    let names: Vec<_> = all().map(|spec| spec.name.as_str()).collect();
    let help = if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) };
    let message = format!("{} has no schedule `{name}`, and no workflow of that name that has one", manifest.app);
    Err(Error::new(Exit::Usage, message, help))
}
