//! The concurrency guard: a workflow never runs more often at once than it may, and a tick of a schedule runs once.
//!
//! One DynamoDB item a lock holds a set of permits. An execution takes one before its first state and gives it back
//! behind its last; the write that takes it also marks the tick of the schedule. A permit that nobody gave back (its
//! execution failed, was stopped, timed out) is found by the next execution that wants it: `DescribeExecution` says that
//! its holder has ended, and it is taken away. No event rule, no clean-up machine, no lease that could be too short.
//!
//! ```
//! use statewright::prelude::*;
//!
//! let nightly = Workflow::new("nightly", |w, _: Value<()>| {
//!     w.run("Load", glue::StartJobRun::new("load"));
//! })
//! .timeout(Duration::from_secs(4 * 3600))
//! .schedule(Schedule::cron("0 2 * * ? *"))
//! // What a scheduled workflow has unless said otherwise, but for the policy:
//! .concurrency(Concurrency::exclusive().on_conflict(OnConflict::wait_up_to(Duration::from_secs(3600))));
//!
//! let compiled = nightly.compile("shop");
//! assert_eq!(compiled.bundle.state_machine.definition.start_at.as_deref(), Some("guard/claim"));
//! ```
//!
//! # What is promised, and what is not
//!
//! - At most N executions are *running* between their first and their last state, whatever fails and however often the
//!   schedule fires. A model checker runs the woven states against every fault: see `tests/tests/guard_model.rs`.
//! - Not: that nothing of an execution outlives it. A Lambda function, a child of a distributed Map, a job whose
//!   cancellation did not arrive may go on when its execution was stopped; [`Concurrency::settle`] leaves them time.
//! - Not: that a redrive from the console of an execution that failed inside is kept out. `statewright redrive` takes the
//!   permit first; [`AfterFailure::Hold`] keeps it until the redrive. A run that fails again behind that command keeps its
//!   permit for a quarter of an hour.
//! - Assumed: an execution is visible to `DescribeExecution` within an hour of its start, and what a redrive did within ten
//!   minutes; and that the integration takes `IncludedData`, which no account of AWS was asked yet.
//!
//! # What it costs
//!
//! Two state transitions a run (take, give back), three with [`Dedupe::PerTick`]; 6 when the run is skipped, 8 for the
//! first run after one that did not give its permit back. $0.025 a thousand transitions: a workflow every five minutes
//! pays $0.43 a month. Two writes of DynamoDB a run.
//!
//! # The names of others
//!
//! | here | Temporal | Kubernetes, Argo | Airflow | Prefect |
//! |---|---|---|---|---|
//! | [`OnConflict::Skip`] | Skip | Forbid | `max_active_runs=1`, `catchup=False` | `CANCEL_NEW` |
//! | [`OnConflict::wait_up_to`] | BufferAll | a mutex (Argo) | `max_active_runs=1`, `catchup=True` | `ENQUEUE` |
//! | [`OnConflict::BufferOne`] | BufferOne | – | – | – |
//! | [`OnConflict::Replace`] | CancelOther, TerminateOther | Replace | – | `CANCEL_RUNNING` |
//! | [`OnConflict::Fail`] | – | – | – | – |
//! | [`Concurrency::unlimited`] | AllowAll | Allow | – | – |
//! | [`AfterFailure::Hold`] | pauseOnFailure | – | `depends_on_past` | – |
//! | [`Schedule::retry_policy`](crate::Schedule::retry_policy) | catchup window | `startingDeadlineSeconds` | – | – |
//!
//! Those who wait have no order among them.

mod check;
mod concurrency;
mod conflict;
mod expression;
mod inspect;
mod list;
mod need;
mod neighbours;
mod notice;
mod order;
mod plan;
mod queue;
mod section;
mod states;
mod weave;

pub use concurrency::{AfterFailure, Concurrency, Dedupe, OnConflict};
pub use notice::Notice;
pub use plan::{Guard, Liveness, Lock};
pub use weave::weave;

pub(crate) use check::{About, check, check_outliving};
pub(crate) use expression::without_schedule;
pub(crate) use need::needs;
pub(crate) use neighbours::Neighbours;
pub(crate) use order::check_order;
pub(crate) use section::{Section, weave_sections};
pub(crate) use weave::{check_names, weave_checked};

/// The name of the table, unless the app names another. One table serves all workflows of an account and region.
pub const TABLE: &str = "statewright-guard";

/// What names of guard states begin with; no other state may.
pub const STATES: &str = "guard/";

/// What names of guard variables begin with; no other variable may.
pub const VARIABLES: &str = "guard_";

/// What a schedule adds to the input of its executions: `arn` of the schedule, and `time` of the tick. A backfill adds `time`
/// alone.
pub const ENVELOPE: &str = "_schedule";
