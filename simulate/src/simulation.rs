//! Running a workflow in a test.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde::Serialize;
use serde_json::{Value as Json, json};
use statewright::asl::StateMachine;
use statewright::bundle::{Bundle, GuardTable, StateMachineType, Target};
use statewright::guard::STATES;
use statewright::{Shape, Workflow};

use crate::command::Tick;
use crate::dynamodb::Dynamodb;
use crate::execution::{Execution, Status};
use crate::history::Event;
use crate::run::Run;
use crate::s3::S3;
use crate::scope::{Payload, Seeds};
use crate::service::{Buckets, Tables};
use crate::task::{Answer, Request, Service};
use crate::world::{Machine, Settings, Trouble, World};

/// A workflow with an input and with who answers its calls. Nothing runs before [`run`](Self::run).
#[must_use = "a simulation does nothing until it runs"]
pub struct Simulation {
    settings: Settings,
    /// The name of the workflow that is run.
    runs: String,
    /// It, and those that are there to be started by it.
    machines: Vec<(String, StateMachine, bool)>,
    input: Payload,
    name: String,
    services: Vec<Box<dyn Service>>,
    tables: Option<Tables>,
    /// The tables of the concurrency guard, each with the name of its key.
    guard_tables: Vec<(String, String)>,
    buckets: Option<Buckets>,
    problems: Vec<statewright::diag::Diagnostic>,
    observer: Option<Box<Observer>>,
    adjust: Option<Box<Adjust>>,
}

type Adjust = dyn FnMut(&Request, Answer) -> Answer;
type Observer = dyn FnMut(&Execution, &Event);

impl std::fmt::Debug for Simulation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Simulation({})", self.runs)
    }
}

/// A run of this workflow, in virtual time: a wait of a week takes no time.
///
/// ```
/// use std::time::Duration;
/// use statewright::prelude::*;
/// use statewright_simulate::simulate;
///
/// let patient = Workflow::new("patient", |w, _: Value<()>| {
///     w.wait("AWeek", Duration::from_secs(7 * 86_400));
/// });
/// let run = simulate(&patient).run()?;
/// assert_eq!(run.elapsed(), Duration::from_secs(604_800));
/// assert_eq!(run.path(), ["AWeek"]);
/// # Ok::<(), statewright_simulate::Trouble>(())
/// ```
pub fn simulate(workflow: &Workflow) -> Simulation {
    Simulation::empty().workflow(workflow)
}

/// JSON of a shape, for tests over many inputs: texts with quotes and other scripts, empty lists, numbers of either sign,
/// what may be absent absent. The same seed gives the same inputs.
///
/// ```
/// use statewright::prelude::*;
/// use statewright_simulate::execution::Status;
/// use statewright_simulate::{inputs, simulate};
///
/// #[derive(Shape)]
/// struct Order { id: String, lines: Vec<i64>, note: Option<String> }
///
/// let workflow = Workflow::new("describe", |w, order: Value<Order>| {
///     w.value(text!("{} has {} lines; {}", order.id, order.lines.len(), order.note.or("no note")))
/// });
/// for input in inputs::<Order>(7).take(100) {
///     let run = simulate(&workflow).input(&input).run()?;
///     assert_eq!(run.status(), Status::Succeeded, "{input}: {}", run.failure());
/// }
/// # Ok::<(), statewright_simulate::Trouble>(())
/// ```
pub fn inputs<T: Shape>(seed: u64) -> impl Iterator<Item = Json> {
    let seeds = Seeds::new(seed);
    std::iter::repeat_with(move || {
        T::sample(&mut |below| seeds.draw().cast_unsigned().checked_rem(below).unwrap_or_default())
    })
}

impl Simulation {
    fn empty() -> Self {
        Self {
            settings: Settings::default(),
            runs: String::new(),
            machines: Vec::new(),
            input: json!({}).into(),
            name: "run-1".to_owned(),
            services: Vec::new(),
            tables: None,
            guard_tables: Vec::new(),
            buckets: None,
            problems: Vec::new(),
            observer: None,
            adjust: None,
        }
    }

    /// A run of a definition, whatever made it.
    pub fn of(name: &str, definition: StateMachine, express: bool) -> Self {
        let mut simulation = Self::empty();
        name.clone_into(&mut simulation.runs);
        simulation.machines.push((name.to_owned(), definition, express));
        simulation
    }

