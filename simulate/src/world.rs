//! A world in which workflows run: their state machines, the services that they call, and the time.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::rc::{Rc, Weak};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use indexmap::IndexMap;
use statewright::asl::Pattern;

use crate::execution::{Execution, MapRun, New, Runner, Status};
use crate::fault::Failure;
use crate::history::Event;
use crate::jsonata::Random;
use crate::program::Call;
use crate::runtime::Runtime;
use crate::scope::{Payload, Seeds};
use crate::service::{Buckets, Tables};
use crate::task::{Answer, Request, Service};

mod callback;
mod control;
mod machine;
mod nested;
mod rules;
mod settings;
mod trouble;

pub(crate) use callback::{Callback, Heard};
pub use machine::Machine;
pub(crate) use nested::Child;
pub use rules::Rules;
pub use settings::{ACCOUNT, BEGINNING, REGION, Settings};
pub use trouble::Trouble;

/// A world in which workflows run.
#[derive(Clone)]
pub struct World(Rc<Inner>);

type Adjust = dyn FnMut(&Request, Answer) -> Answer;
type Observer = dyn FnMut(&Execution, &Event);

struct Inner {
    runtime: Runtime,
    settings: Settings,
    seeds: Seeds,
    machines: RefCell<IndexMap<String, Rc<Machine>>>,
    executions: RefCell<IndexMap<String, Rc<Execution>>>,
    map_runs: RefCell<IndexMap<String, Rc<MapRun>>>,
    services: RefCell<Vec<Box<dyn Service>>>,
    tables: RefCell<Option<Tables>>,
    buckets: RefCell<Option<Buckets>>,
    callbacks: RefCell<HashMap<Rc<str>, Weak<Callback>>>,
    calls: RefCell<Vec<Request>>,
    trouble: RefCell<Option<Trouble>>,
    observer: RefCell<Option<Box<Observer>>>,
    adjust: RefCell<Option<Box<Adjust>>>,
    entered: Cell<(i64, u64)>,
    at: Cell<Option<(SystemTime, i64)>>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "World({})", crate::history::iso(self.now()))
    }
}

/// Who does what a Task asks for.
pub(crate) enum Work {
    Answer(Answer),
    Child(Child),
    /// Somebody outside.
    Later,
}

