//! Branches that run at the same time.

use std::marker::PhantomData;
use std::panic::Location;

use super::{Outcome, Scope};
use crate::ir::expr::{Expr, Kind, Op};
use crate::ir::{BlockId, Origin, StepKind};
use crate::retry::Retry;

/// A Parallel state that can get more branches; see [`Scope::parallel`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `.join()`"]
pub struct Parallel<'a, A> {
    scope: &'a mut Scope,
    name: String,
    at: &'static Location<'static>,
    branches: Vec<BlockId>,
    retry: Vec<Retry>,
    outcomes: PhantomData<A>,
}

impl Scope {
    /// Runs branches at the same time: a Parallel state. The first branch that fails fails it and stops the others.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("both", |w, _: Value<()>| {
    ///     let (one, two) = w.parallel("Both").branch(|w| w.value(1)).branch(|w| w.value("two")).join();
    ///     w.set("Line", text!("{one} and {two}"))
    /// });
    /// ```
    #[track_caller]
    pub fn parallel(&mut self, name: impl Into<String>) -> Parallel<'_, ()> {
        let name = self.full_name(name);
        Parallel {
            scope: self,
            name,
            at: Location::caller(),
            branches: Vec::new(),
            retry: Vec::new(),
            outcomes: PhantomData,
        }
    }

    /// Runs a branch for each item of a list that is known now, all at the same time.
    #[track_caller]
    pub fn parallel_each<T, R: Outcome>(
        &mut self,
        name: impl Into<String>,
        items: impl IntoIterator<Item = T>,
        mut body: impl FnMut(&mut Self, T) -> R,
    ) -> Vec<R> {
        let mut parallel = self.parallel(name);
        for item in items {
            parallel.add(|w| body(w, item));
        }
        let count = parallel.branches.len();
        let results = parallel.finish();
        (0..).take(count).map(|index| nth(&results, index)).collect()
    }
}

impl<A> Parallel<'_, A> {
    fn add<B: Outcome>(&mut self, body: impl FnOnce(&mut Scope) -> B) {
        let name = format!("{} branch {}", self.name, self.branches.len() + 1);
        let branch = self.scope.record(&name, self.at, |w| {
            w.recording.borrow_mut().blocks[w.block.0].is_machine = true;
            body(w)
        });
        self.branches.push(branch);
    }

    fn finish(self) -> Expr {
        let result = self.scope.new_value(&self.name, self.at, Origin::Result, &[]);
        self.scope.push(self.name, self.at, StepKind::Parallel { branches: self.branches, retry: self.retry, result });
        Kind::Value(result).into()
    }
}

impl<'a, A: Branches> Parallel<'a, A> {
    /// Adds a branch.
    pub fn branch<B: Outcome>(mut self, body: impl FnOnce(&mut Scope) -> B) -> Parallel<'a, A::Out>
    where
        A: AndBranch<B>,
    {
        self.add(body);
        Parallel {
            scope: self.scope,
            name: self.name,
            at: self.at,
            branches: self.branches,
            retry: self.retry,
            outcomes: PhantomData,
        }
    }

    /// Starts all branches again on some errors.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry.push(retry);
        self
    }

    /// Waits for all branches, and gives what they returned, as a tuple in their order.
    pub fn join(self) -> A {
        A::from_results(&self.finish())
    }
}

/// The outcomes of branches: a tuple of up to eight.
pub trait Branches: Sized {
    #[doc(hidden)]
    fn from_results(results: &Expr) -> Self;
}

/// The tuple with one more branch.
#[diagnostic::on_unimplemented(
    message = "a Parallel state written branch by branch has at most eight",
    note = "`w.parallel_each(name, items, |w, item| …)` writes any number of branches of one kind"
)]
pub trait AndBranch<B: Outcome>: Branches {
    /// The longer tuple.
    type Out: Branches;
}

fn nth<B: Outcome>(results: &Expr, index: i64) -> B {
    B::from_expr(Expr::call(Op::Get(index), [results.clone()]))
}

macro_rules! branches {
    ($($names:tt $(and $more:ident)?;)+) => { $(
        branches!(@tuple $names);
        $(branches!(@longer $names $more);)?
    )+ };
    (@tuple []) => {
        impl Branches for () {
            fn from_results(_: &Expr) {}
        }
    };
    (@tuple [$($name:ident = $index:literal),+]) => {
        impl<$($name: Outcome),+> Branches for ($($name,)+) {
            fn from_results(results: &Expr) -> Self {
                ($(nth::<$name>(results, $index),)+)
            }
        }
    };
    (@longer [$($name:ident = $index:literal),*] $more:ident) => {
        impl<$($name: Outcome,)* $more: Outcome> AndBranch<$more> for ($($name,)*) {
            type Out = ($($name,)* $more,);
        }
    };
}

branches! {
    [] and Z;
    [A = 0] and Z;
    [A = 0, B = 1] and Z;
    [A = 0, B = 1, C = 2] and Z;
    [A = 0, B = 1, C = 2, D = 3] and Z;
    [A = 0, B = 1, C = 2, D = 3, E = 4] and Z;
    [A = 0, B = 1, C = 2, D = 3, E = 4, F = 5] and Z;
    [A = 0, B = 1, C = 2, D = 3, E = 4, F = 5, G = 6] and Z;
    [A = 0, B = 1, C = 2, D = 3, E = 4, F = 5, G = 6, H = 7];
}
