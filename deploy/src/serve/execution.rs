//! Executions.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html>

use std::rc::Rc;

use serde_json::{Value as Json, json};
use statewright_simulate::MOST_BYTES;
use statewright_simulate::execution::Execution;
use statewright_simulate::fault::Failure;
use statewright_simulate::scope::Payload;

use super::account::{Account, Reply, time};
use super::input::Input;
use super::machine::{Machine, Revision};
use super::name;
use super::page::page;
use super::refusal::{Answer, Refusal};

/// What `ListExecutions` tells of what `DescribeExecution` does.
const LISTED: [&str; 8] =
    ["executionArn", "stateMachineArn", "name", "status", "startDate", "stopDate", "mapRunArn", "redriveCount"];

/// How an execution was started.
#[derive(Clone)]
pub(super) struct Started {
    revision: Rc<Revision>,
    version: Option<String>,
    alias: Option<String>,
}

/// An Express execution that runs, and who waits for its end. Nobody can ask for it afterwards.
pub(super) struct Waiting {
    pub execution: Rc<Execution>,
    pub reply: Option<Reply>,
}

impl Started {
    /// What an ARN of a state machine, a version or an alias starts now.
    fn of(machine: &Machine, arn: &str, qualifier: Option<&str>) -> Option<Self> {
        let Some(qualifier) = qualifier else {
            return Some(Self { revision: machine.revision.clone(), version: None, alias: None });
        };
        let (number, alias) = match qualifier.parse() {
            Ok(number) => (number, None),
            Err(_) => (machine.aliases.get(qualifier)?.draw()?, Some(arn.to_owned())),
        };
        let revision = machine.versions.get(&number)?.revision.clone();
        Some(Self { revision, version: Some(machine.version_arn(number)), alias })
    }

    fn tell(&self, answer: &mut Json) {
        let arns = [("stateMachineVersionArn", &self.version), ("stateMachineAliasArn", &self.alias)];
        for (name, arn) in arns {
            if let Some(arn) = arn {
                answer[name] = arn.as_str().into();
            }
        }
    }

    fn is_from(&self, arn: &str) -> bool {
        [&self.version, &self.alias].into_iter().flatten().any(|known| known == arn)
    }
}

impl Waiting {
    /// What `StartSyncExecution` gives, when it has ended.
    pub(super) fn answer(&self) -> Option<Json> {
        let execution = &self.execution;
        let stopped = execution.stopped()?;
        let mut answer = execution.describe(str::to_owned);
        if let Some(fields) = answer.as_object_mut() {
            fields.retain(|name, _| !name.starts_with("redrive"));
        }
        // Memory is billed in steps of 64 MB, time in steps of 100 ms.
        let millis = (stopped - execution.start + 99) / 100 * 100;
        answer["billingDetails"] = json!({ "billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": millis });
        Some(answer)
    }
}

impl Account {
    fn start(&mut self, machine: &Machine, arn: &str, qualifier: Option<&str>, input: &Input) -> Answer<Rc<Execution>> {
        let name = input.text("name")?;
        name.map_or(Ok(()), name::check)?;
        let text = input.text("input")?.unwrap_or("{}");
        if text.len() > MOST_BYTES {
            let constraint = format!("Member must have length less than or equal to {MOST_BYTES}");
            return Err(Refusal::constraint("input", &constraint));
        }
        let payload = Payload::from_text(text).map_err(|error| {
            let message = format!("Invalid State Machine Execution Input: '{error}'");
            Refusal::new("InvalidExecutionInput", message)
        })?;
        let started = Started::of(machine, arn, qualifier).ok_or_else(|| Refusal::no_machine(arn))?;
        let known = name.map_or(Ok(None), |name| self.world.named(&started.revision.machine, name, &payload));
        if let Some(known) = known.map_err(|message| Refusal::new("ExecutionAlreadyExists", message))? {
            return Ok(known);
        }
        let execution = self.world.start(&started.revision.machine, payload, name);
        self.started.insert(execution.arn.clone(), started);
        Ok(execution)
    }

    /// Starts what an ARN names, if that is allowed.
    fn start_if(&mut self, input: &Input, allowed: fn(&Machine) -> Answer<()>) -> Answer<Rc<Execution>> {
        let arn = input.required("stateMachineArn")?;
        let (key, qualifier) = name::machine(arn)?;
        // Taken out for the moment, so that starting may change the account.
        let machine = self.machines.remove(key).ok_or_else(|| Refusal::no_machine(arn))?;
        let started = allowed(&machine).and_then(|()| self.start(&machine, arn, qualifier, input));
        self.machines.insert(key.to_owned(), machine);
        started
    }

    pub(super) fn start_execution(&mut self, input: &Input) -> Answer {
        let execution = self.start_if(input, |_| Ok(()))?;
        let answer = json!({ "executionArn": execution.arn, "startDate": time(execution.start) });
        if execution.arn.split(':').nth(5) == Some("express") {
            self.waiting.push(Waiting { execution, reply: None });
        }
        Ok(answer)
    }

    pub(super) fn start_sync_execution(&mut self, input: &Input) -> Answer<Rc<Execution>> {
        self.start_if(input, |machine| if machine.express { Ok(()) } else { Err(unsupported(machine)) })
    }

