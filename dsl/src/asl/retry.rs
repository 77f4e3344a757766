//! Retriers and Catchers.

use serde_json::Number;

use super::object::object;
use super::{Json, Nullable};

object! {
    /// When a failed state is run again.
    pub struct Retrier {
        /// For the reader.
        comment: Option<String> = "Comment",
        /// The errors' names.
        error_equals: Option<Vec<String>> = "ErrorEquals",
        /// The wait before the first retry; 1 if absent.
        interval_seconds: Option<u64> = "IntervalSeconds",
        /// How often; 3 if absent.
        max_attempts: Option<u64> = "MaxAttempts",
        /// By what each wait is longer than the one before; 2.0 if absent.
        backoff_rate: Option<Number> = "BackoffRate",
        /// The longest wait.
        max_delay_seconds: Option<u64> = "MaxDelaySeconds",
        /// `FULL` or `NONE`.
        jitter_strategy: Option<String> = "JitterStrategy",
    }
}

object! {
    /// What comes next after an error.
    pub struct Catcher {
        /// For the reader.
        comment: Option<String> = "Comment",
        /// The errors' names.
        error_equals: Option<Vec<String>> = "ErrorEquals",
        /// JSONPath: where the Error Output goes in the input; `null` to discard it.
        result_path: Option<Nullable<String>> = "ResultPath",
        /// Variables for the states behind it.
        assign: Option<Json> = "Assign",
        /// JSONata: the input of the next state.
        output: Option<Json> = "Output",
        /// The state that comes next.
        next: Option<String> = "Next",
    }
}
