//! Functions of text.

use std::fmt::Write as _;

use super::{Call, Function, Table};
use crate::jsonata::error::Error;
use crate::jsonata::value::{Value, number_to_text};

pub(super) const FUNCTIONS: Table = &[
    ("string", "<x-b?:s>", |call| match call.get(0) {
        Value::Undefined => Ok(Value::Undefined),
        value => match call.get(1) {
            Value::Bool(true) => pretty(value).map(Value::from),
            _ => string(value).map(Value::from),
        },
    }),
    ("length", "<s-:n>", |call| with_text(call, |text| count(text.chars().count()))),
    ("lowercase", "<s-:s>", |call| with_text(call, |text| text.to_lowercase().into())),
    ("uppercase", "<s-:s>", |call| with_text(call, |text| text.to_uppercase().into())),
    ("trim", "<s-:s>", |call| {
        with_text(call, |text| {
            let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
            words.collect::<Vec<_>>().join(" ").into()
        })
    }),
    ("substring", "<s-nn?:s>", substring),
    ("substringBefore", "<s-s:s>", |call| {
        with_text(call, |text| {
            call.text(1).and_then(|mark| text.split_once(mark)).map_or(text, |(before, _)| before).into()
        })
    }),
    ("substringAfter", "<s-s:s>", |call| {
        with_text(call, |text| {
            call.text(1).and_then(|mark| text.split_once(mark)).map_or(text, |(_, after)| after).into()
        })
    }),
    ("pad", "<s-ns?:s>", pad),
    ("contains", "<s-(sf):b>", |call| match (call.text(0), call.get(1)) {
        (None, _) => Ok(Value::Undefined),
        (Some(_), Value::Undefined) => Ok(Value::Undefined),
        (Some(text), Value::String(part)) => Ok(text.contains(&**part).into()),
        (Some(text), function) => Ok((!call.apply(function, vec![text.into()])?.is_undefined()).into()),
    }),
    ("match", "<s-f<s:o>n?:a<o>>", matches),
    ("replace", "<s-(sf)(sf)n?:s>", replace),
    ("split", "<s-(sf)n?:a<s>>", split),
    ("join", "<a<s>s?:s>", |call| match call.get(0) {
        Value::Undefined => Ok(Value::Undefined),
        list => {
            let texts: Vec<&str> = list.items().iter().filter_map(Value::as_str).collect();
            Ok(texts.join(call.text(1).unwrap_or_default()).into())
        }
    }),
];

fn count(number: usize) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "texts and lists are shorter than that")]
    Value::Number(number as f64)
}

fn with_text(call: &Call<'_>, f: impl FnOnce(&str) -> Value) -> Result<Value, Error> {
    Ok(call.text(0).map_or(Value::Undefined, f))
}

/// Any value as text: JSON, but for text itself.
pub(in crate::jsonata) fn string(value: &Value) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text.to_string()),
        Value::Array(array) if array.outer => array.items.first().map_or(Ok(String::new()), string),
        Value::Function(_) => Ok(String::new()),
        Value::Number(number) if !number.is_finite() => Err(Error::of("D3001")),
        other => {
            let mut text = String::new();
            write(other, &mut text, None)?;
            Ok(text)
        }
    }
}

fn pretty(value: &Value) -> Result<String, Error> {
    if let Value::String(_) | Value::Function(_) = value {
        return string(value);
    }
    let mut text = String::new();
    write(value, &mut text, Some(0))?;
    Ok(text)
}

/// JSON as `JSON.stringify` writes it; `indent` is the present one, if it is to be readable.
fn write(value: &Value, out: &mut String, indent: Option<usize>) -> Result<(), Error> {
    match value {
        Value::Undefined | Value::Null => out.push_str("null"),
        Value::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&rounded(*number)?),
        Value::String(text) => out.push_str(&serde_json::Value::from(&**text).to_string()),
        Value::Function(_) => out.push_str("\"\""),
        Value::Array(array) => {
            write_list(out, indent, ['[', ']'], &array.items, write)?;
        }
        Value::Object(fields) => {
            let fields: Vec<_> = fields.iter().filter(|(_, value)| !value.is_undefined()).collect();
            write_list(out, indent, ['{', '}'], &fields, |(key, value), out, indent| {
                let _ = write!(out, "{}:", serde_json::Value::from(&***key));
                if indent.is_some() {
                    out.push(' ');
                }
                write(value, out, indent)
            })?;
        }
    }
    Ok(())
}

