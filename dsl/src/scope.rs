//! [`Scope`]: where states are recorded. Each closure of the builder gets one.

use std::cell::RefCell;
use std::panic::Location;

use crate::diag::{Diagnostic, Place, codes};
use crate::ir::expr::{Expr, Kind, ValueId};
use crate::ir::{BlockId, Origin, Recording, Shared, Step as Recorded, StepKind, Until, ValueInfo, Yield};
use crate::service::{Catch, Step};
use crate::shape::Shape;
use crate::value::{Arg, Timestamp, Typed, Value};

mod attempt;
mod choice;
mod distributed;
mod guarded;
mod items;
mod label;
mod map;
mod outcome;
mod parallel;
mod raw;
mod repeat;
mod switch;

pub use attempt::{Attempt, Caught, CaughtFields};
pub use choice::When;
pub use distributed::{Batches, Distributed, InOutput, InS3, MapRun, MapRunFields, OutputType, Transformation};
pub use items::{Delimiter, Items, Listed, ListedFields, S3Items};
pub use label::{Label, LabelWith};
pub use map::{Collected, Map};
pub use outcome::{Join, Never, Outcome};
pub use parallel::{Branches, Parallel};
pub use raw::RawState;
pub use switch::{Case, Switch};

/// Where states are recorded: the body of the workflow, or an arm, a branch, an item processor, a handler.
///
/// Every method that makes a state takes its name first. Names are unique in the whole state machine.
#[derive(Debug)]
pub struct Scope {
    pub(crate) recording: Shared,
    pub(crate) block: BlockId,
    prefix: String,
    /// The `Comment` of the next state, and where it was written.
    comment: RefCell<Option<(String, Place)>>,
}

impl Scope {
    pub(crate) fn root(recording: Shared) -> Self {
        Self { recording, block: Recording::ROOT, prefix: String::new(), comment: RefCell::default() }
    }

    /// The input of the workflow.
    pub(crate) fn input<I: Shape>(&self, at: &'static Location<'static>) -> Value<I> {
        Value::of(Kind::Value(self.new_value("input", at, Origin::Input, &[])).into())
    }

    /// Runs a step as a Task state, and gives its output.
    #[track_caller]
    pub fn run<S: Step>(&mut self, name: impl Into<String>, step: S) -> Value<S::Output> {
        self.run_at(Location::caller(), name, step)
    }

    pub(crate) fn run_at<S: Step>(
        &mut self,
        at: &'static Location<'static>,
        name: impl Into<String>,
        step: S,
    ) -> Value<S::Output> {
        let mut task = step.into_task();
        let catches = std::mem::take(&mut task.catch);
        let envelope = task.envelope;
        let name = self.full_name(name);
        if catches.is_empty() {
            let result = self.new_value(&name, at, Origin::Result, envelope);
            self.task(name, at, task, result);
            return Value::of(unwrap_envelope(result, envelope));
        }
        // Handlers of one step are an attempt around it.
        let body = self.next_child(&name);
        let inner = body.new_value(&name, at, Origin::Result, envelope);
        body.task(name.clone(), at, task, inner);
        body.finish(Yield::Value(unwrap_envelope(inner, envelope)), at);
        let handlers =
            catches.into_iter().map(|Catch { errors, body }| self.handler(&name, at, errors, body)).collect();
        let result = self.new_value(&name, at, Origin::Computed, &[]);
        let kind = StepKind::Attempt { body: body.block, handlers, result };
        self.push(name, at, kind);
        Value::of(Kind::Value(result).into())
    }

    fn task(&self, name: String, at: &'static Location<'static>, task: crate::service::Task, result: ValueId) {
        if let Some((code, message, help)) = &task.problem {
            let problem = Diagnostic::error(*code, format!("`{name}` {message}"), at).help(help.as_str());
            self.recording.borrow_mut().diagnostics.push(problem);
        }
        let comment = match (self.comment.take(), task.comment.clone()) {
            (Some((before, _)), Some(own)) => Some(format!("{before}\n{own}")),
            (before, own) => own.or(before.map(|(before, _)| before)),
        };
        let kind = StepKind::Task { task: Box::new(task), result };
        self.recording.borrow_mut().push(self.block, Recorded { name, at: at.into(), comment, kind });
    }

