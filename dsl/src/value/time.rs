//! Points in time.

use std::borrow::Cow;
use std::time::Duration;

use super::{Arg, Value};
use crate::ir::expr::{Kind, Op};
use crate::shape::Json;

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

macro_rules! units {
    ($($plus:ident, $minus:ident, $since:ident, $unit:literal, $milliseconds:literal;)+) => { $(
        #[doc = concat!("So many ", $unit, " later.")]
        #[must_use]
        pub fn $plus(self, amount: impl Arg<i64>) -> Self {
            self.shift(amount, $milliseconds)
        }

        #[doc = concat!("So many ", $unit, " earlier.")]
        #[must_use]
        pub fn $minus(self, amount: impl Arg<i64>) -> Self {
            self.shift(amount, -$milliseconds)
        }

        #[doc = concat!("How many whole ", $unit, " have passed since another point in time, rounded down.")]
        #[must_use]
        pub fn $since(self, earlier: impl Arg<Timestamp>) -> Value<i64> {
            self.millis_since(earlier).div_floor($milliseconds)
        }
    )+ };
}

/// A part of a point in time, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimePart {
    /// The year.
    Year,
    /// The month, from 1.
    Month,
    /// The day of the month, from 1.
    Day,
    /// The day of the year, from 1.
    DayOfYear,
    /// The day of the week: 1 for Monday, 7 for Sunday.
    Weekday,
    /// The week of the year, from 1, as ISO 8601 counts.
    Week,
    /// The hour, from 0.
    Hour,
    /// The minute, from 0.
    Minute,
    /// The second, from 0.
    Second,
}

impl TimePart {
    const fn picture(self) -> &'static str {
        match self {
            Self::Year => "[Y]",
            Self::Month => "[M]",
            Self::Day => "[D]",
            Self::DayOfYear => "[d]",
            Self::Weekday => "[F0]",
            Self::Week => "[W]",
            Self::Hour => "[H]",
            Self::Minute => "[m]",
            Self::Second => "[s]",
        }
    }
}

macro_rules! parts {
    ($($method:ident = $part:ident, $what:literal;)+) => { $(
        #[doc = concat!("The ", $what, " in UTC.")]
        #[must_use]
        pub fn $method(self) -> Value<i64> {
            self.part(TimePart::$part)
        }
    )+ };
}

macro_rules! starts {
    ($($start:ident, $start_in:ident = $picture:literal, $what:literal;)+) => { $(
        #[doc = concat!("When its ", $what, " began, in UTC.")]
        #[must_use]
        pub fn $start(self) -> Self {
            Value::of(self.format(concat!($picture, ".000Z")).expr())
        }

        #[doc = concat!("When its ", $what, " began, at an offset from UTC.")]
        #[must_use]
        pub fn $start_in(self, offset: impl Into<Offset>) -> Self {
            Value::of(self.format_in(concat!($picture, ".000[Z01:01]"), offset).expr())
        }
    )+ };
}

impl Value<Timestamp> {
    units! {
        plus_seconds, minus_seconds, seconds_since, "seconds", 1_000;
        plus_minutes, minus_minutes, minutes_since, "minutes", 60_000;
        plus_hours, minus_hours, hours_since, "hours", 3_600_000;
        plus_days, minus_days, days_since, "days of 24 hours", 86_400_000;
    }

    /// Later by an amount of time that is known now.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        self.shift(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), 1)
    }

    /// Earlier by an amount of time that is known now.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        self.shift(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), -1)
    }

    fn shift(self, amount: impl Arg<i64>, milliseconds: i64) -> Self {
        let amount = amount.into_value();
        if let Kind::Literal(Json::Number(number)) = amount.expr().kind()
            && let Some(number) = number.as_i64()
        {
            return Self::call(Op::Shift(number.saturating_mul(milliseconds)), [self.expr()]);
        }
        Self::call(Op::ShiftBy, [self.expr(), (amount * milliseconds).expr()])
    }

    /// How many milliseconds have passed since another point in time.
    #[must_use]
    pub fn millis_since(self, earlier: impl Arg<Timestamp>) -> Value<i64> {
        self.millis() - earlier.into_value().millis()
    }

    parts! {
        year = Year, "year";
        month = Month, "month, from 1,";
        day = Day, "day of the month, from 1,";
        weekday = Weekday, "day of the week, 1 for Monday and 7 for Sunday,";
        hour = Hour, "hour, from 0,";
    }

    /// A part of it as a number, in UTC.
    #[must_use]
    pub fn part(self, part: TimePart) -> Value<i64> {
        Value::of(self.format(part.picture()).to_number().expr())
    }

    /// A part of it as a number, at an offset from UTC.
    #[must_use]
    pub fn part_in(self, part: TimePart, offset: impl Into<Offset>) -> Value<i64> {
        Value::of(self.format_in(part.picture(), offset).to_number().expr())
    }

    starts! {
        start_of_hour, start_of_hour_in = "[Y0001]-[M01]-[D01]T[H01]:00:00", "hour";
        start_of_day, start_of_day_in = "[Y0001]-[M01]-[D01]T00:00:00", "day";
        start_of_month, start_of_month_in = "[Y0001]-[M01]-01T00:00:00", "month";
        start_of_year, start_of_year_in = "[Y0001]-01-01T00:00:00", "year";
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
    pub fn format(self, picture: impl Into<Cow<'static, str>>) -> Value<String> {
        Value::call(Op::Format { picture: picture.into(), offset: None }, [self.expr()])
    }

    /// As text at an offset from UTC, by a picture.
    #[must_use]
    pub fn format_in(self, picture: impl Into<Cow<'static, str>>, offset: impl Into<Offset>) -> Value<String> {
        Value::call(Op::Format { picture: picture.into(), offset: Some(offset.into().0) }, [self.expr()])
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn millis(self) -> Value<i64> {
        Value::call(Op::Millis, [self.expr()])
    }

    /// Whether it is before another.
    #[must_use]
    pub fn is_before(self, other: impl Arg<Timestamp>) -> Value<bool> {
        self.lt(other)
    }

    /// Whether it is after another.
    #[must_use]
    pub fn is_after(self, other: impl Arg<Timestamp>) -> Value<bool> {
        self.gt(other)
    }

    /// As text in ISO 8601, as it is in JSON.
    #[must_use]
    pub fn to_text(self) -> Value<String> {
        Value::of(self.expr())
    }

    /// The present, read anew at each evaluation.
    #[must_use]
    pub fn now() -> Self {
        Self::call(Op::Now, [])
    }
}
