//! Bools.

use std::ops::{BitAnd, BitOr, BitXor, Not};

use super::{Arg, Typed, Value};
use crate::ir::expr::{Expr, Op};
use crate::shape::Json;

impl Value<bool> {
    /// Whether both are true. `a & b` is the same.
    #[must_use]
    pub fn and(self, other: impl Arg<bool>) -> Self {
        Self::call(Op::And, [self.expr(), other.into_value().expr()])
    }

    /// Whether one of the two is true, or both. `a | b` is the same.
    #[must_use]
    pub fn or(self, other: impl Arg<bool>) -> Self {
        Self::call(Op::Or, [self.expr(), other.into_value().expr()])
    }

    /// One of two values, without a Choice state.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// fn size(is_large: Value<bool>) -> Value<String> {
    ///     is_large.if_else("m5.4xlarge", "m5.large")
    /// }
    /// ```
    #[must_use]
    pub fn if_else<V: Typed>(self, yes: V, no: impl Arg<V::Shape>) -> Value<V::Shape> {
        Value::call(Op::IfElse, [self.expr(), yes.typed().expr(), no.into_value().expr()])
    }

    /// A value if it is true, and none if it is false.
    #[must_use]
    pub fn then_some<V: Typed>(self, value: V) -> Value<Option<V::Shape>> {
        Value::call(Op::IfElse, [self.expr(), value.typed().expr(), Expr::literal(Json::Null)])
    }

    /// `true` or `false`.
    #[must_use]
    pub fn to_text(self) -> Value<String> {
        Value::call(Op::Text, [self.expr()])
    }
}

impl Not for Value<bool> {
    type Output = Self;

    fn not(self) -> Self {
        Self::call(Op::Not, [self.expr()])
    }
}

impl<A: Arg<bool>> BitAnd<A> for Value<bool> {
    type Output = Self;

    fn bitand(self, other: A) -> Self {
        self.and(other)
    }
}

impl<A: Arg<bool>> BitOr<A> for Value<bool> {
    type Output = Self;

    fn bitor(self, other: A) -> Self {
        self.or(other)
    }
}

impl<A: Arg<bool>> BitXor<A> for Value<bool> {
    type Output = Self;

    fn bitxor(self, other: A) -> Self {
        self.ne(other)
    }
}
