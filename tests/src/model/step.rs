//! What happens between two states of the model.

use std::fmt;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An execution starts.
    Starts(u8),
    /// An execution does what its state says, and the next state is that.
    Moves(u8),
    /// An execution has waited too long.
    GivesUp(u8),
    /// A write of an execution is applied, and its answer lost.
    LosesAnswer(u8),
    /// A write of an execution is applied, and answered as if its condition had not held.
    IsLiedTo(u8),
    /// A write of an execution is on its way, and the execution believes that it failed.
    Delays(u8),
    /// A write that was on its way is applied, if its condition holds.
    Arrives,
    /// An execution fails, times out or is stopped.
    Crashes(u8),
    /// An execution is redriven, without the guard's command.
    Redriven(u8),
    /// An execution is too old to be redriven.
    Expires(u8),
    /// An execution is forgotten.
    Forgotten(u8),
    /// The command begins to redrive an execution.
    Begins(u8),
    /// The command goes on with an execution.
    Commands(u8),
    /// A write of the command is on its way, and the command tries it again.
    CommandDelays(u8),
    /// The command dies.
    Dies(u8),
}

impl Step {
    /// Whether it happens by itself, in time: nothing went wrong, and nobody gave up.
    pub(super) const fn is_progress(self) -> bool {
        matches!(self, Self::Starts(_) | Self::Moves(_) | Self::Arrives | Self::Commands(_))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starts(e) => write!(f, "E{e} starts"),
            Self::Moves(e) => write!(f, "E{e} goes on"),
            Self::GivesUp(e) => write!(f, "E{e} has waited too long"),
            Self::LosesAnswer(e) => write!(f, "E{e} writes, and the answer is lost"),
            Self::IsLiedTo(e) => write!(f, "E{e} writes, and is told that its condition did not hold"),
            Self::Delays(e) => write!(f, "E{e} writes, which is delayed"),
            Self::Arrives => f.write_str("a delayed write arrives"),
            Self::Crashes(e) => write!(f, "E{e} is stopped"),
            Self::Redriven(e) => write!(f, "E{e} is redriven"),
            Self::Expires(e) => write!(f, "E{e} is too old to be redriven"),
            Self::Forgotten(e) => write!(f, "E{e} is forgotten"),
            Self::Begins(e) => write!(f, "the command begins with E{e}"),
            Self::Commands(e) => write!(f, "the command goes on with E{e}"),
            Self::CommandDelays(e) => write!(f, "the command writes for E{e}, which is delayed"),
            Self::Dies(e) => write!(f, "the command dies that was about E{e}"),
        }
    }
}
