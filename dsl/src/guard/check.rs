//! From what an author says to a guard, with what is wrong about it.

use std::time::Duration;

use super::concurrency::Strategy;
use super::{AfterFailure, Concurrency, Dedupe, Guard, Liveness, Lock, OnConflict, Section};
use crate::asl::{Kind, Pattern, Resource, StateMachine};
use crate::bundle::PARTITION;
use crate::diag::{Code, Diagnostic, Diagnostics, Place, codes};

/// More permits than that would make an item of the table large, and a look at the holders dear.
const MOST: u32 = 100;

/// What is known of the workflow that is guarded.
pub(crate) struct About<'a> {
    pub workflow: &'a str,
    pub place: Place,
    pub express: bool,
    pub has_timeout: bool,
    pub schedules: usize,
    pub dedupe: Option<Dedupe>,
    /// What the key is computed by, as JSONata.
    pub key: Option<String>,
    /// The type of the workflow's input.
    pub input_shape: &'a str,
    pub table_name: &'a str,
    /// The section, if it is not the whole workflow.
    pub section: Option<&'a Section>,
}

/// The guard of a workflow; none if it has none, or what was said can't be.
pub(crate) fn check(said: Option<&Concurrency>, about: &About<'_>, diagnostics: &mut Diagnostics) -> Option<Guard> {
    let mut check = Check { about, diagnostics };
    let default =
        if about.schedules > 0 && !about.express { Concurrency::exclusive() } else { Concurrency::unlimited() };
    let said = said.unwrap_or(&default);
    let (limit, liveness) = match said.strategy {
        Strategy::Unlimited => {
            if about.dedupe.is_some_and(|dedupe| dedupe != Dedupe::Off) {
                check.refuse(
                    codes::GUARD_POLICY,
                    "ticks are kept apart by the guard, and the workflow has none",
                    "write `.concurrency(Concurrency::limit(…))`, or leave `.dedupe(…)` out",
                );
            }
            return None;
        }
        Strategy::Permits(limit) => (limit, Liveness::Described),
        Strategy::Lease(limit) => (limit, Liveness::Lease),
        Strategy::List => (1, Liveness::List),
    };
    check.kind(liveness);
    if !(1..=MOST).contains(&limit) {
        let message = format!("expected 1 to {MOST} executions at once, found {limit}");
        check.refuse(codes::GUARD_OUT_OF_RANGE, message, "write `Concurrency::limit(3)`, say");
    }
    let on_conflict = check.on_conflict(said.on_conflict, liveness);
    if said.after_failure == AfterFailure::Hold && liveness != Liveness::Described {
        check.refuse(
            codes::GUARD_POLICY,
            "only a Standard workflow can be redriven, so there is nothing to hold its permit for",
            "leave `.after_failure(AfterFailure::Hold)` out",
        );
    }
    let settle_seconds = said.settle.map_or(0, |settle| check.seconds("settle", settle, 0, 31_536_000));
    let guard = Guard {
        lock: check.lock(said),
        limit,
        on_conflict,
        after_failure: said.after_failure,
        settle_seconds,
        dedupe: check.dedupe(on_conflict, liveness),
        liveness,
        notice: said.notice.clone(),
        table_name: about.table_name.to_owned(),
        partition: PARTITION.to_owned(),
        hides_schedule: false,
    };
    if !about.has_timeout && about.section.is_none() && !about.express {
        check.diagnostics.push(
            Diagnostic::warning(
                codes::GUARD_WITHOUT_TIMEOUT,
                format!("`{}` has no timeout: a run that hangs keeps the others out for up to a year", about.workflow),
                about.place.clone(),
            )
            .help("write `.timeout(Duration::from_secs(4 * 3600))`, say, on the workflow"),
        );
    }
    Some(guard)
}

