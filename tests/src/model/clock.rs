//! Times, and the names that have times in them. There are three readings of the clock, which is as many as the rules of
//! the guard tell apart.

/// The table that the guards of a model share.
pub(super) const TABLE: &str = "statewright-guard";
/// The workflow that all executions are of.
pub(super) const WORKFLOW: &str = "nightly";
/// Its schedule.
pub(super) const SCHEDULE: &str = "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/nightly";

/// What a state reads when it is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Reading {
    /// Less than an hour after the first start, less than 15 minutes after every redrive, at once after a conflict.
    Young,
    /// Less than an hour after the first start, more than 15 minutes after every redrive, and longer than anybody waits.
    Late,
    /// Months later: what ended then may be forgotten.
    Old,
}

impl Reading {
    pub(super) const fn time(self) -> &'static str {
        match self {
            Self::Young => "2026-01-01T00:45:00.000Z",
            Self::Late => "2026-01-01T00:58:00.000Z",
            Self::Old => "2026-06-01T00:00:00.000Z",
        }
    }
}

/// When an execution began.
pub(super) fn start(execution: u8) -> String {
    format!("2026-01-01T00:00:0{execution}.000Z")
}

/// When an attempt to redrive took its permit. No two are the same.
pub(super) fn taken(attempt: usize) -> String {
    format!("2026-01-01T00:40:0{attempt}.000Z")
}

/// The time of a tick.
pub(super) fn tick(number: u8) -> String {
    format!("2025-12-31T0{number}:00:00Z")
}

/// The ARN of an execution.
pub(super) fn arn(execution: u8) -> String {
    format!("arn:aws:states:eu-west-1:123456789012:execution:{WORKFLOW}:e{execution}")
}

/// Which execution has an ARN.
pub(super) fn execution(arn: &str) -> Option<u8> {
    arn.rsplit_once(":e")?.1.parse().ok()
}

/// The token of an execution; `attempt` is that of the redrive that took it.
pub(super) fn token(execution: u8, generation: u8, attempt: Option<usize>) -> String {
    let token = format!("{}|{}|{generation}", start(execution), arn(execution));
    match attempt {
        Some(attempt) => format!("{token}|{}", taken(attempt)),
        None => token,
    }
}
