//! What Step Functions may answer of executions: anything that was true once.

use serde_json::{Value as Json, json};

use super::Model;
use super::bench::{Answer, Visit};
use super::clock::{Reading, arn, execution, start, taken};
use super::text::Text;
use super::world::{Stage, Status, World};

const NO_EXECUTION: &str = "Sfn.ExecutionDoesNotExistException";
const BROKEN: &str = "Sfn.SfnException";

impl Model {
    /// What `DescribeExecution` may answer, and what the clock may show then.
    ///
    /// Any status that the execution ever had: answers may be old, and an older one may come after a younger. An execution
    /// whose start is less than an hour ago may not be visible yet. `fresh` leaves only what is so now.
    pub(super) fn descriptions(
        &mut self,
        world: &World,
        visit: Visit,
        request: Text,
        fresh: bool,
    ) -> Vec<(Answer, Reading)> {
        let Some((number, asked)) = self.asked(request) else { return Vec::new() };
        let Some(target) = world.executions.get(usize::from(number)).copied() else { return Vec::new() };
        if matches!(target.status, Status::Purged | Status::Absent) {
            return vec![(Answer::Error(NO_EXECUTION), Reading::Old)];
        }
        let mut known: Vec<(&str, &str, u8)> = Vec::new();
        for generation in 0..=target.generation {
            known.push(("RUNNING", "NOT_REDRIVABLE", generation));
            known.push(("FAILED", "REDRIVABLE", generation));
        }
        known.pop();
        match target.status {
            Status::Succeeded => known.push(("SUCCEEDED", "NOT_REDRIVABLE", target.generation)),
            Status::Failed => known.push(("FAILED", "REDRIVABLE", target.generation)),
            Status::Expired => {
                known.push(("FAILED", "REDRIVABLE", target.generation));
                known.push(("FAILED", "NOT_REDRIVABLE", target.generation));
            }
            Status::Absent | Status::Running | Status::Purged => {}
        }
        if fresh {
            known.drain(..known.len() - 1);
        }
        let late = self.lateness(world, visit, number);
        let mut answers = Vec::new();
        for (status, redrive, generation) in known {
            let text = self.description(&asked, status, redrive, generation);
            // What probes look at was done long ago.
            if !fresh {
                answers.push((Answer::Result(text), Reading::Young));
            }
            if late.is_some_and(|least| generation >= least) || fresh {
                answers.push((Answer::Result(text), Reading::Late));
            }
        }
        if !fresh {
            answers.push((Answer::Error(NO_EXECUTION), Reading::Young));
            answers.push((Answer::Error(BROKEN), Reading::Young));
        }
        answers
    }

    /// Which executions `ListExecutions` may show as running: an execution may be missing that has begun, and may be there
    /// when it has ended.
    pub(super) fn lists(&mut self, world: &World, me: u8, fresh: bool) -> Vec<Answer> {
        let started =
            (0..self.scenario.executions()).filter(|number| world.executions[*number].status != Status::Absent);
        let started: Vec<u8> = started.filter_map(|number| u8::try_from(number).ok()).collect();
        let shown = |number: u8, mask: u32| {
            let runs = world.executions[usize::from(number)].status == Status::Running;
            if fresh || number == me { runs || number == me } else { mask >> number & 1 == 1 }
        };
        let masks = if fresh { 1 } else { 1 << started.len() };
        let mut answers: Vec<Answer> = Vec::new();
        for mask in 0..masks {
            let list = started.iter().filter(|number| shown(**number, mask));
            let list: Json = list
                .map(|number| json!({ "ExecutionArn": arn(*number), "Status": "RUNNING", "StartDate": start(*number) }))
                .collect();
            answers.push(Answer::Result(self.texts.number(&json!({ "Executions": list }).to_string())));
        }
        answers.dedup();
        answers
    }

    /// Which execution a stop is for, and what it may be answered: whether it happens, and the answer.
    pub(super) fn stops(&mut self, world: &World, request: Text, fresh: bool) -> Vec<(Option<u8>, Answer)> {
        let Some((number, _)) = self.asked(request) else { return Vec::new() };
        let status = world.executions.get(usize::from(number)).map(|target| target.status).unwrap_or_default();
        let missing = (None, Answer::Error(NO_EXECUTION));
        if matches!(status, Status::Purged | Status::Absent) {
            return vec![missing];
        }
        let stopped = Answer::Result(self.texts.number(r#"{"StopDate":"2026-01-01T00:45:00.000Z"}"#));
        let stop = ((status == Status::Running).then_some(number), stopped);
        if fresh { vec![stop] } else { vec![stop, missing] }
    }

    fn asked(&self, request: Text) -> Option<(u8, String)> {
        let request: Json = serde_json::from_str(&self.texts.get(request)).ok()?;
        let arn = request["ExecutionArn"].as_str()?;
        Some((execution(arn)?, arn.to_owned()))
    }

    fn description(&mut self, arn: &str, status: &str, redrive: &str, generation: u8) -> Text {
        let mut told =
            json!({ "ExecutionArn": arn, "Status": status, "RedriveCount": generation, "RedriveStatus": redrive });
        if status != "RUNNING" {
            told["StopDate"] = "2026-01-01T00:30:00.000Z".into();
        }
        self.texts.number(&told.to_string())
    }

    /// Whether more than 15 minutes may have gone by since the redrives that took the tokens which this visit knows of an
    /// execution: then their commands have ended. What they did ten minutes before is visible; gives the least generation
    /// that may be told.
    fn lateness(&self, world: &World, visit: Visit, number: u8) -> Option<u8> {
        let known = [self.texts.get(visit.variables), self.texts.get(visit.data)];
        let mut least = None;
        for (attempt, command) in world.commands.iter().enumerate() {
            let time = taken(attempt);
            if command.stage == Stage::Unused
                || command.execution != number
                || !known.iter().any(|text| text.contains(&time))
            {
                continue;
            }
            if command.stage != Stage::Over {
                return None;
            }
            least = Some(least.unwrap_or(0).max(command.redriven));
        }
        least
    }
}