/// Says which states of a region start something that can outlive its execution, if nobody said how long that takes. Who said
/// nothing about concurrency hears of distributed Maps only.
pub(crate) fn check_outliving(
    said: Option<&Concurrency>,
    definition: &StateMachine,
    is_inside: &dyn Fn(&str) -> bool,
    place: &dyn Fn(&str) -> Place,
    diagnostics: &mut Diagnostics,
) {
    let has_said = said.is_some();
    if said.is_some_and(|said| said.settle.is_some() || matches!(said.strategy, Strategy::Unlimited | Strategy::List)) {
        return;
    }
    let mut found: Option<(String, Place, usize)> = None;
    definition.walk(&mut |visit| {
        let outlives = match &visit.state.kind {
            Kind::Map(map) => map.is_distributed(),
            Kind::Task(task) if has_said => match Resource::parse(task.resource.as_deref().unwrap_or_default()) {
                Resource::Lambda(_) | Resource::Optimized { service: "lambda", .. } => true,
                Resource::Optimized { api, pattern, .. } | Resource::Sdk { action: api, pattern, .. } => {
                    pattern == Pattern::RequestResponse
                        && ["start", "run", "submit", "create"].iter().any(|verb| api.starts_with(verb))
                }
                _ => false,
            },
            _ => false,
        };
        if outlives && is_inside(visit.name) {
            let (_, _, more) = found.get_or_insert_with(|| (visit.name.to_owned(), place(visit.name), 0));
            *more += 1;
        }
    });
    let Some((state, place, count)) = found else { return };
    let others = if count > 1 { format!(", and {} others,", count - 1) } else { String::new() };
    let message =
        format!("what `{state}`{others} starts can go on when its execution is stopped, and the next one begins");
    diagnostics.push(Diagnostic::warning(codes::GUARD_OUTLIVED, message, place).help(
        "write `.settle(…)` with the longest time that it takes, or `.settle(Duration::ZERO)` if that does no harm",
    ));
}

/// Whether a text can stand in keys and in names of states.
fn is_name(text: &str, most: usize) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    !text.is_empty() && text.len() <= most && text.chars().all(allowed)
}

struct Check<'a> {
    about: &'a About<'a>,
    diagnostics: &'a mut Diagnostics,
}

