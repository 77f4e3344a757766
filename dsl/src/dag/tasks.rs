//! What tasks wait for, what they give, and what a DAG gives.

use super::{Dag, Task};
use crate::ir::expr::Expr;
use crate::scope::Outcome;
use crate::shape::Shape;
use crate::value::Value;

/// What a task gives: a value, or nothing.
#[diagnostic::on_unimplemented(
    message = "a task of a DAG can't return `{Self}`",
    label = "expected a `Value<T>`, or nothing",
    note = "a task comes to its end; fail inside of a condition: `w.when(\"Bad\", bad, |w| w.fail(…)).otherwise(|_| ())`"
)]
pub trait TaskOutput: Outcome {}

impl TaskOutput for () {}

impl<T: Shape> TaskOutput for Value<T> {}

/// Tasks to wait for: one, an array or a `Vec`, or a tuple of up to eight of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no task of a DAG",
    label = "expected a `Task`, an array or a `Vec` of tasks that give the same, or a tuple of tasks"
)]
pub trait Tasks<'d> {
    /// Calls `f` with the DAG and the number of each.
    #[doc(hidden)]
    fn each(self, f: &mut dyn FnMut(&'d Dag, usize));
}

impl<'d, T> Tasks<'d> for Task<'d, T> {
    fn each(self, f: &mut dyn FnMut(&'d Dag, usize)) {
        f(self.dag, self.index);
    }
}

impl<'d, A: Tasks<'d>, const N: usize> Tasks<'d> for [A; N] {
    fn each(self, f: &mut dyn FnMut(&'d Dag, usize)) {
        self.into_iter().for_each(|tasks| tasks.each(f));
    }
}

impl<'d, A: Tasks<'d>> Tasks<'d> for Vec<A> {
    fn each(self, f: &mut dyn FnMut(&'d Dag, usize)) {
        self.into_iter().for_each(|tasks| tasks.each(f));
    }
}

/// What the closure of [`Scope::dag`](crate::Scope::dag) can return: nothing, a value, or a tuple of up to eight values.
#[diagnostic::on_unimplemented(
    message = "a DAG can't return `{Self}`",
    label = "expected a `Value<T>`, a tuple of values, or nothing",
    note = "write `task.output()` to return what a task gives, and `;` to return nothing"
)]
pub trait Outputs: Sized {
    /// The expression of each.
    #[doc(hidden)]
    fn exprs(&self) -> Vec<Expr>;

    /// The same as a reader behind the DAG has it.
    #[doc(hidden)]
    fn bound(exprs: &mut dyn Iterator<Item = Expr>) -> Self;
}

impl Outputs for () {
    fn exprs(&self) -> Vec<Expr> {
        Vec::new()
    }

    fn bound(_: &mut dyn Iterator<Item = Expr>) {}
}

impl<T: Shape> Outputs for Value<T> {
    fn exprs(&self) -> Vec<Expr> {
        vec![self.expr()]
    }

    fn bound(exprs: &mut dyn Iterator<Item = Expr>) -> Self {
        Self::of(exprs.next().unwrap_or_else(|| Expr::literal(crate::shape::Json::Null)))
    }
}

macro_rules! tuples {
    ($($($name:ident)+;)+) => { $(
        impl<'d, $($name: Tasks<'d>),+> Tasks<'d> for ($($name,)+) {
            fn each(self, f: &mut dyn FnMut(&'d Dag, usize)) {
                #[expect(non_snake_case, reason = "named as their types")]
                let ($($name,)+) = self;
                $($name.each(f);)+
            }
        }

        impl<$($name: Outputs),+> Outputs for ($($name,)+) {
            fn exprs(&self) -> Vec<Expr> {
                #[expect(non_snake_case, reason = "named as their types")]
                let ($($name,)+) = self;
                [$($name.exprs()),+].concat()
            }

            fn bound(exprs: &mut dyn Iterator<Item = Expr>) -> Self {
                ($($name::bound(exprs),)+)
            }
        }
    )+ };
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}
