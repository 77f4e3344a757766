//! One state of the model: everything that is the case at a moment.

use super::machine::Number;
use super::text::{NONE, Text};

/// The most executions of a model.
pub(super) const EXECUTIONS: usize = 4;
/// The most that ask at the end whether there are permits.
pub(super) const PROBES: usize = 2;
/// The most redrives by the guard's command.
pub(super) const COMMANDS: usize = 3;
/// The most writes that are on their way at once.
pub(super) const FLYING: usize = 3;

/// Everything that is the case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct World {
    pub executions: [Execution; EXECUTIONS + PROBES],
    pub commands: [Command; COMMANDS],
    /// The items of the table.
    pub table: Text,
    /// Writes that were sent and are not applied yet, in the order of their numbers.
    pub flying: [Text; FLYING],
    pub left: Left,
}

/// An execution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Execution {
    pub status: Status,
    /// How often it was redriven.
    pub generation: u8,
    /// Where it is, or where a redrive goes on.
    pub at: Number,
    pub variables: Text,
    /// The input of that state.
    pub data: Text,
    /// Whether it ever was in the region.
    pub entered: bool,
}

/// How an execution is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Status {
    /// Not started.
    #[default]
    Absent,
    Running,
    Succeeded,
    /// Failed, stopped or timed out: the guard makes no difference.
    Failed,
    /// Failed so long ago that it can't be redriven.
    Expired,
    /// Ended so long ago that nothing is known of it.
    Purged,
}

impl Status {
    /// Whether it has ended.
    pub(super) const fn is_over(self) -> bool {
        !matches!(self, Self::Absent | Self::Running)
    }
}

/// A redrive by the guard's command. Which one it is says when it took its permit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Command {
    pub stage: Stage,
    pub execution: u8,
    /// How often the execution had been redriven, as the command was told.
    pub count: u8,
    /// How often the execution was redriven once the command had done so; none before.
    pub redriven: u8,
}

/// What a command does next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Stage {
    #[default]
    Unused,
    /// It takes a permit for the next generation.
    Take,
    /// It gives permits of earlier generations back.
    Clean,
    /// It redrives.
    Redrive,
    /// It gives the new permit back, since the redrive was refused.
    Undo,
    /// It has ended, or died.
    Over,
}

impl Stage {
    /// Whether the command does something yet.
    pub(super) const fn is_busy(self) -> bool {
        !matches!(self, Self::Unused | Self::Over)
    }
}

/// How much can still go wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Left {
    /// So many executions fail, time out or are stopped.
    pub crashes: u8,
    /// So many writes are delayed, or answered wrongly.
    pub lost: u8,
    /// So many redrives.
    pub redrives: u8,
    /// So many ended executions become too old to be redriven, or are forgotten.
    pub expiries: u8,
}

impl World {
    /// Sends a write off; none if too many are on their way.
    pub(super) fn send(mut self, request: Text) -> Option<Self> {
        let free = self.flying.iter_mut().find(|flying| **flying == NONE)?;
        *free = request;
        self.flying.sort_unstable_by(|a, b| b.cmp(a));
        Some(self)
    }

    /// The same with an execution that is so.
    pub(super) fn with(mut self, number: u8, execution: Execution) -> Self {
        self.executions[usize::from(number)] = execution;
        self
    }

    /// The same after one of those faults that a budget is for.
    pub(super) fn spent(mut self, budget: impl FnOnce(&mut Left) -> &mut u8) -> Option<Self> {
        let left = budget(&mut self.left);
        *left = left.checked_sub(1)?;
        Some(self)
    }

    /// Whether nothing more happens unless something starts: nobody runs, nothing is on its way.
    pub(super) fn is_quiet(&self) -> bool {
        self.executions.iter().all(|execution| execution.status != Status::Running)
            && self.flying.iter().all(|flying| *flying == NONE)
            && self.commands.iter().all(|command| !command.stage.is_busy())
    }
}
