//! [`Workflow`]: a name, a body, and what goes with it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::Location;
use std::rc::Rc;
use std::time::Duration;

use crate::asl::QueryLanguage;
use crate::bundle::Bundle;
use crate::diag::{Diagnostics, Place};
use crate::guard::{Concurrency, Dedupe};
use crate::ir::{Recording, Shared, StepKind};
use crate::schedule::Schedule;
use crate::scope::{Caught, Outcome, Scope};
use crate::shape::Shape;
use crate::value::Value;

mod assemble;
mod express;
mod log;

pub use log::Log;

/// A workflow: becomes a state machine, with its roles, its log group and its schedules.
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Order { id: String, items: Vec<String> }
///
/// const SHIP: lambda::Function<Order, String> = lambda::Function::named("ship-order");
///
/// fn ship() -> Workflow {
///     Workflow::new("ship-order", |w, order: Value<Order>| {
///         w.when("Anything", order.items.len().gt(0), |w| w.run("Ship", SHIP.invoke(order)))
///             .otherwise(|w| w.fail("Empty", "EmptyOrder", text!("order {} has no items", order.id)))
///     })
///     .timeout(Duration::from_secs(600))
///     .schedule(Schedule::rate("1 hour"))
/// }
///
/// let compiled = ship().compile("shop");
/// assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
/// assert!(compiled.bundle.state_machine.definition.states.contains_key("Ship"));
/// ```
#[derive(Debug)]
#[must_use = "a workflow does nothing until an app lists it"]
pub struct Workflow {
    name: String,
    recording: Shared,
    at: &'static Location<'static>,
    comment: Option<String>,
    timeout: Option<Duration>,
    express: bool,
    log: Option<Log>,
    tracing: bool,
    tags: BTreeMap<String, String>,
    role_arn: Option<String>,
    role_path: String,
    permissions_boundary: Option<String>,
    schedules: Vec<Schedule>,
    concurrency: Option<Concurrency>,
    dedupe: Option<Dedupe>,
    guard_table: Option<String>,
    /// The types of the input and of what the body returns.
    shapes: (&'static str, &'static str),
}

/// What a workflow compiles to.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Everything it needs. Where there are errors, it is not to be used.
    pub bundle: Bundle,
    /// What there is to say about it.
    pub diagnostics: Diagnostics,
    /// Where in the Rust source each state is written.
    pub places: BTreeMap<String, Place>,
}

