//! Points in time, and what the execution knows about itself.

use super::{Arg, Value};
use crate::ir::expr::{Context, Expr, Kind, Op};

/// A point in time: in JSON, ISO 8601 text such as `2026-03-01T17:00:00.000Z`.
#[derive(Clone, Copy, Debug)]
pub struct Timestamp;

/// A fixed offset from UTC, such as `+0900`: JSONata knows no time zones, only offsets.
///
/// ```
/// use statewright::value::Offset;
///
/// assert!(Offset::parse("+0900").is_some());
/// assert!(Offset::parse("Asia/Tokyo").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offset(String);

impl Offset {
    /// Reads `+HHMM` or `-HHMM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['+', '-'])?;
        let valid = digits.len() == 4
            && digits.bytes().all(|b| b.is_ascii_digit())
            && digits[..2].parse::<u32>().is_ok_and(|h| h <= 14)
            && digits[2..].parse::<u32>().is_ok_and(|m| m < 60);
        valid.then(|| Self(text.to_owned()))
    }

    /// Whole hours east of UTC (west, if negative): 9 for Japan.
    #[must_use]
    pub const fn hours(hours: i8) -> HourOffset {
        HourOffset(hours)
    }
}

/// An offset of whole hours; see [`Offset::hours`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourOffset(i8);

impl From<HourOffset> for Offset {
    fn from(HourOffset(hours): HourOffset) -> Self {
        let sign = if hours < 0 { '-' } else { '+' };
        Self(format!("{sign}{:02}00", hours.unsigned_abs()))
    }
}

impl From<&str> for Offset {
    /// A text that is no offset stays as it is; compiling the workflow reports it.
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

const DATE: &str = "[Y0001]-[M01]-[D01]";

macro_rules! shift {
    ($($plus:ident, $minus:ident, $unit:literal, $factor:literal;)+) => { $(
        #[doc = concat!("So many ", $unit, " later.")]
        #[must_use]
        pub fn $plus(self, amount: i64) -> Self {
            self.shift(amount.saturating_mul($factor))
        }

        #[doc = concat!("So many ", $unit, " earlier.")]
        #[must_use]
        pub fn $minus(self, amount: i64) -> Self {
            self.shift(amount.saturating_mul(-$factor))
        }
    )+ };
}

impl Value<Timestamp> {
    shift! {
        plus_seconds, minus_seconds, "seconds", 1_000;
        plus_minutes, minus_minutes, "minutes", 60_000;
        plus_hours, minus_hours, "hours", 3_600_000;
        plus_days, minus_days, "days of 24 hours", 86_400_000;
    }

    fn shift(self, milliseconds: i64) -> Self {
        Self::call(Op::Shift(milliseconds), [self.expr()])
    }

    /// The date in UTC, as `2026-03-01`.
    #[must_use]
    pub fn date(self) -> Value<String> {
        self.format(DATE)
    }

    /// The date at an offset from UTC, as `2026-03-01`.
    #[must_use]
    pub fn date_in(self, offset: impl Into<Offset>) -> Value<String> {
        self.format_in(DATE, offset)
    }

    /// As text in UTC, by a picture of the XPath function `format-dateTime`, such as `[Y0001]/[M01]/[D01]`.
    #[must_use]
    pub fn format(self, picture: &'static str) -> Value<String> {
        Value::call(Op::Format { picture, offset: None }, [self.expr()])
    }

    /// As text at an offset from UTC, by a picture.
    #[must_use]
    pub fn format_in(self, picture: &'static str, offset: impl Into<Offset>) -> Value<String> {
        Value::call(Op::Format { picture, offset: Some(offset.into().0) }, [self.expr()])
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn millis(self) -> Value<i64> {
        Value::call(Op::Millis, [self.expr()])
    }

    /// Whether it is before another.
    #[must_use]
    pub fn is_before(self, other: impl Arg<Timestamp>) -> Value<bool> {
        self.millis().lt(other.into_value().millis())
    }

    /// The present, read anew at each evaluation.
    #[must_use]
    pub fn now() -> Self {
        Self::call(Op::Now, [])
    }
}

fn context<T: crate::Shape>(of: Context) -> Value<T> {
    Value::of(Expr::from(Kind::Context(of)))
}

/// What the execution knows about itself: the context object.
pub mod execution {
    use super::{Context, Expr, Op, Timestamp, Value, context};

    /// Its ARN.
    #[must_use]
    pub fn id() -> Value<String> {
        context(Context::ExecutionId)
    }

    /// Its name.
    #[must_use]
    pub fn name() -> Value<String> {
        context(Context::ExecutionName)
    }

    /// When it started: the same at every read, after a redrive too.
    #[must_use]
    pub fn start() -> Value<Timestamp> {
        context(Context::ExecutionStart)
    }

    /// How often it has been redriven.
    #[must_use]
    pub fn redrive_count() -> Value<i64> {
        // Not every engine has it before the first redrive.
        Value::call(Op::OrElse, [context::<i64>(Context::RedriveCount).expr(), Expr::literal(0)])
    }

    /// The ARN of its state machine.
    #[must_use]
    pub fn state_machine_id() -> Value<String> {
        context(Context::StateMachineId)
    }

    /// The name of its state machine.
    #[must_use]
    pub fn state_machine_name() -> Value<String> {
        context(Context::StateMachineName)
    }

    /// The name of the state that reads it.
    #[must_use]
    pub fn state_name() -> Value<String> {
        context(Context::StateName)
    }

    /// When the state that reads it was entered.
    #[must_use]
    pub fn state_entered() -> Value<Timestamp> {
        context(Context::StateEntered)
    }

    /// How often the state that reads it has been retried.
    #[must_use]
    pub fn retry_count() -> Value<i64> {
        context(Context::RetryCount)
    }
}

/// What an item of a Map knows.
pub mod map {
    use super::{Context, Value, context};

    /// Its place in the list, from 0. Only in the block of an item.
    #[must_use]
    pub fn index() -> Value<i64> {
        context(Context::MapIndex)
    }
}

/// What a task that waits for a callback knows.
pub mod task {
    use super::{Context, Value, context};

    /// The token with which a worker reports the task's end, by `SendTaskSuccess` or `SendTaskFailure`.
    /// Only in the arguments of a step with `wait_for_task_token`.
    #[must_use]
    pub fn token() -> Value<String> {
        context(Context::TaskToken)
    }
}
