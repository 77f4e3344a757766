//! What follows when something fails.

use std::marker::PhantomData;

use super::awaitable::{Awaitable, CannotFail, Ended, Failure, MayFail, WorthAnAttempt, itself};
use crate::retry::{ErrorNames, errors};
use crate::scope::{self, Caught, Join, Outcome, Scope};
use crate::value::Value;

/// An attempt that can get more handlers; see [`attempt`]. `T` is what it ends with, alone and with its handlers; `E` says
/// whether a handler can fail.
#[derive(Debug)]
#[must_use = "nothing is recorded before `.recover(…).await`"]
pub struct Attempt<F, T, H, E> {
    body: F,
    handlers: H,
    types: PhantomData<(T, E)>,
}

/// An attempt whose every error is handled; see [`attempt`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `.await`"]
pub struct Recovered<F, T, H, E>(Attempt<F, T, H, E>);

/// A handler that ends with `B`, and those before it.
#[derive(Debug)]
pub struct Handler<H, G, B, D> {
    before: H,
    errors: Vec<String>,
    body: G,
    types: PhantomData<(B, D)>,
}

/// Runs a block whose errors are handled: each state in it that can fail gets a Catch. [`Scope::attempt`].
///
/// What the block and the handlers end with is joined: all the same value, or nothing. `recover` handles every error, so what
/// follows has a `?` only if the handler itself can fail. `recover_on` handles some errors, and the others are still behind the
/// `?`.
///
/// ```
/// use statewright::prelude::*;
///
/// const RESIZE: lambda::Function<(), String> = lambda::Function::named("resize");
///
/// #[workflow]
/// async fn images() -> String {
///     let images = attempt(async { RESIZE.call().await? }).recover(async |_error| { "SKIPPED" }).await;
///     images
/// }
/// let states = images().compile("app").bundle.state_machine.definition.states;
/// assert!(states.contains_key("Resize"));
/// ```
pub fn attempt<A, D, F>(body: F) -> Attempt<F, (A, D, A), (), CannotFail>
where
    A: Outcome,
    D: Failure + WorthAnAttempt,
    F: FnOnce(&mut Scope) -> Ended<A, D>,
{
    Attempt { body, handlers: (), types: PhantomData }
}

impl<F, A: Outcome, X, J: Outcome, H: Handlers<A, Joined = J>, E: Failure> Attempt<F, (A, X, J), H, E> {
    /// Handles some errors: a name or a list of names. Handlers are looked at in order.
    #[expect(clippy::type_complexity, reason = "no user writes the type")]
    pub fn recover_on<B, D, G>(
        self,
        errors: impl ErrorNames,
        handler: G,
    ) -> Attempt<F, (A, X, J::Joined), Handler<H, G, B, D>, E::Or<D>>
    where
        J: Join<B>,
        B: Outcome,
        D: Failure,
        G: FnOnce(&mut Scope, Value<Caught>) -> Ended<B, D>,
    {
        let handlers = Handler { before: self.handlers, errors: errors.names(), body: handler, types: PhantomData };
        Attempt { body: self.body, handlers, types: PhantomData }
    }

    /// Handles every error that can be caught and that no handler before it names: `States.ALL`.
    #[expect(clippy::type_complexity, reason = "no user writes the type")]
    pub fn recover<B, D, G>(self, handler: G) -> Recovered<F, (A, X, J::Joined), Handler<H, G, B, D>, E::Or<D>>
    where
        J: Join<B>,
        B: Outcome,
        D: Failure,
        G: FnOnce(&mut Scope, Value<Caught>) -> Ended<B, D>,
    {
        Recovered(self.recover_on(errors::ALL, handler))
    }
}

impl<F, A, X, J, H, G, B, D, E> Awaitable for Attempt<F, (A, X, J), Handler<H, G, B, D>, E>
where
    A: Outcome,
    F: FnOnce(&mut Scope) -> Ended<A, X>,
    J: Outcome,
    Handler<H, G, B, D>: Handlers<A, Joined = J>,
{
    type Output = J;
    type Failure = MayFail;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> J {
        let Self { body, handlers, .. } = self;
        handlers.add(w.attempt(name, |w| body(w).outcome)).join()
    }
}

impl<F, A, X, J, H, G, B, D, E> Awaitable for Recovered<F, (A, X, J), Handler<H, G, B, D>, E>
where
    A: Outcome,
    F: FnOnce(&mut Scope) -> Ended<A, X>,
    J: Outcome,
    Handler<H, G, B, D>: Handlers<A, Joined = J>,
    E: Failure,
{
    type Output = J;
    type Failure = E;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> J {
        self.0.record(w, name)
    }
}

/// The handlers of an attempt that ends with `A`.
pub trait Handlers<A: Outcome> {
    /// What they and the attempt end with.
    type Joined: Outcome;

    #[doc(hidden)]
    fn add(self, attempt: scope::Attempt<'_, A>) -> scope::Attempt<'_, Self::Joined>;
}

impl<A: Outcome> Handlers<A> for () {
    type Joined = A;

    fn add(self, attempt: scope::Attempt<'_, A>) -> scope::Attempt<'_, A> {
        attempt
    }
}

impl<A, H, B, D, G> Handlers<A> for Handler<H, G, B, D>
where
    A: Outcome,
    H: Handlers<A, Joined: Join<B>>,
    B: Outcome,
    G: FnOnce(&mut Scope, Value<Caught>) -> Ended<B, D>,
{
    type Joined = <H::Joined as Join<B>>::Joined;

    #[track_caller]
    fn add(self, attempt: scope::Attempt<'_, A>) -> scope::Attempt<'_, Self::Joined> {
        let Self { before, errors, body, .. } = self;
        before.add(attempt).recover_on(errors, |w, error| body(w, error).outcome)
    }
}
