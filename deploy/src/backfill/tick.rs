//! [`Tick`]: a time at which a schedule would have fired, and the execution that makes up for it.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use statewright::bundle::{ScheduleSpec, ScheduleState};
use statewright::guard::ENVELOPE;
use statewright::name::shorten;
use statewright::schedule::{Expression, next_runs, time_zone};

use crate::error::{Error, Exit, Result};

/// More would take days, and is a slip.
const MOST: usize = 10_000;
/// So many characters a name may have.
const NAME: usize = 80;
/// What of them a schedule's name may take: beside `backfill-`, `-20260101T000000Z` and `-99`.
const SCHEDULE: usize = NAME - 9 - 17 - 3;

/// A time as a user gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A moment.
    At(Timestamp),
    /// A whole day, in the time zone of the schedule.
    Day(Date),
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(time) = text.parse() {
            return Ok(Self::At(time));
        }
        // A local time would be one of the schedule's zone or of this machine's: nobody knows.
        text.parse().ok().filter(|_| text.len() == 10).map(Self::Day).ok_or_else(|| {
            "expected a time such as `2026-01-31T02:00:00Z`, or a day such as `2026-01-31` in the schedule's time zone".to_owned()
        })
    }
}

impl When {
    fn begin(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(time),
            Self::Day(day) => day.to_zoned_datetime(zone.clone()).ok().map(|begin| begin.timestamp()),
        }
    }

    fn end(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(time),
            Self::Day(day) => {
                Self::Day(day.tomorrow().ok()?).begin(zone)?.checked_sub(SignedDuration::from_secs(1)).ok()
            }
        }
    }
}

/// A tick of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The schedule's name.
    pub schedule: String,
    /// Its time.
    pub time: Timestamp,
}

