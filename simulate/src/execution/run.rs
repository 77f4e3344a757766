//! An execution from its start to its end.

use std::rc::Rc;

use super::{At, Branch, Ended, Resume, Runner, Status};
use crate::fault::{Failure, Fault};
use crate::history::{Detail, EventType, failure_details};
use crate::runtime::{First, race};
use crate::scope::{Payload, Variables};

impl Runner {
    /// Whether it may go on; else it ends.
    pub(super) fn go_on(&self) -> Result<(), Fault> {
        let execution = &self.execution;
        execution.transitions.set(execution.transitions.get() + 1);
        if !self.world.may_go_on(execution) {
            return Err(Fault::stop());
        }
        self.go_on_trying()
    }

    /// Whether a state may be tried again.
    pub(super) fn go_on_trying(&self) -> Result<(), Fault> {
        if self.execution.is_stopping() { Err(Fault::stop()) } else { Ok(()) }
    }

    /// Runs the execution to its end.
    pub(crate) async fn run(self) {
        let execution = self.execution.clone();
        let started = vec![
            ("input", Detail::Payload(execution.input.clone())),
            ("roleArn", execution.machine.role_arn.as_str().into()),
        ];
        self.emit_after(0, EventType::ExecutionStarted, started);
        let branch = Branch::new(0, Variables::default(), None);
        let at = At { state: execution.program.start, input: execution.input.clone(), entered: None };
        self.run_from(branch, at).await;
    }

    /// Runs it on from the state that failed, as `RedriveExecution` does: its variables are kept, the state is not entered
    /// again.
    pub(crate) async fn redrive(self, Resume { branch, at }: Resume) {
        let count = Detail::Number(i64::try_from(self.execution.redrives.get()).unwrap_or(i64::MAX));
        self.emit(&branch, EventType::ExecutionRedriven, vec![("redriveCount", count)]);
        self.run_from(branch, at).await;
    }

    async fn run_from(self, branch: Rc<Branch>, at: At) {
        let execution = self.execution.clone();
        let limit = self.limit();
        let ended = {
            let machine = self.machine(&execution.program, &branch, at);
            let stopped = async {
                let timeout = async {
                    match limit {
                        Some(millis) => self.world.runtime().sleep(millis).await,
                        None => std::future::pending().await,
                    }
                };
                match race(execution.stopping.wait(), timeout).await {
                    First::A(()) => {}
                    First::B(()) => execution
                        .stop(Status::TimedOut, Failure { error: Some("States.Timeout".to_owned()), cause: None }),
                }
            };
            race(machine, stopped).await
        };
        if !matches!(ended, First::A(Ok(_)))
            && let Some(at) = branch.at.borrow_mut().take()
        {
            *execution.resume.borrow_mut() = Some(Resume { branch: branch.clone(), at });
        }
        match ended {
            First::A(Ok(output)) if !execution.is_stopping() => {
                let details = vec![("output", Detail::Payload(output.clone()))];
                self.emit(&branch, EventType::ExecutionSucceeded, details);
                self.end(Status::Succeeded, Some(output), Failure::default());
            }
            First::A(Err(fault)) if !execution.is_stopping() => {
                self.emit(&branch, EventType::ExecutionFailed, failure_details(&fault.failure));
                self.end(Status::Failed, None, fault.failure);
            }
            First::A(_) | First::B(()) => self.stopped(&branch),
        }
    }

    /// Milliseconds that the execution may take.
    fn limit(&self) -> Option<i64> {
        let own = self.execution.program.timeout.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX / 1_000));
        let express = self.execution.express.then_some(300);
        own.into_iter().chain(express).min().map(|seconds| seconds.saturating_mul(1_000))
    }

    fn stopped(&self, branch: &Branch) {
        let Some((status, failure)) = self.execution.stop.borrow().clone() else { return };
        let (kind, previous) = match status {
            Status::TimedOut => (EventType::ExecutionTimedOut, 0),
            Status::Failed => (EventType::ExecutionFailed, branch.last.get()),
            _ => (EventType::ExecutionAborted, 0),
        };
        self.emit_after(previous, kind, failure_details(&failure));
        // DescribeExecution says nothing more than the status of one that timed out.
        let failure = if status == Status::TimedOut { Failure::default() } else { failure };
        self.end(status, None, failure);
    }

    fn end(&self, status: Status, output: Option<Payload>, failure: Failure) {
        let millis = Some(self.now());
        *self.execution.end.borrow_mut() = Ended { status, output, failure, millis };
        self.execution.done.give();
        self.world.ended(&self.execution);
    }
}
