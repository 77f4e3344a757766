//! Points in time: `$now`, `$millis`, `$fromMillis`, `$toMillis`.
//! <https://www.w3.org/TR/xpath-functions-31/#rules-for-datetime-formatting>

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::integer::{Case, Picture, Style, cased};
use super::{Call, Table};
use crate::jsonata::error::Error;
use crate::jsonata::value::Value;

pub(super) const FUNCTIONS: Table = &[
    ("now", "<s?s?:s>", |call| {
        let picture = call.text(0).unwrap_or(DEFAULT);
        Ok(format(call.evaluator.millis(), picture, call.text(1))?.into())
    }),
    ("millis", "<:n>", |call| Ok(call.evaluator.millis().into())),
    ("fromMillis", "<n-s?s?:s>", |call| match call.number(0) {
        None => Ok(Value::Undefined),
        Some(millis) => Ok(format(millis, call.text(1).unwrap_or(DEFAULT), call.text(2))?.into()),
    }),
    ("toMillis", "<s-s?:n>", |call: &Call<'_>| match (call.text(0), call.text(1)) {
        (None, _) => Ok(Value::Undefined),
        (Some(text), None) => {
            iso(text).map(Value::Number).ok_or_else(|| Error::with_value("D3110", &format!("\"{text}\"")))
        }
        (Some(text), Some(picture)) => super::parse_time::parse(text, picture, call.evaluator.millis()),
    }),
];

const DEFAULT: &str = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A part of a picture.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Literal(String),
    Marker(Marker),
}

/// Such as `[MNn,3-3]`.
#[derive(Clone, Debug)]
pub(super) struct Marker {
    pub component: char,
    /// As a name, in that case.
    pub names: Option<Case>,
    pub picture: Option<Picture>,
    /// `t`: `Z` in place of `+00:00`.
    pub traditional: bool,
    pub width: Option<usize>,
    /// Of a year: so many of its last digits.
    pub last_digits: Option<usize>,
}

/// Reads a picture.
pub(super) fn parts(picture: &str) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = picture;
    while let Some(c) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix("[[").or_else(|| rest.strip_prefix("]]")) {
            literal.push(c);
            rest = behind;
        } else if c == '[' {
            let end = rest.find(']').ok_or_else(|| Error::of("D3135"))?;
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Marker(marker(&rest[1..end])?));
            rest = &rest[end + 1..];
        } else {
            literal.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok(parts)
}

fn marker(text: &str) -> Result<Marker, Error> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (main, width) = match text.rsplit_once(',') {
        Some((main, width)) => (main, Some(width)),
        None => (text.as_str(), None),
    };
    let component = main.chars().next().unwrap_or_default();
    let default = match component {
        'Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f' => "1",
        'F' | 'P' | 'C' | 'E' => "n",
        'm' | 's' => "01",
        'Z' | 'z' => "01:01",
        _ => return Err(Error::with_value("D3132", &component.to_string())),
    };
    let presentation = Some(&main[component.len_utf8()..]).filter(|text| !text.is_empty()).unwrap_or(default);
    let second = presentation.chars().last().filter(|c| presentation.len() > 1 && "atco".contains(*c));
    let first = second.map_or(presentation, |c| &presentation[..presentation.len() - c.len_utf8()]);
    let names = match first {
        "N" => Some(Case::Upper),
        "n" => Some(Case::Lower),
        "Nn" => Some(Case::Title),
        _ => None,
    };
    let (least, most) = match width.map(|width| width.split_once('-').unwrap_or((width, ""))) {
        Some((least, most)) => (least.parse::<usize>().ok(), most.parse::<usize>().ok()),
        None => (None, None),
    };
    let mut picture = match names {
        Some(_) => None,
        None => Some(Picture::read(&format!("{first}{}", if second == Some('o') { ";o" } else { "" }))?),
    };
    let mut last_digits = None;
    if let Some(picture) = &mut picture {
        if let Some(least) = least {
            picture.mandatory = picture.mandatory.max(least);
        }
        if component == 'Y' {
            let digits = picture.mandatory + picture.optional;
            last_digits = most.or_else(|| (picture.style == Style::Decimal && digits >= 2).then_some(digits));
            if let Some(most) = most {
                picture.mandatory = most;
            }
        }
    }
    if names.is_some() && !"MFxPCE".contains(component) {
        return Err(Error::with_value("D3133", &component.to_string()));
    }
    Ok(Marker { component, names, picture, traditional: second == Some('t'), width: most, last_digits })
}

/// An offset such as `+0530`, in minutes.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let number: i32 = digits.replace(':', "").parse().ok()?;
    Some(sign * (number / 100 * 60 + number % 100))
}

fn format(millis: f64, picture: &str, zone: Option<&str>) -> Result<String, Error> {
    let minutes = zone.and_then(offset).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "out of range is refused")]
    let timestamp = Timestamp::from_millisecond(millis as i64);
    let offset = Offset::from_seconds(minutes * 60);
    let (Ok(timestamp), Ok(offset)) = (timestamp, offset) else {
        return Err(Error::with_value("D3110", &super::integer::shown(millis)));
    };
    let local = offset.to_datetime(timestamp);
    let mut text = String::new();
    for part in parts(picture)? {
        match part {
            Part::Literal(literal) => text.push_str(&literal),
            Part::Marker(marker) => text.push_str(&component(&marker, local, minutes)?),
        }
    }
    Ok(text)
}

