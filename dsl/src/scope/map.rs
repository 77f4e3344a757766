//! The same states for each item of a list.

use std::panic::Location;

use super::{Outcome, Scope};
use crate::ir::expr::Kind;
use crate::ir::{BlockId, Origin, StepKind, ValueId};
use crate::retry::Retry;
use crate::shape::Shape;
use crate::value::{Arg, Typed, Value};

/// A Map state that still needs its body; see [`Scope::map`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `.each(…)`"]
pub struct Map<'a, T: Shape> {
    scope: &'a mut Scope,
    name: String,
    at: &'static Location<'static>,
    items: Value<Vec<T>>,
    max_concurrency: Option<Value<i64>>,
    retry: Vec<Retry>,
}

impl Scope {
    /// Runs states for each item of a list: an inline Map state. Items run at the same time, about 40 at most.
    /// The first that fails fails the state and stops the others.
    #[track_caller]
    pub fn map<T: Shape>(&mut self, name: impl Into<String>, items: impl Typed<Shape = Vec<T>>) -> Map<'_, T> {
        let name = self.full_name(name);
        Map {
            scope: self,
            name,
            at: Location::caller(),
            items: items.typed(),
            max_concurrency: None,
            retry: Vec::new(),
        }
    }
}

impl Scope {
    /// Records the block of an item; gives it, and the item.
    pub(super) fn item<T: Shape, R: Outcome>(
        &self,
        name: &str,
        at: &'static Location<'static>,
        body: impl FnOnce(&mut Self, Value<T>) -> R,
    ) -> (BlockId, ValueId) {
        let mut inner = self.child(name);
        let mut recording = self.recording.borrow_mut();
        let block = &mut recording.blocks[inner.block.0];
        (block.is_item, block.is_machine) = (true, true);
        drop(recording);
        let item = inner.new_value(&format!("{name} item"), at, Origin::Item, &[]);
        let yields = body(&mut inner, Value::of(Kind::Value(item).into())).into_yield();
        inner.finish(yields, at);
        (inner.block, item)
    }
}

impl<T: Shape> Map<'_, T> {
    /// How many items run at the same time; 1 for one after another.
    pub fn max_concurrency(mut self, items: impl Arg<i64>) -> Self {
        self.max_concurrency = Some(items.into_value());
        self
    }

    /// Starts all items again on some errors.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry.push(retry);
        self
    }

    /// The states for an item. What they return is collected in the order of the items.
    pub fn each<R: Collected>(self, body: impl FnOnce(&mut Scope, Value<T>) -> R) -> R::List {
        let Self { scope, name, at, items, max_concurrency, retry } = self;
        let (body, item) = scope.item(&name, at, body);
        let result = scope.new_value(&name, at, Origin::Result, &[]);
        let kind = StepKind::Map {
            items: Some(items.expr()),
            item,
            max_concurrency: max_concurrency.map(Value::expr),
            body,
            retry,
            distributed: None,
            result,
        };
        scope.push(name, at, kind);
        R::List::from_expr(Kind::Value(result).into())
    }
}

/// The outcome of an item, and of all of them.
pub trait Collected: Outcome {
    /// A list of values, or nothing.
    type List: Outcome;
}

impl<T: Shape> Collected for Value<T> {
    type List = Value<Vec<T>>;
}

impl Collected for () {
    type List = ();
}

impl Collected for super::Never {
    type List = ();
}
