//! Functions of numbers.

use super::{Call, Table, text};
use crate::jsonata::error::Error;
use crate::jsonata::value::{Value, number_to_text};

pub(super) const FUNCTIONS: Table = &[
    ("number", "<(nsb)-:n>", number),
    ("abs", "<n-:n>", |call| with_number(call, f64::abs)),
    ("floor", "<n-:n>", |call| with_number(call, f64::floor)),
    ("ceil", "<n-:n>", |call| with_number(call, f64::ceil)),
    ("round", "<n-n?:n>", |call| {
        let places = call.number(1).unwrap_or_default();
        with_number(call, |number| round(number, places))
    }),
    ("sqrt", "<n-:n>", |call| match call.number(0) {
        Some(number) if number < 0.0 => Err(Error::with_value("D3060", &number_to_text(number))),
        _ => with_number(call, f64::sqrt),
    }),
    ("power", "<n-n:n>", |call| {
        let (Some(base), Some(exponent)) = (call.number(0), call.number(1)) else { return Ok(Value::Undefined) };
        let result = base.powf(exponent);
        if result.is_finite() {
            return Ok(result.into());
        }
        let shown = format!("{}, exponent={}", number_to_text(base), number_to_text(exponent));
        Err(Error::with_value("D3061", &shown))
    }),
    ("formatBase", "<n-n?:s>", format_base),
    ("sum", "<a<n>:n>", |call| fold(call, |numbers| Some(numbers.iter().sum()))),
    ("max", "<a<n>:n>", |call| fold(call, |numbers| numbers.iter().copied().reduce(f64::max))),
    ("min", "<a<n>:n>", |call| fold(call, |numbers| numbers.iter().copied().reduce(f64::min))),
    ("average", "<a<n>:n>", |call| {
        #[expect(clippy::cast_precision_loss, reason = "lists are shorter than that")]
        fold(call, |numbers| (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64))
    }),
];

fn with_number(call: &Call<'_>, f: impl FnOnce(f64) -> f64) -> Result<Value, Error> {
    Ok(call.number(0).map_or(Value::Undefined, |number| f(number).into()))
}

fn fold(call: &Call<'_>, f: impl FnOnce(&[f64]) -> Option<f64>) -> Result<Value, Error> {
    if call.get(0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let numbers: Vec<f64> = call.get(0).items().iter().filter_map(Value::as_number).collect();
    Ok(f(&numbers).map_or(Value::Undefined, Value::Number))
}

fn number(call: &Call<'_>) -> Result<Value, Error> {
    let parsed = match call.get(0) {
        Value::Undefined => return Ok(Value::Undefined),
        number @ Value::Number(_) => return Ok(number.clone()),
        Value::Bool(bool) => return Ok(f64::from(u8::from(*bool)).into()),
        Value::String(text) => parse(text),
        _ => None,
    };
    parsed.map(Value::Number).ok_or_else(|| {
        let shown = text::string(call.get(0)).unwrap_or_default();
        Error::with_value("D3030", &format!("\"{shown}\""))
    })
}

/// A number as JSON writes it, or hexadecimal, octal or binary with its prefix.
fn parse(text: &str) -> Option<f64> {
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            #[expect(clippy::cast_precision_loss, reason = "as JavaScript has it")]
            return u64::from_str_radix(digits, radix).ok().map(|number| number as f64);
        }
    }
    // What Rust takes beside these: a sign `+`, a point without digits, infinities.
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b));
    let digits_around = text.strip_prefix('-').unwrap_or(text).starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit())
        && !text.contains(".e")
        && !text.contains(".E");
    let number: f64 = text.parse().ok()?;
    (plain && digits_around && number.is_finite()).then_some(number)
}

/// Half to even, at some decimal place; negative places are before the point.
pub(super) fn round(number: f64, places: f64) -> f64 {
    // The point is moved in the text, so that no binary fraction spoils what is a half.
    let shift = |number: f64, by: f64| -> f64 {
        let text = format!("{number:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: f64 = exponent.parse().unwrap_or_default();
        format!("{mantissa}e{}", exponent + by).parse().unwrap_or(number)
    };
    let moved = shift(number, places.trunc());
    let rounded = moved.round_ties_even();
    let result = shift(rounded, -places.trunc());
    if result == 0.0 { 0.0 } else { result }
}

fn format_base(call: &Call<'_>) -> Result<Value, Error> {
    let Some(number) = call.number(0) else { return Ok(Value::Undefined) };
    let radix = call.number(1).map_or(10.0, |radix| round(radix, 0.0));
    if !(2.0..=36.0).contains(&radix) {
        return Err(Error::with_value("D3100", &number_to_text(radix)));
    }
    let rounded = round(number, 0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and of 2 to 36")]
    let (mut rest, radix) = (rounded.abs() as u64, radix as u64);
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(rest % radix).unwrap_or_default();
        digits.extend(char::from_digit(digit, 36));
        rest /= radix;
        if rest == 0 {
            break;
        }
    }
    if rounded < 0.0 {
        digits.push('-');
    }
    Ok(digits.into_iter().rev().collect::<String>().into())
}
