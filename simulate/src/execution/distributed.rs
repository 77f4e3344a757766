//! Map states whose iterations are executions of their own.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html>

use std::collections::BTreeMap;
use std::rc::Rc;

use super::map::whole;
use super::map_run::{MapRun, NewRun, Tolerance};
use super::{Execution, New, Runner, Status, Visit};
use crate::context::Item;
use crate::fault::{Failure, Fault, Origin};
use crate::flow::{check_size, effective_input};
use crate::history::{Detail, EventType, failure_details};
use crate::items::{self, Child, batches};
use crate::program::{Batcher, MapCode, Quantity};
use crate::runtime::Running;
use crate::scope::{Payload, Scope};
use crate::world::World;

mod read;
mod write;

impl Runner {
    pub(super) async fn distributed(&self, visit: &Visit<'_>, map: &MapCode) -> Result<Payload, Fault> {
        let scope = self.scope(visit);
        let input = effective_input(visit.code, &scope)?;
        let scope = scope.with_input(&input);
        let found = match &map.reader {
            Some(_) => Vec::new(),
            None => self.items(visit, map, &input)?,
        };
        let length = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let begun = visit.branch.map_run.borrow().clone();
        let (run, started) = if let Some(run) = begun {
            let count = i64::try_from(run.redrive(self.now())).unwrap_or(i64::MAX);
            let details = vec![("mapRunArn", run.arn.as_str().into()), ("redriveCount", Detail::Number(count))];
            let redriven = self.emit(visit.branch, EventType::MapRunRedriven, details);
            (run, redriven)
        } else {
            let max_concurrency = whole(map.max_concurrency.as_ref(), "MaxConcurrency", &scope)?.unwrap_or(0);
            self.emit(visit.branch, EventType::MapStateStarted, vec![("length", Detail::Number(length))]);
            let tolerance = tolerance(map, &scope)?;
            let label = map.label.clone().unwrap_or_else(|| visit.code.name.to_string());
            let arn = format!("{}/{label}:{}", self.execution.machine.name, self.world.uuid());
            let (arn, now, execution) = (self.world.arn("mapRun", &arn), self.now(), &*self.execution);
            let run = MapRun::new(NewRun { arn, label, execution, now, max_concurrency, tolerance });
            self.world.add_map_run(&run);
            *visit.branch.map_run.borrow_mut() = Some(run.clone());
            let arn = vec![("mapRunArn", run.arn.as_str().into())];
            (run, self.emit(visit.branch, EventType::MapRunStarted, arn))
        };
        let mut ends = Ends { run: &run, status: Status::Aborted, world: &self.world };
        let written = async {
            if run.inputs.borrow().is_empty() {
                let items = self.read(visit, map, &input, found)?;
                let inputs = self.inputs(visit, map, &input, items)?.into_iter();
                // Of a batch that fails, all items have failed.
                let counted = |input: Payload| {
                    let items = if map.batcher.is_some() { batched(&input) } else { 1 };
                    (input, items)
                };
                *run.inputs.borrow_mut() = inputs.map(counted).collect();
            }
            self.children(map, &run).await?;
            let children: Vec<Child> = run.children.borrow().iter().map(|child| described(child)).collect();
            let written = self.write(visit, map, &input, &run.arn, &children)?;
            run.results_written.set(if map.writer.is_some() { children.len() } else { 0 });
            Ok::<_, Fault>(written)
        };
        match written.await {
            Ok(output) => {
                ends.status = Status::Succeeded;
                let succeeded = self.emit(visit.branch, EventType::MapRunSucceeded, Vec::new());
                self.emit_after(succeeded, EventType::MapStateSucceeded, Vec::new());
                if self.world.rules().map_exit_follows_run {
                    visit.branch.last.set(started);
                }
                let output = Payload::from(output);
                check_size(&output, &visit.code.name)?;
                Ok(output)
            }
            Err(fault) if matches!(fault.origin, Origin::Stop | Origin::Evaluation(_)) => Err(fault),
            Err(fault) => {
                ends.status = Status::Failed;
                // The run has failed, and with it the state: it says so itself.
                let fault = if fault.origin == Origin::Data {
                    let fault = fault.in_state(&visit.code.name, visit.entered);
                    Fault { origin: Origin::State, ..fault }
                } else {
                    fault
                };
                self.emit(visit.branch, EventType::MapRunFailed, failure_details(&fault.failure));
                Err(fault)
            }
        }
    }

    /// The inputs of the child executions: items, selected and in batches.
    pub(crate) fn inputs(
        &self,
        visit: &Visit<'_>,
        map: &MapCode,
        input: &Payload,
        items: Vec<Item>,
    ) -> Result<Vec<Payload>, Fault> {
        let mut selected = Vec::new();
        for item in items {
            let item = Rc::new(item);
            selected.push(self.selected(visit, map, input, &item)?);
        }
        let Some(batcher) = &map.batcher else { return Ok(selected) };
        let scope = self.scope(visit);
        let scope = scope.with_input(input);
        let Batcher { input, max_items, max_bytes } = batcher;
        let shared = input.as_ref().map(|input| input.resolve(&scope)).transpose()?;
        let most = |quantity: &Option<Quantity>, field| whole(quantity.as_ref(), field, &scope);
        let max_items = most(max_items, "MaxItemsPerBatch")?.map(|most| most as u64);
        let max_bytes = most(max_bytes, "MaxInputBytesPerBatch")?.map(|most| most as u64);
        let values = selected.into_iter().map(Payload::into_json).collect();
        let batches = batches(values, shared.as_ref(), max_items, max_bytes);
        Ok(batches.into_iter().map(Payload::from).collect())
    }

