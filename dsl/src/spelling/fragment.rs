//! Functions that write states: called from both spellings.

use std::fmt;
use std::marker::PhantomData;

use super::awaitable::{Awaitable, Failure, Nameless, itself};
use crate::scope::Scope;

/// What a call of a `#[fragment]` function gives: states that are not written yet, which end with `R`.
///
/// A `#[workflow]` awaits it; the builder calls [`write`](Self::write).
///
/// ```
/// use statewright::prelude::*;
///
/// const COUNT: lambda::Function<String, i64> = lambda::Function::named("count");
///
/// /// How many rows a table has.
/// #[fragment]
/// async fn rows(table: String) -> Result<i64, Failed> {
///     let count_rows = COUNT.invoke(table).await?;
///     Ok(count_rows)
/// }
///
/// #[workflow]
/// async fn compare(input: String) -> Result<bool, Failed> {
///     let here = rows(input).section("Here").await?;
///     let there = rows("archive").section("There").await?;
///     Ok(here == there)
/// }
/// let states = compare().compile("app").bundle.state_machine.definition.states;
/// assert!(states.contains_key("Here.CountRows") && states.contains_key("There.CountRows"));
///
/// let built = Workflow::new("count", |w, table: Value<String>| rows(table).write(w));
/// let states = built.compile("app").bundle.state_machine.definition.states;
/// assert!(states.contains_key("CountRows"));
/// ```
#[must_use = "a fragment writes nothing before `.await`, or `.write(w)` in the builder"]
pub struct Fragment<F, R, E> {
    body: F,
    prefix: Option<String>,
    ends: PhantomData<(R, E)>,
}

impl<R, E: Failure, F: FnOnce(&mut Scope) -> R> Fragment<F, R, E> {
    #[doc(hidden)]
    pub const fn new(body: F) -> Self {
        Self { body, prefix: None, ends: PhantomData }
    }

    /// Puts a prefix before the names of its states, as [`Scope::section`] does: for one that is called more than once.
    pub fn section(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Writes the states, in the builder.
    pub fn write(self, w: &mut Scope) -> R {
        match self.prefix {
            Some(prefix) => w.section(prefix, self.body),
            None => (self.body)(w),
        }
    }
}

impl<R, E: Failure, F: FnOnce(&mut Scope) -> R> Awaitable for Fragment<F, R, E> {
    type Output = R;
    type Failure = E;

    itself!();

    fn record(self, w: &mut Scope, _: &str) -> R {
        self.write(w)
    }
}

impl<R, E: Failure, F: FnOnce(&mut Scope) -> R> Nameless for Fragment<F, R, E> {}

impl<F, R, E> fmt::Debug for Fragment<F, R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fragment").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
