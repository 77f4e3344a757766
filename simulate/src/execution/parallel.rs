//! Parallel states. <https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html>

use std::rc::Rc;

use serde_json::Value as Json;

use super::{Branch, Runner, Visit};
use crate::fault::{Fault, Origin};
use crate::flow::{arguments, check_size, effective_input};
use crate::history::EventType;
use crate::program::Program;
use crate::runtime::{Inbox, Running};
use crate::scope::Payload;
use crate::template::Template;

/// Where lines of states leave what they gave, with their number.
pub(super) type Results = Rc<Inbox<(usize, Result<Payload, Fault>)>>;

impl Runner {
    /// Starts a line of states beside the others.
    pub(super) fn line(
        &self,
        number: usize,
        program: &Rc<Program>,
        line: &Rc<Branch>,
        input: Payload,
        results: &Results,
    ) -> Running {
        let (runner, program, line, results) = (self.clone(), program.clone(), line.clone(), results.clone());
        self.world.runtime().spawn(async move {
            let result = runner.machine(&program, &line, input).await;
            results.put((number, result));
        })
    }

    pub(super) async fn parallel(
        &self,
        visit: &Visit<'_>,
        template: Option<&Template>,
        branches: &[Rc<Program>],
    ) -> Result<Payload, Fault> {
        let scope = self.scope(visit);
        let input = effective_input(visit.code, &scope)?;
        let input = arguments(template, &scope.with_input(&input))?;
        let started = self.emit(visit.branch, EventType::ParallelStateStarted, Vec::new());
        let inbox: Results = Rc::default();
        let mut lines = Vec::new();
        let mut running = Vec::new();
        for (number, program) in branches.iter().enumerate() {
            let line = Branch::new(started, visit.branch.variables.inner(), visit.branch.item.clone());
            running.push(self.line(number, program, &line, input.clone(), &inbox));
            lines.push(line);
        }
        let mut outputs: Vec<Option<Payload>> = vec![None; branches.len()];
        for _ in branches {
            let (number, result) = inbox.take().await;
            let Some(line) = lines.get(number) else { continue };
            visit.branch.last.set(line.last.get());
            visit.branch.before.set(line.before.get());
            match result {
                Ok(output) => {
                    if let Some(place) = outputs.get_mut(number) {
                        *place = Some(output);
                    }
                }
                Err(fault) if fault.origin == Origin::Stop => return Err(fault),
                Err(fault) => {
                    drop(running);
                    for cut in lines.iter().filter_map(|line| line.open.take()) {
                        self.emit_after(line.last.get(), cut, Vec::new());
                    }
                    return Err(fault);
                }
            }
        }
        let last = visit.branch.last.get();
        let output: Json = outputs.into_iter().flatten().map(Payload::into_json).collect();
        let output = Payload::from(output);
        check_size(&output, &visit.code.name)?;
        self.emit_after(last, EventType::ParallelStateSucceeded, Vec::new());
        Ok(output)
    }
}
