//! How a world is set up.

use super::Rules;

/// The account in which everything runs.
pub const ACCOUNT: &str = "123456789012";
/// The region in which everything runs.
pub const REGION: &str = "us-east-1";
/// When a world begins, unless it is told otherwise: 2026-01-01T00:00:00Z.
pub const BEGINNING: i64 = 1_767_225_600_000;

/// How a world is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The account of all resources.
    pub account: String,
    /// The region of all resources.
    pub region: String,
    /// When it begins, in milliseconds since 1970.
    pub start: i64,
    /// Of everything that is random: UUIDs, random numbers, jitter, names.
    pub seed: u64,
    /// Whether time passes as it does outside; else it jumps to what happens next.
    pub real_time: bool,
    /// Whether the histories of executions are kept.
    pub histories: bool,
    /// Whether a call that nothing answers waits for somebody outside, where it can: activities, and tasks with a token.
    pub waits_for_outside: bool,
    /// Whether trouble fails what it concerns, in place of ending the world's run: a call that nothing answers its task,
    /// with `States.TaskFailed`; an endless loop its execution, with `States.Runtime`.
    pub fails_on_trouble: bool,
    /// So many states may be entered without time passing: more are an endless loop.
    pub most_at_once: u64,
    /// What AWS does differently at different times.
    pub rules: Rules,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            account: ACCOUNT.to_owned(),
            region: REGION.to_owned(),
            start: BEGINNING,
            seed: 0,
            real_time: false,
            histories: true,
            waits_for_outside: false,
            fails_on_trouble: false,
            most_at_once: 20_000_000,
            rules: Rules::default(),
        }
    }
}
