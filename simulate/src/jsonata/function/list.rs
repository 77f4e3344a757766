//! Functions of lists.

use super::{Call, Table, arity};
use crate::jsonata::error::Error;
use crate::jsonata::evaluate::merge_sort;
use crate::jsonata::value::{Array, Value};

pub(super) const FUNCTIONS: Table = &[
    ("count", "<a:n>", |call| Ok(index(call.get(0).items().len()))),
    ("append", "<xx:a>", |call| Ok(call.get(0).clone().append(call.get(1).clone()))),
    ("reverse", "<a:a>", |call| match call.get(0) {
        Value::Undefined => Ok(Value::Undefined),
        list => Ok(Value::list(list.items().iter().rev().cloned().collect())),
    }),
    // Any order will do.
    ("shuffle", "<a:a>", |call| Ok(call.get(0).clone())),
    ("distinct", "<x:x>", distinct),
    ("sort", "<af?:a>", sort),
    ("zip", "<a+>", zip),
    ("map", "<af>", |call| {
        let mut found = Vec::new();
        for (at, item) in call.get(0).items().iter().enumerate() {
            let made = call.each(call.get(1), item.clone(), index(at), call.get(0))?;
            if !made.is_undefined() {
                found.push(made);
            }
        }
        Ok(if call.get(0).is_undefined() { Value::Undefined } else { Value::sequence(found) })
    }),
    ("filter", "<af>", |call| {
        let mut found = Vec::new();
        for (at, item) in call.get(0).items().iter().enumerate() {
            if call.each(call.get(1), item.clone(), index(at), call.get(0))?.to_bool() {
                found.push(item.clone());
            }
        }
        Ok(if call.get(0).is_undefined() { Value::Undefined } else { Value::sequence(found) })
    }),
    ("single", "<af?>", |call| {
        if call.get(0).is_undefined() {
            return Ok(Value::Undefined);
        }
        let mut found = None;
        for (at, item) in call.get(0).items().iter().enumerate() {
            let fits = match call.get(1) {
                Value::Undefined => true,
                function => call.each(function, item.clone(), index(at), call.get(0))?.to_bool(),
            };
            if fits && found.replace(item.clone()).is_some() {
                return Err(Error::of("D3138"));
            }
        }
        found.ok_or_else(|| Error::of("D3139"))
    }),
    ("reduce", "<afj?:j>", reduce),
];

fn index(at: usize) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "lists are shorter than that")]
    Value::Number(at as f64)
}

fn distinct(call: &Call<'_>) -> Result<Value, Error> {
    let Value::Array(array) = call.get(0) else { return Ok(call.get(0).clone()) };
    if array.items.len() < 2 {
        return Ok(call.get(0).clone());
    }
    let mut found: Vec<Value> = Vec::new();
    for item in &array.items {
        if !found.iter().any(|known| known.equals(item)) {
            found.push(item.clone());
        }
    }
    Ok(Array { items: found, sequence: array.sequence, ..Array::default() }.into())
}

fn sort(call: &Call<'_>) -> Result<Value, Error> {
    let Value::Array(array) = call.get(0) else { return Ok(call.get(0).clone()) };
    let function = call.get(1);
    let items = array.items.clone();
    if items.len() < 2 {
        return Ok(Value::list(items));
    }
    if !function.is_undefined() {
        let sorted = merge_sort(items, &mut |a, b| Ok(call.apply(function, vec![a.clone(), b.clone()])?.to_bool()))?;
        return Ok(Value::list(sorted));
    }
    let numbers = items.iter().all(|item| item.as_number().is_some());
    if !numbers && !items.iter().all(|item| item.as_str().is_some()) {
        return Err(Error::of("D3070"));
    }
    let sorted = merge_sort(items, &mut |a, b| {
        Ok(match (a, b) {
            (Value::Number(a), Value::Number(b)) => a > b,
            (Value::String(a), Value::String(b)) => a.encode_utf16().gt(b.encode_utf16()),
            _ => false,
        })
    })?;
    Ok(Value::list(sorted))
}

fn zip(call: &Call<'_>) -> Result<Value, Error> {
    let lists: Vec<&[Value]> = call.arguments.iter().map(Value::items).collect();
    let length = lists.iter().map(|list| list.len()).min().unwrap_or_default();
    let row = |at: usize| Value::list(lists.iter().map(|list| list[at].clone()).collect());
    Ok(Value::list((0..length).map(row).collect()))
}

fn reduce(call: &Call<'_>) -> Result<Value, Error> {
    if call.get(0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let function = call.get(1);
    let takes = arity(function);
    if takes < 2 {
        return Err(Error::of("D3050"));
    }
    let items = call.get(0).items();
    let (mut found, from) = match (call.get(2), items.first()) {
        (Value::Undefined, Some(first)) => (first.clone(), 1),
        (initial, _) => (initial.clone(), 0),
    };
    for (at, item) in items.iter().enumerate().skip(from) {
        let mut arguments = vec![found, item.clone(), index(at), call.get(0).clone()];
        arguments.truncate(takes);
        found = call.apply(function, arguments)?;
    }
    Ok(found)
}
