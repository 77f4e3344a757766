//! Evaluating the tree.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;

use super::Moment;
use super::error::Error;
use super::frame::Frame;
use super::function::{Function, Pattern, native};
use super::node::{Kind, Node, Stage};
use super::random::Random;
use super::value::{Array, Object, Value};

mod apply;
mod operator;
mod order;
mod transform;
mod tuple;

pub(super) use order::merge_sort;

/// So deep may functions call each other, as in Step Functions.
const CALLS: usize = 100;

/// Patterns that have been compiled, by their text and flags.
type Patterns = HashMap<(Rc<str>, Rc<str>), Rc<Pattern>>;

/// Evaluates the nodes of one expression.
#[derive(Debug)]
pub(super) struct Evaluator {
    depth: Cell<usize>,
    patterns: RefCell<Patterns>,
    moment: Moment,
    random: RefCell<Random>,
}

impl Evaluator {
    pub(super) fn new(moment: Moment) -> Self {
        let random = RefCell::new(Random::new(moment.seed));
        Self { depth: Cell::new(0), patterns: RefCell::default(), moment, random }
    }

    /// The present, in milliseconds since 1970.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of these ages are exact")]
    pub(super) const fn millis(&self) -> f64 {
        self.moment.millis as f64
    }

    pub(super) const fn random(&self) -> &RefCell<Random> {
        &self.random
    }

    pub(super) fn run(&self, node: &Node, input: &Value, frame: &Frame) -> Result<Value, Error> {
        let mut found = match &node.kind {
            Kind::Path(steps) => self.path(node, steps, input, frame)?,
            Kind::Name(name) => lookup(input, name),
            Kind::String(text) => Value::String(text.clone()),
            Kind::Number(number) => Value::Number(*number),
            Kind::Bool(bool) => Value::Bool(*bool),
            Kind::Null => Value::Null,
            Kind::Wildcard => wildcard(input),
            Kind::Descendants => descendants(input),
            Kind::Variable(name) => variable(name, input, frame),
            Kind::Regex(pattern, flags) => self.pattern(pattern, flags, node.position)?,
            Kind::Binary(operator, left, right) => self.binary(node, operator, left, right, input, frame)?,
            Kind::Negate(inner) => match self.run(inner, input, frame)? {
                Value::Undefined => Value::Undefined,
                Value::Number(number) => Value::Number(-number),
                other => {
                    let text = super::function::text::string(&other).unwrap_or_default();
                    return Err(Error::new("D1002", node.position, "-", &text));
                }
            },
            Kind::Array(items) => self.array(node, items, input, frame)?,
            Kind::Object(pairs) => self.group(pairs, input, frame)?,
            Kind::Block(items) => {
                let inner = frame.inner();
                let mut last = Value::Undefined;
                for item in items {
                    last = self.run(item, input, &inner)?;
                }
                last
            }
            Kind::Bind(name, value) => {
                let value = self.run(value, input, frame)?;
                frame.bind(name, value.clone());
                value
            }
            Kind::Condition(condition, then, otherwise) => {
                if self.run(condition, input, frame)?.to_bool() {
                    self.run(then, input, frame)?
                } else {
                    match otherwise {
                        Some(otherwise) => self.run(otherwise, input, frame)?,
                        None => Value::Undefined,
                    }
                }
            }
            Kind::Call { procedure, arguments, tail } => {
                self.call(node, procedure, arguments, None, *tail, input, frame)?
            }
            Kind::Partial { procedure, arguments } => self.partial(node, procedure, arguments, input, frame)?,
            Kind::Lambda(lambda) => Value::Function(Rc::new(Function::Lambda {
                lambda: lambda.clone(),
                frame: frame.clone(),
                input: input.clone(),
            })),
            Kind::Apply(left, right) => self.chain(node, left, right, input, frame)?,
            Kind::Transform { .. } => {
                Value::Function(Rc::new(Function::Transform { node: node.clone(), frame: frame.clone() }))
            }
            Kind::Sort(terms) => self.sort(node, terms, input, frame)?,
            Kind::Parent
            | Kind::Placeholder
            | Kind::Group(..)
            | Kind::OrderBy(..)
            | Kind::Focus(..)
            | Kind::Index(..) => {
                return Err(Error::new("S0201", node.position, "?", ""));
            }
        };
        for stage in &node.predicates {
            if let Stage::Filter(predicate) = stage {
                found = self.filter(predicate, &found, frame)?;
            }
        }
        if let (Some(pairs), false) = (&node.group, matches!(node.kind, Kind::Path(_))) {
            found = self.group(pairs, &found, frame)?;
        }
        Ok(collapse(found, node.keep_array))
    }

