//! Paths whose steps bind variables: `@$name` and `#$name`.

use std::rc::Rc;

use super::{Evaluator, keep_singleton};
use crate::jsonata::error::Error;
use crate::jsonata::frame::Frame;
use crate::jsonata::node::{Kind, Node, Stage};
use crate::jsonata::value::{Array, Object, Value};

/// The field of a tuple that holds the value itself.
const VALUE: &str = "@";

/// The value and the variables of an item.
pub(super) fn context(item: &Value, tuples: bool, frame: &Frame) -> (Value, Frame) {
    let (true, Value::Object(fields)) = (tuples, item) else { return (item.clone(), frame.clone()) };
    let inner = frame.inner();
    for (name, value) in fields.iter().filter(|(name, _)| ***name != *VALUE) {
        inner.bind(name, value.clone());
    }
    (fields.get(VALUE).cloned().unwrap_or(Value::Undefined), inner)
}

/// Puts an item to a group.
pub(super) fn append(group: Value, item: Value, tuples: bool) -> Value {
    if !tuples {
        return group.append(item);
    }
    match group {
        Value::Array(mut array) => {
            Rc::make_mut(&mut array).items.push(item);
            Value::Array(array)
        }
        first => Value::list(vec![first, item]),
    }
}

/// One value and one set of variables for all tuples of a group.
pub(super) fn reduced(group: &Value, frame: &Frame) -> (Value, Frame) {
    let mut all = Object::new();
    for tuple in group.items() {
        let Value::Object(fields) = tuple else { continue };
        for (name, value) in fields.iter() {
            let before = all.swap_remove(name).unwrap_or(Value::Undefined);
            all.insert(name.clone(), before.append(value.clone()));
        }
    }
    context(&Value::Object(Rc::new(all)), true, frame)
}

impl Evaluator {
    pub(super) fn tuple_path(&self, node: &Node, steps: &[Node], input: &Value, frame: &Frame) -> Result<Value, Error> {
        let mut at = input.clone();
        let mut tuples: Option<Value> = None;
        for (index, step) in steps.iter().enumerate() {
            if tuples.is_none() && !step.is_tuple() {
                at = if index == 0 && step.constructed {
                    self.run(step, &at, frame)?
                } else {
                    self.step(step, &at, frame, index + 1 == steps.len())?
                };
                if at.items().is_empty() {
                    return Ok(Value::Undefined);
                }
                continue;
            }
            tuples = Some(self.tuple_step(step, &at, tuples.as_ref(), frame)?);
        }
        let tuples = tuples.unwrap_or(Value::Undefined);
        if let Some(pairs) = &node.group {
            return self.group(pairs, &tuples, frame);
        }
        let values = tuples.items().iter().map(|tuple| context(tuple, true, frame).0).collect();
        let values = Value::sequence(values);
        Ok(if node.keep_singleton { keep_singleton(values) } else { values })
    }

    fn tuple_step(&self, step: &Node, input: &Value, before: Option<&Value>, frame: &Frame) -> Result<Value, Error> {
        let tuples = |items| Value::from(Array { tuples: true, ..Array::sequence(items) });
        let plain = |item: &Value| Value::object([(VALUE, item.clone())]);
        if let Kind::Sort(terms) = &step.kind {
            let sorted = match before {
                Some(before) => self.sort(step, terms, before, frame)?,
                None => {
                    let sorted = self.sort(step, terms, input, frame)?;
                    let mut numbered = Vec::new();
                    for (index, item) in sorted.items().iter().enumerate() {
                        let mut fields = fields_of(&plain(item));
                        bind_index(&mut fields, step.index.as_ref(), index);
                        numbered.push(Value::Object(Rc::new(fields)));
                    }
                    tuples(numbered)
                }
            };
            return self.tuple_stages(step, sorted, frame);
        }
        let first: Vec<Value>;
        let items = match before {
            Some(before) => before.items(),
            None => {
                first = input.items().iter().map(plain).collect();
                &first
            }
        };
        let mut found = Vec::new();
        for item in items {
            let (context, inner) = context(item, true, frame);
            let value = self.run(step, &context, &inner)?;
            let is_tuples = value.as_array().is_some_and(|array| array.tuples);
            for (index, value) in value.items().iter().enumerate() {
                let mut fields = fields_of(item);
                if is_tuples {
                    fields.extend(fields_of(value));
                } else if let Some(name) = &step.focus {
                    fields.insert(name.clone(), value.clone());
                } else {
                    fields.insert(VALUE.into(), value.clone());
                }
                bind_index(&mut fields, step.index.as_ref(), index);
                found.push(Value::Object(Rc::new(fields)));
            }
        }
        self.tuple_stages(step, tuples(found), frame)
    }

    fn tuple_stages(&self, step: &Node, mut tuples: Value, frame: &Frame) -> Result<Value, Error> {
        for stage in &step.stages {
            let items = tuples.items();
            let mut kept = Vec::new();
            match stage {
                Stage::Index(name) => {
                    for (index, item) in items.iter().enumerate() {
                        let mut fields = fields_of(item);
                        bind_index(&mut fields, Some(name), index);
                        kept.push(Value::Object(Rc::new(fields)));
                    }
                }
                Stage::Filter(predicate) => {
                    for (index, item) in items.iter().enumerate() {
                        let (context, inner) = context(item, true, frame);
                        let found = self.run(predicate, &context, &inner)?;
                        if super::selects(&found, index, items.len()) {
                            kept.push(item.clone());
                        }
                    }
                }
            }
            tuples = Array { tuples: true, ..Array::sequence(kept) }.into();
        }
        Ok(tuples)
    }
}

fn fields_of(tuple: &Value) -> Object {
    match tuple {
        Value::Object(fields) => (**fields).clone(),
        _ => Object::new(),
    }
}

fn bind_index(fields: &mut Object, name: Option<&Rc<str>>, index: usize) {
    if let Some(name) = name {
        #[expect(clippy::cast_precision_loss, reason = "lists are shorter than that")]
        fields.insert(name.clone(), Value::Number(index as f64));
    }
}
