//! The same states for each item of a list.

use std::marker::PhantomData;

use super::awaitable::{Awaitable, Ended, Failure, itself};
use crate::retry::Retry;
use crate::scope::{Collected, Scope};
use crate::shape::Shape;
use crate::value::{Arg, Typed, Value};

/// See [`each`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `.await`"]
pub struct Each<T: Shape, F, R> {
    items: Value<Vec<T>>,
    body: F,
    max_concurrency: Option<Value<i64>>,
    retry: Vec<Retry>,
    outcome: PhantomData<R>,
}

/// Runs states for each item of a list, at the same time: an inline Map state, [`Scope::map`]. Gives what the block ends with, in
/// the order of the items. `for x in list { … }` runs them one after the other.
///
/// ```
/// use statewright::prelude::*;
///
/// const COUNT: lambda::Function<String, i64> = lambda::Function::named("count");
///
/// #[workflow]
/// async fn count(shops: Vec<String>) -> Result<Vec<i64>, Failed> {
///     let counts = each(shops, async |shop| {
///         let count = COUNT.invoke(shop).await?;
///         count
///     })
///     .max_concurrency(5)
///     .await?;
///     Ok(counts)
/// }
/// let states = count().compile("app").bundle.state_machine.definition.states;
/// assert!(states.contains_key("Counts"));
/// ```
pub fn each<T, R, E, F>(items: impl Typed<Shape = Vec<T>>, body: F) -> Each<T, F, Ended<R, E>>
where
    T: Shape,
    R: Collected,
    E: Failure,
    F: FnOnce(&mut Scope, Value<T>) -> Ended<R, E>,
{
    Each { items: items.typed(), body, max_concurrency: None, retry: Vec::new(), outcome: PhantomData }
}

impl<T: Shape, F, R> Each<T, F, R> {
    /// How many items run at the same time; about 40 if nothing is said.
    pub fn max_concurrency(mut self, items: impl Arg<i64>) -> Self {
        self.max_concurrency = Some(items.into_value());
        self
    }

    /// Starts all items again on some errors.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry.push(retry);
        self
    }
}

impl<T, R, E, F> Awaitable for Each<T, F, Ended<R, E>>
where
    T: Shape,
    R: Collected,
    E: Failure,
    F: FnOnce(&mut Scope, Value<T>) -> Ended<R, E>,
{
    type Output = R::List;
    type Failure = E;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> R::List {
        let Self { items, body, max_concurrency, retry, .. } = self;
        let mut map = w.map(name, items);
        if let Some(items) = max_concurrency {
            map = map.max_concurrency(items);
        }
        for retry in retry {
            map = map.retry(retry);
        }
        map.each(|w, item| body(w, item).outcome)
    }
}