    /// Whether a list of steps leads somewhere, and what is there.
    fn path(&self, node: &Node, steps: &[Node], input: &Value, frame: &Frame) -> Result<Value, Error> {
        let starts_at_variable = matches!(steps.first().map(|step| &step.kind), Some(Kind::Variable(_)));
        let mut at = match input {
            Value::Array(_) if !starts_at_variable => input.clone(),
            other => Value::sequence(vec![other.clone()]),
        };
        if steps.iter().any(Node::is_tuple) {
            return self.tuple_path(node, steps, &at, frame);
        }
        for (index, step) in steps.iter().enumerate() {
            at = if index == 0 && step.constructed {
                self.run(step, &at, frame)?
            } else {
                self.step(step, &at, frame, index + 1 == steps.len())?
            };
            if at.is_undefined() || at.as_array().is_some_and(|array| array.items.is_empty()) {
                break;
            }
        }
        if node.keep_singleton {
            at = keep_singleton(at);
        }
        if let Some(pairs) = &node.group {
            at = self.group(pairs, &at, frame)?;
        }
        Ok(at)
    }

    fn step(&self, step: &Node, input: &Value, frame: &Frame, last: bool) -> Result<Value, Error> {
        if let Kind::Sort(terms) = &step.kind {
            let sorted = self.sort(step, terms, input, frame)?;
            return self.stages(&step.stages, sorted, frame);
        }
        let mut found = Vec::new();
        for item in input.items() {
            let value = self.run(step, item, frame)?;
            let value = self.stages(&step.stages, value, frame)?;
            if !value.is_undefined() {
                found.push(value);
            }
        }
        if last
            && let [Value::Array(array)] = found.as_slice()
            && !array.sequence
        {
            return Ok(Value::Array(array.clone()));
        }
        let mut flat = Vec::with_capacity(found.len());
        for value in found {
            match value {
                Value::Array(array) if !array.constructed => flat.extend_from_slice(&array.items),
                other => flat.push(other),
            }
        }
        Ok(Value::sequence(flat))
    }

    fn stages(&self, stages: &[Stage], mut value: Value, frame: &Frame) -> Result<Value, Error> {
        for stage in stages {
            if let Stage::Filter(predicate) = stage {
                value = self.filter(predicate, &value, frame)?;
            }
        }
        Ok(value)
    }

    /// The items for which a predicate holds, or that it counts.
    fn filter(&self, predicate: &Node, input: &Value, frame: &Frame) -> Result<Value, Error> {
        let items = input.items();
        if let Kind::Number(number) = predicate.kind {
            return Ok(match position(number, items.len()).map(|at| items[at].clone()) {
                Some(list @ Value::Array(_)) => list,
                Some(item) => Value::sequence(vec![item]),
                None => Value::sequence(Vec::new()),
            });
        }
        let mut kept = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let found = self.run(predicate, item, frame)?;
            if selects(&found, index, items.len()) {
                kept.push(item.clone());
            }
        }
        Ok(Value::sequence(kept))
    }

    fn array(&self, node: &Node, items: &[Node], input: &Value, frame: &Frame) -> Result<Value, Error> {
        let mut found = Vec::new();
        for item in items {
            let value = self.run(item, input, frame)?;
            if matches!(item.kind, Kind::Array(_)) {
                found.push(value);
            } else {
                found.extend_from_slice(value.items());
            }
        }
        Ok(Array { items: found, constructed: node.constructed, ..Array::default() }.into())
    }

    /// An object out of pairs; items with the same key come together.
    fn group(&self, pairs: &[(Node, Node)], input: &Value, frame: &Frame) -> Result<Value, Error> {
        let tuples = input.as_array().is_some_and(|array| array.tuples);
        // Without items, one that is not there: an object that is written out is there in any case.
        let nothing = [Value::Undefined];
        let items = match input.items() {
            [] => &nothing[..],
            items => items,
        };
        let mut groups: IndexMap<Rc<str>, (Value, usize)> = IndexMap::new();
        for item in items {
            let (context, inner) = tuple::context(item, tuples, frame);
            for (index, (key, _)) in pairs.iter().enumerate() {
                let name = match self.run(key, &context, &inner)? {
                    Value::Undefined => continue,
                    Value::String(name) => name,
                    other => {
                        let text = super::function::text::string(&other).unwrap_or_default();
                        return Err(Error::new("T1003", key.position, "", &text));
                    }
                };
                match groups.get_mut(&name) {
                    Some((_, other)) if *other != index => {
                        return Err(Error::new("D1009", key.position, "", &format!("\"{name}\"")));
                    }
                    Some((data, _)) => {
                        let before = std::mem::replace(data, Value::Undefined);
                        *data = tuple::append(before, item.clone(), tuples);
                    }
                    None => {
                        groups.insert(name, (item.clone(), index));
                    }
                }
            }
        }
        let mut object = Object::new();
        for (name, (data, index)) in groups {
            let (context, inner) = if tuples { tuple::reduced(&data, frame) } else { (data, frame.clone()) };
            let value = self.run(&pairs[index].1, &context, &inner)?;
            if !value.is_undefined() {
                object.insert(name, value);
            }
        }
        Ok(Value::Object(Rc::new(object)))
    }

    fn pattern(&self, pattern: &Rc<str>, flags: &Rc<str>, position: usize) -> Result<Value, Error> {
        let key = (pattern.clone(), flags.clone());
        if let Some(known) = self.patterns.borrow().get(&key) {
            return Ok(Value::Function(Rc::new(Function::Regex(known.clone()))));
        }
        let compiled = Rc::new(Pattern::new(pattern, flags).map_err(|error| error.called("", position))?);
        self.patterns.borrow_mut().insert(key, compiled.clone());
        Ok(Value::Function(Rc::new(Function::Regex(compiled))))
    }
}

