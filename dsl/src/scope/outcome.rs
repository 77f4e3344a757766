//! What a block gives: a value, nothing, or never.

use crate::ir::Yield;
use crate::ir::expr::{Expr, Kind, ValueId};
use crate::shape::Shape;
use crate::value::Value;

/// The block never comes to its end: it failed or succeeded. Joins with anything.
#[derive(Clone, Copy, Debug)]
#[must_use = "return it from the closure, so that nothing is written behind it"]
pub struct Never(pub(super) ());

/// What a block can give.
#[diagnostic::on_unimplemented(
    message = "a block of a workflow can't return `{Self}`",
    label = "expected a `Value<T>`, nothing, or what `fail` and `succeed` return"
)]
pub trait Outcome: Copy {
    #[doc(hidden)]
    #[expect(private_interfaces, reason = "implemented here only")]
    fn into_yield(self) -> Yield;

    /// The same outcome as a reader outside the block has it.
    #[doc(hidden)]
    #[must_use]
    fn from_expr(expr: Expr) -> Self;
}

#[expect(private_interfaces, reason = "implemented here only")]
impl<T: Shape> Outcome for Value<T> {
    fn into_yield(self) -> Yield {
        Yield::Value(self.expr())
    }

    fn from_expr(expr: Expr) -> Self {
        Self::of(expr)
    }
}

#[expect(private_interfaces, reason = "implemented here only")]
impl Outcome for () {
    fn into_yield(self) -> Yield {
        Yield::Nothing
    }

    fn from_expr(_: Expr) {}
}

#[expect(private_interfaces, reason = "implemented here only")]
impl Outcome for Never {
    fn into_yield(self) -> Yield {
        Yield::Never
    }

    fn from_expr(_: Expr) -> Self {
        Self(())
    }
}

/// How the outcomes of two arms become one: both the same, or one of them never.
#[diagnostic::on_unimplemented(
    message = "one block returns `{Self}` and the other `{B}`",
    label = "both must return the same `Value<T>`, or nothing",
    note = "end a block with `;` to return nothing; a block that fails or succeeds joins with any other"
)]
pub trait Join<B: Outcome>: Outcome {
    /// The outcome of both.
    type Joined: Outcome;
}

impl<T: Shape> Join<Value<T>> for Value<T> {
    type Joined = Value<T>;
}

impl<T: Shape> Join<Never> for Value<T> {
    type Joined = Value<T>;
}

impl<T: Shape> Join<Value<T>> for Never {
    type Joined = Value<T>;
}

impl Join<()> for () {
    type Joined = ();
}

impl Join<Never> for () {
    type Joined = ();
}

impl Join<()> for Never {
    type Joined = ();
}

impl Join<Never> for Never {
    type Joined = Never;
}

/// The outcome behind a join.
pub(super) fn joined<J: Outcome>(value: ValueId) -> J {
    J::from_expr(Kind::Value(value).into())
}
