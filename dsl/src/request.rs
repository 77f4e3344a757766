//! Requests, held against what their services take: `statewright-model` knows the members of every call.

use statewright_model::FindingKind;

use crate::asl::{Kind, StateMachine};
use crate::diag::{Diagnostic, Diagnostics, Place, codes};
use crate::iam::request;

/// Reports what a service would refuse, of every Task of a machine. What a newer version of AWS may have added is a warning.
pub(crate) fn check(machine: &StateMachine, place: &dyn Fn(&str) -> Place, diagnostics: &mut Diagnostics) {
    machine.walk(&mut |visit| {
        let Kind::Task(task) = &visit.state.kind else { return };
        // Functions and activities take anything.
        let Some(resource) = task.resource.as_deref().filter(|resource| resource.contains(":states:::")) else {
            return;
        };
        let findings = match statewright_model::resolve(resource) {
            Ok((action, _)) => {
                let (request, language) = request(task);
                statewright_model::check(&action, request, language)
            }
            Err(finding) => vec![finding],
        };
        // Whether texts are compared with patterns is a feature of the model, which any package of a build turns on for all.
        for finding in findings.into_iter().filter(|finding| finding.kind != FindingKind::Pattern) {
            let message = format!("`{}`: {finding}", visit.name);
            let help = match finding.kind {
                FindingKind::UnknownMember | FindingKind::NotInEnum => {
                    format!(
                        "the data is of {}; what AWS has added since is not known",
                        statewright_model::stamp().released
                    )
                }
                _ => format!("see the page of the API: `{resource}`"),
            };
            let new = if finding.kind.is_certain() { Diagnostic::error } else { Diagnostic::warning };
            diagnostics.push(new(codes::REQUEST_REFUSED, message, place(visit.name)).help(help));
        }
    });
}