impl Tick {
    /// As EventBridge Scheduler writes its time.
    #[must_use]
    pub fn time(&self) -> String {
        self.time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The name of the execution that makes up for it: always the same, so that it is made up for once. An attempt behind
    /// the first has its number at the end.
    #[must_use]
    pub fn name(&self, attempt: u32) -> String {
        let time = self.time.strftime("%Y%m%dT%H%M%SZ");
        let number = if attempt > 1 { format!("-{attempt}") } else { String::new() };
        format!("backfill-{}-{time}{number}", shorten(&self.schedule, SCHEDULE))
    }

    /// The input that EventBridge Scheduler would have sent, and that says that it did not.
    #[must_use]
    pub fn input(&self, spec: &ScheduleSpec, schedule_arn: &str, execution: &str) -> String {
        let filled = spec
            .target
            .input
            .replace("<aws.scheduler.schedule-arn>", schedule_arn)
            .replace("<aws.scheduler.scheduled-time>", &self.time())
            .replace("<aws.scheduler.execution-id>", execution)
            .replace("<aws.scheduler.attempt-number>", "1");
        let Ok(mut input) = serde_json::from_str::<Json>(&filled) else { return filled };
        if let Some(envelope) = input.get_mut(ENVELOPE).and_then(Json::as_object_mut) {
            // With the schedule's ARN it would be a tick of the schedule's own.
            envelope.remove("arn");
        }
        input.to_string()
    }
}

/// The ticks of a schedule from one time to another, both included, up to now. One that is paused has them, too.
///
/// # Errors
///
/// If they can't be known, or are too many.
pub fn ticks(spec: &ScheduleSpec, from: When, to: When, now: Timestamp) -> Result<Vec<Tick>> {
    let name = &spec.name;
    let wrong = |message: String, help: &str| Error::new(Exit::Usage, message, help);
    let zone = time_zone(&spec.schedule_expression_timezone).unwrap_or(TimeZone::UTC);
    let (Some(begin), Some(end)) = (from.begin(&zone), to.end(&zone)) else {
        return Err(wrong("the times are out of range".to_owned(), "give others"));
    };
    if begin > end {
        return Err(wrong(format!("expected a time behind {begin}, found {end}"), "swap `--from` and `--to`"));
    }
    let is_rate = matches!(Expression::parse(&spec.schedule_expression), Ok(Expression::Rate { .. }));
    if is_rate && spec.start_date.is_none() {
        let message = format!("the rate of `{name}` counts from its creation, so its ticks are not known");
        return Err(wrong(
            message,
            "give the schedule a `.start_date(…)`, or start executions with `statewright start`",
        ));
    }
    let end = end.min(now);
    let spec = ScheduleSpec { state: ScheduleState::Enabled, ..spec.clone() };
    let mut found: Vec<Tick> = Vec::new();
    let Ok(mut after) = begin.checked_sub(SignedDuration::from_secs(1)) else { return Ok(found) };
    loop {
        let runs = next_runs(&spec, after, 100);
        let Some(last) = runs.last() else { return Ok(found) };
        after = last.timestamp();
        let due = runs.iter().map(|run| run.timestamp()).take_while(|time| *time <= end);
        found.extend(due.map(|time| Tick { schedule: name.clone(), time }));
        if found.len() > MOST {
            let message = format!("`{name}` has more than {MOST} ticks between the two times");
            return Err(wrong(message, "give a shorter time, and the next one when that is done"));
        }
        if after > end {
            return Ok(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn spec(expression: &str, zone: &str) -> ScheduleSpec {
        serde_json::from_value(json!({
            "Name": "nightly", "GroupName": "shop", "ScheduleExpression": expression,
            "ScheduleExpressionTimezone": zone, "State": "DISABLED", "FlexibleTimeWindow": { "Mode": "OFF" },
            "Target": { "Arn": "a", "RoleArn": "r", "RetryPolicy": { "MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0 },
                "Input": r#"{"day":"<aws.scheduler.scheduled-time>","_schedule":{"arn":"<aws.scheduler.schedule-arn>","time":"<aws.scheduler.scheduled-time>"}}"# },
        }))
        .unwrap()
    }

    fn times(spec: &ScheduleSpec, from: &str, to: &str) -> Vec<String> {
        let now = "2026-06-01T00:00:00Z".parse().unwrap();
        let found = ticks(spec, from.parse().unwrap(), to.parse().unwrap(), now).unwrap();
        found.iter().map(Tick::time).collect()
    }

    #[test]
    fn the_ticks_are_those_of_the_schedule_even_if_it_is_paused() {
        let tokyo = spec("cron(0 2 * * ? *)", "Asia/Tokyo");
        let both = ["2026-01-01T17:00:00Z", "2026-01-02T17:00:00Z"];
        assert_eq!(times(&tokyo, "2026-01-01T17:00:00Z", "2026-01-02T17:00:00Z"), both);
        assert_eq!(times(&tokyo, "2026-01-02", "2026-01-03"), both);
        // What is still to come is the schedule's.
        assert_eq!(times(&tokyo, "2026-05-31", "2027-01-01"), ["2026-05-30T17:00:00Z", "2026-05-31T17:00:00Z"]);
        assert_eq!(times(&spec("cron(* * * * ? *)", "UTC"), "2026-01-01", "2026-01-01").len(), 1_440);
    }

    #[test]
    fn what_can_not_be_known_is_said() {
        let now = "2026-06-01T00:00:00Z".parse().unwrap();
        let day: When = "2026-01-01".parse().unwrap();
        let rate = ticks(&spec("rate(1 hour)", "UTC"), day, day, now).unwrap_err();
        assert!(rate.message.contains("counts from its creation"));
        let early = ticks(&spec("cron(0 2 * * ? *)", "UTC"), day, "2025-01-01".parse().unwrap(), now).unwrap_err();
        assert!(early.help.contains("swap"));
        let many = ticks(&spec("cron(* * * * ? *)", "UTC"), "2025-01-01".parse().unwrap(), day, now).unwrap_err();
        assert!(many.message.contains("more than 10000"));
        assert!("2026-01-01T02:00".parse::<When>().is_err() && "soon".parse::<When>().is_err());
    }

    #[test]
    fn the_execution_has_the_input_and_a_name_of_the_tick() {
        let tick = Tick { schedule: "nightly".into(), time: "2026-01-01T17:00:00Z".parse().unwrap() };
        assert_eq!(tick.name(1), "backfill-nightly-20260101T170000Z");
        assert_eq!(tick.name(3), "backfill-nightly-20260101T170000Z-3");
        let input: Json = serde_json::from_str(&tick.input(&spec("rate(1 hour)", "UTC"), "arn:s", "e")).unwrap();
        let expected = json!({ "day": "2026-01-01T17:00:00Z",
            "_schedule": { "time": "2026-01-01T17:00:00Z" } });
        assert_eq!(input, expected);

        let long = |last: char| Tick { schedule: "x".repeat(63) + &last.to_string(), ..tick.clone() };
        assert_eq!(long('a').name(99).len(), 80);
        assert_ne!(long('a').name(1), long('b').name(1));
    }
}
