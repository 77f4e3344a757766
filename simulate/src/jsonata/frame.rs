//! Variables in scope.

use std::cell::RefCell;
use std::rc::Rc;

use super::value::Value;

/// A scope inside another.
#[derive(Clone, Debug)]
pub(super) struct Frame(Rc<Scope>);

#[derive(Debug)]
struct Scope {
    variables: RefCell<Vec<(Rc<str>, Value)>>,
    outer: Option<Frame>,
}

impl Frame {
    pub(super) fn root() -> Self {
        Self(Rc::new(Scope { variables: RefCell::default(), outer: None }))
    }

    pub(super) fn inner(&self) -> Self {
        Self(Rc::new(Scope { variables: RefCell::default(), outer: Some(self.clone()) }))
    }

    pub(super) fn bind(&self, name: &str, value: Value) {
        let mut variables = self.0.variables.borrow_mut();
        match variables.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, old)) => *old = value,
            None => variables.push((name.into(), value)),
        }
    }

    pub(super) fn lookup(&self, name: &str) -> Value {
        let mut at = self;
        loop {
            if let Some((_, value)) = at.0.variables.borrow().iter().find(|(known, _)| **known == *name) {
                return value.clone();
            }
            match &at.0.outer {
                Some(outer) => at = outer,
                None => return Value::Undefined,
            }
        }
    }
}
