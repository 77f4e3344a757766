//! Schedules: EventBridge Scheduler starts the workflow at certain times.
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>

use std::panic::Location;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::bundle::{self, FlexibleTimeWindow, RetryPolicy, ScheduleSpec, ScheduleState, ScheduleTarget};
use crate::diag::{Diagnostic, Diagnostics, Place, codes};
use crate::guard::ENVELOPE;
use crate::ir::expr::{Expr, Kind, Op};
use crate::value::{Typed, Value};

mod cron;
mod expression;

pub use cron::Cron;
pub use expression::{Expression, time_zone, zones_like};

/// When a workflow is started.
///
/// ```
/// use std::time::Duration;
/// use statewright::Schedule;
///
/// Schedule::cron("0 2 * * ? *").timezone("Asia/Tokyo").flexible_window(Duration::from_secs(900));
/// Schedule::rate("10 minutes");
/// Schedule::at("2027-01-01T00:00:00").named("new-year");
/// ```
#[derive(Clone, Debug)]
#[must_use = "give it to a workflow: `.schedule(…)`"]
pub struct Schedule {
    at: &'static Location<'static>,
    expression: String,
    timezone: String,
    name: Option<String>,
    description: Option<String>,
    window: Option<Duration>,
    start: Option<String>,
    end: Option<String>,
    disabled: bool,
    max_age: Option<Duration>,
    max_attempts: Option<u32>,
    dead_letter_queue: Option<String>,
    input: Option<Expr>,
}

impl Schedule {
    #[track_caller]
    fn new(word: &str, text: &str) -> Self {
        let wrapped = text.starts_with(&format!("{word}("));
        Self {
            at: Location::caller(),
            expression: if wrapped { text.to_owned() } else { format!("{word}({text})") },
            timezone: "UTC".to_owned(),
            name: None,
            description: None,
            window: None,
            start: None,
            end: None,
            disabled: false,
            max_age: None,
            max_attempts: None,
            dead_letter_queue: None,
            input: None,
        }
    }

    /// At certain times: minutes, hours, day of month, month, day of week, year. One of the two day fields is `?`.
    #[track_caller]
    pub fn cron(fields: &str) -> Self {
        Self::new("cron", fields)
    }

    /// Every so often: `10 minutes`, `1 hour`, `7 days`. It counts from the start date, or from its creation.
    #[track_caller]
    pub fn rate(rate: &str) -> Self {
        Self::new("rate", rate)
    }

    /// Once, at `2027-01-01T00:00:00` in the schedule's time zone.
    #[track_caller]
    pub fn at(time: &str) -> Self {
        Self::new("at", time)
    }

    /// The IANA time zone; `UTC` unless said otherwise.
    pub fn timezone(mut self, name: &str) -> Self {
        name.clone_into(&mut self.timezone);
        self
    }

    /// The name, up to 64 letters, digits, `-`, `_` and `.`; that of the workflow unless said otherwise. It is unique
    /// in the app.
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// What it is for, up to 512 characters.
    pub fn description(mut self, text: &str) -> Self {
        self.description = Some(text.to_owned());
        self
    }

    /// Lets it fire anywhere in a window behind its time: 1 to 1,440 whole minutes.
    pub fn flexible_window(mut self, window: Duration) -> Self {
        self.window = Some(window);
        self
    }

    /// It does not fire before: RFC 3339, such as `2026-03-01T00:00:00Z`.
    pub fn start_date(mut self, time: &str) -> Self {
        self.start = Some(time.to_owned());
        self
    }

    /// It does not fire after: RFC 3339.
    pub fn end_date(mut self, time: &str) -> Self {
        self.end = Some(time.to_owned());
        self
    }

    /// Paused.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// How long and how often a start that fails is tried again: 60 seconds to 24 hours, and 0 to 185 times, which
    /// are AWS's own defaults at their upper ends.
    pub fn retry_policy(mut self, max_age: Duration, max_attempts: u32) -> Self {
        self.max_age = Some(max_age);
        self.max_attempts = Some(max_attempts);
        self
    }

    /// Where starts that failed for good are told: the name or the ARN of an SQS queue that is no FIFO queue.
    pub fn dead_letter_queue(mut self, queue: &str) -> Self {
        self.dead_letter_queue = Some(crate::service::arn("sqs", "", queue));
        self
    }

    /// The input of the executions; `{}` unless said otherwise. It is known when the workflow is compiled, but for
    /// [`scheduled_time`], [`execution_id`] and [`attempt_number`], which EventBridge Scheduler fills in.
    pub fn input(mut self, input: impl Typed) -> Self {
        self.input = Some(input.typed().expr());
        self
    }

