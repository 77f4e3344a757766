//! What a `.await` can follow, and whether it can fail.

use std::marker::PhantomData;

use crate::scope::Scope;
use crate::service::Step;
use crate::shape::Shape;
use crate::value::Value;

/// What a `.await` makes a state of: a step, or what the functions of [`spelling`](crate::spelling) give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` makes no state that can be awaited",
    label = "expected a step, a fragment, or `compute(…)`, `wait(…)`, `parallel(…)`, `each(…)`, `attempt(…).recover(…)`, \
             `poll(…)`, `repeat(…)`, `build(…)`",
    note = "a value that is there already needs no `.await`: leave it out",
    note = "an attempt needs its handler: `.recover(async |error| {{ … }})`"
)]
pub trait Awaitable: Sized {
    /// What the `.await` gives.
    type Output;

    /// This type.
    #[doc(hidden)]
    type This;

    #[doc(hidden)]
    fn this(self) -> Self::This;

    /// [`MayFail`], whose `.await` is followed by `?`, or [`CannotFail`].
    type Failure: Failure;

    /// Writes the states. The name is that of the `let`.
    fn record(self, w: &mut Scope, name: &str) -> Self::Output;
}

#[diagnostic::do_not_recommend]
impl<S: Step> Awaitable for S {
    type Output = Value<S::Output>;
    // `S` and `MayFail`, read from the output: so rustc says of what is no step that it is none, and nothing else.
    type This = <S::Output as Answer>::To<S>;
    type Failure = <S::Output as Answer>::Failure;

    fn this(self) -> Self::This {
        S::Output::to(self)
    }

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> Self::Output {
        w.run(name, self)
    }
}

/// What every other type says of itself.
macro_rules! itself {
    () => {
        type This = Self;

        fn this(self) -> Self {
            self
        }
    };
}
pub(super) use itself;

/// What a call can give.
pub trait Answer {
    /// The call.
    type To<S>;

    /// The call itself.
    fn to<S>(call: S) -> Self::To<S>;

    /// Any call may fail.
    type Failure: Failure;
}

impl<T: Shape> Answer for T {
    type To<S> = S;
    type Failure = MayFail;

    fn to<S>(call: S) -> S {
        call
    }
}

/// It may fail: its `.await` needs a `?`.
#[derive(Debug)]
pub enum MayFail {}

/// It can't fail: a `?` behind its `.await` would say nothing.
#[derive(Debug)]
pub enum CannotFail {}

/// [`MayFail`] or [`CannotFail`].
pub trait Failure {
    /// Of two that run one after the other, or at the same time.
    type Or<B: Failure>: Failure;
}

impl Failure for MayFail {
    type Or<B: Failure> = Self;
}

impl Failure for CannotFail {
    type Or<B: Failure> = B;
}

/// What a block ends with, and whether something in it can fail. `#[workflow]` makes it of `async { … }` and
/// `async |x| { … }`.
#[derive(Debug)]
pub struct Ended<R, E> {
    pub(super) outcome: R,
    failure: PhantomData<E>,
}

impl<R, E: Failure> Ended<R, E> {
    pub(super) const fn new(outcome: R) -> Self {
        Self { outcome, failure: PhantomData }
    }
}

/// The `?` behind an `.await`.
#[derive(Debug)]
pub struct QuestionMark;

/// What a `?` may follow.
#[diagnostic::on_unimplemented(
    message = "nothing here can fail: leave out the `?`",
    label = "a `?` is an edge to the error handler, and there is no error"
)]
pub trait Follows<F> {}

impl Follows<MayFail> for QuestionMark {}

/// An `.await` without a `?`.
#[derive(Debug)]
pub struct NoQuestionMark;

/// What needs no `?`.
#[diagnostic::on_unimplemented(
    message = "this may fail, and nothing says what happens then: write `.await?`",
    label = "a `?` is the edge to the error handler",
    note = "to go on after a failure: `attempt(async {{ … }}).recover(async |error| {{ … }}).await`"
)]
pub trait Suffices<F> {}

impl Suffices<CannotFail> for NoQuestionMark {}

/// What an attempt is made of.
#[diagnostic::on_unimplemented(
    message = "nothing in this attempt can fail",
    label = "no `?` is in this block, so there is nothing to recover from"
)]
pub trait WorthAnAttempt {}

impl WorthAnAttempt for MayFail {}

/// What makes no state of its own that would have a name: a fragment, or `build`.
#[diagnostic::on_unimplemented(
    message = "this state has no name: give it one with `let name = …`, or write `#[name(\"…\")]` above it",
    label = "a state that needs a name"
)]
pub trait Nameless: Awaitable {}

/// No name.
#[derive(Debug)]
pub struct Unnamed;

/// A name for the states of `A`, or [`Unnamed`] where it is [`Nameless`].
pub trait NameOf<A> {
    /// The name.
    fn text(&self) -> &str;
}

impl<A> NameOf<A> for &str {
    fn text(&self) -> &str {
        self
    }
}

impl<A: Nameless> NameOf<A> for Unnamed {
    fn text(&self) -> &'static str {
        ""
    }
}