impl Workflow {
    /// Records the body, which runs now and once: what it writes are the states.
    ///
    /// The name is the state machine's: 1 to 80 letters, digits, `-` and `_`.
    #[track_caller]
    pub fn new<I: Shape, R: Outcome>(name: impl Into<String>, body: impl FnOnce(&mut Scope, Value<I>) -> R) -> Self {
        let name = name.into();
        let at = Location::caller();
        let recording = Rc::new(RefCell::new(Recording::new(&name)));
        let mut scope = Scope::root(recording.clone());
        let input = scope.input(at);
        let yields = body(&mut scope, input).into_yield();
        scope.finish(yields, at);
        Self {
            name,
            recording,
            at,
            comment: None,
            timeout: None,
            express: false,
            log: Some(Log::errors()),
            tracing: false,
            tags: BTreeMap::new(),
            role_arn: None,
            role_path: "/".to_owned(),
            permissions_boundary: None,
            schedules: Vec::new(),
            concurrency: None,
            dedupe: None,
            guard_table: None,
            shapes: (std::any::type_name::<I>(), std::any::type_name::<R>()),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the types of its input and of what its body returns.
    pub(crate) const fn shapes(&self) -> (&'static str, &'static str) {
        self.shapes
    }

    /// The keys of the locks that it shares.
    pub(crate) fn keys(&self) -> Vec<String> {
        let recording = self.recording.borrow();
        let sections = recording.blocks.iter().flat_map(|block| &block.steps).filter_map(|step| match &step.kind {
            StepKind::Guarded { lock, concurrency, .. } => {
                Some(concurrency.key.clone().unwrap_or_else(|| lock.clone()))
            }
            _ => None,
        });
        self.concurrency.iter().filter_map(|said| said.key.clone()).chain(sections).collect()
    }

    /// Where it is written.
    #[must_use]
    pub fn place(&self) -> Place {
        self.at.into()
    }

    /// What runs when a state fails and nothing else handles the error: a failure notice, say. Then the workflow fails
    /// with that error, unless this ends otherwise.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// const ALERTS: sns::Topic = sns::Topic::named("alerts");
    ///
    /// Workflow::new("load", |w, _: Value<()>| {
    ///     w.run("Load", glue::StartJobRun::new("load"));
    /// })
    /// .on_error(|w, error| {
    ///     w.run("Notify", sns::Publish::new(ALERTS, text!("load failed: {}", error.error)));
    /// });
    /// ```
    #[track_caller]
    pub fn on_error<B: Outcome>(self, body: impl FnOnce(&mut Scope, Value<Caught>) -> B) -> Self {
        let handler = Scope::root(self.recording.clone()).error_handler(Location::caller(), body);
        self.recording.borrow_mut().on_error = Some(handler);
        self
    }

    /// What it is for: the state machine's `Comment`.
    pub fn comment(mut self, text: &str) -> Self {
        self.comment = Some(text.to_owned());
        self
    }

    /// The longest time of an execution, in whole seconds; then its status is `TIMED_OUT`.
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// The query language of its definition, in place of JSONata.
    ///
    /// JSONPath computes with intrinsic functions; what they can't say is [`SW0250`](crate::diag::codes::NOT_IN_JSONPATH). What
    /// depends on a condition becomes a Choice, so a definition in JSONata has fewer transitions.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Day { bucket: String, date: String }
    ///
    /// let export = Workflow::new("export", |w, day: Value<Day>| {
    ///     let export = ecs::TaskDefinition::family("export").no_roles();
    ///     let path = text!("s3://{}/{}", day.bucket, day.date);
    ///     w.run("Export", ecs::RunTask::new("batch", export).container("app", |c| c.args(["export", "--to"]).arg(path)));
    /// })
    /// .query_language(QueryLanguage::JsonPath);
    ///
    /// let definition = export.compile("shop").bundle.state_machine.definition.to_text();
    /// let format = "States.Format('s3://{}/{}', $$.Execution.Input.bucket, $$.Execution.Input.date)";
    /// assert!(definition.contains(&format!("\"Command.$\": \"States.Array('export', '--to', {format})\"")), "{definition}");
    /// ```
    pub fn query_language(self, language: QueryLanguage) -> Self {
        self.recording.borrow_mut().in_paths = language == QueryLanguage::JsonPath;
        self
    }

    /// Makes it an Express workflow: up to five minutes, at least once, no `.sync` and no callbacks.
    pub const fn express(mut self) -> Self {
        self.express = true;
        self
    }

    /// What is logged, in place of [`Log::errors`].
    pub fn log(mut self, log: Log) -> Self {
        self.log = Some(log);
        self
    }

    /// Logs nothing.
    pub fn no_log(mut self) -> Self {
        self.log = None;
        self
    }

    /// Traces executions with X-Ray.
    pub const fn tracing(mut self) -> Self {
        self.tracing = true;
        self
    }

    /// A tag of the state machine.
    pub fn tag(mut self, key: &str, value: &str) -> Self {
        self.tags.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Runs with a role that exists already; none is created. The report says what it must allow.
    pub fn role_arn(mut self, arn: &str) -> Self {
        self.role_arn = Some(arn.to_owned());
        self
    }

    /// The path of the roles, which begins and ends with `/`.
    pub fn role_path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.role_path);
        self
    }

    /// The ARN of the permissions boundary of the roles.
    pub fn permissions_boundary(mut self, arn: &str) -> Self {
        self.permissions_boundary = Some(arn.to_owned());
        self
    }

    /// Starts it at certain times. May be given several times. A Standard workflow with a schedule is
    /// [exclusive](Concurrency::exclusive) unless it says otherwise.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.recording.borrow_mut().is_scheduled |= schedule.has_object_input();
        self.schedules.push(schedule);
        self
    }

    /// How often it may run at once; see [`guard`](crate::guard).
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// let load = Workflow::new("load", |w, _: Value<()>| w.succeed("Done"))
    ///     .timeout(Duration::from_secs(3600))
    ///     .concurrency(Concurrency::limit(2).on_conflict(OnConflict::Fail));
    /// let states = load.compile("shop").bundle.state_machine.definition.states;
    /// assert!(states.contains_key("guard/acquire") && states.contains_key("guard/release"));
    /// ```
    pub fn concurrency(mut self, concurrency: Concurrency) -> Self {
        if let Some(key) = &concurrency.key_from {
            let mut recording = self.recording.borrow_mut();
            let expr = (key.read)(recording.input());
            recording.key = Some(expr);
        }
        self.concurrency = Some(concurrency);
        self
    }

    /// Which ticks of its schedules it runs.
    pub const fn dedupe(mut self, dedupe: Dedupe) -> Self {
        self.dedupe = Some(dedupe);
        self
    }

    /// The name of the guard's table, in place of [`guard::TABLE`](crate::guard::TABLE).
    pub fn guard_table(mut self, name: &str) -> Self {
        self.guard_table = Some(name.to_owned());
        self
    }
}
