//! Runs one state, as the `TestState` API does.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html>
//!
//! ```
//! use statewright_simulate::test_state::{InspectionLevel, Mock, Status, TestState, test_state};
//!
//! let definition = r#"{
//!     "Type": "Task",
//!     "Resource": "arn:aws:states:::lambda:invoke",
//!     "Parameters": { "FunctionName": "price", "Payload.$": "$.order" },
//!     "ResultPath": "$.price",
//!     "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 3 }],
//!     "Next": "Ship"
//! }"#;
//! let mut request = TestState::new(definition).input(r#"{ "order": 7 }"#).level(InspectionLevel::Debug);
//!
//! let outcome = test_state(&request.clone().mock(Mock::result(r#"{ "Payload": 12 }"#)))?;
//! assert_eq!(outcome.status, Status::Succeeded);
//! assert_eq!(outcome.next_state.as_deref(), Some("Ship"));
//! assert_eq!(outcome.output.as_deref(), Some(r#"{"order":7,"price":{"Payload":12}}"#));
//!
//! request.configuration.retrier_retry_count = Some(1);
//! let outcome = test_state(&request.mock(Mock::error("Busy", "come back later")))?;
//! assert_eq!(outcome.status, Status::Retriable);
//! assert_eq!(outcome.inspection.as_ref().unwrap()["errorDetails"]["retryBackoffIntervalSeconds"], 4);
//! # Ok::<(), statewright_simulate::test_state::Refusal>(())
//! ```
//!
//! Known differences from AWS:
//!
//! - A mocked result is not held against the model of the API that is called, since there is no such model here: modes
//!   `STRICT` and `PRESENT` accept what `NONE` does.
//! - `TRACE` shows no HTTP request and response.
//! - A Wait state does not wait.

mod bench;
mod check;
mod map;
mod outcome;

mod refusal;
mod rehearsal;
mod request;
mod stage;
mod subject;
mod surroundings;
mod wire;

pub use outcome::{Inspection, Outcome, Status};
pub use refusal::{Refusal, RefusalKind};
pub use rehearsal::Rehearsal;
pub use request::{Configuration, FieldValidation, InspectionLevel, Mock, TestState};

use crate::task::Service;

/// Runs a state. A Task needs a mock.
///
/// # Errors
///
/// What AWS refuses, with its exception and message.
pub fn test_state(request: &TestState) -> Result<Outcome, Refusal> {
    run(request, None)
}

/// Runs a state; a Task without a mock is answered by a service.
///
/// ```
/// use serde_json::json;
/// use statewright_simulate::task::{Answer, Request};
/// use statewright_simulate::test_state::{TestState, test_state_with};
///
/// let definition = r#"{ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true }"#;
/// let request = TestState { role_arn: Some("arn:aws:iam::123456789012:role/r".into()), ..TestState::new(definition) };
/// let mut service = |request: &Request| Some(Answer::returns(json!({ "got": request.parameters })));
/// let outcome = test_state_with(&request.input("[1]"), &mut service)?;
/// assert_eq!(outcome.output.as_deref(), Some(r#"{"got":[1]}"#));
/// # Ok::<(), statewright_simulate::test_state::Refusal>(())
/// ```
///
/// # Errors
///
/// What AWS refuses, with its exception and message.
pub fn test_state_with(request: &TestState, service: &mut dyn Service) -> Result<Outcome, Refusal> {
    run(request, Some(service))
}

fn run(request: &TestState, service: Option<&mut dyn Service>) -> Result<Outcome, Refusal> {
    check::limits(request)?;
    check::needs_mock(request)?;
    let subject = subject::Subject::find(request)?;
    let result = check::mock(request, subject.code()?)?;
    let bench = bench::Bench::new(request, &subject)?;
    // A lifetime shorter than that of the service's own borrow.
    let service = service.map(|service| service as &mut dyn Service);
    stage::Stage::new(request, &subject, &bench, result, service)?.run()
}

#[cfg(test)]
mod tests;
