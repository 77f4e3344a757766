//! How often a workflow may run at once, as its author says it.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use super::Notice;
use crate::ir::expr::Expr;
use crate::shape::Shape;
use crate::value::{Typed, Value};

/// How often a workflow may run at once, and what happens to the run that is one too many.
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Order { customer_id: String }
///
/// Concurrency::exclusive();
/// Concurrency::limit(3).on_conflict(OnConflict::wait_up_to(Duration::from_secs(7200)));
/// // One lock that several workflows share, and one lock for each customer.
/// Concurrency::exclusive().key("warehouse-maintenance");
/// Concurrency::exclusive().key_from(|order: Value<Order>| order.customer_id);
/// Concurrency::exclusive().after_failure(AfterFailure::Hold).settle(Duration::from_secs(900));
/// ```
#[derive(Clone, Debug)]
#[must_use = "give it to a workflow: `.concurrency(…)`"]
pub struct Concurrency {
    pub(super) strategy: Strategy,
    pub(crate) key: Option<String>,
    pub(crate) key_from: Option<KeyFrom>,
    pub(super) on_conflict: Option<OnConflict>,
    pub(super) after_failure: AfterFailure,
    pub(super) settle: Option<Duration>,
    pub(super) notice: Option<Notice>,
}

/// What of the input is the key.
#[derive(Clone)]
pub(crate) struct KeyFrom {
    /// The type of the input that it reads.
    pub shape: &'static str,
    pub read: Rc<dyn Fn(Expr) -> Expr>,
}

impl fmt::Debug for KeyFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyFrom({})", self.shape)
    }
}

/// How permits are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strategy {
    Unlimited,
    /// In the table, so many.
    Permits(u32),
    /// The same for an Express workflow, where age alone tells that a holder has ended.
    Lease(u32),
    /// Nowhere: `ListExecutions` says who runs.
    List,
}

impl Concurrency {
    const fn of(strategy: Strategy) -> Self {
        Self {
            strategy,
            key: None,
            key_from: None,
            on_conflict: None,
            after_failure: AfterFailure::Release,
            settle: None,
            notice: None,
        }
    }

    /// One execution at a time. What a scheduled Standard workflow has unless said otherwise.
    pub const fn exclusive() -> Self {
        Self::limit(1)
    }

    /// So many executions at a time: 1 to 100.
    pub const fn limit(executions: u32) -> Self {
        Self::of(Strategy::Permits(executions))
    }

    /// As many as are started.
    pub const fn unlimited() -> Self {
        Self::of(Strategy::Unlimited)
    }

    /// One at a time as far as `ListExecutions` shows it, without a table. AWS calls that list eventually consistent, best
    /// effort: two executions that start together may both run.
    pub const fn best_effort_list() -> Self {
        Self::of(Strategy::List)
    }

    /// For an Express workflow, whose executions can't be described: a permit is free again six minutes after its
    /// execution began, since Express executions last five at most.
    pub const fn lease(mut self) -> Self {
        if let Strategy::Permits(limit) = self.strategy {
            self.strategy = Strategy::Lease(limit);
        }
        self
    }

    /// Shares the lock of that name with every workflow that names it: letters, digits, `-`, `_`, `.` and `/`.
    pub fn key(mut self, name: &str) -> Self {
        self.key = Some(name.to_owned());
        self
    }

    /// A lock for each value that is computed from the input: one execution a customer, say.
    pub fn key_from<I: Shape, T: Typed<Shape = String>>(mut self, key: impl Fn(Value<I>) -> T + 'static) -> Self {
        let read = Rc::new(move |input| key(Value::of(input)).typed().expr());
        self.key_from = Some(KeyFrom { shape: std::any::type_name::<I>(), read });
        self
    }

    /// What happens to the run that is one too many; [`OnConflict::Skip`] unless said otherwise.
    pub const fn on_conflict(mut self, policy: OnConflict) -> Self {
        self.on_conflict = Some(policy);
        self
    }

    /// What becomes of the permit of a run that failed; [`AfterFailure::Release`] unless said otherwise.
    pub const fn after_failure(mut self, policy: AfterFailure) -> Self {
        self.after_failure = policy;
        self
    }

    /// How long a run that did not come to its end keeps its permit: time for what outlives it, such as a Lambda function
    /// that can't be stopped. In whole seconds; [`Duration::ZERO`] says that nothing does.
    pub const fn settle(mut self, time: Duration) -> Self {
        self.settle = Some(time);
        self
    }

    /// Tells somebody of each run that is skipped or a duplicate, for one transition more on that path.
    pub fn notice(mut self, notice: Notice) -> Self {
        self.notice = Some(notice);
        self
    }
}

/// What happens to a run that is one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// It succeeds at once, with `{"guard": {"outcome": "skipped", …}}` as its output.
    Skip,
    /// It fails with `Guard.Conflict`.
    Fail,
    /// It waits; see [`wait_up_to`](Self::wait_up_to).
    Wait {
        /// Then it fails with `Guard.WaitTimeout`.
        up_to: Duration,
        /// How often it asks.
        poll_every: Duration,
    },
    /// It waits if nobody else does, and is skipped otherwise.
    BufferOne,
    /// It stops the run that began first, with the error `Guard.Replaced`, and takes its place.
    Replace,
}

impl OnConflict {
    /// Waits so long at most, asking every 30 seconds, which costs a transition each.
    #[must_use]
    pub const fn wait_up_to(up_to: Duration) -> Self {
        Self::Wait { up_to, poll_every: Duration::from_secs(30) }
    }

    /// Asks so often, in whole seconds; of [`wait_up_to`](Self::wait_up_to) only.
    #[must_use]
    pub const fn poll_every(self, time: Duration) -> Self {
        match self {
            Self::Wait { up_to, .. } => Self::Wait { up_to, poll_every: time },
            other => other,
        }
    }
}

/// What becomes of the permit of a run that failed, timed out or was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// The next run takes it.
    Release,
    /// It is kept until the run has been redriven to success, can't be redriven any more (after 14 days), or an operator
    /// gives it back with `statewright guard unlock`.
    Hold,
}

/// Which ticks of its schedules a workflow runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dedupe {
    /// Each tick once, and none that is older than one that has run. Costs nothing. What there is unless said otherwise.
    LatestTick,
    /// Each tick once, in any order, for one transition more. What there is for those who
    /// [wait](OnConflict::wait_up_to), since a tick that waited longer may run behind a younger one.
    PerTick,
    /// As often as they come: EventBridge Scheduler delivers at least once.
    Off,
}
