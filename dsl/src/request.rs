//! Requests, held against what their services take: `statewright-model` knows the members of every call.

use serde_json::Value as Json;
use statewright_model::{Finding, FindingKind, Language};

use crate::asl::{Kind, StateMachine, Task};
use crate::diag::{Diagnostic, Diagnostics, Place, codes};

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
                let (request, language) = of(task);
                statewright_model::check(&action, request, language)
            }
            Err(finding) => vec![finding],
        };
        // Whether texts are compared with patterns is a feature of the model, which any package of a build turns on for all.
        for finding in findings.into_iter().filter(|finding| finding.kind != FindingKind::Pattern) {
            let message = format!("`{}`: {finding}", visit.name);
            let new = if finding.kind.is_certain() { Diagnostic::error } else { Diagnostic::warning };
            diagnostics.push(new(codes::REQUEST_REFUSED, message, place(visit.name)).help(help(&finding)));
        }
    });
}

/// What to write instead.
fn help(finding: &Finding) -> String {
    let name = finding.path.rsplit('.').next().unwrap_or_default();
    match (finding.kind, &finding.suggestion) {
        (_, Some(suggestion)) => format!("write `{suggestion}`"),
        (FindingKind::MissingMember, None) => {
            format!("give it, by a method of the step or by `.argument(\"{}\", …)`", finding.expected.trim_matches('`'))
        }
        (FindingKind::UnknownMember | FindingKind::NotInEnum, None) => format!(
            "remove it, or leave it if AWS has it since {}, of which the data is",
            statewright_model::stamp().released
        ),
        (FindingKind::NoResource | FindingKind::UnknownService | FindingKind::UnknownAction, None) => {
            "name service and action as the SDK for Java does: `glue:startCrawler`".to_owned()
        }
        (FindingKind::RetiredService | FindingKind::UnsupportedAction | FindingKind::UnsupportedPattern, None) => {
            "call it from a Lambda function, or wait in another way".to_owned()
        }
        _ => format!("give `{name}` {}", finding.expected),
    }
}

/// The request of a Task, and the language in which it is written.
pub(crate) fn of(task: &Task) -> (&Json, Language) {
    match (&task.arguments, &task.parameters) {
        (Some(arguments), _) => (arguments, Language::Jsonata),
        (None, Some(parameters)) => (parameters, Language::JsonPath),
        (None, None) => (&Json::Null, Language::JsonPath),
    }
}