fn component(marker: &Marker, local: DateTime, minutes: i32) -> Result<String, Error> {
    if matches!(marker.component, 'Z' | 'z') {
        return zone(marker, minutes);
    }
    let number = number_of(marker.component, local);
    if let Some(case) = marker.names {
        let at = usize::try_from(number).unwrap_or_default();
        let name = match marker.component {
            'M' | 'x' => MONTHS[at.saturating_sub(1).min(11)],
            'F' => DAYS[at.saturating_sub(1).min(6)],
            'P' => {
                if local.hour() < 12 {
                    "am"
                } else {
                    "pm"
                }
            }
            _ => return Ok("ISO".to_owned()),
        };
        let name = cased(name, case);
        return Ok(name.chars().take(marker.width.unwrap_or(usize::MAX)).collect());
    }
    let Some(picture) = &marker.picture else { return Ok(String::new()) };
    let number = match marker.last_digits {
        Some(digits) if digits < 10 => number % 10_i64.pow(u32::try_from(digits).unwrap_or(9)),
        _ => number,
    };
    #[expect(clippy::cast_precision_loss, reason = "small")]
    picture.format(number as f64)
}

fn number_of(component: char, local: DateTime) -> i64 {
    let date = local.date();
    match component {
        'Y' => i64::from(local.year()),
        'M' => i64::from(local.month()),
        'D' => i64::from(local.day()),
        'd' => i64::from(date.day_of_year()),
        'F' => i64::from(date.weekday().to_monday_one_offset()),
        'W' => i64::from(date.iso_week_date().week()),
        'X' => i64::from(date.iso_week_date().year()),
        'w' => week_of_month(date).1,
        'x' => week_of_month(date).0,
        'H' => i64::from(local.hour()),
        'h' => i64::from((local.hour() + 11) % 12 + 1),
        'm' => i64::from(local.minute()),
        's' => i64::from(local.second()),
        'f' => i64::from(local.millisecond()),
        _ => 0,
    }
}

/// The month to which a week belongs, which is that of its Thursday, and which week of it that is.
fn week_of_month(date: Date) -> (i64, i64) {
    let to_thursday = 4 - i64::from(date.weekday().to_monday_one_offset());
    let thursday = date.checked_add(jiff::Span::new().days(to_thursday)).unwrap_or(date);
    (i64::from(thursday.month()), i64::from((thursday.day() - 1) / 7 + 1))
}

fn zone(marker: &Marker, minutes: i32) -> Result<String, Error> {
    let Some(picture) = &marker.picture else { return Ok(String::new()) };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let number = f64::from(hours * 100 + rest);
    let text = match (picture.is_regular(), picture.mandatory) {
        (true, _) | (false, 3 | 4) => picture.format(number)?,
        (false, 1 | 2) => {
            let hours = picture.format(f64::from(hours))?;
            if rest == 0 { hours } else { format!("{hours}:{rest:02}") }
        }
        (false, digits) => return Err(Error::with_value("D3134", &digits.to_string())),
    };
    if minutes == 0 && marker.traditional {
        return Ok("Z".to_owned());
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    let prefix = if marker.component == 'z' { "GMT" } else { "" };
    Ok(format!("{prefix}{sign}{text}"))
}

/// ISO 8601, as far as JSONata takes it; without an offset it is UTC.
fn iso(text: &str) -> Option<f64> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut fields = date.split('-');
    let mut field = |length: usize, default: i16| match fields.next() {
        None => Some(default),
        Some(digits) if digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
        Some(_) => None,
    };
    let (year, month, day) = (field(4, 0)?, field(2, 1)?, field(2, 1)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    if fields.next().is_some() {
        return None;
    }
    let Some(time) = time else {
        return Some(millis(date.at(0, 0, 0, 0), 0));
    };
    let (clock, minutes) = match time.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => match time.find(['+', '-']) {
            Some(at) => (&time[..at], offset(&time[at..]).filter(|_| time[at..].replace(':', "").len() == 5)?),
            None => (time, 0),
        },
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let numbers: Vec<i8> = clock.split(':').map(|n| n.parse().ok().filter(|_| n.len() == 2)).collect::<Option<_>>()?;
    let [hour, minute, second] = numbers[..] else { return None };
    let fraction: f64 = format!("0.{fraction}").parse().ok()?;
    let time = DateTime::new(year, date.month(), date.day(), hour, minute, second, 0).ok()?;
    Some(millis(time, minutes) + (fraction * 1_000.0).floor())
}

/// Milliseconds since 1970 of a local time at an offset.
pub(super) fn millis(local: DateTime, minutes: i32) -> f64 {
    let utc = Offset::UTC.to_timestamp(local).map_or(0, Timestamp::as_millisecond);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of these ages are exact")]
    (utc as f64 - f64::from(minutes) * 60_000.0)
}
