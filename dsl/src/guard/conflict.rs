//! What happens to a run that gets no permit.

use serde_json::{Map, json};

use super::expression::{ID, NOW, TICK_TIME, braced, execution};
use super::states::{INPUT, NO_EXECUTION, Region};
use super::{Liveness, OnConflict, queue};

/// How often a waiting execution asks before it looks at the holders again. A question is one transition, a look is five.
const QUESTIONS: u64 = 20;
/// How often those of the queue ask.
const QUEUE_SECONDS: u64 = 30;
/// How long a stopped execution takes to be seen as such.
const STOP_SECONDS: u64 = 2;

/// How a run ends that has not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Somebody else held the permit.
    Skipped,
    /// Its tick has run.
    Duplicate,
}

impl Outcome {
    /// The part of the name of the state that ends it, which is what the output says.
    const fn name(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Duplicate => "duplicate",
        }
    }

    /// The part of the name of the state that tells somebody.
    const fn notice(self) -> &'static str {
        match self {
            Self::Skipped => "tell-skipped",
            Self::Duplicate => "tell-duplicate",
        }
    }
}

impl Region<'_> {
    /// What happens to a run that is one too many; gives the part of the name of its first state.
    pub(super) fn on_conflict(&mut self) -> &'static str {
        match self.guard.on_conflict {
            OnConflict::Skip => {
                self.ended(Outcome::Skipped);
                self.way_to(Outcome::Skipped)
            }
            OnConflict::Fail => {
                let (lock, holders) = (self.guard.lock.expression(), self.variable("holders"));
                let cause = braced(&format!("'the lock ' & {lock} & ' is held by ' & $join(${holders}, ', ')"));
                self.add("conflict", json!({ "Type": "Fail", "Error": "Guard.Conflict", "Cause": cause }));
                "conflict"
            }
            OnConflict::Wait { up_to, poll_every } => {
                let (up_to, every) = (up_to.as_secs(), poll_every.as_secs().max(1));
                let (since, millis) = (self.variable("since"), up_to * 1_000);
                let late = braced(&format!("$toMillis({NOW}) - $toMillis(${since}) > {millis}"));
                let rule = json!({ "Condition": late, "Next": self.name("gave-up") });
                self.add("deadline", json!({ "Type": "Choice", "Choices": [rule], "Default": self.name("wait") }));
                let cause =
                    braced(&format!("'waited longer than {up_to} s for the lock ' & {}", self.guard.lock.expression()));
                self.wait(every, (up_to / every).clamp(1, QUESTIONS));
                self.add("gave-up", json!({ "Type": "Fail", "Error": "Guard.WaitTimeout", "Cause": cause }));
                "deadline"
            }
            OnConflict::BufferOne => {
                queue::add(self);
                self.wait(QUEUE_SECONDS, QUESTIONS);
                self.ended(Outcome::Skipped);
                "enqueue"
            }
            OnConflict::Replace => {
                let first = format!("$sort(${})[0]", self.variable("holders"));
                let arguments = json!({ "ExecutionArn": braced(&execution(&first)), "Error": "Guard.Replaced",
                    "Cause": braced(&format!("'replaced by ' & {ID}")) });
                let settle = self.name("settle");
                let fields = json!({
                    "Comment": "stops the execution that began first",
                    "Catch": [{ "ErrorEquals": [NO_EXECUTION], "Output": INPUT, "Next": settle }],
                    "Next": settle,
                });
                let stop = self.task("aws-sdk:sfn:stopExecution", arguments, fields);
                self.add("stop", stop);
                let seconds = STOP_SECONDS.max(self.guard.settle_seconds + 1);
                self.add("settle", json!({ "Type": "Wait", "Seconds": seconds, "Next": self.name("acquire") }));
                "stop"
            }
        }
    }

    /// A run that ends without having run, and says why.
    pub(super) fn ended(&mut self, outcome: Outcome) {
        let name = outcome.name();
        let mut told = Map::new();
        told.insert("lock".to_owned(), self.guard.lock.field().into());
        told.insert("outcome".to_owned(), name.into());
        match outcome {
            Outcome::Duplicate => told.insert("tick".to_owned(), braced(TICK_TIME).into()),
            Outcome::Skipped if self.guard.liveness == Liveness::List => None,
            Outcome::Skipped => {
                told.insert("holders".to_owned(), braced(&format!("${}", self.variable("holders"))).into())
            }
        };
        if let Some(notice) = &self.guard.notice {
            let detail = format!(
                "{{'execution': {ID}, 'lock': {}, 'outcome': '{name}', 'tick': {TICK_TIME}}}",
                self.guard.lock.expression()
            );
            let (integration, arguments) = notice.call(&detail);
            // Whether somebody hears of it changes nothing.
            let catch = json!([{ "ErrorEquals": ["States.ALL"], "Output": INPUT, "Next": self.name(name) }]);
            let state = self.task(integration, arguments, json!({ "Catch": catch, "Next": self.name(name) }));
            self.add(outcome.notice(), state);
        }
        self.add(name, json!({ "Type": "Succeed", "Output": { "guard": told } }));
    }

    /// Where a run goes that ends so: to its notice, if there is one.
    pub(super) const fn way_to(&self, outcome: Outcome) -> &'static str {
        if self.guard.notice.is_some() { outcome.notice() } else { outcome.name() }
    }

    /// Asks again and again.
    fn wait(&mut self, every: u64, times: u64) {
        self.add("wait", self.acquire(Some((every, times))));
    }
}
