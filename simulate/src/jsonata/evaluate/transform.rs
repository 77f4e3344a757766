//! `| pattern | update, delete |`: a copy of a value with changes.

use std::rc::Rc;

use super::Evaluator;
use crate::jsonata::error::Error;
use crate::jsonata::frame::Frame;
use crate::jsonata::function::text;
use crate::jsonata::node::{Kind, Node};
use crate::jsonata::value::{Array, Object, Value};

impl Evaluator {
    pub(super) fn transform(&self, node: &Node, value: &Value, frame: &Frame) -> Result<Value, Error> {
        let Kind::Transform { pattern, update, delete } = &node.kind else { return Ok(Value::Undefined) };
        if value.is_undefined() {
            return Ok(Value::Undefined);
        }
        // A fresh copy of every object, so that what the pattern finds is found again by its place in memory.
        let copy = fresh(value);
        let found = self.run(pattern, &copy.clone().into_outer(), frame)?;
        let mut changes: Vec<(*const Object, Object)> = Vec::new();
        for item in found.items() {
            let Value::Object(fields) = item else { continue };
            let mut changed = (**fields).clone();
            match self.run(update, item, frame)? {
                Value::Undefined => {}
                Value::Object(update) => changed.extend(update.iter().map(|(key, value)| (key.clone(), value.clone()))),
                other => {
                    return Err(Error::new("T2011", update.position, "", &text::string(&other).unwrap_or_default()));
                }
            }
            if let Some(delete) = delete {
                let names = self.run(delete, item, frame)?;
                for name in names.items() {
                    let Value::String(name) = name else {
                        let shown = text::string(&names).unwrap_or_default();
                        return Err(Error::new("T2012", delete.position, "", &shown));
                    };
                    changed.shift_remove(name);
                }
            }
            changes.push((Rc::as_ptr(fields), changed));
        }
        Ok(rebuilt(&copy, &changes))
    }
}

fn fresh(value: &Value) -> Value {
    match value {
        Value::Array(array) => {
            let items = array.items.iter().map(fresh).collect();
            Array { items, ..(**array).clone() }.into()
        }
        Value::Object(fields) => {
            Value::Object(Rc::new(fields.iter().map(|(key, value)| (key.clone(), fresh(value))).collect()))
        }
        other => other.clone(),
    }
}

fn rebuilt(value: &Value, changes: &[(*const Object, Object)]) -> Value {
    match value {
        Value::Array(array) => {
            let items = array.items.iter().map(|item| rebuilt(item, changes)).collect();
            Array { items, ..(**array).clone() }.into()
        }
        Value::Object(fields) => {
            let at = Rc::as_ptr(fields);
            let fields = changes.iter().rev().find(|(place, _)| *place == at).map_or(&**fields, |(_, changed)| changed);
            Value::Object(Rc::new(fields.iter().map(|(key, value)| (key.clone(), rebuilt(value, changes))).collect()))
        }
        other => other.clone(),
    }
}
