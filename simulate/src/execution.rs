//! An execution: its state, its history, and how it ends.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use serde_json::{Value as Json, json};

use crate::context::{Context, Entered};
use crate::coverage::Coverage;
use crate::fault::Failure;
use crate::history::{Detail, Event, EventType, History, MOST_EVENTS, iso, seconds};
use crate::program::{Code, Kind, Program};
use crate::runtime::{Running, Signal};
use crate::scope::{Payload, Scope, Seeds};
use crate::world::{Machine, World};

pub(crate) use branch::Branch;
use branch::{At, Line, Resume};
pub use map_run::MapRun;

mod branch;
pub(crate) mod distributed;
pub(crate) mod map;
mod map_run;
mod parallel;
pub(crate) mod retry;
mod run;
mod state;
pub(crate) mod task;

/// How an execution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It runs.
    Running,
    /// It came to its end.
    Succeeded,
    /// A state failed, and nothing caught that.
    Failed,
    /// It took longer than `TimeoutSeconds` of the definition.
    TimedOut,
    /// It was stopped.
    Aborted,
}

impl fmt::Display for Status {
    /// As the API spells it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
        })
    }
}

/// An execution.
#[derive(Debug)]
pub struct Execution {
    pub(crate) machine: Rc<Machine>,
    pub(crate) program: Rc<Program>,
    /// Whether it is Express: its state machine is, or it is a child of a Map whose children are.
    pub(crate) express: bool,
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// What it was started with.
    pub input: Payload,
    /// When it started, in milliseconds since 1970.
    pub start: i64,
    /// The ARN of the run of a distributed Map whose child it is, and how many of its items it has.
    pub map_run: Option<(String, usize)>,
    pub(crate) history: History,
    end: RefCell<Ended>,
    pub(crate) done: Signal,
    /// Why it is to end now, from outside.
    stop: RefCell<Option<(Status, Failure)>>,
    stopping: Signal,
    pub(crate) seeds: Seeds,
    /// `Execution` and `StateMachine` of the context object.
    context: RefCell<(Payload, Payload)>,
    /// Where a redrive begins.
    resume: RefCell<Option<Resume>>,
    pub(crate) job: RefCell<Option<Running>>,
    pub(crate) redrives: Cell<u64>,
    transitions: Cell<u64>,
}

/// How it ended.
#[derive(Clone, Debug)]
struct Ended {
    status: Status,
    output: Option<Payload>,
    failure: Failure,
    millis: Option<i64>,
}

/// What a new execution is made of.
pub(crate) struct New {
    pub machine: Rc<Machine>,
    pub program: Rc<Program>,
    pub name: String,
    pub arn: String,
    pub input: Payload,
    pub now: i64,
    pub seed: u64,
    /// Whether it is Express, and has no limit of events.
    pub express: bool,
    pub kept: bool,
    /// The run whose child it is, and how many of its items it has.
    pub map_run: Option<(Rc<MapRun>, usize)>,
}

impl Execution {
    pub(crate) fn new(new: New) -> Self {
        let New { machine, program, name, arn, input, now, seed, express, kept, map_run } = new;
        let mut own = json!({ "Id": arn, "Input": *input, "StartTime": iso(now), "Name": name,
            "RoleArn": machine.role_arn });
        if let (false, Some(fields)) = (express, own.as_object_mut()) {
            fields.insert("RedriveCount".to_owned(), 0.into());
        }
        let below =
            |name: &str| map_run.as_ref().map_or_else(|| name.to_owned(), |(run, _)| format!("{name}/{}", run.label));
        let of = json!({ "Id": below(&machine.arn), "Name": below(&machine.name) });
        Self {
            machine,
            program,
            express,
            name,
            arn,
            input,
            start: now,
            map_run: map_run.map(|(run, items)| (run.arn.clone(), items)),
            history: History::new(!express, kept),
            end: RefCell::new(Ended {
                status: Status::Running,
                output: None,
                failure: Failure::default(),
                millis: None,
            }),
            done: Signal::default(),
            stop: RefCell::default(),
            stopping: Signal::default(),
            seeds: Seeds::new(seed),
            context: RefCell::new((own.into(), of.into())),
            resume: RefCell::default(),
            job: RefCell::default(),
            redrives: Cell::new(0),
            transitions: Cell::new(0),
        }
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        self.end.borrow().status
    }

    /// What it gave, if it succeeded.
    #[must_use]
    pub fn output(&self) -> Option<Payload> {
        self.end.borrow().output.clone()
    }

