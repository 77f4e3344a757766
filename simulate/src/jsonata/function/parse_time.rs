//! Reading a point in time by a picture.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::integer::{Case, Style};
use super::time::{DAYS, MONTHS, Marker, Part, millis, parts};
use crate::jsonata::error::Error;
use crate::jsonata::value::Value;

/// What was found of each component.
#[derive(Debug, Default)]
struct Found(Vec<(char, f64)>);

impl Found {
    fn get(&self, component: char) -> Option<f64> {
        self.0.iter().find(|(known, _)| *known == component).map(|(_, value)| *value)
    }
}

/// Reads a text by a picture: no value if it does not fit.
pub(super) fn parse(text: &str, picture: &str, present: f64) -> Result<Value, Error> {
    let parts = parts(picture)?;
    let mut rest = text;
    let mut found = Found::default();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Literal(literal) => {
                let Some(behind) = strip(rest, literal) else { return Ok(Value::Undefined) };
                rest = behind;
            }
            Part::Marker(marker) => {
                let next = parts.get(index + 1);
                let Some((value, behind)) = component(marker, rest, next)? else { return Ok(Value::Undefined) };
                found.0.push((marker.component, value));
                rest = behind;
            }
        }
    }
    if !rest.is_empty() || found.0.is_empty() {
        return Ok(Value::Undefined);
    }
    assemble(&found, present)
}

fn strip<'t>(text: &'t str, literal: &str) -> Option<&'t str> {
    let head = text.get(..literal.len())?;
    head.eq_ignore_ascii_case(literal).then(|| &text[literal.len()..])
}

/// The value of a component at the beginning of a text, and what is behind it.
fn component<'t>(marker: &Marker, text: &'t str, next: Option<&Part>) -> Result<Option<(f64, &'t str)>, Error> {
    if matches!(marker.component, 'Z' | 'z') {
        return Ok(zone(text));
    }
    if marker.names.is_some() {
        return Ok(name(marker, text));
    }
    let Some(picture) = &marker.picture else { return Ok(None) };
    let digits_follow = matches!(next, Some(Part::Marker(next)) if next.picture.as_ref().is_some_and(|p| p.style == Style::Decimal) && !matches!(next.component, 'Z' | 'z'));
    let taken = match picture.style {
        Style::Decimal => {
            let most = match (digits_follow, marker.last_digits) {
                (true, Some(digits)) => digits,
                (true, None) => picture.mandatory.max(1),
                (false, _) => usize::MAX,
            };
            text.chars().take_while(char::is_ascii_digit).take(most).count()
        }
        Style::Words => match next {
            Some(Part::Literal(literal)) => text.find(literal.as_str()).unwrap_or(text.len()),
            _ => text.len(),
        },
        _ => text.chars().take_while(char::is_ascii_alphabetic).count(),
    };
    if taken == 0 {
        return Ok(None);
    }
    let value = picture.parse(&text[..taken])?;
    let mut behind = &text[taken..];
    if picture.ordinal && picture.style == Style::Decimal {
        behind = ["st", "nd", "rd", "th"].iter().find_map(|suffix| behind.strip_prefix(suffix)).unwrap_or(behind);
    }
    let value = if marker.component == 'f' {
        #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "a few digits")]
        let places = taken as i32;
        value * 10_f64.powi(3 - places)
    } else {
        value
    };
    Ok(Some((value, behind)))
}

fn name<'t>(marker: &Marker, text: &'t str) -> Option<(f64, &'t str)> {
    let names: Vec<&str> = match marker.component {
        'M' | 'x' => MONTHS.to_vec(),
        'F' => DAYS.to_vec(),
        'P' => vec!["am", "pm"],
        _ => return None,
    };
    names.iter().enumerate().find_map(|(index, name)| {
        let name: String = name.chars().take(marker.width.unwrap_or(usize::MAX)).collect();
        let behind = match marker.names {
            Some(Case::Title | Case::Upper | Case::Lower) => strip(text, &name)?,
            None => return None,
        };
        let number = f64::from(u32::try_from(index).unwrap_or_default());
        Some((if marker.component == 'P' { number } else { number + 1.0 }, behind))
    })
}