    /// A run of a workflow of a manifest, beside which its others can be started.
    pub fn of_bundles(name: &str, bundles: &[Bundle]) -> Self {
        let mut simulation = Self::empty();
        name.clone_into(&mut simulation.runs);
        let (first, others): (Vec<&Bundle>, Vec<&Bundle>) = bundles.iter().partition(|bundle| bundle.name == name);
        first.into_iter().chain(others).for_each(|bundle| simulation.add(bundle));
        simulation
    }

    /// Adds a workflow, to be started by the one that is run.
    pub fn workflow(mut self, workflow: &Workflow) -> Self {
        let compiled = workflow.compile("simulation");
        if compiled.diagnostics.has_errors() {
            self.problems.extend(compiled.diagnostics.iter().cloned());
        }
        self.add(&compiled.bundle);
        self
    }

    fn add(&mut self, bundle: &Bundle) {
        let spec = &bundle.state_machine;
        if self.runs.is_empty() {
            self.runs.clone_from(&spec.name);
        }
        if let Some(GuardTable { table_name, partition_key, .. }) = &bundle.guard_table {
            self.guard_tables.push((table_name.clone(), partition_key.clone()));
        }
        let express = spec.r#type == StateMachineType::Express;
        self.machines.push((spec.name.clone(), spec.definition.clone(), express));
    }

    /// What it is started with; `{}` if nothing is said.
    pub fn input(mut self, input: impl Serialize) -> Self {
        self.input = serde_json::to_value(input).unwrap_or_default().into();
        self
    }

    /// JSON text that it is started with, which the history shows as it is written.
    ///
    /// # Errors
    ///
    /// If it is not JSON.
    pub fn input_text(mut self, text: &str) -> Result<Self, serde_json::Error> {
        self.input = Payload::from_text(text)?;
        Ok(self)
    }

    /// Adds who answers calls: a [`mock`](crate::mock::mock), [functions](crate::service::function::Functions), a
    /// closure. Who was added first is asked first.
    pub fn mock(mut self, service: impl Service + 'static) -> Self {
        self.services.push(Box::new(service));
        self
    }

    /// Adds several of one kind.
    pub fn mocks(mut self, services: impl IntoIterator<Item = impl Service + 'static>) -> Self {
        self.services.extend(services.into_iter().map(|service| Box::new(service) as Box<dyn Service>));
        self
    }

    /// Gives it DynamoDB tables, which can be looked at afterwards: [`Run::tables`].
    pub fn tables(mut self, tables: Dynamodb) -> Self {
        self.tables = Some(Tables(Rc::new(tables.into())));
        self
    }

    /// Gives it S3 buckets: for calls of S3, and for distributed Maps.
    pub fn buckets(mut self, buckets: S3) -> Self {
        self.buckets = Some(Buckets(Rc::new(buckets.into())));
        self
    }

    /// The seed of everything that is random: UUIDs, random numbers, jitter. The same seed gives the same run.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// When it starts, as RFC 3339 has it; without it, on 2026-01-01.
    ///
    /// # Errors
    ///
    /// If it is no time.
    pub fn at(mut self, time: &str) -> Result<Self, jiff::Error> {
        self.settings.start = time.parse::<jiff::Timestamp>()?.as_millisecond();
        Ok(self)
    }

    /// The name of the execution.
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Keeps no events: a run of millions of states needs no more memory than one of a few. [`Run::path`] and
    /// [`Run::history`] are empty.
    pub const fn forgets_history(mut self) -> Self {
        self.settings.histories = false;
        self
    }

    /// Lets time pass as it does outside.
    pub const fn real_time(mut self) -> Self {
        self.settings.real_time = true;
        self
    }

