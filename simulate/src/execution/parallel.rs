//! Parallel states. <https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html>

use std::rc::Rc;

use serde_json::Value as Json;

use super::{At, Branch, Line, Runner, Visit};
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
    /// Starts a line of states beside the others; one that was cut goes on in the state in which it was.
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
            let at = line.at.borrow_mut().take().unwrap_or(At { state: program.start, input, entered: None });
            let result = runner.machine(&program, &line, at).await;
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
        let lines = &visit.branch.lines;
        // A redrive goes on with the branches that failed or were cut.
        let redriven = !lines.borrow().is_empty();
        let started = if redriven {
            visit.branch.last.get()
        } else {
            let started = self.emit(visit.branch, EventType::ParallelStateStarted, Vec::new());
            let line = || Branch::new(started, visit.branch.variables.inner(), visit.branch.item.clone());
            lines.borrow_mut().extend(branches.iter().map(|_| Line { branch: line(), output: None }));
            started
        };
        let inbox: Results = Rc::default();
        let mut running = Vec::new();
        for (number, (program, line)) in branches.iter().zip(lines.borrow().iter()).enumerate() {
            if !line.is_done() {
                line.branch.last.set(started);
                running.push(self.line(number, program, &line.branch, input.clone(), &inbox));
            }
        }
        for _ in 0..running.len() {
            let (number, result) = inbox.take().await;
            let mut lines = lines.borrow_mut();
            let Some(line) = lines.get_mut(number) else { continue };
            visit.branch.last.set(line.branch.last.get());
            visit.branch.before.set(line.branch.before.get());
            match result {
                Ok(output) => line.output = Some(output),
                Err(fault) if fault.origin == Origin::Stop => return Err(fault),
                Err(fault) => {
                    drop(running);
                    for Line { branch, .. } in lines.iter() {
                        if let Some(cut) = branch.open.take() {
                            self.emit_after(branch.last.get(), cut, Vec::new());
                        }
                    }
                    return Err(fault);
                }
            }
        }
        let last = visit.branch.last.get();
        let output = Payload::from(Json::Array(visit.branch.outputs()));
        check_size(&output, &visit.code.name)?;
        self.emit_after(last, EventType::ParallelStateSucceeded, Vec::new());
        Ok(output)
    }
}
