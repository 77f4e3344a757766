//! Schedule expressions: `cron(…)`, `rate(…)`, `at(…)`.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ZonedDateTime};

use super::Cron;

/// When a schedule fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// At certain times of certain days.
    Cron(Cron),
    /// Every so many seconds, counted from the start date, or else from its creation.
    Rate {
        /// The time between two.
        seconds: i64,
    },
    /// Once.
    At(DateTime),
}

impl Expression {
    /// Reads an expression as AWS does.
    ///
    /// ```
    /// use statewright::schedule::Expression;
    ///
    /// assert_eq!(Expression::parse("rate(5 minutes)"), Ok(Expression::Rate { seconds: 300 }));
    /// assert!(Expression::parse("rate(1 minutes)").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// What was expected, and what was found.
    pub fn parse(text: &str) -> Result<Self, String> {
        let inside = |word: &str| text.strip_prefix(word)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(cron) = inside("cron") {
            return Cron::parse(cron).map(Self::Cron);
        }
        if let Some(rate) = inside("rate") {
            return rate_seconds(rate).map(|seconds| Self::Rate { seconds });
        }
        if let Some(at) = inside("at") {
            return at_time(at).map(Self::At);
        }
        Err(format!("expected `cron(…)`, `rate(…)` or `at(…)`, found `{text}`"))
    }

    /// The next times after another at which it fires, as EventBridge Scheduler counts them: a local time that a
    /// change to summer time skips is skipped, one that comes twice counts once. A rate counts from `start`, and is
    /// not known without one.
    #[must_use]
    pub fn next(
        &self,
        zone: &TimeZone,
        start: Option<Timestamp>,
        after: Timestamp,
        count: usize,
    ) -> Vec<ZonedDateTime> {
        match self {
            Self::Cron(cron) => {
                let mut local = zone.to_datetime(after);
                let mut found = Vec::new();
                while found.len() < count
                    && let Some(next) = cron.next(local)
                {
                    local = next;
                    found.extend(in_zone(zone, next).filter(|time| time.timestamp() > after));
                }
                found
            }
            Self::At(time) => {
                in_zone(zone, *time).into_iter().filter(|time| time.timestamp() > after).take(count).collect()
            }
            Self::Rate { seconds } => {
                let Some(start) = start else { return Vec::new() };
                let passed = after.as_second() - start.as_second();
                let first = if passed < 0 { 0 } else { passed / seconds + 1 };
                (first..)
                    .map_while(|n| Timestamp::from_second(start.as_second() + n * seconds).ok())
                    .take(count)
                    .map(|time| time.to_zoned_datetime(zone.clone()))
                    .collect()
            }
        }
    }
}

/// The time zone of that IANA name, out of the data that comes with this crate.
#[must_use]
pub fn time_zone(name: &str) -> Option<TimeZone> {
    // AWS wants the name as IANA spells it; the database takes any case.
    TimeZoneDatabase::bundled().get(name).ok().filter(|zone| zone.iana_name() == Some(name))
}

/// The IANA names most like one that does not exist.
#[must_use]
pub fn zones_like(name: &str) -> Vec<String> {
    let city = |name: &str| name.rsplit('/').next().unwrap_or_default().replace([' ', '-'], "_").to_ascii_lowercase();
    let wanted = city(name);
    let all = TimeZoneDatabase::bundled();
    let names = all.available().map(|name| name.to_string());
    names.filter(|found| city(found) == wanted || found.eq_ignore_ascii_case(name)).collect()
}

fn in_zone(zone: &TimeZone, time: DateTime) -> Option<ZonedDateTime> {
    let ambiguous = zone.to_ambiguous_zoned_datetime(time);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => None,
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.earlier().ok(),
    }
}

fn rate_seconds(text: &str) -> Result<i64, String> {
    let wrong = || {
        format!(
            "expected `rate(5 minutes)`, with `minute`, `hour` or `day` and a plural `s` unless it is 1, found `rate({text})`"
        )
    };
    let (number, unit) = text.split_once(' ').ok_or_else(wrong)?;
    let number: i64 =
        number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse().ok()).flatten().ok_or_else(wrong)?;
    let singular = if number == 1 { Some(unit) } else { unit.strip_suffix('s') };
    let seconds = match singular {
        Some("minute") => 60,
        Some("hour") => 3_600,
        Some("day") => 86_400,
        _ => return Err(wrong()),
    };
    number.checked_mul(seconds).filter(|total| *total > 0).ok_or_else(wrong)
}

fn at_time(text: &str) -> Result<DateTime, String> {
    let shape = text.len() == 19 && text.as_bytes()[10] == b'T' && !text.contains(['Z', '+']);
    shape
        .then(|| text.parse().ok())
        .flatten()
        .ok_or_else(|| format!("expected `at(2026-03-01T02:00:00)`, in the schedule's time zone, found `at({text})`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(expression: &str, zone: &str, after: &str) -> Vec<String> {
        let found = Expression::parse(expression).unwrap();
        found
            .next(&time_zone(zone).unwrap(), None, after.parse().unwrap(), 2)
            .iter()
            .map(|time| time.timestamp().to_string())
            .collect()
    }

    #[test]
    fn times_are_of_the_zone() {
        let found = next("cron(0 2 * * ? *)", "Asia/Tokyo", "2026-03-01T00:00:00Z");
        assert_eq!(found, ["2026-03-01T17:00:00Z", "2026-03-02T17:00:00Z"]);
        let found = next("at(2026-03-01T02:00:00)", "Asia/Tokyo", "2026-02-01T00:00:00Z");
        assert_eq!(found, ["2026-02-28T17:00:00Z"]);
    }

    #[test]
    fn a_time_that_does_not_exist_is_skipped_and_one_that_comes_twice_counts_once() {
        let spring = next("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28T12:00:00Z");
        assert_eq!(spring, ["2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z"]);
        let autumn = next("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-24T12:00:00Z");
        assert_eq!(autumn, ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    }

    #[test]
    fn a_rate_counts_from_its_start() {
        let rate = Expression::parse("rate(1 hour)").unwrap();
        let (start, after) = ("2026-03-01T00:20:00Z".parse().unwrap(), "2026-03-01T03:00:00Z".parse().unwrap());
        let found = rate.next(&TimeZone::UTC, Some(start), after, 1);
        assert_eq!(found[0].timestamp().to_string(), "2026-03-01T03:20:00Z");
        assert!(rate.next(&TimeZone::UTC, None, after, 1).is_empty());
    }

    #[test]
    fn zones_are_spelt_as_iana_spells_them() {
        assert!(time_zone("asia/tokyo").is_none());
        assert_eq!(zones_like("asia/tokyo"), ["Asia/Tokyo"]);
        assert_eq!(zones_like("Tokyo"), ["Asia/Tokyo"]);
    }
}
