//! Branches that run at the same time.

use std::marker::PhantomData;

use super::awaitable::{Awaitable, CannotFail, Ended, Failure, itself};
use crate::retry::Retry;
use crate::scope::{self, Outcome, Scope};

/// See [`parallel`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `.await`"]
pub struct Parallel<B, M> {
    branches: B,
    retry: Vec<Retry>,
    outcomes: PhantomData<M>,
}

/// Runs branches at the same time: a Parallel state, [`Scope::parallel`]. Gives what they end with, as a tuple in their order.
/// The first branch that fails fails it and stops the others. From two to eight branches; for more of one kind, or a number
/// that Rust computes, there is [`Scope::parallel_each`] in a [`build`](super::build).
///
/// ```
/// use statewright::prelude::*;
///
/// #[workflow]
/// async fn both() -> Result<(), Failed> {
///     #[name("Both")]
///     let (one, two) = parallel((
///         async { batch::SubmitJob::new("one", "queue", "one").await?.status },
///         async { glue::StartJobRun::new("two").await?; "done" },
///     ))
///     .await?;
///     let line = compute(text!("{one} and {two}")).await;
///     sqs::SendMessage::new(sqs::Queue::named("lines"), line).await?;
///     Ok(())
/// }
/// let states = both().compile("app").bundle.state_machine.definition.states;
/// assert!(states.contains_key("Both") && states.contains_key("SendMessage"));
/// ```
pub fn parallel<M, B: Branches<M>>(branches: B) -> Parallel<B, M> {
    Parallel { branches, retry: Vec::new(), outcomes: PhantomData }
}

impl<B, M> Parallel<B, M> {
    /// Starts all branches again on some errors.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry.push(retry);
        self
    }
}

impl<M, B: Branches<M>> Awaitable for Parallel<B, M> {
    type Output = B::Outcomes;
    type Failure = B::Failure;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> B::Outcomes {
        let start = w.parallel(name);
        let start = self.retry.into_iter().fold(start, scope::Parallel::retry);
        self.branches.join(start)
    }
}

/// A tuple of `async` blocks: two to eight branches.
#[diagnostic::on_unimplemented(
    message = "`parallel` takes a tuple of two to eight `async` blocks",
    label = "expected `(async {{ … }}, async {{ … }})`",
    note = "for any number of branches of one kind: `build(|w| w.parallel_each(name, list, |w, item| …)).await?`"
)]
pub trait Branches<M> {
    /// What each branch ends with.
    type Outcomes;

    /// Whether one of them can fail.
    type Failure: Failure;

    #[doc(hidden)]
    fn join(self, start: scope::Parallel<'_, ()>) -> Self::Outcomes;
}

macro_rules! or {
    () => { CannotFail };
    ($first:ident $($rest:ident)*) => { <$first as Failure>::Or<or!($($rest)*)> };
}

macro_rules! branches {
    ($([$($f:ident $r:ident $e:ident),+];)+) => { $(
        impl<$($f, $r, $e),+> Branches<($(Ended<$r, $e>,)+)> for ($($f,)+)
        where
            $($r: Outcome, $e: Failure, $f: FnOnce(&mut Scope) -> Ended<$r, $e>,)+
        {
            type Outcomes = ($($r,)+);
            type Failure = or!($($e)+);

            fn join(self, start: scope::Parallel<'_, ()>) -> Self::Outcomes {
                #[expect(non_snake_case, reason = "a branch is named as its type")]
                let ($($f,)+) = self;
                start$(.branch(|w| $f(w).outcome))+.join()
            }
        }
    )+ };
}

branches! {
    [F1 R1 E1, F2 R2 E2];
    [F1 R1 E1, F2 R2 E2, F3 R3 E3];
    [F1 R1 E1, F2 R2 E2, F3 R3 E3, F4 R4 E4];
    [F1 R1 E1, F2 R2 E2, F3 R3 E3, F4 R4 E4, F5 R5 E5];
    [F1 R1 E1, F2 R2 E2, F3 R3 E3, F4 R4 E4, F5 R5 E5, F6 R6 E6];
    [F1 R1 E1, F2 R2 E2, F3 R3 E3, F4 R4 E4, F5 R5 E5, F6 R6 E6, F7 R7 E7];
    [F1 R1 E1, F2 R2 E2, F3 R3 E3, F4 R4 E4, F5 R5 E5, F6 R6 E6, F7 R7 E7, F8 R8 E8];
}