    /// Is called with every event, while it runs.
    pub fn on_event(mut self, observer: impl FnMut(&Execution, &Event) + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Runs it to its end.
    ///
    /// # Errors
    ///
    /// What keeps it from running: a definition that can't run, a call that nothing answers, an endless loop, a task that
    /// waits for ever. How the *workflow* ends, with an error or not, is in the [`Run`].
    pub fn run(mut self) -> Result<Run, Trouble> {
        self.add_guard_tables();
        let (name, input) = (self.name.clone(), self.input.clone());
        let (tables, buckets) = (self.tables.clone(), self.buckets.clone());
        let (world, machine) = self.prepare()?;
        let execution = world.start(&machine, input, Some(&name));
        world.run(|| execution.status() != Status::Running)?;
        Ok(Run { world, execution, tables, buckets })
    }

    /// Changes every answer, whoever gives it.
    pub(crate) fn wraps(mut self, adjust: impl FnMut(&Request, Answer) -> Answer + 'static) -> Self {
        self.adjust = Some(Box::new(adjust));
        self
    }

    /// Starts the workflow at each of these times, with that input as JSON text, all in one world.
    pub(crate) fn run_ticks(mut self, ticks: &[(jiff::Timestamp, String)]) -> Result<Vec<Tick>, Trouble> {
        let Some((first, _)) = ticks.first() else { return Ok(Vec::new()) };
        self.settings.start = first.as_millisecond();
        self.settings.histories = false;
        self.add_guard_tables();
        let (world, machine) = self.prepare()?;
        let runs: Rc<RefCell<Vec<Rc<Execution>>>> = Rc::default();
        let starts: Vec<(i64, Payload)> = ticks
            .iter()
            .map(|(time, input)| {
                let input = Payload::from_text(input).unwrap_or_else(|_| json!({}).into());
                (time.as_millisecond(), input)
            })
            .collect();
        // When each run entered the first state of its own.
        let entered: Rc<RefCell<HashMap<String, i64>>> = Rc::default();
        let firsts = entered.clone();
        world.on_event(move |execution, event| {
            let is_own = event.kind.name().ends_with("StateEntered")
                && event.state().is_some_and(|state| !state.starts_with(STATES));
            if is_own {
                firsts.borrow_mut().entry(execution.arn.clone()).or_insert(event.millis);
            }
        });
        let (inner, begun) = (world.clone(), runs.clone());
        let job = world.runtime().spawn(async move {
            for (time, input) in starts {
                inner.runtime().sleep(time - inner.now()).await;
                begun.borrow_mut().push(inner.start(&machine, input, None));
            }
        });
        world.run(|| false)?;
        drop(job);
        let now = world.now();
        let tick = |run: &Rc<Execution>| Tick {
            start: run.start,
            stop: run.stopped().unwrap_or(now),
            status: run.status(),
            output: run.output(),
            error: run.failure().error,
            entered: entered.borrow().get(&run.arn).copied(),
        };
        Ok(runs.borrow().iter().map(tick).collect())
    }

    /// The tables of the concurrency guard are there, whatever else is said about tables.
    fn add_guard_tables(&mut self) {
        for (name, key) in std::mem::take(&mut self.guard_tables) {
            let tables = self.tables.get_or_insert_with(|| Tables(Rc::default()));
            let mut tables = tables.0.borrow_mut();
            if !tables.has_table(&name) {
                *tables = std::mem::take(&mut *tables).with_table(&name, &key, None);
            }
        }
    }

    /// A world with everything in it.
    fn prepare(self) -> Result<(World, Rc<Machine>), Trouble> {
        if !self.problems.is_empty() {
            return Err(Trouble::Invalid(self.problems));
        }
        let target = Target {
            partition: "aws".to_owned(),
            region: self.settings.region.clone(),
            account_id: self.settings.account.clone(),
        };
        let world = World::new(self.settings);
        self.services.into_iter().for_each(|service| world.add_service(service));
        self.tables.clone().into_iter().for_each(|tables| world.set_tables(tables));
        self.buckets.clone().into_iter().for_each(|buckets| world.set_buckets(buckets));
        if let Some(observer) = self.observer {
            world.on_event(observer);
        }
        if let Some(adjust) = self.adjust {
            world.adjust(adjust);
        }
        for (name, definition, express) in &self.machines {
            let filled = target.fill_json(&definition.to_json()).to_string();
            let definition =
                StateMachine::from_text(&filled, name).map_err(|problem| Trouble::Invalid(vec![problem]))?;
            let _ = world.add_machine(name, &definition, *express).map_err(Trouble::Invalid)?;
        }
        let machine = world.machine(&self.runs).ok_or_else(|| Trouble::Unknown(self.runs.clone()))?;
        Ok((world, machine))
    }
}