    /// Runs the child executions. Of a run that is redriven, those that succeeded stay as they are.
    async fn children(&self, map: &MapCode, run: &Rc<MapRun>) -> Result<(), Fault> {
        let total = run.inputs.borrow().iter().map(|(_, items)| items).sum();
        let mut watched = Watched(BTreeMap::new());
        let (mut number, mut failed) = (0, 0);
        loop {
            while watched.0.len() < run.at_once() {
                let Some(input) = run.inputs.borrow().get(number).cloned() else { break };
                if let Some(child) = self.child(map, run, number, input) {
                    let (run, execution) = (run.clone(), child.clone());
                    let waits = self.world.runtime().spawn(async move {
                        execution.done.wait().await;
                        run.ended.put(Some(number));
                    });
                    watched.0.insert(number, (child, waits));
                }
                number += 1;
            }
            if watched.0.is_empty() {
                return Ok(());
            }
            let Some(number) = run.ended.take().await else { continue };
            let Some((child, waits)) = watched.0.remove(&number) else { continue };
            drop(waits);
            if child.status() != Status::Succeeded {
                failed += run.inputs.borrow().get(number).map_or(1, |(_, items)| *items);
                if run.tolerance.get().is_exceeded(failed, total) {
                    return Err(Fault::threshold());
                }
            }
        }
    }

    /// Starts a child execution, or makes it go on; `None` if it has succeeded already.
    fn child(
        &self,
        map: &MapCode,
        run: &Rc<MapRun>,
        number: usize,
        (input, items): (Payload, usize),
    ) -> Option<Rc<Execution>> {
        let known = run.children.borrow().get(number).cloned();
        if let Some(child) = known {
            if child.status() == Status::Succeeded {
                return None;
            }
            if self.world.redrive(&child).is_ok() {
                return Some(child);
            }
        }
        let (parent, name) = (&self.execution.machine, self.world.uuid());
        let arn = self.world.arn("execution", &format!("{}/{}:{name}", parent.name, run.label));
        let child = self.world.start_as(New {
            machine: parent.clone(),
            program: map.processor.clone(),
            name,
            arn,
            input,
            now: self.now(),
            seed: self.execution.seeds.draw().cast_unsigned(),
            express: map.express,
            kept: self.world.keeps_histories(),
            map_run: Some((run.clone(), items)),
        });
        let mut children = run.children.borrow_mut();
        match children.get_mut(number) {
            // Express executions start anew.
            Some(place) => place.clone_from(&child),
            None => children.push(child.clone()),
        }
        Some(child)
    }
}

/// Says how a run has ended, also if that is because its execution was stopped.
struct Ends<'a> {
    run: &'a MapRun,
    status: Status,
    world: &'a World,
}

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.run.end(self.status, self.world.now());
    }
}

/// How many items a batch has.
fn batched(input: &Payload) -> usize {
    input.get("Items").and_then(serde_json::Value::as_array).map_or(1, Vec::len)
}

/// Child executions that run, by their numbers; they are stopped when this is dropped.
struct Watched(BTreeMap<usize, (Rc<Execution>, Running)>);

impl Drop for Watched {
    fn drop(&mut self) {
        for (child, _) in self.0.values() {
            child.stop(Status::Aborted, Failure::default());
        }
    }
}

fn described(execution: &Execution) -> Child {
    Child {
        execution_arn: execution.arn.clone(),
        name: execution.name.clone(),
        state_machine_arn: execution.machine.arn.clone(),
        status: match execution.status() {
            Status::Running => items::Status::Pending,
            Status::Succeeded => items::Status::Succeeded,
            Status::Failed => items::Status::Failed,
            Status::TimedOut => items::Status::TimedOut,
            Status::Aborted => items::Status::Aborted,
        },
        input: (*execution.input).clone(),
        output: execution.output().map(Payload::into_json),
        error: execution.failure().error,
        cause: execution.failure().cause,
        start_millis: Some(execution.start),
        stop_millis: execution.stopped(),
        redrive_count: execution.redrives.get(),
    }
}

pub(crate) fn tolerance(map: &MapCode, scope: &Scope<'_>) -> Result<Tolerance, Fault> {
    let count = whole(map.tolerated_count.as_ref(), "ToleratedFailureCount", scope)?;
    let percentage = map.tolerated_percentage.as_ref().map(|quantity| quantity.resolve(scope, true)).transpose()?;
    if percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
        return Err(Fault::runtime("ToleratedFailurePercentage must be between 0 and 100."));
    }
    Ok(Tolerance { count, percentage })
}