impl World {
    /// A world without workflows.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self(Rc::new(Inner {
            runtime: Runtime::new(settings.start),
            seeds: Seeds::new(settings.seed),
            settings,
            machines: RefCell::default(),
            executions: RefCell::default(),
            map_runs: RefCell::default(),
            services: RefCell::default(),
            tables: RefCell::default(),
            buckets: RefCell::default(),
            callbacks: RefCell::default(),
            calls: RefCell::default(),
            trouble: RefCell::default(),
            observer: RefCell::default(),
            adjust: RefCell::default(),
            entered: Cell::default(),
            at: Cell::new(None),
        }))
    }

    /// The present, in milliseconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.0.runtime.now()
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.0.runtime
    }

    pub(crate) fn region(&self) -> &str {
        &self.0.settings.region
    }

    pub(crate) fn keeps_histories(&self) -> bool {
        self.0.settings.histories
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.0.settings.rules
    }

    /// Adds somebody who answers calls; who was added first is asked first.
    pub fn add_service(&self, service: impl Service + 'static) {
        self.0.services.borrow_mut().push(Box::new(service));
    }

    /// Gives it tables: calls of DynamoDB that nobody else answers go there.
    pub fn set_tables(&self, tables: Tables) {
        *self.0.tables.borrow_mut() = Some(tables);
    }

    /// Gives it buckets: calls of S3 that nobody else answers go there, and distributed Maps read and write there.
    pub fn set_buckets(&self, buckets: Buckets) {
        *self.0.buckets.borrow_mut() = Some(buckets);
    }

    pub(crate) fn buckets(&self) -> Option<Buckets> {
        self.0.buckets.borrow().clone()
    }

    pub(crate) fn adjust(&self, adjust: Box<Adjust>) {
        *self.0.adjust.borrow_mut() = Some(adjust);
    }

    /// Is called with every event of every execution.
    pub fn on_event(&self, observer: impl FnMut(&Execution, &Event) + 'static) {
        *self.0.observer.borrow_mut() = Some(Box::new(observer));
    }

    /// A new name, as a UUID.
    #[must_use]
    pub fn uuid(&self) -> String {
        Random::new(self.0.seeds.draw()).uuid()
    }

    /// Starts an execution. It runs when the world [runs](Self::run).
    #[must_use]
    pub fn start(&self, machine: &Rc<Machine>, input: impl Into<Payload>, name: Option<&str>) -> Rc<Execution> {
        let name = name.map_or_else(|| self.uuid(), str::to_owned);
        let kind = if machine.express { "express" } else { "execution" };
        let mut arn = self.arn(kind, &format!("{}:{name}", machine.name));
        if machine.express {
            arn = format!("{arn}:{}", self.uuid());
        }
        self.start_as(New {
            machine: machine.clone(),
            program: machine.program.clone(),
            name,
            arn,
            input: input.into(),
            now: self.now(),
            seed: self.0.seeds.draw().cast_unsigned(),
            express: machine.express,
            kept: self.keeps_histories(),
            map_run: None,
        })
    }

    /// Whether a name is taken: by an execution that runs with the same input, which starting it again gives; or, as `Err`,
    /// by another one, with what Step Functions says then. Names of Express executions may come again.
    ///
    /// # Errors
    ///
    /// See above.
    pub fn named(&self, machine: &Machine, name: &str, input: &Payload) -> Result<Option<Rc<Execution>>, String> {
        let arn = self.arn("execution", &format!("{}:{name}", machine.name));
        match self.execution(&arn).filter(|_| !machine.express) {
            Some(known) if known.status() == Status::Running && known.input == *input => Ok(Some(known)),
            Some(_) => Err(format!("Execution Already Exists: '{arn}'")),
            None => Ok(None),
        }
    }

    pub(crate) fn start_as(&self, new: New) -> Rc<Execution> {
        let execution = Rc::new(Execution::new(new));
        self.0.executions.borrow_mut().insert(execution.arn.clone(), execution.clone());
        let runner = Runner { world: self.clone(), execution: execution.clone() };
        *execution.job.borrow_mut() = Some(self.0.runtime.spawn(runner.run()));
        execution
    }

    /// The execution with an ARN.
    #[must_use]
    pub fn execution(&self, arn: &str) -> Option<Rc<Execution>> {
        self.0.executions.borrow().get(arn).cloned()
    }

    /// All executions, in the order of their start.
    #[must_use]
    pub fn executions(&self) -> Vec<Rc<Execution>> {
        self.0.executions.borrow().values().cloned().collect()
    }

    pub(crate) fn add_map_run(&self, run: &Rc<MapRun>) {
        self.0.map_runs.borrow_mut().insert(run.arn.clone(), run.clone());
    }

    /// The run of a distributed Map with an ARN.
    #[must_use]
    pub fn map_run(&self, arn: &str) -> Option<Rc<MapRun>> {
        self.0.map_runs.borrow().get(arn).cloned()
    }

    /// The runs of distributed Maps of an execution, in the order of their start.
    #[must_use]
    pub fn map_runs(&self, execution_arn: &str) -> Vec<Rc<MapRun>> {
        self.0.map_runs.borrow().values().filter(|run| run.execution_arn == execution_arn).cloned().collect()
    }

    /// Forgets an execution that has ended.
    pub fn forget(&self, arn: &str) {
        self.0.executions.borrow_mut().shift_remove(arn);
    }

    /// Every call that has been made, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Request> {
        self.0.calls.borrow().clone()
    }

    /// Runs an execution on from the state that failed, as `RedriveExecution` does. Of a Parallel or a Map, only the
    /// branches, iterations and child executions that did not succeed run again.
    ///
    /// # Errors
    ///
    /// AWS's reason, if it can't be redriven.
    pub fn redrive(&self, execution: &Rc<Execution>) -> Result<(), String> {
        let resume = execution.reopen(self.now())?;
        let runner = Runner { world: self.clone(), execution: execution.clone() };
        *execution.job.borrow_mut() = Some(self.0.runtime.spawn(runner.redrive(resume)));
        Ok(())
    }

    /// Stops an execution, as `StopExecution` does.
    pub fn stop(&self, execution: &Execution, failure: Failure) {
        execution.stop(Status::Aborted, failure);
    }

    /// Runs until this holds, or nothing is left to happen.
    ///
    /// # Errors
    ///
    /// What keeps it from running on: a call that nothing answers, an endless loop.
    pub fn run(&self, until: impl Fn() -> bool) -> Result<(), Trouble> {
        loop {
            self.0.runtime.run_ready();
            if let Some(trouble) = self.0.trouble.borrow_mut().take() {
                return Err(trouble);
            }
            if until() {
                return Ok(());
            }
            let Some(next) = self.0.runtime.next_timer() else { return Ok(()) };
            if self.0.settings.real_time {
                self.keep_pace(next);
            }
            self.0.runtime.advance(next);
        }
    }

    /// Waits until the time outside is that of the world.
    fn keep_pace(&self, next: i64) {
        let (outside, inside) = self.0.at.get().unwrap_or_else(|| (SystemTime::now(), self.now()));
        self.0.at.set(Some((outside, inside)));
        let ahead = Duration::from_millis(u64::try_from(next - inside).unwrap_or_default());
        let passed = SystemTime::now().duration_since(outside).unwrap_or_default();
        thread::sleep(ahead.saturating_sub(passed));
    }

    /// Lets the time of the world catch up with the time outside, and runs what that makes ready.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn catch_up(&self) -> Result<Option<Duration>, Trouble> {
        let outside = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(outside.as_millis()).unwrap_or_default();
        loop {
            self.0.runtime.run_ready();
            if let Some(trouble) = self.0.trouble.borrow_mut().take() {
                return Err(trouble);
            }
            match self.0.runtime.next_timer() {
                Some(next) if next <= now => self.0.runtime.advance(next),
                next => {
                    self.0.runtime.advance(now);
                    let wait = next.map(|next| u64::try_from(next - now).unwrap_or_default());
                    return Ok(wait.map(Duration::from_millis));
                }
            }
        }
    }

    pub(crate) fn is_observed(&self) -> bool {
        self.0.observer.borrow().is_some()
    }

    pub(crate) fn observe(&self, execution: &Execution, event: &Event) {
        if let Some(observer) = self.0.observer.borrow_mut().as_mut() {
            observer(execution, event);
        }
    }

    /// Whether an execution may enter one more state.
    pub(crate) fn may_go_on(&self, execution: &Execution) -> bool {
        let (at, count) = self.0.entered.get();
        let count = if at == self.now() { count + 1 } else { 0 };
        self.0.entered.set((self.now(), count));
        let Settings { most_at_once: states, fails_on_trouble, .. } = self.0.settings;
        if count > states {
            let trouble = Trouble::Endless { workflow: execution.workflow().to_owned(), states };
            if fails_on_trouble {
                self.0.entered.set((self.now(), 0));
                execution.stop(Status::Failed, Failure::new("States.Runtime", trouble.to_string()));
            } else {
                self.give_up(trouble);
            }
        }
        self.0.trouble.borrow().is_none()
    }

    fn give_up(&self, trouble: Trouble) {
        self.0.trouble.borrow_mut().get_or_insert(trouble);
    }

    /// Who does what a Task asks for; `Err` if nobody does, which ends the world's run.
    pub(crate) fn call(&self, call: &Call, request: &Request) -> Result<Work, ()> {
        self.0.calls.borrow_mut().push(request.clone());
        if let Some(answer) = self.answer(request).or_else(|| self.control(call, request)) {
            let answer = match self.0.adjust.borrow_mut().as_mut() {
                Some(adjust) => adjust(request, answer),
                None => answer,
            };
            return Ok(Work::Answer(answer));
        }
        if let Some(work) = self.nested(call, request) {
            return Ok(work);
        }
        let Settings { waits_for_outside, fails_on_trouble, .. } = self.0.settings;
        // Where it may fail, a job whose end nobody will report does not wait for ever.
        let is_job = matches!(call.pattern(), Pattern::Sync | Pattern::Sync2);
        if waits_for_outside && request.token.is_some() && !(fails_on_trouble && is_job) {
            return Ok(Work::Later);
        }
        let trouble = Trouble::NotMocked(Box::new(request.clone()));
        if fails_on_trouble {
            return Ok(Work::Answer(Answer::fails("States.TaskFailed", trouble.to_string())));
        }
        self.give_up(trouble);
        Err(())
    }

    /// The answer of a service: one that was added, a table, a bucket.
    fn answer(&self, request: &Request) -> Option<Answer> {
        let added = self.0.services.borrow_mut().iter_mut().find_map(|service| service.answer(request));
        let tables = || self.0.tables.borrow_mut().as_mut()?.answer(request);
        let buckets = || self.0.buckets.borrow_mut().as_mut()?.answer(request);
        added.or_else(tables).or_else(buckets)
    }

    pub(crate) fn ended(&self, execution: &Execution) {
        // The job is what calls this: it must not end itself.
        if let Some(job) = execution.job.borrow_mut().take() {
            job.detach();
        }
    }
}