    /// Whether it can add a field to the input.
    pub(crate) fn has_object_input(&self) -> bool {
        match self.input.as_ref().map(Expr::kind) {
            None | Some(Kind::Object(_) | Kind::Literal(Json::Object(_))) => true,
            Some(_) => false,
        }
    }

    /// The schedule of a workflow.
    pub(crate) fn spec(
        &self,
        default_name: &str,
        group: &str,
        machine_arn: String,
        role_arn: String,
        needs_envelope: bool,
        diagnostics: &mut Diagnostics,
    ) -> ScheduleSpec {
        let mut check = Check { at: self.at, diagnostics };
        let name = self.name.clone().unwrap_or_else(|| crate::name::shorten(default_name, 64));
        check.name(&name);
        check.expression(&self.expression);
        check.zone(&self.timezone);
        let window = match self.window {
            None => FlexibleTimeWindow::Off,
            Some(window) => FlexibleTimeWindow::Flexible { maximum_window_in_minutes: check.minutes(window) },
        };
        let (start_date, end_date) = (check.date(self.start.as_deref()), check.date(self.end.as_deref()));
        if let (Some(start), Some(end)) = (&start_date, &end_date)
            && start >= end
        {
            check.refuse(
                codes::SCHEDULE_DATES,
                format!("it ends ({end}) before it starts ({start})"),
                "swap the two dates",
            );
        }
        if self.description.as_ref().is_some_and(|text| text.chars().count() > 512) {
            check.refuse(codes::SCHEDULE_TEXT, "a description of more than 512 characters".into(), "shorten it");
        }
        let mut input = self.input.as_ref().map_or_else(|| Json::Object(Map::new()), |input| check.constant(input));
        match input.as_object_mut() {
            // EventBridge Scheduler fills in these two.
            Some(fields) => {
                let tick = json!({ "arn": "<aws.scheduler.schedule-arn>", "time": "<aws.scheduler.scheduled-time>" });
                fields.insert(ENVELOPE.to_owned(), tick);
            }
            None if needs_envelope => check.refuse(
                codes::SCHEDULE_INPUT_NOT_OBJECT,
                "the input of the schedule is no object, so the guard can't tell its ticks apart".to_owned(),
                "write a struct as the input, or `.dedupe(Dedupe::Off)`",
            ),
            None => {}
        }
        let input = input.to_string();
        let retry_policy = check.retry_policy(self.max_age, self.max_attempts);
        ScheduleSpec {
            name,
            group_name: group.to_owned(),
            schedule_expression: self.expression.clone(),
            schedule_expression_timezone: self.timezone.clone(),
            start_date,
            end_date,
            state: if self.disabled { ScheduleState::Disabled } else { ScheduleState::Enabled },
            flexible_time_window: window,
            target: ScheduleTarget {
                arn: machine_arn,
                role_arn,
                input,
                retry_policy,
                dead_letter_config: self.dead_letter_queue.clone().map(|arn| bundle::DeadLetterConfig { arn }),
            },
            description: self.description.clone(),
        }
    }
}

/// The next times after another at which a schedule of a bundle fires; none if it is disabled or at its end.
#[must_use]
pub fn next_runs(spec: &ScheduleSpec, after: Timestamp, count: usize) -> Vec<jiff::ZonedDateTime> {
    let time = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<Timestamp>().ok());
    let (Ok(expression), Some(zone)) =
        (Expression::parse(&spec.schedule_expression), time_zone(&spec.schedule_expression_timezone))
    else {
        return Vec::new();
    };
    if spec.state == ScheduleState::Disabled {
        return Vec::new();
    }
    let (start, end) = (time(&spec.start_date), time(&spec.end_date));
    // What fires just at its start counts.
    let begin = start.and_then(|start| start.checked_sub(jiff::SignedDuration::from_secs(1)).ok());
    let after = begin.map_or(after, |begin| after.max(begin));
    let mut found = expression.next(&zone, start, after, count);
    found.retain(|run| end.is_none_or(|end| run.timestamp() <= end));
    found
}

/// When the run was due: the time of its schedule's tick, or, if it was started otherwise, the start of the execution. To be
/// read in a workflow.
///
/// ```
/// use statewright::prelude::*;
///
/// Workflow::new("load", |w, _: Value<()>| {
///     w.set("Day", schedule::time().date());
/// })
/// .timeout(Duration::from_secs(3600))
/// .schedule(Schedule::cron("0 2 * * ? *"));
/// ```
#[must_use]
pub fn time() -> Value<crate::value::Timestamp> {
    let due: Expr = Kind::Context(crate::ir::expr::Context::ScheduledTime).into();
    let start = Kind::Context(crate::ir::expr::Context::ExecutionStart).into();
    Value::of(Expr::call(Op::OrElse, [due.maybe(), start]))
}