impl Check<'_> {
    fn refuse(&mut self, code: Code, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, message, self.about.place.clone()).help(help));
    }

    /// Whether executions of that type can be guarded so.
    fn kind(&mut self, liveness: Liveness) {
        let workflow = self.about.workflow;
        match (self.about.express, liveness) {
            (true, Liveness::Described) => self.refuse(
                codes::GUARD_ON_EXPRESS,
                format!("`{workflow}` is an Express workflow, whose executions nobody can look at"),
                "write `Concurrency::exclusive().lease()`, which keeps the permit of a run that failed for six minutes, or leave \
                 `.express()` out",
            ),
            (true, Liveness::List) => self.refuse(
                codes::GUARD_ON_EXPRESS,
                format!("`{workflow}` is an Express workflow, whose executions nobody can list"),
                "write `Concurrency::exclusive().lease()`",
            ),
            (false, Liveness::Lease) => self.refuse(
                codes::GUARD_ON_EXPRESS,
                format!("`{workflow}` is a Standard workflow, and can run longer than any lease"),
                "leave `.lease()` out",
            ),
            _ => {}
        }
        let Some(section) = self.about.section else { return };
        let name = &section.name;
        if !is_name(name, 40) {
            self.refuse(
                codes::GUARD_OUT_OF_RANGE,
                format!(
                    "expected 1 to 40 letters, digits, `-`, `_`, `.` and `/` as the name of a section, found `{name}`"
                ),
                "write `w.guarded(\"warehouse\", Concurrency::limit(2), |w| …)`, say",
            );
        }
        if liveness != Liveness::Described {
            self.refuse(
                codes::GUARD_POLICY,
                "a section is guarded by permits: neither by a lease nor by a list",
                "write `Concurrency::limit(…)`",
            );
        }
        if section.maps > 1 {
            self.refuse(
                codes::GUARD_POLICY,
                "in a Map inside a Map, an iteration does not know which one it is, so its permit would be another's too",
                "move the inner Map into a workflow of its own, and start that one",
            );
        }
    }

    fn on_conflict(&mut self, said: Option<OnConflict>, liveness: Liveness) -> OnConflict {
        let hour = Duration::from_secs(3_600);
        let default = if self.about.section.is_some() { OnConflict::wait_up_to(hour) } else { OnConflict::Skip };
        let policy = said.unwrap_or(default);
        let possible = match (policy, liveness) {
            (OnConflict::Skip | OnConflict::BufferOne | OnConflict::Replace, _) if self.about.section.is_some() => {
                self.refuse(
                    codes::GUARD_POLICY,
                    "a section can wait or fail: what comes behind it needs what it gives",
                    "write `.on_conflict(OnConflict::wait_up_to(…))` or `.on_conflict(OnConflict::Fail)`",
                );
                return policy;
            }
            (OnConflict::BufferOne | OnConflict::Replace, Liveness::Lease) => "skip, fail and wait",
            (OnConflict::BufferOne | OnConflict::Replace | OnConflict::Wait { .. }, Liveness::List) => "skip and fail",
            _ => "",
        };
        if !possible.is_empty() {
            let message = format!("this guard can {possible}, and nothing else");
            self.refuse(codes::GUARD_POLICY, message, "write `.on_conflict(OnConflict::Skip)`, say");
        }
        if let OnConflict::Wait { up_to, poll_every } = policy {
            self.seconds("wait_up_to", up_to, 1, 31_536_000);
            self.seconds("poll_every", poll_every, 1, 86_400);
        }
        policy
    }

    fn dedupe(&mut self, on_conflict: OnConflict, liveness: Liveness) -> Dedupe {
        let (said, scheduled) = (self.about.dedupe, self.about.schedules > 0);
        if said.is_some_and(|dedupe| dedupe != Dedupe::Off) && !scheduled {
            self.refuse(
                codes::TICKS_WITHOUT_SCHEDULE,
                format!("`{}` has no schedule, so there are no ticks to keep apart", self.about.workflow),
                "add `.schedule(…)`, or leave `.dedupe(…)` out",
            );
        }
        if !scheduled || liveness == Liveness::List || self.about.section.is_some() {
            return Dedupe::Off;
        }
        let waits = matches!(on_conflict, OnConflict::Wait { .. });
        said.unwrap_or(if waits { Dedupe::PerTick } else { Dedupe::LatestTick })
    }

    fn lock(&mut self, said: &Concurrency) -> Lock {
        let shape = self.about.input_shape;
        if let Some(key) = said.key_from.as_ref().filter(|key| key.shape != shape) {
            self.refuse(
                codes::GUARD_KEY_SHAPE,
                format!("the key is computed from `{}`, and the input is `{shape}`", key.shape),
                "name the type of the workflow's input in `.key_from(|input: Value<…>| …)`",
            );
        }
        if let Some(key) = said.key.as_ref().filter(|key| !is_name(key, 256)) {
            let message = format!("expected 1 to 256 letters, digits, `-`, `_`, `.` and `/` as a key, found `{key}`");
            self.refuse(codes::GUARD_OUT_OF_RANGE, message, "write `.key(\"warehouse-maintenance\")`, say");
        }
        let lock = match (&said.key, self.about.section) {
            (Some(key), _) => Lock::shared(key),
            (None, Some(section)) => Lock::shared(&section.lock),
            (None, None) => Lock::of_workflow(self.about.workflow),
        };
        match &self.about.key {
            Some(value) => lock.by(value),
            None => lock,
        }
    }

    fn seconds(&mut self, what: &str, time: Duration, least: u64, most: u64) -> u64 {
        let seconds = time.as_secs();
        if time.subsec_nanos() != 0 || !(least..=most).contains(&seconds) {
            let message = format!("expected {least} to {most} whole seconds in `{what}`, found {time:?}");
            self.refuse(codes::GUARD_OUT_OF_RANGE, message, "write `Duration::from_secs(…)`");
        }
        seconds
    }
}
