//! [`Retry`], and the error names of the States language.

use std::time::Duration;

use crate::diag::{Diagnostic, Diagnostics, Place, codes};

/// The error names that Step Functions itself uses.
/// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>
pub mod errors {
    /// Any error but `States.DataLimitExceeded` and `States.Runtime`.
    pub const ALL: &str = "States.ALL";
    /// Any error of a task but `States.Timeout`.
    pub const TASK_FAILED: &str = "States.TaskFailed";
    /// A task ran longer than its `TimeoutSeconds`, or its heartbeat was missed.
    pub const TIMEOUT: &str = "States.Timeout";
    /// A heartbeat was missed.
    pub const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
    /// The role may not do what the task does.
    pub const PERMISSIONS: &str = "States.Permissions";
    /// An expression has no value, or one of the wrong type.
    pub const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";
    /// A payload is over 256 KiB.
    pub const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
    /// An item reader could not read all its items.
    pub const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
    /// More items of a Map failed than are tolerated.
    pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";
}

/// One or several error names: a text, or a list of texts.
pub trait ErrorNames {
    /// The names, in order.
    fn names(self) -> Vec<String>;
}

impl ErrorNames for &str {
    fn names(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl ErrorNames for String {
    fn names(self) -> Vec<String> {
        vec![self]
    }
}

impl<S: Into<String>> ErrorNames for Vec<S> {
    fn names(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<S: Into<String>, const N: usize> ErrorNames for [S; N] {
    fn names(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

/// When a failed state is tried again, how often, and after how long.
///
/// Retriers are looked at in order; the first that names the error counts, and each keeps its own count.
///
/// ```
/// use std::time::Duration;
/// use statewright::Retry;
///
/// Retry::on(["ECS.ServerException", "ECS.ThrottlingException"])
///     .interval(Duration::from_secs(10))
///     .max_attempts(5)
///     .backoff_rate(1.5)
///     .max_delay(Duration::from_secs(60))
///     .full_jitter();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "give it to a step: `.retry(…)`"]
pub struct Retry {
    pub(crate) errors: Vec<String>,
    pub(crate) interval: Option<Duration>,
    pub(crate) max_attempts: Option<u32>,
    pub(crate) backoff_rate: Option<f64>,
    pub(crate) max_delay: Option<Duration>,
    pub(crate) full_jitter: bool,
}

impl Retry {
    /// On these errors.
    pub fn on(errors: impl ErrorNames) -> Self {
        Self {
            errors: errors.names(),
            interval: None,
            max_attempts: None,
            backoff_rate: None,
            max_delay: None,
            full_jitter: false,
        }
    }

    /// On every error that can be retried: `States.ALL`.
    pub fn on_any() -> Self {
        Self::on(errors::ALL)
    }

    /// How often it is tried again, 0 to 99,999,999; 3 unless said otherwise.
    pub fn max_attempts(mut self, times: u32) -> Self {
        self.max_attempts = Some(times);
        self
    }

    /// The wait before the first retry, in whole seconds from 1; one second unless said otherwise.
    pub fn interval(mut self, wait: Duration) -> Self {
        self.interval = Some(wait);
        self
    }

    /// By what each wait is longer than the one before, from 1.0; 2.0 unless said otherwise.
    pub fn backoff_rate(mut self, rate: f64) -> Self {
        self.backoff_rate = Some(rate);
        self
    }

    /// The longest wait, in whole seconds, up to 31,622,400 and longer than the interval.
    pub fn max_delay(mut self, wait: Duration) -> Self {
        self.max_delay = Some(wait);
        self
    }

    /// Waits a random time between zero and what it would have waited, so that retries don't come in herds.
    pub fn full_jitter(mut self) -> Self {
        self.full_jitter = true;
        self
    }

    /// What AWS would refuse.
    pub(crate) fn check(&self, at: &Place, diagnostics: &mut Diagnostics) {
        let mut refuse = |message: String, help: &str| {
            diagnostics.push(Diagnostic::error(codes::RETRY_OUT_OF_RANGE, message, at.clone()).help(help));
        };
        if self.errors.is_empty() {
            refuse("a retry that names no error".into(), "write `Retry::on_any()`, or name the errors");
        }
        if self.errors.len() > 1 && self.errors.iter().any(|e| e == errors::ALL) {
            refuse("`States.ALL` must stand alone".into(), "write a second `.retry(Retry::on_any())` after this one");
        }
        if self.backoff_rate.is_some_and(|rate| !(rate >= 1.0 && rate.is_finite())) {
            refuse(
                format!("expected a backoff rate from 1.0, found {:?}", self.backoff_rate.unwrap_or_default()),
                "write `.backoff_rate(2.0)`, say",
            );
        }
        if self.max_attempts.is_some_and(|times| times > 99_999_999) {
            refuse("more than 99,999,999 attempts".into(), "write `.max_attempts(99_999_999)` at most");
        }
        let interval = self.interval.unwrap_or(Duration::from_secs(1));
        if interval < Duration::from_secs(1) {
            refuse(
                format!("expected an interval from one second, found {interval:?}"),
                "write `.interval(Duration::from_secs(1))` or more",
            );
        }
        if let Some(max) = self.max_delay
            && (max <= interval || max > Duration::from_secs(31_622_400))
        {
            refuse(
                format!(
                    "expected a longest delay over the interval ({interval:?}) and up to 31,622,400 s, found {max:?}"
                ),
                "raise `.max_delay(…)` or lower `.interval(…)`",
            );
        }
    }
}
