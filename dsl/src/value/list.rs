//! Lists.

use std::cell::Cell;

use super::{Arg, Number, Value};
use crate::ir::expr::{Expr, Kind, Op, ParamId};
use crate::shape::Shape;

thread_local! {
    // How many closures over lists are open: the inner ones need other names than the outer ones.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

fn lambda<T: Shape, U: Shape>(body: impl FnOnce(Value<T>) -> Value<U>) -> Expr {
    let param = ParamId(DEPTH.get());
    DEPTH.set(param.0 + 1);
    let body = body(Value::of(Kind::Param(param).into()));
    DEPTH.set(param.0);
    Kind::Lambda(param, body.expr()).into()
}

impl<T: Shape> Value<Vec<T>> {
    /// How many items there are.
    #[must_use]
    pub fn len(self) -> Value<i64> {
        Value::call(Op::Length, [self.expr()])
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(self) -> Value<bool> {
        self.len().eq(0)
    }

    /// The item at a position, from 0; negative positions count from the end.
    #[must_use]
    pub fn get(self, index: i64) -> Value<Option<T>> {
        Value::call(Op::Get(index), [self.expr()])
    }

    /// The first item.
    #[must_use]
    pub fn first(self) -> Value<Option<T>> {
        self.get(0)
    }

    /// The last item.
    #[must_use]
    pub fn last(self) -> Value<Option<T>> {
        self.get(-1)
    }

    /// Whether an item is equal to this.
    #[must_use]
    pub fn contains(self, item: impl Arg<T>) -> Value<bool> {
        let op = if T::IS_SCALAR { Op::ListContains } else { Op::ListContainsEqual };
        Value::call(op, [self.expr(), item.into_value().expr()])
    }

    /// The items of this list, then those of the other.
    #[must_use]
    pub fn concat(self, other: impl Arg<Vec<T>>) -> Self {
        Self::call(Op::Append, [self.expr(), other.into_value().expr()])
    }

    /// Each item once, in the order of its first appearance.
    #[must_use]
    pub fn distinct(self) -> Self {
        Self::call(Op::Distinct, [self.expr()])
    }

    /// Something made of each item, within one expression. For states per item there is
    /// [`Scope::map`](crate::Scope::map).
    #[must_use]
    pub fn map<U: Shape>(self, each: impl FnOnce(Value<T>) -> Value<U>) -> Value<Vec<U>> {
        Value::call(Op::Each { lists: U::IS_LIST }, [self.expr(), lambda(each)])
    }

    /// The items for which the condition is true.
    #[must_use]
    pub fn filter(self, keep: impl FnOnce(Value<T>) -> Value<bool>) -> Self {
        Self::call(Op::Filter { lists: T::IS_LIST }, [self.expr(), lambda(keep)])
    }
}

impl<N: Number> Value<Vec<N>> {
    /// All items added up; 0 for an empty list.
    #[must_use]
    pub fn sum(self) -> Value<N> {
        Value::call(Op::Sum, [self.expr()])
    }

    /// The smallest item; absent for an empty list.
    #[must_use]
    pub fn min(self) -> Value<Option<N>> {
        Value::call(Op::Min, [self.expr()])
    }

    /// The greatest item; absent for an empty list.
    #[must_use]
    pub fn max(self) -> Value<Option<N>> {
        Value::call(Op::Max, [self.expr()])
    }
}

impl Value<Vec<String>> {
    /// The items as one text, with this between them.
    #[must_use]
    pub fn join(self, separator: impl Arg<String>) -> Value<String> {
        Value::call(Op::Join, [self.expr(), separator.into_value().expr()])
    }
}
