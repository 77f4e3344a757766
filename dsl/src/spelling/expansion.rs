//! What the expansions of `#[workflow]` and `#[fragment]` call; not for users.

use super::awaitable::{Awaitable, Ended, Failure, Follows, NameOf, Suffices};
use super::fragment::Fragment;
use crate::scope::{Caught, Never, Outcome, Scope};
use crate::shape::Shape;
use crate::value::{Arg, Typed, Value};
use crate::workflow::Workflow;

pub use super::awaitable::{NoQuestionMark, QuestionMark, Unnamed};
pub use super::operator::{and, equal, greater, greater_or_equal, less, less_or_equal, not_equal, or};

/// The mirror struct of a type.
pub type Fields<T> = <T as Shape>::Fields;

/// What is awaited. If it can't be, rustc says so here, and has no type with which it could say more.
pub fn awaitable<A: Awaitable>(awaitable: A) -> A::This {
    awaitable.this()
}

/// `….await?`
#[track_caller]
pub fn may_fail<A: Awaitable>(
    w: &mut Scope,
    name: impl NameOf<A>,
    comment: Option<&str>,
    awaitable: A,
    _: impl Follows<A::Failure>,
) -> A::Output {
    record(w, name.text(), comment, awaitable)
}

/// `….await`
#[track_caller]
pub fn cannot_fail<A: Awaitable>(
    w: &mut Scope,
    name: impl NameOf<A>,
    comment: Option<&str>,
    awaitable: A,
    _: impl Suffices<A::Failure>,
) -> A::Output {
    record(w, name.text(), comment, awaitable)
}

#[track_caller]
fn record<A: Awaitable>(w: &mut Scope, name: &str, comment: Option<&str>, awaitable: A) -> A::Output {
    if let Some(text) = comment {
        w.comment(text);
    }
    awaitable.record(w, name)
}

/// The end of an `async` block.
pub const fn ended<E: Failure, R>(outcome: R) -> Ended<R, E> {
    Ended::new(outcome)
}

/// What a block can end with.
#[diagnostic::on_unimplemented(
    message = "a block of a workflow can't end with `{Self}`",
    label = "expected a value, a literal, a struct with a shape, or nothing"
)]
pub trait End {
    /// The same as an outcome.
    type Outcome;
    /// Makes it one.
    fn end(self) -> Self::Outcome;
}

impl<V: Typed> End for V {
    type Outcome = Value<V::Shape>;

    fn end(self) -> Self::Outcome {
        self.typed()
    }
}

impl End for () {
    type Outcome = ();

    fn end(self) {}
}

impl End for Never {
    type Outcome = Self;

    fn end(self) -> Self {
        self
    }
}

/// What a block ends with.
pub fn end<T: End>(of: T) -> T::Outcome {
    of.end()
}

/// What a workflow that says it returns `O` can end with.
#[diagnostic::on_unimplemented(
    message = "the function says that it returns `{O}`, and its body ends with `{Self}`",
    label = "not what the function returns"
)]
pub trait Returns<O>: Outcome {}

impl<T: Shape> Returns<Self> for Value<T> {}
impl Returns<Self> for () {}
impl Returns<Self> for Never {}
impl<T: Shape> Returns<Value<T>> for Never {}
impl Returns<()> for Never {}

/// The end of a function.
pub const fn returns<O, R: Returns<O>>(outcome: R) -> R {
    outcome
}

/// The fields of a value, for a pattern that takes it apart.
pub fn parts<T: Shape<Fields: Copy>>(value: impl Arg<T>) -> T::Fields {
    *value.into_value()
}

/// Never called: rustc looks whether a `match` has an arm for each case.
pub const fn cases<T: Shape>(_: Value<T>, _: fn(T)) {}

/// The same for texts.
pub const fn text_cases(_: Value<String>, _: fn(&str)) {}

/// What `on_error = …` can be: `async |error| { … }`, a `#[fragment]` function, or a function of the builder.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't handle the errors of a workflow",
    label = "expected `async |error| {{ … }}`, a `#[fragment] async fn(error: Caught)`, or `fn(&mut Scope, Value<Caught>)`"
)]
pub trait OnError<Kind> {
    /// Adds it.
    fn add(self, workflow: Workflow) -> Workflow;
}

/// Of a function of the builder.
#[derive(Debug)]
pub struct Built<R>(R);

/// Of a fragment.
#[derive(Debug)]
pub struct Spelt<F, R, E>(Fragment<F, R, E>);

impl<H: FnOnce(&mut Scope, Value<Caught>) -> R, R: Outcome> OnError<Built<R>> for H {
    #[track_caller]
    fn add(self, workflow: Workflow) -> Workflow {
        workflow.on_error(self)
    }
}

impl<H, F, R, E> OnError<Spelt<F, R, E>> for H
where
    H: FnOnce(Value<Caught>) -> Fragment<F, R, E>,
    F: FnOnce(&mut Scope) -> R,
    R: Outcome,
    E: Failure,
{
    #[track_caller]
    fn add(self, workflow: Workflow) -> Workflow {
        workflow.on_error(|w, error| self(error).write(w))
    }
}

/// Adds a handler.
#[track_caller]
pub fn on_error<Kind, H: OnError<Kind>>(workflow: Workflow, handler: H) -> Workflow {
    handler.add(workflow)
}
