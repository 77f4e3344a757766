//! Sections that only so many executions may be in at once.

use std::panic::Location;

use super::{Outcome, Scope, outcome};
use crate::guard::Concurrency;
use crate::ir::{Origin, StepKind};

impl Scope {
    /// A part of the workflow in which only so many executions may be at once, of all workflows that name it. Others wait for
    /// an hour, or as [`Concurrency::on_conflict`] says: they can wait or fail.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("load", |w, _: Value<()>| {
    ///     w.run("Extract", glue::StartJobRun::new("extract"));
    ///     w.guarded("warehouse", Concurrency::limit(2), |w| {
    ///         w.run("Load", glue::StartJobRun::new("load"));
    ///     });
    /// });
    /// ```
    ///
    /// One that gives up waiting, or may not wait, ends the workflow (the branch, the item) with `Guard.WaitTimeout` or
    /// `Guard.Conflict`, as [`fail`](Self::fail) does: no handler gets that error.
    ///
    /// The permit is given back wherever control leaves the section, by a handler around it too. Where an error ends the
    /// whole execution, or a branch around the section is cut because another one failed, the next execution takes the permit
    /// away once this one has ended. What the guard costs and promises is in [`guard`](crate::guard).
    #[track_caller]
    pub fn guarded<A: Outcome>(
        &mut self,
        name: impl Into<String>,
        concurrency: Concurrency,
        body: impl FnOnce(&mut Self) -> A,
    ) -> A {
        let at = Location::caller();
        let lock = name.into();
        let name = self.full_name(lock.as_str());
        let key = concurrency.key_from.as_ref().map(|key| (key.read)(self.recording.borrow().input()));
        let body = Self::record_in(self.next_child(&name), at, body);
        let result = self.new_value(&name, at, Origin::Computed, &[]);
        self.push(name, at, StepKind::Guarded { lock, concurrency: Box::new(concurrency), key, body, result });
        outcome::joined(result)
    }
}
