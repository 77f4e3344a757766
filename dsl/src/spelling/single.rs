//! What makes one state, or none, of its own: `compute`, `wait`, `fail`, `succeed`; and the way into the builder.

use super::awaitable::{Awaitable, CannotFail, MayFail, Nameless, itself};
use crate::scope::{Caught, Never, Scope, WaitUntil};
use crate::value::{Arg, Typed, Value};

/// See [`compute`].
#[derive(Debug)]
#[must_use = "a computation has its name once it is awaited: `let name = compute(…).await`"]
pub struct Compute<V>(V);

/// A computed value with the name of its `let`: [`Scope::set`]. It is computed once, and becomes a workflow variable if
/// later states read it; no state of its own.
///
/// Without `compute(…).await` an expression is written into each state that reads it. Where it is long, or random, give
/// it a name.
///
/// ```
/// use statewright::prelude::*;
///
/// #[workflow]
/// async fn nightly() -> Result<(), Failed> {
///     let date = compute(execution::start().minus_hours(5).date()).await;
///     glue::StartJobRun::new("load").argument_value("--date", date).await?;
///     Ok(())
/// }
/// assert_eq!(nightly().name(), "nightly");
/// ```
pub const fn compute<V: Typed>(value: V) -> Compute<V> {
    Compute(value)
}

impl<V: Typed> Awaitable for Compute<V> {
    type Output = Value<V::Shape>;
    type Failure = CannotFail;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> Self::Output {
        w.set(name, self.0)
    }
}

/// See [`wait`].
#[derive(Debug)]
#[must_use = "nothing waits before `.await`"]
pub struct Wait<U>(U);

/// Waits: a `Duration` of whole seconds, a `Value<i64>` of seconds, or until a `Value<Timestamp>`. [`Scope::wait`].
///
/// ```
/// use statewright::prelude::*;
///
/// #[workflow]
/// async fn later(input: Timestamp) {
///     wait(input).await;
/// }
/// let states = later().compile("app").bundle.state_machine.definition.states;
/// assert!(states.contains_key("Wait"));
/// ```
pub const fn wait<U: WaitUntil>(until: U) -> Wait<U> {
    Wait(until)
}

impl<U: WaitUntil> Awaitable for Wait<U> {
    type Output = ();
    type Failure = CannotFail;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) {
        w.wait(name, self.0);
    }
}

/// What a workflow fails with: the error type of what may fail. It has no values; [`fail`] says the error and its cause.
#[derive(Debug)]
pub enum Failed {}

/// See [`fail`].
#[derive(Debug)]
#[must_use = "nothing fails before `return Err(fail(…))`"]
pub struct Fail<E, C> {
    error: E,
    cause: C,
}

/// Ends the workflow with an error (the branch, or the item, whose `parallel` or `each` then fails): `return Err(fail("Error",
/// cause))`, or `fail("Error", cause).await?`. [`Scope::fail`].
///
/// A Fail state ends what it is in; an `attempt` around it and `on_error` don't get its error, as everywhere in the States
/// language.
///
/// ```
/// use statewright::prelude::*;
///
/// #[workflow]
/// async fn check(rows: i64) -> Result<(), Failed> {
///     #[name("TooFew")]
///     if rows < 100 {
///         return Err(fail("Check.TooFew", text!("only {rows} rows")));
///     }
///     Ok(())
/// }
/// let states = check().compile("app").bundle.state_machine.definition.states;
/// assert!(states.contains_key("Fail"));
/// ```
pub fn fail<E: Arg<String>, C: Arg<String>>(error: E, cause: C) -> Fail<E, C> {
    Fail { error, cause }
}

/// Ends with the error that a handler got: `return Err(rethrow(error))`. [`Scope::rethrow`].
pub fn rethrow(error: Value<Caught>) -> Fail<Value<String>, Value<String>> {
    fail(error.error, error.cause)
}

impl<E: Arg<String>, C: Arg<String>> Awaitable for Fail<E, C> {
    type Output = Never;
    type Failure = MayFail;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> Never {
        w.fail(name, self.error, self.cause)
    }
}

/// See [`succeed`].
#[derive(Debug)]
#[must_use = "nothing ends before `.await`"]
pub struct Succeed<V>(V);

/// Ends the workflow with success (the branch, or the item), without an output. [`Scope::succeed`].
pub const fn succeed() -> Succeed<()> {
    Succeed(())
}

/// Ends the workflow with success (the branch, or the item), with an output; what an early `return Ok(output)` becomes.
/// [`Scope::succeed_with`].
pub const fn succeed_with<V: Typed>(output: V) -> Succeed<V> {
    Succeed(output)
}

impl Awaitable for Succeed<()> {
    type Output = Never;
    type Failure = CannotFail;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> Never {
        w.succeed(name)
    }
}

impl<V: Typed> Awaitable for Succeed<V> {
    type Output = Never;
    type Failure = CannotFail;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> Never {
        w.succeed_with(name, self.0)
    }
}

/// See [`build`].
#[derive(Debug)]
#[must_use = "nothing is written before `.await?`"]
pub struct Build<F>(F);

/// The other spelling, in the middle of this one: a closure that gets the [`Scope`]. In it is plain Rust, so it is where helper
/// functions of the builder are called and where states are written for each item of a list that is known now.
///
/// ```
/// use statewright::prelude::*;
///
/// fn load_all(w: &mut Scope, date: Value<String>) {
///     for table in ["orders", "customers"] {
///         w.run(format!("Load {table}"), glue::StartJobRun::new(table).argument_value("--date", date));
///     }
/// }
///
/// #[workflow]
/// async fn load() -> Result<(), Failed> {
///     let date = compute(execution::start().date()).await;
///     build(|w| load_all(w, date)).await?;
///     Ok(())
/// }
/// let states = load().compile("app").bundle.state_machine.definition.states;
/// assert!(states.contains_key("Load orders") && states.contains_key("Load customers"));
/// ```
pub const fn build<R, F: FnOnce(&mut Scope) -> R>(body: F) -> Build<F> {
    Build(body)
}

impl<R, F: FnOnce(&mut Scope) -> R> Awaitable for Build<F> {
    type Output = R;
    type Failure = MayFail;

    itself!();

    fn record(self, w: &mut Scope, _: &str) -> R {
        (self.0)(w)
    }
}

impl<R, F: FnOnce(&mut Scope) -> R> Nameless for Build<F> {}