    /// The `Comment` of the next state that is written, of whatever type. (A task can also say its own:
    /// [`Step::comment`].) A `set` and an `attempt` are no states: what comes next gets it.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// let night = Workflow::new("night", |w, shops: Value<Vec<String>>| {
    ///     w.comment("the files of the day before arrive until one o'clock");
    ///     w.wait("UntilOne", Duration::from_secs(3600));
    ///     w.comment("only shops that are open");
    ///     w.when("Any", shops.len().gt(0), |_| ());
    /// });
    /// let states = night.compile("shop").bundle.state_machine.definition.states;
    /// assert_eq!(states["Any"].comment.as_deref(), Some("only shops that are open"));
    /// ```
    #[track_caller]
    pub fn comment(&mut self, text: impl Into<String>) {
        let at = Place::from(Location::caller());
        let before = self.comment.take().map(|(before, _)| before + "\n");
        self.comment.replace(Some((before.unwrap_or_default() + &text.into(), at)));
    }

    /// Gives a computed value a name. It becomes a workflow variable, if later states read it, and no state of its own
    /// unless it must: a random value that the first state reads already.
    #[track_caller]
    pub fn set<V: Typed>(&mut self, name: impl Into<String>, value: V) -> Value<V::Shape> {
        let at = Location::caller();
        let name = self.full_name(name);
        let id = self.new_value(&name, at, Origin::Computed, &[]);
        self.push(name, at, StepKind::Let { value: id, expr: value.typed().expr() });
        Value::of(Kind::Value(id).into())
    }

    /// A value that is known now, for an arm that has nothing to run.
    #[must_use]
    pub fn value<V: Typed>(&self, value: V) -> Value<V::Shape> {
        value.typed()
    }

    /// Waits: a [`Duration`](std::time::Duration) of whole seconds, so many seconds, or until a point in time, known now (in
    /// RFC 3339, in UTC) or computed. At most 99,999,999 seconds, and costs nothing while it waits.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Sale { opens: Timestamp, pause: i64 }
    ///
    /// Workflow::new("sale", |w, sale: Value<Sale>| {
    ///     w.wait("ABreath", Duration::from_secs(10));
    ///     w.wait("APause", sale.pause * 60);
    ///     w.wait("NewYear", "2027-01-01T00:00:00Z");
    ///     w.wait("Opening", sale.opens);
    /// });
    /// ```
    #[track_caller]
    pub fn wait(&mut self, name: impl Into<String>, until: impl WaitUntil) {
        let name = self.full_name(name);
        self.push(name, Location::caller(), StepKind::Wait { until: until.into_until() });
    }

    /// Ends the workflow with success (or the branch, or the item), without an output.
    #[track_caller]
    pub fn succeed(&mut self, name: impl Into<String>) -> Never {
        let name = self.full_name(name);
        self.push(name, Location::caller(), StepKind::Succeed { output: None });
        Never(())
    }

    /// Ends the workflow with success (or the branch, or the item), with an output.
    #[track_caller]
    pub fn succeed_with(&mut self, name: impl Into<String>, output: impl Typed) -> Never {
        let name = self.full_name(name);
        let output = Some(output.typed().expr());
        self.push(name, Location::caller(), StepKind::Succeed { output });
        Never(())
    }

    /// Ends the workflow with an error (or the branch, or the item, whose Parallel or Map then fails).
    #[track_caller]
    pub fn fail(&mut self, name: impl Into<String>, error: impl Arg<String>, cause: impl Arg<String>) -> Never {
        let name = self.full_name(name);
        let kind = StepKind::Fail { error: Some(error.into_value().expr()), cause: Some(cause.into_value().expr()) };
        self.push(name, Location::caller(), kind);
        Never(())
    }

    /// Ends with the error that a handler got.
    #[track_caller]
    pub fn rethrow(&mut self, name: impl Into<String>, error: Value<Caught>) -> Never {
        self.fail(name, error.error, error.cause)
    }

    /// Puts a prefix before each name: for a function that writes states and is called more than once.
    ///
    /// Such functions are how workflows share their parts: plain Rust, typed by what they take and give. A loop over what is known now
    /// writes the same states several times.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Load { table: String, date: String }
    /// const LOAD: lambda::Function<Load, i64> = lambda::Function::named("load");
    /// const ALERTS: sns::Topic = sns::Topic::named("alerts");
    ///
    /// /// Loads a table, twice at most, and says so if it is empty. Gives the number of rows.
    /// fn load(w: &mut Scope, table: &str, date: Value<String>) -> Value<i64> {
    ///     w.section(table, |w| {
    ///         let request = LoadFields { table: table.into(), date };
    ///         let rows = w.run("Load", LOAD.invoke(request).retry(Retry::on_any().max_attempts(1)));
    ///         w.when("Empty", rows.eq(0), |w| {
    ///             w.run("Warn", sns::Publish::new(ALERTS, text!("{table}: nothing on {date}")));
    ///         });
    ///         rows
    ///     })
    /// }
    ///
    /// let night = Workflow::new("night", |w, date: Value<String>| {
    ///     let counts: Vec<_> = ["orders", "stock"].into_iter().map(|table| load(w, table, date)).collect();
    ///     w.value(counts)
    /// });
    /// let states = night.compile("shop").bundle.state_machine.definition.states;
    /// assert!(states.contains_key("orders.Load") && states.contains_key("stock.Warn"));
    /// ```
    pub fn section<R>(&mut self, prefix: impl AsRef<str>, body: impl FnOnce(&mut Self) -> R) -> R {
        let longer = format!("{}{}.", self.prefix, prefix.as_ref());
        let before = std::mem::replace(&mut self.prefix, longer);
        let result = body(self);
        self.prefix = before;
        result
    }