fn zone(text: &str) -> Option<(f64, &str)> {
    let text = text.strip_prefix("GMT").unwrap_or(text);
    if let Some(behind) = text.strip_prefix('Z') {
        return Some((0.0, behind));
    }
    let sign = match text.chars().next()? {
        '+' => 1.0,
        '-' => -1.0,
        _ => return None,
    };
    let digits = |text: &str, most: usize| text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let rest = &text[1..];
    let hours = digits(rest, 2);
    let hour: f64 = rest[..hours].parse().ok()?;
    let behind = &rest[hours..];
    let minutes = behind.strip_prefix(':').unwrap_or(behind);
    let length = digits(minutes, 2);
    if length != 2 {
        return Some((sign * hour * 60.0, behind));
    }
    let minute: f64 = minutes[..2].parse().ok()?;
    Some((sign * (hour * 60.0 + minute), &minutes[2..]))
}

/// A point in time out of its components: larger ones that are missing are those of today, smaller ones the least.
fn assemble(found: &Found, present: f64) -> Result<Value, Error> {
    let has = |component| found.get(component).is_some();
    // A date by its weeks is not supported, and what is between two components must be there.
    if has('X') || has('x') || has('w') || has('W') || (has('F') && !has('D') && !has('M') && !has('Y')) {
        return Err(Error::of("D3136"));
    }
    let chain: &[char] = if has('d') { &['Y', 'd'] } else { &['Y', 'M', 'D'] };
    let hour_field = if has('h') || has('P') { 'h' } else { 'H' };
    if hour_field == 'h' && !has('h') && has('P') {
        return Err(Error::of("D3136"));
    }
    let fields: Vec<char> = chain.iter().copied().chain([hour_field, 'm', 's', 'f']).collect();
    let present_at: Vec<usize> = (0..fields.len()).filter(|at| has(fields[*at])).collect();
    let (Some(first), Some(last)) = (present_at.first(), present_at.last()) else { return Err(Error::of("D3136")) };
    if (*first..=*last).any(|at| !has(fields[at])) {
        return Err(Error::of("D3136"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "the present")]
    let now = Offset::UTC.to_datetime(Timestamp::from_millisecond(present as i64).unwrap_or_default());
    let value = |component: char, of_now: i64, least: i64| match found.get(component) {
        #[expect(clippy::cast_possible_truncation, reason = "a few digits")]
        Some(value) => value as i64,
        None if fields.iter().position(|f| *f == component).is_some_and(|at| at < *first) => of_now,
        None => least,
    };
    let year = value('Y', i64::from(now.year()), 0);
    let hour = match (hour_field, found.get('P')) {
        ('h', half) => value('h', i64::from(now.hour() % 12), 12) % 12 + if half == Some(1.0) { 12 } else { 0 },
        _ => value('H', i64::from(now.hour()), 0),
    };
    let date = if has('d') {
        let first = Date::new(i16::try_from(year).unwrap_or_default(), 1, 1);
        first.and_then(|first| first.checked_add(jiff::Span::new().days(value('d', 1, 1) - 1)))
    } else {
        let small = |number: i64| i8::try_from(number).unwrap_or_default();
        let (month, day) = (value('M', i64::from(now.month()), 1), value('D', i64::from(now.day()), 1));
        Date::new(i16::try_from(year).unwrap_or_default(), small(month), small(day))
    };
    let small = |number: i64| i8::try_from(number).unwrap_or_default();
    let (minute, second) = (value('m', i64::from(now.minute()), 0), value('s', i64::from(now.second()), 0));
    let Ok(date) = date else { return Ok(Value::Undefined) };
    let Ok(local) = DateTime::new(date.year(), date.month(), date.day(), small(hour), small(minute), small(second), 0)
    else {
        return Ok(Value::Undefined);
    };
    #[expect(clippy::cast_possible_truncation, reason = "minutes of an offset")]
    let minutes = found.get('Z').or(found.get('z')).unwrap_or_default() as i32;
    Ok(Value::Number(millis(local, minutes) + found.get('f').unwrap_or_default()))
}
