//! Cron expressions of EventBridge Scheduler: six fields, the last one the year.
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based>

use jiff::civil::{Date, DateTime, Weekday};

/// The minutes, hours and days on which a schedule fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: Vec<i16>,
    hours: Vec<i16>,
    days: Days,
    months: Vec<i16>,
    years: Vec<i16>,
}

/// One of the two day fields is `?`: the other counts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Days {
    OfMonth(Vec<DayOfMonth>),
    OfWeek(Vec<DayOfWeek>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum DayOfMonth {
    Days(Vec<i16>),
    /// `L`: the last day.
    Last,
    /// `L-3`: so many days before the last.
    BeforeLast(i16),
    /// `15W`: the weekday nearest to that day, within the month.
    NearestWeekday(i16),
    /// `LW`: the last weekday.
    LastWeekday,
}

/// Sunday is 1.
#[derive(Clone, Debug, PartialEq, Eq)]
enum DayOfWeek {
    Days(Vec<i16>),
    /// `6L`: the last Friday.
    Last(i16),
    /// `6#3`: the third Friday.
    Nth(i16, i16),
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A field: what it is called, which numbers it holds, and the names for them.
struct Field {
    name: &'static str,
    least: i16,
    most: i16,
    names: &'static [&'static str],
}

const MINUTES: Field = Field { name: "minutes", least: 0, most: 59, names: &[] };
const HOURS: Field = Field { name: "hours", least: 0, most: 23, names: &[] };
const DAYS_OF_MONTH: Field = Field { name: "day-of-month", least: 1, most: 31, names: &[] };
const MONTH: Field = Field { name: "month", least: 1, most: 12, names: &MONTHS };
const DAYS_OF_WEEK: Field = Field { name: "day-of-week", least: 1, most: 7, names: &WEEKDAYS };
const YEARS: Field = Field { name: "year", least: 1970, most: 2199, names: &[] };

impl Cron {
    /// Reads what stands between the brackets of `cron(…)`.
    ///
    /// # Errors
    ///
    /// What was expected, and in which field.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split(' ').collect();
        let [minutes, hours, day_of_month, month, day_of_week, year] = fields[..] else {
            return Err(format!(
                "expected six fields (minutes hours day-of-month month day-of-week year), found {}",
                fields.iter().filter(|field| !field.is_empty()).count()
            ));
        };
        let days = match (day_of_month, day_of_week) {
            ("?", "?") => return Err("both day fields are `?`; write `*` in one of them".to_owned()),
            (_, "?") => Days::OfMonth(items(day_of_month, day_of_month_item)?),
            ("?", _) => Days::OfWeek(items(day_of_week, day_of_week_item)?),
            _ => {
                return Err(format!(
                    "both day fields are set (`{day_of_month}` and `{day_of_week}`); write `?` in one of them"
                ));
            }
        };
        Ok(Self {
            minutes: MINUTES.set(minutes)?,
            hours: HOURS.set(hours)?,
            days,
            months: MONTH.set(month)?,
            years: YEARS.set(year)?,
        })
    }

    /// The first local time after another at which it fires, if there is one.
    #[must_use]
    pub fn next(&self, after: DateTime) -> Option<DateTime> {
        let mut date = after.date();
        loop {
            // Whole years and months that don't fit are skipped, so that the search is short even if nothing is found.
            if date.year() > *self.years.last()? {
                return None;
            }
            if self.years.binary_search(&date.year()).is_err() {
                date = Date::new(date.year() + 1, 1, 1).ok()?;
                continue;
            }
            if self.months.binary_search(&i16::from(date.month())).is_err() {
                date = date.last_of_month().tomorrow().ok()?;
                continue;
            }
            if self.days.contains(date)
                && let Some(found) = self.on(date).find(|time| *time > after)
            {
                return Some(found);
            }
            date = date.tomorrow().ok()?;
        }
    }

    fn on(&self, date: Date) -> impl Iterator<Item = DateTime> + '_ {
        let times = self.hours.iter().flat_map(|hour| self.minutes.iter().map(move |minute| (*hour, *minute)));
        times
            .filter_map(move |(hour, minute)| Some(date.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0)))
    }
}

