//! What an Express execution can't do.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html>

use crate::asl::{Amount, Kind, Pattern, Resource, StateMachine, Visit};
use crate::diag::{Diagnostic, Diagnostics, Place, codes};

/// The longest time of an execution, in seconds.
pub(super) const LONGEST: u64 = 300;

/// Checks a workflow, or in a Standard one the items of distributed Maps that are Express executions.
pub(super) fn check(
    definition: &StateMachine,
    express: bool,
    place: &dyn Fn(&str) -> Place,
    diagnostics: &mut Diagnostics,
) {
    let mut maps: Vec<String> = Vec::new();
    definition.walk(&mut |visit| {
        let inside = |map: &String| visit.pointer.strip_prefix(map.as_str()).is_some_and(|rest| rest.starts_with('/'));
        if express || maps.iter().any(inside) {
            refuse(visit, place, diagnostics);
        }
        if let Kind::Map(map) = &visit.state.kind
            && let Some(config) = map.processor().and_then(|processor| processor.processor_config.as_ref())
            && config.execution_type.as_deref() == Some("EXPRESS")
        {
            maps.push(visit.pointer.to_owned());
        }
    });
}

fn refuse(visit: Visit<'_>, place: &dyn Fn(&str) -> Place, diagnostics: &mut Diagnostics) {
    let (code, message, help) = match &visit.state.kind {
        Kind::Task(task) if waits(task.resource.as_deref().unwrap_or_default()) => (
            codes::EXPRESS_CANNOT_WAIT,
            "waits for a job or a token, which an Express execution can't",
            "end the step with `.request_response()`, or remove `.express()`",
        ),
        Kind::Map(map) if map.is_distributed() => (
            codes::EXPRESS_CANNOT_WAIT,
            "is a distributed Map, which an Express execution can't run",
            "write `w.map(…)`, or remove `.express()`",
        ),
        Kind::Wait(wait) if matches!(wait.seconds, Some(Amount::Number(seconds)) if seconds >= LONGEST) => (
            codes::EXPRESS_TOO_LONG,
            "waits longer than the five minutes of an Express execution",
            "wait less, or remove `.express()`",
        ),
        _ => return,
    };
    let message = format!("`{}` {message}", visit.name);
    diagnostics.push(Diagnostic::error(code, message, place(visit.name)).help(help));
}

fn waits(resource: &str) -> bool {
    match Resource::parse(resource) {
        Resource::Optimized { pattern, .. } | Resource::Sdk { pattern, .. } => pattern != Pattern::RequestResponse,
        Resource::Activity(_) => true,
        Resource::Lambda(_) | Resource::Other(_) => false,
    }
}
