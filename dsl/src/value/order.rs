//! What has an order.

use super::{Arg, Number, Value};
use crate::ir::expr::{Expr, Op};
use crate::shape::Shape;
use crate::value::Timestamp;

/// Shapes that JSONata can compare and sort: numbers, text (by its UTF-16 code units), points in time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no order",
    label = "expected numbers, text, or points in time",
    note = "sort other items by one of their fields: `.sort_by(|item| item.size)`"
)]
pub trait Ordered: Shape {
    /// What is compared: a number or text.
    #[doc(hidden)]
    fn key(value: Value<Self>) -> Expr
    where
        Self: Sized,
    {
        value.expr()
    }
}

impl<N: Number> Ordered for N {}

impl Ordered for String {}

impl Ordered for Timestamp {
    fn key(value: Value<Self>) -> Expr {
        Expr::call(Op::Millis, [value.expr()])
    }
}

macro_rules! comparison {
    ($($(#[doc = $doc:literal])+ $method:ident = $op:ident;)+) => { $(
        $(#[doc = $doc])+
        #[must_use]
        pub fn $method(self, other: impl Arg<T>) -> Value<bool> {
            Value::call(Op::$op, [T::key(self), T::key(other.into_value())])
        }
    )+ };
}

impl<T: Ordered> Value<T> {
    comparison! {
        /// Whether it is less, or earlier.
        lt = Less;
        /// Whether it is less or equal.
        le = LessOrEqual;
        /// Whether it is greater, or later.
        gt = Greater;
        /// Whether it is greater or equal.
        ge = GreaterOrEqual;
    }

    /// Whether it is in a range, both ends included.
    #[must_use]
    pub fn is_between(self, low: impl Arg<T>, high: impl Arg<T>) -> Value<bool> {
        self.ge(low).and(self.le(high))
    }
}
