//! Functions of objects, and of any value.

use std::rc::Rc;

use super::Table;
use crate::jsonata::error::Error;
use crate::jsonata::evaluate::lookup;
use crate::jsonata::value::{Object, Value};

pub(super) const FUNCTIONS: Table = &[
    ("keys", "<x-:a<s>>", |call| {
        let mut names: Vec<Rc<str>> = Vec::new();
        keys(call.get(0), &mut names);
        Ok(Value::sequence(names.into_iter().map(Value::String).collect()))
    }),
    ("lookup", "<x-s:x>", |call| Ok(lookup(call.get(0), call.text(1).unwrap_or_default()))),
    ("spread", "<x-:a<o>>", |call| {
        Ok(match call.get(0) {
            Value::Array(array) => {
                let mut found = Vec::new();
                array.items.iter().for_each(|item| found.extend(spread(item)));
                Value::sequence(found)
            }
            object @ Value::Object(_) => Value::sequence(spread(object)),
            other => other.clone(),
        })
    }),
    ("merge", "<a<o>:o>", |call| {
        if call.get(0).is_undefined() {
            return Ok(Value::Undefined);
        }
        let mut merged = Object::new();
        for item in call.get(0).items() {
            if let Value::Object(fields) = item {
                merged.extend(fields.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
        }
        Ok(Value::Object(Rc::new(merged)))
    }),
    ("sift", "<o-f?:o>", |call| {
        let Value::Object(fields) = call.get(0) else { return Ok(Value::Undefined) };
        let mut kept = Object::new();
        for (key, value) in fields.iter() {
            if call.each(call.get(1), value.clone(), Value::String(key.clone()), call.get(0))?.to_bool() {
                kept.insert(key.clone(), value.clone());
            }
        }
        Ok(if kept.is_empty() { Value::Undefined } else { Value::Object(Rc::new(kept)) })
    }),
    ("each", "<o-f:a>", |call| {
        let Value::Object(fields) = call.get(0) else { return Ok(Value::Undefined) };
        let mut found = Vec::new();
        for (key, value) in fields.iter() {
            let made = call.each(call.get(1), value.clone(), Value::String(key.clone()), call.get(0))?;
            if !made.is_undefined() {
                found.push(made);
            }
        }
        Ok(Value::sequence(found))
    }),
    ("type", "<x:s>", |call| Ok(call.get(0).defined().map_or(Value::Undefined, |value| value.type_name().into()))),
    ("boolean", "<x-:b>", |call| Ok(call.get(0).defined().map_or(Value::Undefined, |value| value.to_bool().into()))),
    ("not", "<x-:b>", |call| Ok(call.get(0).defined().map_or(Value::Undefined, |value| (!value.to_bool()).into()))),
    ("exists", "<x:b>", |call| Ok((!call.get(0).is_undefined()).into())),
    ("clone", "<(oa)-:o>", |call| Ok(call.get(0).clone())),
    ("error", "<s?:x>", |call| Err(raised("D3137", call.text(0).unwrap_or("$error() function evaluated")))),
    ("assert", "<bs?:x>", |call| match call.get(0) {
        Value::Bool(true) => Ok(Value::Undefined),
        _ => Err(raised("D3141", call.text(1).unwrap_or("$assert() statement failed"))),
    }),
];

fn raised(code: &'static str, message: &str) -> Error {
    Error::with_value(code, message)
}

fn keys(value: &Value, names: &mut Vec<Rc<str>>) {
    match value {
        Value::Array(array) => array.items.iter().for_each(|item| keys(item, names)),
        Value::Object(fields) => {
            for name in fields.keys() {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        _ => {}
    }
}

fn spread(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| Value::Object(Rc::new([(key.clone(), value.clone())].into_iter().collect())))
            .collect(),
        other => vec![other.clone()],
    }
}