fn write_list<T>(
    out: &mut String,
    indent: Option<usize>,
    brackets: [char; 2],
    items: &[T],
    item: impl Fn(&T, &mut String, Option<usize>) -> Result<(), Error>,
) -> Result<(), Error> {
    let inner = indent.map(|indent| indent + 2);
    let line = |out: &mut String, indent: Option<usize>| {
        if let Some(indent) = indent {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
        }
    };
    out.push(brackets[0]);
    for (index, one) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        line(out, inner);
        item(one, out, inner)?;
    }
    if !items.is_empty() {
        line(out, indent);
    }
    out.push(brackets[1]);
    Ok(())
}

/// A number with fifteen digits, which hides what floats can't say.
fn rounded(number: f64) -> Result<String, Error> {
    if !number.is_finite() {
        return Err(Error::with_value("D1001", &number_to_text(number)));
    }
    Ok(number_to_text(format!("{number:.14e}").parse().unwrap_or(number)))
}

fn substring(call: &Call<'_>) -> Result<Value, Error> {
    let (Some(text), Some(start)) = (call.text(0), call.number(1)) else { return Ok(Value::Undefined) };
    let characters: Vec<char> = text.chars().collect();
    let length = characters.len();
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "texts are shorter than that")]
    let clamp = |at: f64| (at.clamp(-(length as f64), length as f64)) as i64;
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let start = clamp(start);
    // A start before the beginning is the beginning.
    let start = if start < 0 { length + start } else { start };
    let end = match call.number(2) {
        Some(count) if count <= 0.0 => return Ok("".into()),
        Some(count) => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "clamped")]
            let end = (start as f64 + count).min(length as f64) as i64;
            end
        }
        None => length,
    };
    let part = start.max(0)..end.max(start);
    let part = usize::try_from(part.start).unwrap_or(0)..usize::try_from(part.end).unwrap_or(0);
    Ok(characters[part].iter().collect::<String>().into())
}

fn pad(call: &Call<'_>) -> Result<Value, Error> {
    let (Some(text), Some(width)) = (call.text(0), call.number(1)) else { return Ok(Value::Undefined) };
    let fill: Vec<char> = match call.text(2) {
        None | Some("") => vec![' '],
        Some(fill) => fill.chars().collect(),
    };
    let length = text.chars().count();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width, limited")]
    let missing = (width.abs().min(1e6) as usize).saturating_sub(length);
    let filling: String = fill.iter().cycle().take(missing).collect();
    Ok(if width > 0.0 { format!("{text}{filling}") } else { format!("{filling}{text}") }.into())
}

/// A limit that may be left out and is not negative.
fn limit(call: &Call<'_>, at: usize, code: &'static str) -> Result<usize, Error> {
    match call.number(at) {
        None => Ok(usize::MAX),
        Some(number) if number < 0.0 => Err(Error::of(code)),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative")]
        Some(number) => Ok(number.floor() as usize),
    }
}

/// One match after another, as a matcher gives them: text, start and end, groups.
fn all_matches(call: &Call<'_>, text: &str, matcher: &Value, most: usize) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    let mut next = call.apply(matcher, vec![text.into()])?;
    while let Value::Object(fields) = &next
        && found.len() < most
    {
        let (Some(start), Some(end)) =
            (fields.get("start").and_then(Value::as_number), fields.get("end").and_then(Value::as_number))
        else {
            return Err(Error::of("T1010"));
        };
        if end <= start && matches!(matcher, Value::Function(f) if matches!(**f, Function::Regex(_))) {
            return Err(Error::of("D1004"));
        }
        let go_on = fields.get("next").cloned().unwrap_or(Value::Undefined);
        found.push(next.clone());
        next = if go_on.is_function() { call.apply(&go_on, Vec::new())? } else { Value::Undefined };
    }
    if !matches!(next, Value::Object(_) | Value::Undefined) {
        return Err(Error::of("T1010"));
    }
    Ok(found)
}

