//! The same states again and again, so many times at most.

use std::marker::PhantomData;
use std::time::Duration;

use super::awaitable::{Awaitable, Ended, MayFail, itself};
use crate::scope::Scope;
use crate::shape::Shape;
use crate::value::{Typed, Value};

/// See [`poll`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `.await?`"]
pub struct Poll<F, R> {
    every: Duration,
    up_to: Duration,
    body: F,
    ends: PhantomData<R>,
}

/// Asks again and again until an answer will do: [`Scope::poll`]. The block ends with a pair: whether it is done, and what is
/// then given. When the time is up, it fails with `Poll.Timeout`.
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Export { status: String, rows: i64 }
/// const LOOK: lambda::Function<(), Export> = lambda::Function::named("look-at-export");
///
/// #[workflow]
/// async fn export() -> Result<i64, Failed> {
///     let exported = poll(Duration::from_secs(30), Duration::from_secs(3600), async {
///         let look = LOOK.call().await?;
///         (look.status == "DONE", look.rows)
///     })
///     .await?;
///     Ok(exported)
/// }
/// assert!(export().compile("app").diagnostics.is_empty());
/// ```
pub fn poll<T, E, F>(every: Duration, up_to: Duration, body: F) -> Poll<F, (T, E)>
where
    T: Typed,
    F: FnOnce(&mut Scope) -> Ended<(Value<bool>, T), E>,
{
    Poll { every, up_to, body, ends: PhantomData }
}

impl<T, E, F> Awaitable for Poll<F, (T, E)>
where
    T: Typed,
    F: FnOnce(&mut Scope) -> Ended<(Value<bool>, T), E>,
{
    type Output = Value<T::Shape>;
    type Failure = MayFail;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> Self::Output {
        let Self { every, up_to, body, .. } = self;
        w.poll(name, every, up_to, |w| body(w).outcome)
    }
}

/// See [`repeat`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `.await?`"]
pub struct Repeat<T: Shape, F, R> {
    first: Value<T>,
    most: u32,
    body: F,
    ends: PhantomData<R>,
}

/// Runs a block with a value, and again with the value that it gives, so many times at most: [`Scope::repeat`]. The block ends with
/// a pair: whether to go on, and the next value. After `most` times it fails with `Repeat.TooOften`.
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Page { next: Option<String> }
/// const LOAD: lambda::Function<Option<String>, Page> = lambda::Function::named("load-page");
///
/// #[workflow]
/// async fn load() -> Result<(), Failed> {
///     #[name("MorePages")]
///     repeat(Value::<Option<String>>::none(), 100, async |token| {
///         let page = LOAD.invoke(token).await?;
///         (page.next.is_some(), page.next)
///     })
///     .await?;
///     Ok(())
/// }
/// assert!(load().compile("app").diagnostics.is_empty());
/// ```
pub fn repeat<T, N, E, F>(first: impl Typed<Shape = T>, most: u32, body: F) -> Repeat<T, F, (N, E)>
where
    T: Shape,
    N: Typed<Shape = T>,
    F: FnOnce(&mut Scope, Value<T>) -> Ended<(Value<bool>, N), E>,
{
    Repeat { first: first.typed(), most, body, ends: PhantomData }
}

impl<T, N, E, F> Awaitable for Repeat<T, F, (N, E)>
where
    T: Shape,
    N: Typed<Shape = T>,
    F: FnOnce(&mut Scope, Value<T>) -> Ended<(Value<bool>, N), E>,
{
    type Output = Value<T>;
    type Failure = MayFail;

    itself!();

    #[track_caller]
    fn record(self, w: &mut Scope, name: &str) -> Value<T> {
        let Self { first, most, body, .. } = self;
        w.repeat(name, first, most, |w, value| body(w, value).outcome)
    }
}
