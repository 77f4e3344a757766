//! [`Guard`]: what is woven into a machine.

use super::{AfterFailure, Dedupe, Notice, OnConflict, TABLE};
use crate::bundle::LockSpec;

/// What is woven into a machine by [`weave`](super::weave), whatever front end it came from.
///
/// ```
/// use statewright::asl::StateMachine;
/// use statewright::guard::{Guard, weave};
///
/// let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;
/// let machine = StateMachine::from_text(text, "a.json")?;
/// let woven = weave(&machine, &Guard::exclusive("nightly"))?;
/// assert_eq!(woven.start_at.as_deref(), Some("guard/acquire"));
/// assert_eq!(woven.states["A"].next.as_deref(), Some("guard/release"));
/// # Ok::<(), statewright::diag::Diagnostic>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Which item of the table.
    pub lock: Lock,
    /// How many may hold a permit at once.
    pub limit: u32,
    /// What happens to one that gets none.
    pub on_conflict: OnConflict,
    /// What becomes of the permit of a run that failed.
    pub after_failure: AfterFailure,
    /// So many seconds a run that did not come to its end keeps its permit.
    pub settle_seconds: u64,
    /// Which ticks run. Without a schedule's [envelope](super::ENVELOPE) in the input, every run is new.
    pub dedupe: Dedupe,
    /// How it is known that a holder has ended.
    pub liveness: Liveness,
    /// Who is told of runs that did not run.
    pub notice: Option<Notice>,
    /// The name of the table.
    pub table_name: String,
    /// The partition of AWS: `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// Whether the region gets its input without the schedule's envelope.
    pub hides_schedule: bool,
}

/// The key of an item of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lock {
    /// One for all.
    Fixed(String),
    /// One for each value.
    Computed {
        /// What the keys begin with.
        prefix: String,
        /// JSONata for the rest, without `{%` and `%}`.
        value: String,
    },
}

/// How it is known that a holder has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Liveness {
    /// `DescribeExecution` says so: Standard workflows.
    Described,
    /// By its age: Express workflows, which last five minutes at most.
    Lease,
    /// There are no permits: `ListExecutions` says who runs. Best effort.
    List,
}

impl Guard {
    /// One execution of the workflow at a time; who comes second is skipped; each tick once.
    #[must_use]
    pub fn exclusive(workflow: &str) -> Self {
        Self {
            lock: Lock::of_workflow(workflow),
            limit: 1,
            on_conflict: OnConflict::Skip,
            after_failure: AfterFailure::Release,
            settle_seconds: 0,
            dedupe: Dedupe::LatestTick,
            liveness: Liveness::Described,
            notice: None,
            table_name: TABLE.to_owned(),
            partition: "aws".to_owned(),
            hides_schedule: true,
        }
    }
}

impl Guard {
    /// What those who operate the workflow have to know.
    /// `around` is the guard whose permit an execution has when it takes this one.
    pub(crate) fn spec(&self, section: Option<&str>, around: Option<&Self>) -> LockSpec {
        LockSpec {
            key: self.lock.key().to_owned(),
            within: around.map(|guard| guard.lock.key().to_owned()),
            waits: matches!(self.on_conflict, OnConflict::Wait { .. } | OnConflict::BufferOne),
            by_value: matches!(self.lock, Lock::Computed { .. }),
            section: section.map(str::to_owned),
            limit: self.limit,
            on_conflict: match self.on_conflict {
                OnConflict::Skip => "skip".to_owned(),
                OnConflict::Fail => "fail".to_owned(),
                OnConflict::Wait { up_to, .. } => format!("wait up to {} s", up_to.as_secs()),
                OnConflict::BufferOne => "buffer one".to_owned(),
                OnConflict::Replace => "replace".to_owned(),
            },
            holds_after_failure: self.after_failure == AfterFailure::Hold,
            settle_seconds: self.settle_seconds,
        }
    }
}

impl Lock {
    /// The workflow's own lock.
    #[must_use]
    pub fn of_workflow(workflow: &str) -> Self {
        Self::Fixed(format!("workflow:{workflow}"))
    }

    /// The lock of that name, which workflows can share.
    #[must_use]
    pub fn shared(key: &str) -> Self {
        Self::Fixed(format!("key:{key}"))
    }

    /// One lock for each value below this one. `value` is JSONata without `{%` and `%}`.
    #[must_use]
    pub fn by(self, value: &str) -> Self {
        let (Self::Fixed(prefix) | Self::Computed { prefix, .. }) = self;
        Self::Computed { prefix, value: value.to_owned() }
    }

    /// The key of its item, or what the keys of its items begin with.
    #[must_use]
    pub fn key(&self) -> &str {
        let (Self::Fixed(key) | Self::Computed { prefix: key, .. }) = self;
        key
    }

    /// As JSONata.
    pub(super) fn expression(&self) -> String {
        match self {
            Self::Fixed(key) => format!("'{key}'"),
            Self::Computed { prefix, value } => format!("'{prefix}:' & {value}"),
        }
    }

    /// As a field of a state.
    pub(super) fn field(&self) -> String {
        match self {
            Self::Fixed(key) => key.clone(),
            Self::Computed { .. } => format!("{{% {} %}}", self.expression()),
        }
    }

    /// For a reader.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Fixed(key) => key.clone(),
            Self::Computed { prefix, .. } => format!("{prefix}:…"),
        }
    }
}