fn field(value: &Value, name: &str) -> Value {
    match value {
        Value::Object(fields) => fields.get(name).cloned().unwrap_or(Value::Undefined),
        _ => Value::Undefined,
    }
}

/// Where a match begins and ends, in characters.
fn span(found: &Value) -> (usize, usize) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positions in a text")]
    let at = |name| field(found, name).as_number().unwrap_or_default() as usize;
    (at("start"), at("end"))
}

fn matches(call: &Call<'_>) -> Result<Value, Error> {
    let Some(text) = call.text(0) else { return Ok(Value::Undefined) };
    let most = limit(call, 2, "D3040")?;
    let found = all_matches(call, text, call.get(1), most)?;
    let found = found.iter().map(|found| {
        let (start, _) = span(found);
        Value::object([("match", field(found, "match")), ("index", count(start)), ("groups", field(found, "groups"))])
    });
    Ok(Value::sequence(found.collect()))
}

fn replace(call: &Call<'_>) -> Result<Value, Error> {
    let Some(text) = call.text(0) else { return Ok(Value::Undefined) };
    let pattern = call.get(1);
    if pattern.as_str() == Some("") {
        return Err(Error::of("D3010"));
    }
    let most = limit(call, 3, "D3011")?;
    let replacement = call.get(2);
    if let Value::String(pattern) = pattern {
        let Value::String(with) = replacement else {
            let found = text.match_indices(&**pattern).take(most);
            let mut out = String::new();
            let mut at = 0;
            for (start, matched) in found {
                out.push_str(&text[at..start]);
                let made = call.apply(replacement, vec![Value::object([("match", matched.into())])])?;
                out.push_str(made.as_str().ok_or_else(|| Error::of("D3012"))?);
                at = start + matched.len();
            }
            out.push_str(&text[at..]);
            return Ok(out.into());
        };
        return Ok(text.replacen(&**pattern, with, most).into());
    }
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    for found in all_matches(call, text, pattern, most)? {
        let (start, end) = span(&found);
        out.extend(&characters[at..start]);
        let made = match replacement {
            Value::String(template) => expand(template, &found),
            function => {
                let made = call.apply(function, vec![found.clone()])?;
                made.as_str().ok_or_else(|| Error::of("D3012"))?.to_owned()
            }
        };
        out.push_str(&made);
        at = end;
    }
    out.extend(&characters[at..]);
    Ok(out.into())
}

/// `$1` is a group, `$0` the match, `$$` a dollar sign. Of digits, as many count as there are groups for.
fn expand(template: &str, found: &Value) -> String {
    let groups = field(found, "groups");
    let groups = groups.items();
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('$') {
            out.push('$');
            rest = behind;
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            out.push('$');
            continue;
        }
        let most = groups.len().to_string().len().min(digits).max(1);
        let number = |length: usize| rest[..length].parse::<usize>().ok();
        let length = (1..=most).rev().find(|length| number(*length).is_some_and(|n| n <= groups.len())).unwrap_or(most);
        match number(length) {
            Some(0) => out.push_str(field(found, "match").as_str().unwrap_or_default()),
            Some(group) => out.push_str(groups.get(group - 1).and_then(Value::as_str).unwrap_or_default()),
            None => {}
        }
        rest = &rest[length..];
    }
    out + rest
}

fn split(call: &Call<'_>) -> Result<Value, Error> {
    let Some(text) = call.text(0) else { return Ok(Value::Undefined) };
    let most = limit(call, 2, "D3020")?;
    let parts: Vec<Value> = match call.get(1) {
        Value::String(separator) if separator.is_empty() => {
            text.chars().take(most).map(|c| c.to_string().into()).collect()
        }
        Value::String(separator) => text.split(&**separator).take(most).map(Value::from).collect(),
        matcher => {
            let characters: Vec<char> = text.chars().collect();
            let part = |range: std::ops::Range<usize>| characters[range].iter().collect::<String>().into();
            let mut parts = Vec::new();
            let mut at = 0;
            for found in all_matches(call, text, matcher, usize::MAX)? {
                let (start, end) = span(&found);
                parts.push(part(at..start));
                at = end;
            }
            parts.push(part(at..characters.len()));
            parts.truncate(most);
            parts
        }
    };
    Ok(Value::list(parts))
}
