//! Values that may be absent. A field that is missing and one that is `null` are both absent, as serde reads them.

use super::{Arg, Value};
use crate::ir::expr::{Expr, Op};
use crate::shape::{Json, Shape};

impl<T: Shape> Value<Option<T>> {
    /// The value, or something else where it is absent.
    #[must_use]
    pub fn or(self, default: impl Arg<T>) -> Value<T> {
        Value::call(Op::OrElse, [self.expr(), default.into_value().expr()])
    }

    /// Whether it is there.
    #[must_use]
    pub fn is_some(self) -> Value<bool> {
        Value::call(Op::IsSome, [self.expr()])
    }

    /// Whether it is absent.
    #[must_use]
    pub fn is_none(self) -> Value<bool> {
        !self.is_some()
    }

    /// Absent: `null`.
    #[must_use]
    pub fn none() -> Self {
        Self::of(Expr::literal(Json::Null))
    }

    /// The value, of which the caller knows that it is there: inside a [`when`](crate::Scope::when) on
    /// [`is_some`](Self::is_some), say. Where it is absent after all, it is `null`, or nothing inside a text.
    #[must_use]
    pub fn expect_some(self) -> Value<T> {
        Value::of(self.expr())
    }
}
