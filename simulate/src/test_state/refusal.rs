//! What the API refuses.

use std::fmt;

use serde_json::{Value as Json, json};

/// An exception of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// A field has a value that it can't have.
    Validation,
    /// The definition can't run.
    InvalidDefinition,
    /// The input is no JSON.
    InvalidExecutionInput,
}

/// Why a state is not run.
///
/// ```
/// use statewright_simulate::test_state::{TestState, test_state};
///
/// let request = TestState::new(r#"{ "Type": "Parallel", "Branches": [], "End": true }"#);
/// let refusal = test_state(&request).unwrap_err();
/// assert!(refusal.to_string().starts_with("InvalidDefinition: TestState API does not support Map or Parallel states."));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The exception.
    pub kind: RefusalKind,
    /// Its message.
    pub message: String,
}

impl RefusalKind {
    /// Its name in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Validation => "ValidationException",
            Self::InvalidDefinition => "InvalidDefinition",
            Self::InvalidExecutionInput => "InvalidExecutionInput",
        }
    }
}

impl Refusal {
    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self { kind: RefusalKind::Validation, message: message.into() }
    }

    pub(super) fn definition(message: impl Into<String>) -> Self {
        Self { kind: RefusalKind::InvalidDefinition, message: message.into() }
    }

    /// A member of the request that breaks its constraint.
    pub(super) fn constraint(member: &str, value: &str, constraint: &str) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"
        ))
    }

    /// As the body of an answer with status 400.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({ "__type": self.kind.name(), "message": self.message })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.message)
    }
}

impl std::error::Error for Refusal {}
