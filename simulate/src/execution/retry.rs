//! Trying again, and catching. <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>

use super::state::{Step, events, millis};
use super::{Runner, Visit};
use crate::fault::{Fault, Origin};
use crate::flow::{Assigned, assigned, finish};
use crate::history::EventType;
use crate::jsonata::Random;
use crate::program::{Catcher, Kind};
use crate::scope::{Payload, Scope};

impl Runner {
    /// Runs a state that can fail: again and again, as its Retriers say; then a Catcher may have it.
    pub(super) async fn attempts(&self, mut visit: Visit<'_>) -> Result<Step, Fault> {
        let mut counts = vec![0; visit.code.retry.len()];
        loop {
            let found = match &visit.code.kind {
                Kind::Task(task) => self.task(&visit, task).await,
                Kind::Parallel { arguments, branches } => self.parallel(&visit, arguments.as_ref(), branches).await,
                Kind::Map(map) if map.distributed => self.distributed(&visit, map).await,
                Kind::Map(map) => self.map(&visit, map).await,
                _ => return Err(Fault::stop()),
            };
            let finished = found.and_then(|result| finish(visit.code, &self.scope(&visit), &result));
            let fault = match finished {
                Ok(finished) => return self.exit(&visit, finished.output, finished.assigned, visit.code.next),
                Err(fault) => fault,
            };
            if fault.origin == Origin::Stop {
                return Err(fault);
            }
            let own = fault.is_runtime_of_data();
            let fault = self.report(&visit, fault);
            if let Some(delay) = self.retry(&visit, &fault, &mut counts) {
                self.world.runtime().sleep(delay).await;
                self.go_on_trying()?;
                visit.branch.forget_below();
                if let Some(state) = &mut visit.context.state {
                    state.retry_count = state.retry_count.map(|count| count + 1);
                }
                visit.branch.open.set(events(&visit.code.kind).2);
                continue;
            }
            if !own {
                self.emit_failed(&visit);
            }
            return self.catch(&visit, fault);
        }
    }

    fn emit_failed(&self, visit: &Visit<'_>) {
        match &visit.code.kind {
            Kind::Parallel { .. } => self.emit(visit.branch, EventType::ParallelStateFailed, Vec::new()),
            Kind::Map(_) => self.emit(visit.branch, EventType::MapStateFailed, Vec::new()),
            _ => return,
        };
    }

    /// How many milliseconds to wait before the next attempt, if there is one.
    fn retry(&self, visit: &Visit<'_>, fault: &Fault, counts: &mut [u64]) -> Option<i64> {
        let number = visit.code.retry.iter().position(|retrier| fault.is_one_of(&retrier.errors))?;
        let (retrier, count) = (visit.code.retry.get(number)?, counts.get_mut(number)?);
        if *count >= retrier.max_attempts {
            return None;
        }
        *count += 1;
        self.execution.machine.coverage.retry(visit.code.site, number);
        let delay = retrier.delay(*count);
        let share = if retrier.jitter { Random::new(self.execution.seeds.draw()).next_double() } else { 1.0 };
        Some(millis(delay * share))
    }

    fn catch(&self, visit: &Visit<'_>, fault: Fault) -> Result<Step, Fault> {
        let Some(number) = visit.code.catch.iter().position(|catcher| fault.is_one_of(&catcher.errors)) else {
            return Err(fault);
        };
        let Some(catcher) = visit.code.catch.get(number) else { return Err(fault) };
        self.execution.machine.coverage.catch(visit.code.site, number);
        match caught(visit, catcher, &self.scope(visit), &fault.failure.output().into()) {
            Ok((output, assigned)) => self.exit(visit, output, assigned, Some(catcher.next)),
            Err(fault) => {
                let own = fault.is_runtime_of_data();
                let fault = self.report(visit, fault);
                if !own {
                    self.emit_failed(visit);
                }
                Err(fault)
            }
        }
    }
}

/// What a Catcher makes of an error.
pub(crate) fn caught(
    visit: &Visit<'_>,
    catcher: &Catcher,
    scope: &Scope<'_>,
    error: &Payload,
) -> Result<(Payload, Assigned), Fault> {
    if visit.code.is_jsonata() {
        let scope = Scope { error_output: Some(error), ..*scope };
        let output = match &catcher.output {
            Some(output) => output.resolve(&scope)?.into(),
            None => error.clone(),
        };
        return Ok((output, assigned(catcher.assign.as_ref(), &scope)?));
    }
    let of_error = scope.with_input(error);
    let assigned = assigned(catcher.assign.as_ref(), &of_error)?;
    Ok((catcher.result_path.place(&visit.input, error)?, assigned))
}
