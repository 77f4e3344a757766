//! What of a request can be refused before the state runs.

use serde_json::Value as Json;
use statewright::asl::Pattern;

use super::{Refusal, TestState};
use crate::program::{Code, Kind, Wire};
use crate::scope::Payload;

/// That the members of the request are not shorter or longer than they may be.
pub(super) fn limits(request: &TestState) -> Result<(), Refusal> {
    let configuration = &request.configuration;
    let members = [
        ("definition", Some(&request.definition), 1, 1_048_576),
        ("stateName", request.state_name.as_ref(), 1, 80),
        ("roleArn", request.role_arn.as_ref(), 1, 256),
        ("input", request.input.as_ref(), 0, 262_144),
        ("variables", request.variables.as_ref(), 0, 262_144),
        ("context", request.context.as_ref(), 0, 262_144),
        ("mock.result", request.mock.as_ref().and_then(|mock| mock.result.as_ref()), 0, 262_144),
        ("stateConfiguration.errorCausedByState", configuration.error_caused_by_state.as_ref(), 1, 80),
        ("stateConfiguration.mapItemReaderData", configuration.map_item_reader_data.as_ref(), 0, 262_144),
    ];
    for (member, text, least, most) in members {
        let Some(text) = text else { continue };
        let (bound, limit) = match text.len() {
            length if length < least => ("greater", least),
            length if length > most => ("less", most),
            _ => continue,
        };
        let constraint = format!("have length {bound} than or equal to {limit}");
        return Err(Refusal::constraint(member, text.get(..80).unwrap_or(text), &constraint));
    }
    Ok(())
}

/// That what only goes with a mock comes with one.
pub(super) fn needs_mock(request: &TestState) -> Result<(), Refusal> {
    let configuration = &request.configuration;
    let fields = [
        ("Context", request.context.is_some()),
        ("RetrierRetryCount", configuration.retrier_retry_count.is_some()),
        ("ErrorCausedByState", configuration.error_caused_by_state.is_some()),
        ("MapIterationFailureCount", configuration.map_iteration_failure_count.is_some()),
        ("MapItemReaderData", configuration.map_item_reader_data.is_some()),
    ];
    match fields.into_iter().find(|(_, given)| *given) {
        Some((field, _)) if request.mock.is_none() => {
            Err(Refusal::validation(format!("TestState does not support {field} when a mock is not specified.")))
        }
        _ => Ok(()),
    }
}

/// That there is a mock where one must be and none where none can be, and that its result can be one of the state.
pub(super) fn mock(request: &TestState, code: &Code) -> Result<Option<Payload>, Refusal> {
    let Some(mock) = &request.mock else {
        unmocked(request, code)?;
        return Ok(None);
    };
    if !matches!(code.kind, Kind::Task(_) | Kind::Map(_) | Kind::Parallel { .. }) {
        let kind = code.kind.name();
        return Err(Refusal::validation(format!("State type '{kind}' is not supported when a mock is specified")));
    }
    if request.reveal_secrets {
        return Err(Refusal::validation("TestState does not support RevealSecrets when a mock is specified."));
    }
    if mock.result.is_some() == mock.error_output.is_some() {
        return Err(Refusal::validation(
            "A test mock should have only one of the following fields: [result, errorOutput].",
        ));
    }
    let Some(text) = &mock.result else { return Ok(None) };
    let result = Payload::from_text(text).map_err(|_| Refusal::validation("Mocked result must be valid JSON"))?;
    shape(code, &result)?;
    Ok(Some(result))
}

fn unmocked(request: &TestState, code: &Code) -> Result<(), Refusal> {
    match &code.kind {
        Kind::Map(_) | Kind::Parallel { .. } => Err(Refusal::definition(
            "TestState API does not support Map or Parallel states. \
             Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
        )),
        Kind::Task(task) if task.call.wire == Wire::Activity => {
            Err(Refusal::validation("TestState API does not support Activity tasks when a mock is not specified."))
        }
        Kind::Task(task) if task.call.pattern() != Pattern::RequestResponse => Err(Refusal::validation(
            "TestState API does not support .sync or .waitForTaskToken service integration patterns \
             when a mock is not specified.",
        )),
        Kind::Task(_) if request.role_arn.is_none() => {
            Err(Refusal::validation("RoleArn must be specified when testing a Task state"))
        }
        _ => Ok(()),
    }
}

fn shape(code: &Code, result: &Json) -> Result<(), Refusal> {
    let problem = match (&code.kind, result.as_array()) {
        (Kind::Map(map), _) if map.writer.is_some() => {
            (!result.is_object()).then_some("Mocked result must be a JSON object.")
        }
        (Kind::Map(_) | Kind::Parallel { .. }, None) => Some("Mocked result must be an array."),
        (Kind::Parallel { branches, .. }, Some(items)) => (items.len() != branches.len())
            .then_some("Mocked result must contain the same number of items as number of Parallel branches."),
        _ => None,
    };
    problem.map_or(Ok(()), |problem| Err(Refusal::validation(problem)))
}

#[cfg(test)]
mod tests {
    use super::super::{Mock, test_state};
    use super::*;

    const TASK: &str = r#"{ "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true }"#;

    fn refused(request: &TestState) -> String {
        test_state(request).unwrap_err().to_string()
    }

    #[test]
    fn a_mock_is_a_result_or_an_error() {
        let only_one =
            "ValidationException: A test mock should have only one of the following fields: [result, errorOutput].";
        let both = Mock { result: Some("1".into()), ..Mock::error("E", "c") };
        assert_eq!(refused(&TestState::new(TASK).mock(both)), only_one);
        assert_eq!(refused(&TestState::new(TASK).mock(Mock::default())), only_one);
        let broken = TestState::new(TASK).mock(Mock::result("{"));
        assert_eq!(refused(&broken), "ValidationException: Mocked result must be valid JSON");
    }

    #[test]
    fn only_work_is_mocked_and_some_work_must_be() {
        let pass = TestState::new(r#"{ "Type": "Succeed" }"#).mock(Mock::result("1"));
        assert!(refused(&pass).contains("State type 'Succeed' is not supported when a mock is specified"));
        let waits = TASK.replace("publish", "publish.waitForTaskToken");
        assert!(refused(&TestState::new(waits)).contains("when a mock is not specified"));
        assert!(refused(&TestState::new(TASK)).contains("RoleArn must be specified"));
        let context = TestState { context: Some("{}".into()), ..TestState::new(TASK) };
        assert!(refused(&context).contains("TestState does not support Context when a mock is not specified."));
    }

    #[test]
    fn a_member_has_a_length() {
        let refusal = refused(&TestState::new(TASK).state(""));
        assert!(refusal.ends_with(
            "at 'stateName' failed to satisfy constraint: Member must have length greater than or equal to 1"
        ));
    }
}