    pub(crate) fn full_name(&self, name: impl Into<String>) -> String {
        format!("{}{}", self.prefix, name.into())
    }

    pub(crate) fn new_value(
        &self,
        name: &str,
        at: &'static Location<'static>,
        origin: Origin,
        envelope: &'static [&'static str],
    ) -> ValueId {
        let info = ValueInfo { name: name.to_owned(), at: at.into(), block: self.block, origin, envelope };
        self.recording.borrow_mut().value(info)
    }

    fn push(&self, name: String, at: &'static Location<'static>, kind: StepKind) {
        let comment = if kind.is_state() { self.comment.take().map(|(text, _)| text) } else { None };
        self.recording.borrow_mut().push(self.block, Recorded { name, at: at.into(), comment, kind });
    }

    /// A block inside this one.
    pub(crate) fn child(&self, name: &str) -> Self {
        let block = self.recording.borrow_mut().block(self.block, name);
        Self { recording: self.recording.clone(), block, prefix: self.prefix.clone(), comment: RefCell::default() }
    }

    /// A block inside this one whose first state is the next one.
    fn next_child(&self, name: &str) -> Self {
        let child = self.child(name);
        child.comment.replace(self.comment.take());
        child
    }

    /// Records a block inside this one.
    fn record<R: Outcome>(
        &self,
        name: &str,
        at: &'static Location<'static>,
        body: impl FnOnce(&mut Self) -> R,
    ) -> BlockId {
        Self::record_in(self.child(name), at, body)
    }

    fn record_in<R: Outcome>(
        mut scope: Self,
        at: &'static Location<'static>,
        body: impl FnOnce(&mut Self) -> R,
    ) -> BlockId {
        let yields = body(&mut scope).into_yield();
        scope.finish(yields, at);
        scope.block
    }

    pub(crate) fn finish(&self, yields: Yield, at: &'static Location<'static>) {
        let mut recording = self.recording.borrow_mut();
        if let Some((text, place)) = self.comment.take() {
            recording.diagnostics.push(
                Diagnostic::warning(
                    codes::COMMENT_WITHOUT_STATE,
                    format!("no state follows the comment `{text}` in its block"),
                    place,
                )
                .help("write it right before the state that it is about"),
            );
        }
        recording.finish(self.block, yields, &Place::from(at));
    }
}

fn unwrap_envelope(result: ValueId, envelope: &[&str]) -> Expr {
    envelope.iter().fold(Kind::Value(result).into(), |of: Expr, field| of.field(field))
}

/// What [`Scope::wait`] can wait for.
#[diagnostic::on_unimplemented(
    message = "a workflow can't wait for `{Self}`",
    label = "expected a `Duration`, a `Value<i64>` of seconds, a `Value<Timestamp>`, or a time as text"
)]
pub trait WaitUntil {
    #[doc(hidden)]
    #[expect(private_interfaces, reason = "implemented here only")]
    fn into_until(self) -> Until;
}

#[expect(private_interfaces, reason = "implemented here only")]
impl WaitUntil for std::time::Duration {
    fn into_until(self) -> Until {
        Until::Seconds(crate::service::Seconds::into_seconds(self))
    }
}

#[expect(private_interfaces, reason = "implemented here only")]
impl WaitUntil for Value<i64> {
    fn into_until(self) -> Until {
        Until::Seconds(self.expr())
    }
}

#[expect(private_interfaces, reason = "implemented here only")]
impl WaitUntil for Value<Timestamp> {
    fn into_until(self) -> Until {
        Until::Timestamp(self.expr())
    }
}

#[expect(private_interfaces, reason = "implemented here only")]
impl WaitUntil for &str {
    fn into_until(self) -> Until {
        Until::Timestamp(Expr::literal(self))
    }
}
