//! Lists.

use std::cell::Cell;
use std::collections::HashMap;

use super::{Arg, Number, Ordered, Typed, Value};
use crate::ir::expr::{Expr, Kind, Op, ParamId};
use crate::shape::{Json, Shape};

thread_local! {
    // How many closures over lists are open: the inner ones need other names than the outer ones.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

fn open() -> ParamId {
    let param = ParamId(DEPTH.get());
    DEPTH.set(param.0 + 1);
    param
}

/// Closes a closure, and those inside it.
fn close(param: ParamId) {
    DEPTH.set(param.0);
}

fn lambda<T: Shape, V: Typed>(body: impl FnOnce(Value<T>) -> V) -> Expr {
    let param = open();
    let body = body(Value::of(Kind::Param(param).into())).typed();
    close(param);
    Kind::Lambda(param, body.expr()).into()
}

/// Computes something of an expression that is itself computed once, however often it is read.
pub(super) fn bind(value: Expr, body: impl FnOnce(Expr) -> Expr) -> Expr {
    if value.is_cheap() {
        return body(value);
    }
    let param = open();
    let body = body(Kind::Param(param).into());
    close(param);
    Expr::call(Op::Let, [value, Kind::Lambda(param, body).into()])
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

    /// The item at a position, from 0; negative positions count from the end. Absent where there is none.
    #[must_use]
    pub fn get(self, index: impl Arg<i64>) -> Value<Option<T>> {
        let index = index.into_value().expr();
        match index.kind() {
            Kind::Literal(Json::Number(number)) if number.is_i64() => {
                Value::call(Op::Get(number.as_i64().unwrap_or_default()), [self.expr()])
            }
            _ => Value::call(Op::GetAt, [self.expr(), index]),
        }
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

    /// The items, then one more.
    #[must_use]
    pub fn append(self, item: impl Arg<T>) -> Self {
        self.concat([item.into_value()])
    }

    /// One more item, then the others.
    #[must_use]
    pub fn prepend(self, item: impl Arg<T>) -> Self {
        [item.into_value()].into_value().concat(self)
    }

    /// Each item once, in the order of its first appearance.
    #[must_use]
    pub fn distinct(self) -> Self {
        Self::call(Op::Distinct, [self.expr()])
    }

    /// The items from the last to the first.
    #[must_use]
    pub fn reverse(self) -> Self {
        Self::call(Op::Reverse, [self.expr()])
    }

    /// The first items, as many as these at most.
    #[must_use]
    pub fn take(self, count: impl Arg<i64>) -> Self {
        self.slice(0, count)
    }

    /// The items without so many first ones.
    #[must_use]
    pub fn skip(self, count: impl Arg<i64>) -> Self {
        Self::call(Op::Slice { lists: T::LIST }, [self.expr(), count.into_value().expr()])
    }

    /// The items from a position on, from 0, up to another one that is not included.
    #[must_use]
    pub fn slice(self, from: impl Arg<i64>, to: impl Arg<i64>) -> Self {
        let operands = [self.expr(), from.into_value().expr(), to.into_value().expr()];
        Self::call(Op::Slice { lists: T::LIST }, operands)
    }

    /// Lists of so many items each; the last one has what is left.
    #[must_use]
    pub fn chunks(self, size: impl Arg<i64>) -> Value<Vec<Vec<T>>> {
        let size = size.into_value().expr();
        Value::of(bind(self.expr(), |list| Expr::call(Op::Partition, [list, size])))
    }

    /// The first items of both lists, the second ones, and so on, up to the end of the shorter one.
    #[must_use]
    pub fn zip<U: Shape>(self, other: impl Arg<Vec<U>>) -> Value<Vec<(T, U)>> {
        Value::call(Op::Zip, [self.expr(), other.into_value().expr()])
    }

    /// Each item behind its position, from 0.
    #[must_use]
    pub fn enumerate(self) -> Value<Vec<(i64, T)>> {
        Value::of(bind(self.expr(), |list| {
            let length = Value::<i64>::call(Op::Length, [list.clone()]);
            Expr::call(Op::Zip, [Value::range(0, length).expr(), list])
        }))
    }

    /// Something made of each item, within one expression. For states per item there is
    /// [`Scope::map`](crate::Scope::map).
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Line { article: String, count: i64 }
    ///
    /// fn articles(lines: Value<Vec<Line>>) -> Value<String> {
    ///     lines.filter(|line| line.count.gt(0)).map(|line| line.article).distinct().join(", ")
    /// }
    /// ```
    #[must_use]
    pub fn map<V: Typed>(self, each: impl FnOnce(Value<T>) -> V) -> Value<Vec<V::Shape>> {
        Value::call(Op::Each { lists: V::Shape::LIST }, [self.expr(), lambda(each)])
    }

    /// The lists that are made of the items, one after another.
    #[must_use]
    pub fn flat_map<U: Shape>(self, each: impl FnOnce(Value<T>) -> Value<Vec<U>>) -> Value<Vec<U>> {
        Value::call(Op::FlatMap, [self.expr(), lambda(each)])
    }

    /// The items for which the condition is true.
    #[must_use]
    pub fn filter(self, keep: impl FnOnce(Value<T>) -> Value<bool>) -> Self {
        Self::call(Op::Filter { lists: T::LIST }, [self.expr(), lambda(keep)])
    }

    /// The first item for which the condition is true.
    #[must_use]
    pub fn find(self, wanted: impl FnOnce(Value<T>) -> Value<bool>) -> Value<Option<T>> {
        self.filter(wanted).first()
    }

    /// The position of the first item for which the condition is true.
    #[must_use]
    pub fn position(self, wanted: impl FnOnce(Value<T>) -> Value<bool>) -> Value<Option<i64>> {
        Value::call(Op::Position, [self.expr(), lambda(wanted)])
    }

    /// The position of the first item that is equal to this.
    #[must_use]
    pub fn index_of(self, item: impl Arg<T>) -> Value<Option<i64>> {
        let item = item.into_value();
        self.position(|each| each.eq(item))
    }

    /// Whether the condition is true for an item.
    #[must_use]
    pub fn any(self, wanted: impl FnOnce(Value<T>) -> Value<bool>) -> Value<bool> {
        Value::call(Op::Any, [self.expr(), lambda(wanted)])
    }

    /// Whether the condition is true for every item; of an empty list it is.
    #[must_use]
    pub fn all(self, wanted: impl FnOnce(Value<T>) -> Value<bool>) -> Value<bool> {
        !self.any(|item| !wanted(item))
    }

    /// For how many items the condition is true.
    #[must_use]
    pub fn count_where(self, wanted: impl FnOnce(Value<T>) -> Value<bool>) -> Value<i64> {
        self.filter(wanted).len()
    }

    /// The items in the order of what is made of each; items with the same keep their order.
    #[must_use]
    pub fn sort_by<K: Ordered>(self, key: impl FnOnce(Value<T>) -> Value<K>) -> Self {
        let (left, right) = (open(), open());
        let key = K::key(key(Value::of(Kind::Param(left).into())));
        close(left);
        let other = key.with_param(left, right);
        Self::call(Op::SortBy, [self.expr(), Kind::Lambda(left, key).into(), Kind::Lambda(right, other).into()])
    }

    /// A map with a key and a value for each item; of two with the same key the later one counts.
    #[must_use]
    pub fn to_map<K, V, U>(self, each: impl FnOnce(Value<T>) -> (K, V)) -> Value<HashMap<String, U>>
    where
        K: Arg<String>,
        V: Typed<Shape = U>,
        U: Shape,
    {
        let entry = |item| {
            let (key, value) = each(item);
            Value::<HashMap<String, U>>::of(entry(key.into_value().expr(), value.typed().expr()))
        };
        Value::call(Op::MergeAll, [self.map(entry).expr()])
    }

    /// The items by a key: those with the same key are in one list, in their order.
    #[must_use]
    pub fn group_by(self, key: impl Fn(Value<T>) -> Value<String>) -> Value<HashMap<String, Vec<T>>> {
        Value::of(bind(self.expr(), |list| {
            let list = Self::of(list);
            list.map(&key).distinct().to_map(|name| (name, list.filter(|item| key(item).eq(name)))).expr()
        }))
    }

    /// The items from the least to the greatest.
    #[must_use]
    pub fn sort(self) -> Self
    where
        T: Ordered,
    {
        if T::IS_TIME { self.sort_by(|item| item) } else { Self::call(Op::Sort, [self.expr()]) }
    }

    /// All items added up; 0 for an empty list.
    #[must_use]
    pub fn sum(self) -> Value<T>
    where
        T: Number,
    {
        Value::call(Op::Sum, [self.expr()])
    }

    /// The smallest item; absent for an empty list.
    #[must_use]
    pub fn min(self) -> Value<Option<T>>
    where
        T: Number,
    {
        Value::call(Op::Min, [self.expr()])
    }

    /// The greatest item; absent for an empty list.
    #[must_use]
    pub fn max(self) -> Value<Option<T>>
    where
        T: Number,
    {
        Value::call(Op::Max, [self.expr()])
    }

    /// The sum divided by how many there are; absent for an empty list.
    #[must_use]
    pub fn average(self) -> Value<Option<f64>>
    where
        T: Number,
    {
        Value::call(Op::Average, [self.expr()])
    }
}

/// An object with one field.
pub(super) fn entry(key: Expr, value: Expr) -> Expr {
    match key.kind() {
        Kind::Literal(Json::String(key)) => Expr::object(vec![(key.clone(), value)]),
        _ => Expr::call(Op::Entry, [key, value]),
    }
}

impl<T: Shape> Value<Vec<Vec<T>>> {
    /// The items of all lists as one list.
    #[must_use]
    pub fn flatten(self) -> Value<Vec<T>> {
        self.flat_map(|list| list)
    }
}

impl<T: Shape> Value<Vec<Option<T>>> {
    /// The items that are there.
    #[must_use]
    pub fn present(self) -> Value<Vec<T>> {
        Value::of(self.filter(Value::is_some).expr())
    }
}

impl Value<Vec<i64>> {
    /// The whole numbers from the first up to the last, which is not included; none if the last is not greater.
    #[must_use]
    pub fn range(first: impl Arg<i64>, end: impl Arg<i64>) -> Self {
        let end = end.into_value();
        let last = match end.expr().kind() {
            Kind::Literal(Json::Number(number)) if number.is_i64() => {
                Expr::literal(number.as_i64().unwrap_or_default().saturating_sub(1))
            }
            _ => (end - 1).expr(),
        };
        Self::call(Op::Range, [first.into_value().expr(), last])
    }
}

impl Value<Vec<String>> {
    /// The items as one text, with this between them.
    #[must_use]
    pub fn join(self, separator: impl Arg<String>) -> Value<String> {
        Value::call(Op::Join, [self.expr(), separator.into_value().expr()])
    }
}
