//! Logging of executions.

use crate::bundle::LogLevel;

/// Which events of an execution go to CloudWatch Logs, and how long they are kept there.
///
/// ```
/// use statewright::workflow::Log;
///
/// Log::all().execution_data().retention_days(90);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "give it to a workflow: `.log(…)`"]
pub struct Log {
    pub(super) level: LogLevel,
    pub(super) execution_data: bool,
    pub(super) retention_days: u32,
    pub(super) group_arn: Option<String>,
}

impl Log {
    /// What CloudWatch Logs takes as a retention.
    pub(super) const RETENTIONS: [u32; 22] =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    const fn level(level: LogLevel) -> Self {
        Self { level, execution_data: false, retention_days: 30, group_arn: None }
    }

    /// Every event.
    pub const fn all() -> Self {
        Self::level(LogLevel::All)
    }

    /// Errors, caught ones included: what a workflow has unless said otherwise.
    pub const fn errors() -> Self {
        Self::level(LogLevel::Error)
    }

    /// Only what ends an execution.
    pub const fn fatal() -> Self {
        Self::level(LogLevel::Fatal)
    }

    /// With the inputs and outputs of states, which may hold secrets.
    pub const fn execution_data(mut self) -> Self {
        self.execution_data = true;
        self
    }

    /// How long they are kept: one of the numbers of days that CloudWatch Logs knows; 30 unless said otherwise.
    pub const fn retention_days(mut self, days: u32) -> Self {
        self.retention_days = days;
        self
    }

    /// Into a log group that exists already, by its ARN without `:*` at its end, in place of one of the workflow's own.
    pub fn group_arn(mut self, arn: &str) -> Self {
        self.group_arn = Some(arn.to_owned());
        self
    }
}
