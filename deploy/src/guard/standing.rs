//! [`Standing`]: how the holder of a permit stands.

use jiff::{SignedDuration, Timestamp};

use super::token::Token;
use crate::aws::Look;

/// A permit that a redrive took, and that nobody has used so long, is nobody's: as the states of the guard have it.
const REDRIVE: SignedDuration = SignedDuration::from_mins(15);
/// An execution that can't be found so long after its start is gone.
const UNSEEN: SignedDuration = SignedDuration::from_hours(1);
/// So long after its start an Express execution has ended.
const LEASE: SignedDuration = SignedDuration::from_mins(6);

/// How the holder of a permit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It runs.
    Running,
    /// It has ended; the next run takes its permit away.
    Ended(String),
    /// It failed, and keeps its permit until it is redriven.
    Held(String),
    /// A redrive has taken the permit and is under way.
    Redriving,
    /// It can't be seen yet, or no more; within an hour of its start it may be running.
    Unseen,
    /// There is no such execution any more; the next run takes its permit away.
    Gone,
    /// It is an Express execution, which nobody can look at, and may be running.
    Lease,
    /// The same, and so old that it has ended.
    LeaseOver,
}

impl Standing {
    /// Decides, by what AWS says of the execution.
    #[must_use]
    pub fn of(token: &Token, look: Option<&Look>, holds_after_failure: bool, now: Timestamp) -> Self {
        let age = token.start.parse().map_or(SignedDuration::ZERO, |start: Timestamp| now.duration_since(start));
        let Some(generation) = token.generation else {
            return if age > LEASE { Self::LeaseOver } else { Self::Lease };
        };
        let Some(look) = look else {
            return if age > UNSEEN { Self::Gone } else { Self::Unseen };
        };
        if look.is_running() {
            return Self::Running;
        }
        let status = look.status.clone();
        // What a redrive took is its own for a while, however often AWS says that there was one.
        let is_a_redrives = match token.taken {
            Some(taken) => now.duration_since(taken) <= REDRIVE,
            None => look.redrives < generation,
        };
        if status != "SUCCEEDED" && is_a_redrives {
            return Self::Redriving;
        }
        if holds_after_failure && look.is_redrivable() { Self::Held(status) } else { Self::Ended(status) }
    }

    /// Whether something may be running.
    #[must_use]
    pub const fn may_run(&self) -> bool {
        matches!(self, Self::Running | Self::Redriving | Self::Unseen | Self::Lease)
    }

    /// A word for programs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ended(_) => "ended",
            Self::Held(_) => "held",
            Self::Redriving => "redriving",
            Self::Unseen => "unseen",
            Self::Gone => "gone",
            Self::Lease => "lease",
            Self::LeaseOver => "lease-over",
        }
    }

    /// Words for a reader.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Running => "runs".to_owned(),
            Self::Ended(status) => format!("has ended ({status}): the next run takes its permit"),
            Self::Held(status) => {
                format!("has ended ({status}) and keeps its permit: `statewright redrive` it, or `guard unlock`")
            }
            Self::Redriving => "was redriven less than a quarter of an hour ago, or is being redriven".to_owned(),
            Self::Unseen => "can't be seen yet".to_owned(),
            Self::Gone => "is long gone: the next run takes its permit".to_owned(),
            Self::Lease => "is an Express execution: its permit is free six minutes after its start".to_owned(),
            Self::LeaseOver => "was an Express execution, and has ended: the next run takes its permit".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:states:eu-west-1:111122223333:execution:nightly:run-1";

    fn look(status: &str, redrives: u64) -> Look {
        let redrivable = matches!(status, "FAILED" | "ABORTED" | "TIMED_OUT");
        Look {
            status: status.to_owned(),
            redrives,
            redrive_status: Some(if redrivable { "REDRIVABLE" } else { "NOT_REDRIVABLE" }.to_owned()),
            redrive_reason: None,
        }
    }

    fn standing(rest: &str, look: Option<&Look>, holds: bool) -> Standing {
        let token = Token::parse(&format!("2026-01-01T00:00:00.000Z|{ARN}|{rest}")).unwrap();
        Standing::of(&token, look, holds, "2026-01-01T00:20:00Z".parse().unwrap())
    }

    #[test]
    fn what_aws_says_decides() {
        assert_eq!(standing("0", Some(&look("RUNNING", 0)), false), Standing::Running);
        assert_eq!(standing("0", Some(&look("FAILED", 0)), false), Standing::Ended("FAILED".into()));
        assert_eq!(standing("0", Some(&look("FAILED", 0)), true), Standing::Held("FAILED".into()));
        assert_eq!(standing("0", Some(&look("SUCCEEDED", 0)), true), Standing::Ended("SUCCEEDED".into()));
    }

    #[test]
    fn a_permit_of_a_later_generation_is_a_redrives() {
        let failed = look("FAILED", 0);
        assert_eq!(standing("1|2026-01-01T00:10:00.000Z", Some(&failed), false), Standing::Redriving);
        assert_eq!(standing("1|2026-01-01T00:04:00.000Z", Some(&failed), false), Standing::Ended("FAILED".into()));
        assert_eq!(standing("1|2026-01-01T00:10:00.000Z", Some(&look("FAILED", 1)), false), Standing::Redriving);
        assert_eq!(standing("1|2026-01-01T00:10:00.000Z", Some(&look("SUCCEEDED", 1)), false).word(), "ended");
    }

    #[test]
    fn what_can_not_be_found_may_only_not_be_visible_yet() {
        assert_eq!(standing("0", None, false), Standing::Unseen);
        let old = Token::parse(&format!("2025-12-31T00:00:00.000Z|{ARN}|0")).unwrap();
        assert_eq!(Standing::of(&old, None, false, "2026-01-01T00:20:00Z".parse().unwrap()), Standing::Gone);
        assert_eq!(standing("5d0c-uuid", None, false), Standing::LeaseOver);
    }
}