impl Field {
    /// The sorted numbers of a field without the words that only days know.
    fn set(&self, text: &str) -> Result<Vec<i16>, String> {
        let mut all = Vec::new();
        for item in text.split(',') {
            all.extend(self.item(item)?);
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    /// `*`, `5`, `5-10`, any of them with `/3`.
    fn item(&self, text: &str) -> Result<Vec<i16>, String> {
        let (range, step) = match text.split_once('/') {
            Some((range, step)) => {
                let step = step.parse().ok().filter(|step| (1..=self.most).contains(step));
                (range, Some(step.ok_or_else(|| self.wrong(text))?))
            }
            None => (text, None),
        };
        let (first, last) = match range {
            "*" => (self.least, self.most),
            // A name may stand on either side, and `FRI-MON` goes over the end of the week.
            _ => match range.split_once('-') {
                Some((first, last)) => (self.number(first)?, self.number(last)?),
                None if step.is_some() => (self.number(range)?, self.most),
                None => {
                    let number = self.number(range)?;
                    (number, number)
                }
            },
        };
        let last = if last < first { last + self.most - self.least + 1 } else { last };
        let count = self.most - self.least + 1;
        let step = usize::try_from(step.unwrap_or(1)).unwrap_or(1);
        Ok((first..=last).step_by(step).map(|n| (n - self.least) % count + self.least).collect())
    }

    fn number(&self, text: &str) -> Result<i16, String> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let named = named.and_then(|at| i16::try_from(at).ok()).map(|at| at + self.least);
        let digits = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        named.or(digits).filter(|n| (self.least..=self.most).contains(n)).ok_or_else(|| self.wrong(text))
    }

    fn wrong(&self, found: &str) -> String {
        let Self { name, least, most, names } = self;
        let names = match (names.first(), names.last()) {
            (Some(first), Some(last)) => format!(" or {first}-{last}"),
            _ => String::new(),
        };
        format!("expected {least}-{most}{names} in the field {name}, found `{found}`")
    }
}

fn items<T>(text: &str, item: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    text.split(',').map(item).collect()
}

fn day_of_month_item(text: &str) -> Result<DayOfMonth, String> {
    if text == "L" {
        return Ok(DayOfMonth::Last);
    }
    if text == "LW" {
        return Ok(DayOfMonth::LastWeekday);
    }
    if let Some(before) = text.strip_prefix("L-") {
        return Ok(DayOfMonth::BeforeLast(DAYS_OF_MONTH.number(before)?));
    }
    if let Some(day) = text.strip_suffix('W') {
        return Ok(DayOfMonth::NearestWeekday(DAYS_OF_MONTH.number(day)?));
    }
    DAYS_OF_MONTH.item(text).map(DayOfMonth::Days)
}

fn day_of_week_item(text: &str) -> Result<DayOfWeek, String> {
    if text == "L" {
        return Ok(DayOfWeek::Days(vec![7]));
    }
    if let Some((day, nth)) = text.split_once('#') {
        let nth = nth.parse().ok().filter(|nth| (1..=5).contains(nth));
        let nth = nth.ok_or_else(|| format!("expected 1-5 behind `#` in the field day-of-week, found `{text}`"))?;
        return Ok(DayOfWeek::Nth(DAYS_OF_WEEK.number(day)?, nth));
    }
    if let Some(day) = text.strip_suffix('L') {
        return Ok(DayOfWeek::Last(DAYS_OF_WEEK.number(day)?));
    }
    DAYS_OF_WEEK.item(text).map(DayOfWeek::Days)
}

impl Days {
    fn contains(&self, date: Date) -> bool {
        match self {
            Self::OfMonth(items) => items.iter().any(|item| item.contains(date)),
            Self::OfWeek(items) => items.iter().any(|item| item.contains(date)),
        }
    }
}

fn is_weekday(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

impl DayOfMonth {
    fn contains(&self, date: Date) -> bool {
        let day = i16::from(date.day());
        let last = i16::from(date.days_in_month());
        match self {
            Self::Days(days) => days.contains(&day),
            Self::Last => day == last,
            Self::BeforeLast(before) => day == last - before,
            Self::LastWeekday => Self::nearest_weekday(date, last) == Some(date),
            Self::NearestWeekday(wanted) => *wanted <= last && Self::nearest_weekday(date, *wanted) == Some(date),
        }
    }

    /// The weekday nearest to a day, without leaving the month.
    fn nearest_weekday(in_month: Date, day: i16) -> Option<Date> {
        let wanted = in_month.first_of_month().checked_add(jiff::Span::new().days(i64::from(day) - 1)).ok()?;
        [0, -1, 1, -2, 2].into_iter().find_map(|by| {
            let near = wanted.checked_add(jiff::Span::new().days(by)).ok()?;
            (near.month() == wanted.month() && is_weekday(near)).then_some(near)
        })
    }
}

impl DayOfWeek {
    fn contains(&self, date: Date) -> bool {
        let weekday = i16::from(date.weekday().to_sunday_one_offset());
        let day = i16::from(date.day());
        match self {
            Self::Days(days) => days.contains(&weekday),
            Self::Last(wanted) => weekday == *wanted && day + 7 > i16::from(date.days_in_month()),
            Self::Nth(wanted, nth) => weekday == *wanted && (day - 1) / 7 + 1 == *nth,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(cron: &str, after: &str) -> String {
        let after: DateTime = after.parse().unwrap();
        Cron::parse(cron).unwrap().next(after).map_or("never".into(), |t| t.strftime("%a %F %R").to_string())
    }

    #[test]
    fn the_next_time_is_strictly_later() {
        assert_eq!(next("0 2 * * ? *", "2026-03-01T02:00"), "Mon 2026-03-02 02:00");
        assert_eq!(next("0/15 8-9 * * ? *", "2026-03-01T09:45"), "Mon 2026-03-02 08:00");
        assert_eq!(next("30 18 ? * MON-FRI *", "2026-03-06T18:30"), "Mon 2026-03-09 18:30");
        assert_eq!(next("0 0 1 JAN ? 2030", "2026-03-01T00:00"), "Tue 2030-01-01 00:00");
        assert_eq!(next("0 0 1 1 ? 2020", "2026-03-01T00:00"), "never");
        assert_eq!(next("0 0 31 2 ? *", "2026-03-01T00:00"), "never");
    }

    #[test]
    fn the_words_for_days_are_understood() {
        assert_eq!(next("0 0 L * ? *", "2028-02-01T00:00"), "Tue 2028-02-29 00:00");
        assert_eq!(next("0 0 L-3 * ? *", "2026-03-01T00:00"), "Sat 2026-03-28 00:00");
        assert_eq!(next("0 0 LW * ? *", "2026-05-01T00:00"), "Fri 2026-05-29 00:00");
        // The 15th is a Sunday; the 1st is one too, and may not go back into February.
        assert_eq!(next("0 0 15W * ? *", "2026-03-02T00:00"), "Mon 2026-03-16 00:00");
        assert_eq!(next("0 0 1W * ? *", "2026-02-27T00:00"), "Mon 2026-03-02 00:00");
        assert_eq!(next("0 0 ? * 6L *", "2026-03-01T00:00"), "Fri 2026-03-27 00:00");
        assert_eq!(next("0 0 ? * SAT#3 *", "2026-03-01T00:00"), "Sat 2026-03-21 00:00");
        assert_eq!(next("0 0 ? * FRI-MON *", "2026-03-03T00:00"), "Fri 2026-03-06 00:00");
        assert_eq!(next("0 0 ? * L *", "2026-03-01T00:00"), "Sat 2026-03-07 00:00");
    }

    #[test]
    fn a_mistake_names_its_field() {
        let mistake = |text: &str| Cron::parse(text).unwrap_err();
        assert_eq!(
            mistake("0 2 * * *"),
            "expected six fields (minutes hours day-of-month month day-of-week year), found 5"
        );
        assert_eq!(mistake("0 24 * * ? *"), "expected 0-23 in the field hours, found `24`");
        assert_eq!(mistake("0 0 ? * NOT *"), "expected 1-7 or SUN-SAT in the field day-of-week, found `NOT`");
        assert_eq!(mistake("0 0 * * * *"), "both day fields are set (`*` and `*`); write `?` in one of them");
        assert_eq!(mistake("0 0 ? * MON#6 *"), "expected 1-5 behind `#` in the field day-of-week, found `MON#6`");
        assert!(Cron::parse("0/0 0 ? * MON *").is_err());
    }
}