    /// Its error and cause, if it did not.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.end.borrow().failure.clone()
    }

    /// When it ended, in milliseconds since 1970.
    #[must_use]
    pub fn stopped(&self) -> Option<i64> {
        self.end.borrow().millis
    }

    /// Its events so far.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.history.events()
    }

    /// How many states it has entered, those of branches and iterations included.
    #[must_use]
    pub fn transitions(&self) -> u64 {
        self.transitions.get()
    }

    /// What of its state machine has run, in all of its executions.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        &self.machine.coverage
    }

    /// The name of its workflow.
    #[must_use]
    pub fn workflow(&self) -> &str {
        &self.machine.name
    }

    /// The ARN of its state machine.
    #[must_use]
    pub fn machine_arn(&self) -> &str {
        &self.machine.arn
    }

    /// As `DescribeExecution` gives it, with the names of its fields spelt by `spell`, and times in seconds since 1970.
    #[must_use]
    pub fn describe(&self, spell: fn(&str) -> String) -> Json {
        let end = self.end.borrow();
        let mut fields = serde_json::Map::new();
        let mut put = |name: &str, value: Option<Json>| {
            if let Some(value) = value {
                fields.insert(spell(name), value);
            }
        };
        let details = || Some(json!({ spell("included"): true }));
        put("executionArn", Some(self.arn.as_str().into()));
        put("input", Some(self.input.to_text().into()));
        put("inputDetails", details());
        put("mapRunArn", self.map_run.as_ref().map(|(arn, _)| arn.as_str().into()));
        put("name", Some(self.name.as_str().into()));
        put("output", end.output.as_ref().map(|output| output.to_text().into()));
        put("outputDetails", end.output.as_ref().and_then(|_| details()));
        put("error", end.failure.error.as_deref().map(Json::from));
        put("cause", end.failure.cause.as_deref().map(Json::from));
        put("startDate", Some(seconds(self.start)));
        put("stateMachineArn", Some(self.machine.arn.as_str().into()));
        put("status", Some(end.status.to_string().into()));
        put("stopDate", end.millis.map(seconds));
        put("redriveCount", Some(self.redrives.get().into()));
        let reason = self.keeps_from_redriving(end.status);
        put("redriveStatus", Some(if reason.is_none() { "REDRIVABLE" } else { "NOT_REDRIVABLE" }.into()));
        put("redriveStatusReason", reason.map(Json::from));
        fields.into()
    }

    /// Why it can't be redriven, if it can't.
    fn keeps_from_redriving(&self, status: Status) -> Option<String> {
        let what = match status {
            _ if self.express => "EXPRESS".to_owned(),
            Status::Running | Status::Succeeded => status.to_string(),
            Status::Failed | Status::TimedOut | Status::Aborted => return None,
        };
        Some(format!("Execution is {what} and cannot be redriven"))
    }

    /// Ends it from outside, unless it has ended.
    pub(crate) fn stop(&self, status: Status, failure: Failure) {
        if self.status() == Status::Running && self.stop.borrow().is_none() {
            *self.stop.borrow_mut() = Some((status, failure));
            self.stopping.give();
        }
    }

    /// Makes it ready to be run again from where it ended; what is wrong, if it can't be.
    pub(crate) fn reopen(&self, now: i64) -> Result<Resume, String> {
        if let Some(reason) = self.keeps_from_redriving(self.status()) {
            return Err(reason);
        }
        let resume = self.resume.borrow_mut().take();
        let resume = resume.ok_or_else(|| "no state has been entered: start a new execution instead".to_owned())?;
        self.redrives.set(self.redrives.get() + 1);
        *self.end.borrow_mut() =
            Ended { status: Status::Running, output: None, failure: Failure::default(), millis: None };
        self.stop.borrow_mut().take();
        self.stopping.take_back();
        self.done.take_back();
        let mut context = self.context.borrow_mut();
        let mut own = (*context.0).clone();
        if let Some(fields) = own.as_object_mut() {
            fields.insert("RedriveCount".to_owned(), self.redrives.get().into());
            fields.insert("RedriveTime".to_owned(), iso(now).into());
        }
        context.0 = own.into();
        Ok(resume)
    }

    fn is_stopping(&self) -> bool {
        self.stop.borrow().is_some()
    }
}

/// A state while it runs.
pub(crate) struct Visit<'a> {
    pub code: &'a Code,
    pub branch: &'a Rc<Branch>,
    pub input: Payload,
    /// The event with which it began.
    pub entered: u64,
    pub context: Context,
}

/// Runs an execution.
#[derive(Clone, Debug)]
pub(crate) struct Runner {
    pub world: World,
    pub execution: Rc<Execution>,
}

impl Runner {
    fn now(&self) -> i64 {
        self.world.now()
    }

    /// Adds an event behind the last one of the branch.
    fn emit(&self, branch: &Branch, kind: EventType, details: Vec<(&'static str, Detail)>) -> u64 {
        let previous = branch.last.get();
        let id = self.emit_after(previous, kind, details);
        branch.before.set(previous);
        branch.last.set(id);
        if self.execution.history.is_full() {
            let cause = format!("The execution reached the maximum number of history events ({MOST_EVENTS}).");
            self.execution.stop(Status::Failed, Failure::new("States.Runtime", cause));
        }
        id
    }

    /// Adds an event to which the next one of the branch does not point.
    fn emit_after(&self, previous: u64, kind: EventType, details: Vec<(&'static str, Detail)>) -> u64 {
        let shown = self.world.is_observed().then(|| details.clone());
        let Some(id) = self.execution.history.add(previous, self.now(), kind, details) else { return previous };
        if let Some(details) = shown {
            self.world.observe(&self.execution, &Event { id, previous, millis: self.now(), kind, details });
        }
        id
    }

    pub(crate) fn scope<'v>(&'v self, visit: &'v Visit<'_>) -> Scope<'v> {
        Scope {
            input: &visit.input,
            context: &visit.context,
            variables: &visit.branch.variables,
            result: None,
            error_output: None,
            millis: self.now(),
            seeds: &self.execution.seeds,
        }
    }

    pub(crate) fn context(&self, code: &Code, branch: &Branch) -> Context {
        let (execution, machine) = self.execution.context.borrow().clone();
        let mut context = Context::new(execution, machine);
        let retried = matches!(code.kind, Kind::Task(_) | Kind::Parallel { .. } | Kind::Map(_));
        let retry_count = retried.then_some(0);
        context.state = Some(Entered { name: code.name.clone(), millis: self.now(), retry_count });
        context.item.clone_from(&branch.item);
        context
    }
}
