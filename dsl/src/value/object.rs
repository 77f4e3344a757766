//! Maps from text to values: JSON objects whose fields are not known.

use std::collections::HashMap;

use super::list::{bind, entry};
use super::{Arg, Typed, Value};
use crate::ir::expr::{Expr, Kind, Op};
use crate::shape::{Json, Shape};

impl<T: Shape> Value<HashMap<String, T>> {
    /// The value of a key; absent where there is none.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use statewright::prelude::*;
    ///
    /// fn price(prices: Value<HashMap<String, f64>>, article: Value<String>) -> Value<f64> {
    ///     prices.get(article).or(0.0)
    /// }
    /// ```
    #[must_use]
    pub fn get(self, key: impl Arg<String>) -> Value<Option<T>> {
        Value::of(self.found(&key.into_value().expr()))
    }

    fn found(self, key: &Expr) -> Expr {
        match key.kind() {
            Kind::Literal(Json::String(key)) => self.expr().field(key),
            _ => Expr::call(Op::Lookup, [self.expr(), key.clone()]),
        }
    }

    /// The keys, in the order in which they are written.
    #[must_use]
    pub fn keys(self) -> Value<Vec<String>> {
        Value::call(Op::Keys, [self.expr()])
    }

    /// The values, in the order of the keys.
    #[must_use]
    pub fn values(self) -> Value<Vec<T>> {
        self.each_key(|map, keys| keys.map(|key| map.of_key(key)))
    }

    /// Keys and values.
    #[must_use]
    pub fn entries(self) -> Value<Vec<(String, T)>> {
        self.each_key(|map, keys| keys.map(|key| (key, map.of_key(key))))
    }

    /// Whether there is a value for a key, `null` included.
    #[must_use]
    pub fn contains_key(self, key: impl Arg<String>) -> Value<bool> {
        Value::call(Op::HasKey, [self.expr(), key.into_value().expr()])
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(self) -> Value<i64> {
        self.keys().len()
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(self) -> Value<bool> {
        self.len().eq(0)
    }

    /// The same with a value for a key, which replaces the one that is there.
    #[must_use]
    pub fn insert(self, key: impl Arg<String>, value: impl Arg<T>) -> Self {
        let one = entry(key.into_value().expr(), value.into_value().expr());
        Self::call(Op::Merge, [self.expr(), one])
    }

    /// The same without a key.
    #[must_use]
    pub fn remove(self, key: impl Arg<String>) -> Self {
        Self::call(Op::Remove, [self.expr(), key.into_value().expr()])
    }

    /// The same with the values of another, which wins where both have a key.
    #[must_use]
    pub fn merge(self, other: impl Arg<HashMap<String, T>>) -> Self {
        Self::call(Op::Merge, [self.expr(), other.into_value().expr()])
    }

    /// The same keys with something made of each value.
    #[must_use]
    pub fn map_values<V: Typed>(self, each: impl FnOnce(Value<T>) -> V) -> Value<HashMap<String, V::Shape>> {
        self.each_key(|map, keys| keys.to_map(|key| (key, each(map.of_key(key)))))
    }

    /// The keys and values for which a condition holds.
    #[must_use]
    pub fn filter(self, keep: impl FnOnce(Value<String>, Value<T>) -> Value<bool>) -> Self {
        self.each_key(|map, keys| keys.filter(|key| keep(key, map.of_key(key))).to_map(|key| (key, map.of_key(key))))
    }

    /// The value of a key that is there.
    fn of_key(self, key: Value<String>) -> Value<T> {
        Value::call(Op::Lookup, [self.expr(), key.expr()])
    }

    fn each_key<U: Shape>(self, make: impl FnOnce(Self, Value<Vec<String>>) -> Value<U>) -> Value<U> {
        Value::of(bind(self.expr(), |map| {
            let map = Self::of(map);
            make(map, map.keys()).expr()
        }))
    }

    /// A map with no key.
    #[must_use]
    pub fn empty() -> Self {
        Self::of(Expr::object(Vec::new()))
    }
}

impl<T: Shape, K: Into<String>, A: Arg<T>, const N: usize> Arg<HashMap<String, T>> for [(K, A); N] {
    fn into_value(self) -> Value<HashMap<String, T>> {
        let fields = self.into_iter().map(|(key, value)| (key.into(), value.into_value().expr()));
        Value::of(Expr::object(fields.collect()))
    }
}