    /// Gives everybody an answer whose execution has ended, and every worker a task; whether a task was taken.
    pub(super) fn settle(&mut self) -> bool {
        let (ended, waiting) =
            std::mem::take(&mut self.waiting).into_iter().partition(|waiting| waiting.execution.stopped().is_some());
        self.waiting = waiting;
        for waiting in ended {
            self.world.forget(&waiting.execution.arn);
            self.started.remove(&waiting.execution.arn);
            if let (Some(answer), Some(reply)) = (waiting.answer(), waiting.reply) {
                // Who has hung up gets no answer.
                let _ = reply.send(Ok(answer));
            }
        }
        self.hand_out()
    }

    pub(super) fn execution(&self, input: &Input) -> Answer<Rc<Execution>> {
        let arn = name::execution(input.required("executionArn")?)?;
        self.world.execution(arn).ok_or_else(|| Refusal::no_execution(arn))
    }

    pub(super) fn describe_execution(&self, input: &Input) -> Answer {
        let execution = self.execution(input)?;
        let mut answer = execution.describe(str::to_owned);
        if let Some(started) = self.started.get(&execution.arn) {
            started.tell(&mut answer);
        }
        if let Some(redriven) = self.redriven.get(&execution.arn) {
            redriven.tell(&mut answer);
        }
        if input.one_of("includedData", &["ALL_DATA", "METADATA_ONLY"])? == "METADATA_ONLY"
            && let Some(fields) = answer.as_object_mut()
        {
            fields.retain(|name, _| !["input", "output", "error", "cause"].contains(&name.as_str()));
            for (_, details) in
                fields.iter_mut().filter(|(name, _)| ["inputDetails", "outputDetails"].contains(&name.as_str()))
            {
                *details = json!({ "included": false });
            }
        }
        Ok(answer)
    }

    pub(super) fn describe_state_machine_for_execution(&self, input: &Input) -> Answer {
        let execution = self.execution(input)?;
        let machine = self.machine(execution.machine_arn())?;
        // What a workflow has started has the definition of the present.
        let revision = self.started.get(&execution.arn).map_or(&machine.revision, |started| &started.revision);
        let mut answer = machine.describe(&machine.arn, revision);
        answer["updateDate"] = time(revision.since);
        Ok(answer)
    }

    pub(super) fn list_executions(&self, input: &Input) -> Answer {
        let (arn, run) = (input.text("stateMachineArn")?, input.text("mapRunArn")?);
        let statuses = ["", "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"];
        let status = input.one_of("statusFilter", &statuses)?;
        let filter = input.one_of("redriveFilter", &["", "REDRIVEN", "NOT_REDRIVEN"])?;
        let listed = match (arn, run) {
            (Some(arn), None) => self.executions_of(arn)?,
            (None, Some(run)) => self.map_run(run)?.children(),
            _ => return Err(Refusal::validation("expected one of stateMachineArn and mapRunArn")),
        };
        let mut found = Vec::new();
        for execution in listed.into_iter().rev() {
            let mut item = execution.describe(str::to_owned);
            let redriven = item["redriveCount"] != 0;
            let wanted = (status.is_empty() || item["status"] == status)
                && (filter.is_empty() || redriven == (filter == "REDRIVEN"));
            if !wanted {
                continue;
            }
            if let Some(fields) = item.as_object_mut() {
                fields.retain(|name, _| LISTED.contains(&name.as_str()));
            }
            if let Some((_, items)) = execution.map_run {
                item["itemCount"] = items.into();
            }
            if let Some(started) = self.started.get(&execution.arn) {
                started.tell(&mut item);
            }
            if let Some(redriven) = self.redriven.get(&execution.arn) {
                redriven.tell(&mut item);
            }
            found.push((execution.arn.clone(), item));
        }
        page(input, "executions", found)
    }

    /// The executions of a state machine, a version or an alias, but for the children of distributed Maps.
    fn executions_of(&self, arn: &str) -> Answer<Vec<Rc<Execution>>> {
        let (_, qualifier) = name::machine(arn)?;
        let machine = self.machine(arn)?;
        if machine.express {
            return Err(unsupported(machine));
        }
        let is_wanted = |execution: &Rc<Execution>| {
            let started = self.started.get(&execution.arn);
            execution.machine_arn() == machine.arn
                && execution.map_run.is_none()
                && (qualifier.is_none() || started.is_some_and(|started| started.is_from(arn)))
        };
        Ok(self.world.executions().into_iter().filter(is_wanted).collect())
    }

    /// Stops an execution; one that has ended stays as it is.
    pub(super) fn stop_execution(&self, input: &Input) -> Answer {
        let execution = self.execution(input)?;
        let text = |name| Ok(input.text(name)?.map(str::to_owned));
        self.world.stop(&execution, Failure { error: text("error")?, cause: text("cause")? });
        Ok(json!({ "stopDate": time(execution.stopped().unwrap_or_else(|| self.world.now())) }))
    }

    pub(super) fn get_execution_history(&self, input: &Input) -> Answer {
        let execution = self.execution(input)?;
        let data = input.flag("includeExecutionData", true)?;
        let mut events: Vec<(String, Json)> = Vec::new();
        for event in execution.events() {
            let mut json = event.to_json(data);
            json["timestamp"] = time(event.millis);
            events.push((event.id.to_string(), json));
        }
        if input.flag("reverseOrder", false)? {
            events.reverse();
        }
        page(input, "events", events)
    }
}

fn unsupported(machine: &Machine) -> Refusal {
    let message = format!("This operation is not supported by this type of state machine ({})", machine.kind());
    Refusal::new("StateMachineTypeNotSupported", message)
}
