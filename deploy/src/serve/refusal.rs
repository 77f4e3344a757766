//! What is refused, by the name of the exception.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html>

use serde_json::{Value as Json, json};

/// What a request is answered: the fields of the response, or why it is refused.
pub(super) type Answer<T = Json> = Result<T, Refusal>;

/// An exception of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Its name.
    pub kind: &'static str,
    /// What it says.
    pub message: String,
    /// More fields: `reason`, `resourceName`.
    more: Option<(&'static str, String)>,
}

impl Refusal {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), more: None }
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// A field that is missing, or whose value is none that the API takes.
    pub(super) fn constraint(field: &str, constraint: &str) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value at '{field}' failed to satisfy constraint: {constraint}"
        ))
    }

    pub(super) fn routing(message: impl Into<String>) -> Self {
        let more = Some(("reason", "INVALID_ROUTING_CONFIGURATION".to_owned()));
        Self { more, ..Self::validation(message) }
    }

    pub(super) fn arn(why: impl std::fmt::Display) -> Self {
        Self::new("InvalidArn", format!("Invalid Arn: '{why}'"))
    }

    pub(super) fn no_machine(arn: &str) -> Self {
        Self::new("StateMachineDoesNotExist", format!("State Machine Does Not Exist: '{arn}'"))
    }

    pub(super) fn no_execution(arn: &str) -> Self {
        Self::new("ExecutionDoesNotExist", format!("Execution Does Not Exist: '{arn}'"))
    }

    pub(super) fn no_activity(arn: &str) -> Self {
        Self::new("ActivityDoesNotExist", format!("Activity Does Not Exist: '{arn}'"))
    }

    pub(super) fn no_resource(arn: &str) -> Self {
        let more = Some(("resourceName", arn.to_owned()));
        Self { more, ..Self::new("ResourceNotFound", format!("Resource not found: '{arn}'")) }
    }

    pub(super) fn token() -> Self {
        Self::new("InvalidToken", "Invalid Token: 'Invalid token'")
    }

    /// As it is sent.
    pub(super) fn to_json(&self) -> Json {
        let mut body = json!({ "__type": self.kind, "message": self.message });
        if let Some((name, value)) = &self.more {
            body[*name] = value.as_str().into();
        }
        body
    }
}