/// A sequence of none is no value, a sequence of one its item.
fn collapse(value: Value, keep: bool) -> Value {
    let Value::Array(mut array) = value else { return value };
    if !array.sequence || array.tuples {
        return Value::Array(array);
    }
    if keep {
        Rc::make_mut(&mut array).keep_singleton = true;
    }
    match array.items.as_slice() {
        [] => Value::Undefined,
        [one] if !array.keep_singleton => one.clone(),
        _ => Value::Array(array),
    }
}

fn keep_singleton(value: Value) -> Value {
    let mut array = match value {
        Value::Array(array) if array.constructed && !array.sequence => {
            Rc::new(Array::sequence(vec![Value::Array(array)]))
        }
        Value::Array(array) => array,
        Value::Undefined => return Value::Undefined,
        other => Rc::new(Array::sequence(vec![other])),
    };
    Rc::make_mut(&mut array).keep_singleton = true;
    Value::Array(array)
}

/// The position that a number means among so many items, from the end if it is negative.
fn position(number: f64, length: usize) -> Option<usize> {
    let at = number.floor();
    #[expect(clippy::cast_precision_loss, reason = "lists are shorter than that")]
    let at = if at < 0.0 { at + length as f64 } else { at };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and not negative")]
    (at >= 0.0).then_some(at as usize).filter(|at| *at < length)
}

/// Whether what a predicate gave selects the item at that position.
fn selects(found: &Value, index: usize, length: usize) -> bool {
    let numbers = match found {
        Value::Number(number) => vec![*number],
        Value::Array(array) if !array.items.is_empty() => {
            match array.items.iter().map(Value::as_number).collect::<Option<Vec<f64>>>() {
                Some(numbers) => numbers,
                None => return found.to_bool(),
            }
        }
        other => return other.to_bool(),
    };
    numbers.into_iter().any(|number| position(number, length) == Some(index))
}

/// A field of an object, or of each object in a list.
pub(super) fn lookup(input: &Value, name: &str) -> Value {
    match input {
        Value::Object(fields) => fields.get(name).cloned().unwrap_or(Value::Undefined),
        Value::Array(array) => {
            let mut found = Vec::new();
            for item in &array.items {
                found.extend_from_slice(lookup(item, name).items());
            }
            Value::sequence(found)
        }
        _ => Value::Undefined,
    }
}

fn wildcard(input: &Value) -> Value {
    let input = match input {
        Value::Array(array) if array.outer => array.items.first().unwrap_or(&Value::Undefined),
        other => other,
    };
    let mut found = Vec::new();
    let mut add = |value: &Value| flatten(value, &mut found);
    match input {
        Value::Object(fields) => fields.values().for_each(&mut add),
        Value::Array(array) => array.items.iter().for_each(&mut add),
        _ => {}
    }
    Value::sequence(found)
}

fn flatten(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(array) => array.items.iter().for_each(|item| flatten(item, found)),
        other => found.push(other.clone()),
    }
}

fn descendants(input: &Value) -> Value {
    fn collect(value: &Value, found: &mut Vec<Value>) {
        match value {
            Value::Array(array) => array.items.iter().for_each(|item| collect(item, found)),
            other => {
                found.push(other.clone());
                if let Value::Object(fields) = other {
                    fields.values().for_each(|item| collect(item, found));
                }
            }
        }
    }
    if input.is_undefined() {
        return Value::Undefined;
    }
    let mut found = Vec::new();
    collect(input, &mut found);
    Value::sequence(found)
}

fn variable(name: &str, input: &Value, frame: &Frame) -> Value {
    if name.is_empty() {
        return match input {
            Value::Array(array) if array.outer => array.items.first().cloned().unwrap_or(Value::Undefined),
            other => other.clone(),
        };
    }
    match frame.lookup(name) {
        Value::Array(array) if array.outer => array.items.first().cloned().unwrap_or(Value::Undefined),
        Value::Undefined => native(name).map_or(Value::Undefined, |function| Value::Function(Rc::new(function))),
        found => found,
    }
}
