//! How a state fails: the error's name and cause, and what may retry or catch it.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>

use std::fmt;

use serde_json::{Value as Json, json};

/// An error's name and cause, as the history and `DescribeExecution` show them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// Such as `States.TaskFailed`.
    pub error: Option<String>,
    /// What is known of its cause.
    pub cause: Option<String>,
}

impl Failure {
    /// An error with a cause.
    #[must_use]
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error: Some(error.into()), cause: Some(cause.into()) }
    }

    /// What a Catcher passes on; what is missing is empty.
    #[must_use]
    pub fn output(&self) -> Json {
        json!({ "Error": self.error.as_deref().unwrap_or_default(), "Cause": self.cause.as_deref().unwrap_or_default() })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.error.as_deref().unwrap_or("an error without a name"))?;
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
    }
}

/// Why a state fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is reported.
    pub failure: Failure,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a failure comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The data flow of a JSONPath state: `States.Runtime` and the like.
    Data,
    /// An expression of a JSONata state, with its field.
    Evaluation(Option<String>),
    /// A task.
    Task,
    /// A task that took too long.
    Timeout,
    /// A task that sent no heartbeat: reported as `States.Timeout`, and caught as `States.HeartbeatTimeout` too.
    Heartbeat,
    /// A Fail state, or a Map that tolerates no more.
    State,
    /// The execution itself ends: nothing catches that.
    Stop,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.failure)
    }
}

impl std::error::Error for Fault {}

/// Never caught, not even by name.
const RUNTIME: &str = "States.Runtime";
/// A result can't be put where `ResultPath` says.
const CONFLICT: &str = "States.ReferencePathConflict";

impl Fault {
    pub(crate) fn new(error: &str, cause: impl Into<String>, origin: Origin) -> Self {
        Self { failure: Failure::new(error, cause), origin }
    }

    pub(crate) fn runtime(cause: impl Into<String>) -> Self {
        Self::new(RUNTIME, cause, Origin::Data)
    }

    pub(crate) fn evaluation(field: Option<&str>, cause: String) -> Self {
        Self::new("States.QueryEvaluationError", cause, Origin::Evaluation(field.map(str::to_owned)))
    }

    pub(crate) fn intrinsic(cause: String) -> Self {
        Self::new("States.IntrinsicFailure", cause, Origin::Data)
    }

    pub(crate) fn conflict(cause: String) -> Self {
        Self::new(CONFLICT, cause, Origin::Data)
    }

    /// That a result is too large; `name` is that of the state, or of the resource.
    pub(crate) fn data_limit(name: &str) -> Self {
        let cause = format!(
            "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
        );
        Self::new("States.DataLimitExceeded", cause, Origin::Task)
    }

    /// That more items of a Map have failed than it tolerates.
    pub(crate) fn threshold() -> Self {
        let cause = "The specified tolerated failure threshold was exceeded";
        Self::new("States.ExceedToleratedFailureThreshold", cause, Origin::State)
    }

    pub(crate) fn timeout(origin: Origin) -> Self {
        Self { failure: Failure { error: Some("States.Timeout".to_owned()), cause: None }, origin }
    }

    pub(crate) const fn stop() -> Self {
        Self { failure: Failure { error: None, cause: None }, origin: Origin::Stop }
    }

    /// The fault with the words by which Step Functions says in which state it was.
    #[must_use]
    pub(crate) fn in_state(mut self, name: &str, entered: u64) -> Self {
        if self.failure.error.as_deref() == Some(CONFLICT) {
            return self;
        }
        if matches!(self.origin, Origin::Data | Origin::Evaluation(_)) {
            let cause = self.failure.cause.unwrap_or_default();
            self.failure.cause = Some(format!(
                "An error occurred while executing the state '{name}' (entered at the event id #{entered}). {cause}"
            ));
        }
        self
    }

    /// Whether it is a `States.Runtime` of the state's own data flow: that ends the execution without further events.
    pub(crate) fn is_runtime_of_data(&self) -> bool {
        self.origin == Origin::Data && self.failure.error.as_deref() == Some(RUNTIME)
    }

    /// Whether one of these names is its own.
    pub(crate) fn is_one_of(&self, names: &[String]) -> bool {
        let error = self.failure.error.as_deref();
        if self.origin == Origin::Stop || error == Some(RUNTIME) {
            return false;
        }
        names.iter().any(|name| match name.as_str() {
            "States.ALL" => true,
            "States.TaskFailed" => error == Some("States.TaskFailed") || self.origin == Origin::Task,
            "States.HeartbeatTimeout" => self.origin == Origin::Heartbeat,
            "States.ResultPathMatchFailure" if error == Some(CONFLICT) => true,
            name => error == Some(name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(fault: &Fault, name: &str) -> bool {
        fault.is_one_of(&[name.to_owned()])
    }

    #[test]
    fn wildcards_name_what_they_stand_for() {
        let task = Fault::new("Lambda.TooManyRequestsException", "slow down", Origin::Task);
        assert!(names(&task, "States.ALL") && names(&task, "States.TaskFailed"));
        assert!(names(&task, "Lambda.TooManyRequestsException") && !names(&task, "States.Timeout"));
        let late = Fault::timeout(Origin::Timeout);
        assert!(names(&late, "States.ALL") && names(&late, "States.Timeout"));
        assert!(!names(&late, "States.TaskFailed") && !names(&late, "States.HeartbeatTimeout"));
        let silent = Fault::timeout(Origin::Heartbeat);
        assert!(names(&silent, "States.Timeout") && names(&silent, "States.HeartbeatTimeout"));
    }

    #[test]
    fn nothing_catches_a_runtime_error() {
        assert!(!names(&Fault::runtime("x"), "States.ALL") && !names(&Fault::runtime("x"), "States.Runtime"));
        assert!(!names(&Fault::stop(), "States.ALL"));
    }

    #[test]
    fn an_error_output_has_both_fields() {
        assert_eq!(Fault::timeout(Origin::Timeout).failure.output(), json!({ "Error": "States.Timeout", "Cause": "" }));
    }
}