/// The time for which the execution was scheduled, in a schedule's input.
#[must_use]
pub fn scheduled_time() -> Value<crate::value::Timestamp> {
    Value::of(Expr::literal("<aws.scheduler.scheduled-time>"))
}

/// The id of the schedule's run, in a schedule's input.
#[must_use]
pub fn execution_id() -> Value<String> {
    "<aws.scheduler.execution-id>".into()
}

/// Which attempt to start the execution it is, in a schedule's input.
#[must_use]
pub fn attempt_number() -> Value<String> {
    "<aws.scheduler.attempt-number>".into()
}

/// Finds what AWS would refuse.
struct Check<'d> {
    at: &'static Location<'static>,
    diagnostics: &'d mut Diagnostics,
}

impl Check<'_> {
    fn refuse(&mut self, code: crate::diag::Code, message: String, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, message, Place::from(self.at)).help(help));
    }

    fn name(&mut self, name: &str) {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
            let message =
                format!("expected 1 to 64 letters, digits, `-`, `_` and `.` as a schedule's name, found `{name}`");
            self.refuse(codes::SCHEDULE_NAME, message, "write `.named(\"nightly\")`, say");
        }
    }

    fn expression(&mut self, text: &str) {
        if let Err(message) = Expression::parse(text) {
            let help = "for example `Schedule::cron(\"0 2 * * ? *\")`, `Schedule::rate(\"10 minutes\")`, `Schedule::at(\"2027-01-01T00:00:00\")`";
            self.refuse(codes::SCHEDULE_EXPRESSION, message, help);
        }
    }

    fn zone(&mut self, name: &str) {
        if time_zone(name).is_none() {
            let like = zones_like(name);
            let help = match like.first() {
                Some(like) => format!("write `.timezone(\"{like}\")`"),
                None => "write an IANA name such as `Europe/Berlin`, or leave it out for UTC".to_owned(),
            };
            self.refuse(
                codes::UNKNOWN_TIME_ZONE,
                format!("expected the name of an IANA time zone, found `{name}`"),
                help,
            );
        }
    }

    fn minutes(&mut self, window: Duration) -> u32 {
        let seconds = window.as_secs();
        let minutes = u32::try_from(seconds / 60).unwrap_or(u32::MAX);
        if !seconds.is_multiple_of(60) || window.subsec_nanos() != 0 || !(1..=1_440).contains(&minutes) {
            let message = format!("expected a window of 1 to 1,440 whole minutes, found {window:?}");
            self.refuse(codes::SCHEDULE_WINDOW, message, "write `.flexible_window(Duration::from_secs(15 * 60))`, say");
        }
        minutes
    }

    /// A date as AWS gives it back: UTC, whole seconds.
    fn date(&mut self, text: Option<&str>) -> Option<String> {
        let text = text?;
        match text.parse::<Timestamp>() {
            Ok(time) => Some(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            Err(_) => {
                let message = format!("expected a time such as `2026-03-01T00:00:00Z`, found `{text}`");
                self.refuse(codes::SCHEDULE_DATES, message, "write RFC 3339, with `Z` or an offset");
                None
            }
        }
    }

    fn retry_policy(&mut self, max_age: Option<Duration>, max_attempts: Option<u32>) -> RetryPolicy {
        let age = max_age.map_or(86_400, |age| u32::try_from(age.as_secs()).unwrap_or(u32::MAX));
        let attempts = max_attempts.unwrap_or(185);
        if !(60..=86_400).contains(&age) || attempts > 185 {
            let message = format!("expected 60 to 86,400 seconds and up to 185 attempts, found {age} and {attempts}");
            self.refuse(codes::SCHEDULE_RETRY, message, "write `.retry_policy(Duration::from_secs(3600), 3)`, say");
        }
        RetryPolicy { maximum_event_age_in_seconds: age, maximum_retry_attempts: attempts }
    }

    /// What an input is, which no execution has computed yet.
    fn constant(&mut self, expr: &Expr) -> Json {
        match expr.kind() {
            Kind::Literal(json) => json.clone(),
            Kind::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), self.constant(value))).collect(),
            Kind::Array(items) => items.iter().map(|item| self.constant(item)).collect(),
            _ => {
                let message =
                    "the input of a schedule is computed at run time, but there is no execution yet".to_owned();
                let help = "write constants, or `schedule::scheduled_time()`, which EventBridge Scheduler fills in";
                self.refuse(codes::SCHEDULE_INPUT, message, help);
                Json::Null
            }
        }
    }
}
