//! Map states whose iterations are executions of their own.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html>

use std::rc::Rc;

use super::map::whole;
use super::{New, Runner, Status, Visit};
use crate::context::Item;
use crate::fault::{Failure, Fault, Origin};
use crate::flow::{check_size, effective_input};
use crate::history::{Detail, EventType, failure_details};
use crate::items::{self, Child, batches};
use crate::program::{Batcher, MapCode, Quantity};
use crate::runtime::Inbox;
use crate::scope::{Payload, Scope};

mod read;
mod write;

/// So many child executions run at the same time at most.
const MOST_AT_ONCE: usize = 10_000;

/// How many items may fail.
pub(crate) struct Tolerance {
    pub count: Option<usize>,
    pub percentage: Option<f64>,
}

impl Tolerance {
    /// Whether so many failures are too many.
    pub(crate) fn is_exceeded(&self, failed: usize, total: usize) -> bool {
        if failed == 0 {
            return false;
        }
        let count = self.count.is_some_and(|most| failed > most);
        #[expect(clippy::cast_precision_loss, reason = "there are no so many items")]
        let share = self.percentage.is_some_and(|most| failed as f64 * 100.0 > most * total as f64);
        count || share || (self.count.is_none() && self.percentage.is_none())
    }
}

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
        let at_once = whole(map.max_concurrency.as_ref(), "MaxConcurrency", &scope)?;
        self.emit(visit.branch, EventType::MapStateStarted, vec![("length", Detail::Number(length))]);
        let tolerance = tolerance(map, &scope)?;
        let at_once = at_once.filter(|most| *most > 0).unwrap_or(MOST_AT_ONCE).min(MOST_AT_ONCE);
        let label = map.label.clone().unwrap_or_else(|| visit.code.name.to_string());
        let run = format!("{}/{label}:{}", self.execution.machine.name, self.world.uuid());
        let run = self.world.arn("mapRun", &run);
        let arn = vec![("mapRunArn", run.as_str().into())];
        let started = self.emit(visit.branch, EventType::MapRunStarted, arn);
        let written = async {
            let items = self.read(visit, map, &input, found)?;
            let inputs = self.inputs(visit, map, &input, items)?;
            let children = self.children(map, &label, inputs, at_once, &tolerance).await?;
            self.write(visit, map, &input, &run, &children)
        };
        match written.await {
            Ok(output) => {
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

    /// Runs the child executions.
    async fn children(
        &self,
        map: &MapCode,
        label: &str,
        inputs: Vec<Payload>,
        at_once: usize,
        tolerance: &Tolerance,
    ) -> Result<Vec<Child>, Fault> {
        // Of a batch that fails, all items have failed.
        let items: Vec<usize> =
            inputs.iter().map(|input| if map.batcher.is_some() { batched(input) } else { 1 }).collect();
        let total = items.iter().sum();
        let results: Rc<Inbox<usize>> = Rc::default();
        let mut children = Children(Vec::new());
        let mut waiting = inputs.into_iter();
        let (mut done, mut failed) = (0, 0);
        loop {
            while children.0.len() - done < at_once {
                let Some(input) = waiting.next() else { break };
                let child = self.child(map, label, input);
                let (number, execution, results) = (children.0.len(), child.clone(), results.clone());
                let waits = self.world.runtime().spawn(async move {
                    execution.done.wait().await;
                    results.put(number);
                });
                children.0.push((child, Some(waits)));
            }
            if done == children.0.len() {
                break;
            }
            let number = results.take().await;
            done += 1;
            let Some((child, waits)) = children.0.get_mut(number) else { continue };
            drop(waits.take());
            if child.status() != Status::Succeeded {
                failed += items.get(number).copied().unwrap_or(1);
                if tolerance.is_exceeded(failed, total) {
                    return Err(Fault::threshold());
                }
            }
        }
        Ok(children.0.iter().map(|(child, _)| described(child)).collect())
    }

    fn child(&self, map: &MapCode, label: &str, input: Payload) -> Rc<super::Execution> {
        let (parent, name) = (&self.execution.machine, self.world.uuid());
        let arn = self.world.arn("execution", &format!("{}/{label}:{name}", parent.name));
        self.world.start_as(New {
            machine: parent.clone(),
            program: map.processor.clone(),
            name,
            arn,
            input,
            now: self.now(),
            seed: self.execution.seeds.draw().cast_unsigned(),
            express: map.express,
            kept: self.world.keeps_histories(),
            label: Some(label.to_owned()),
        })
    }
}

/// How many items a batch has.
fn batched(input: &Payload) -> usize {
    input.get("Items").and_then(serde_json::Value::as_array).map_or(1, Vec::len)
}

/// Child executions; those that still run are stopped when this is dropped.
struct Children(Vec<(Rc<super::Execution>, Option<crate::runtime::Running>)>);

impl Drop for Children {
    fn drop(&mut self) {
        for (child, _) in &self.0 {
            child.stop(Status::Aborted, Failure::default());
        }
    }
}

fn described(execution: &super::Execution) -> Child {
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
        redrive_count: 0,
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
