//! Calling functions.

use std::rc::Rc;

use super::{CALLS, Evaluator};
use crate::jsonata::error::Error;
use crate::jsonata::frame::Frame;
use crate::jsonata::function::{Function, native};
use crate::jsonata::node::{Kind, Node};
use crate::jsonata::value::Value;

impl Evaluator {
    /// A call as it is written. `first` is what `~>` hands over.
    #[expect(clippy::too_many_arguments, reason = "the parts of a call, and where it is evaluated")]
    pub(super) fn call(
        &self,
        node: &Node,
        procedure: &Node,
        arguments: &[Node],
        first: Option<Value>,
        tail: bool,
        input: &Value,
        frame: &Frame,
    ) -> Result<Value, Error> {
        let function = self.run(procedure, input, frame)?;
        let name = procedure_name(procedure);
        if function.is_undefined() && matches!(procedure.kind, Kind::Path(_)) && known(&name, frame) {
            return Err(Error::new("T1005", node.position, &name, ""));
        }
        let mut evaluated: Vec<Value> = first.into_iter().collect();
        for argument in arguments {
            evaluated.push(self.run(argument, input, frame)?);
        }
        if tail && matches!(&function, Value::Function(function) if matches!(**function, Function::Lambda { .. })) {
            return Ok(Value::Function(Rc::new(Function::Thunk { function, arguments: evaluated })));
        }
        self.apply(&function, evaluated, input).map_err(|error| error.called(&name, node.position))
    }

    /// `left ~> right`
    pub(super) fn chain(
        &self,
        node: &Node,
        left: &Node,
        right: &Node,
        input: &Value,
        frame: &Frame,
    ) -> Result<Value, Error> {
        let first = self.run(left, input, frame)?;
        if let Kind::Call { procedure, arguments, .. } = &right.kind
            && right.predicates.is_empty()
        {
            return self.call(right, procedure, arguments, Some(first), false, input, frame);
        }
        let function = self.run(right, input, frame)?;
        if !function.is_function() {
            return Err(Error::new("T2006", node.position, "", ""));
        }
        if first.is_function() {
            return Ok(Value::Function(Rc::new(Function::Composed(first, function))));
        }
        self.apply(&function, vec![first], input)
    }

    pub(super) fn partial(
        &self,
        node: &Node,
        procedure: &Node,
        arguments: &[Node],
        input: &Value,
        frame: &Frame,
    ) -> Result<Value, Error> {
        let function = self.run(procedure, input, frame)?;
        let name = procedure_name(procedure);
        if !function.is_function() {
            let code = if function.is_undefined() && known(&name, frame) { "T1007" } else { "T1008" };
            return Err(Error::new(code, node.position, &name, ""));
        }
        let mut given = Vec::new();
        for argument in arguments {
            given.push(match argument.kind {
                Kind::Placeholder => None,
                _ => Some(self.run(argument, input, frame)?),
            });
        }
        Ok(Value::Function(Rc::new(Function::Partial { function, arguments: given })))
    }

    /// Calls a function with values. What it ends with calling is called after it, so that it may go on for ever.
    pub(in crate::jsonata) fn apply(
        &self,
        function: &Value,
        arguments: Vec<Value>,
        input: &Value,
    ) -> Result<Value, Error> {
        let depth = self.depth.get();
        if depth >= CALLS {
            return Err(Error::of("U1001"));
        }
        self.depth.set(depth + 1);
        let mut found = self.apply_once(function, arguments, input);
        while let Ok(Value::Function(next)) = &found
            && let Function::Thunk { function, arguments } = &**next
        {
            found = self.apply_once(&function.clone(), arguments.clone(), input);
        }
        self.depth.set(depth);
        found
    }

    fn apply_once(&self, function: &Value, arguments: Vec<Value>, input: &Value) -> Result<Value, Error> {
        let Value::Function(function) = function else { return Err(Error::of("T1006")) };
        match &**function {
            Function::Native(native) => native.call(self, arguments, input),
            Function::Lambda { lambda, frame, input: own } => {
                let arguments = match &lambda.signature {
                    Some(signature) => signature.validate(arguments, input)?,
                    None => arguments,
                };
                let inner = frame.inner();
                let mut arguments = arguments.into_iter();
                for parameter in &lambda.parameters {
                    inner.bind(parameter, arguments.next().unwrap_or(Value::Undefined));
                }
                self.run(&lambda.body, own, &inner)
            }
            Function::Partial { function, arguments: given } => {
                let mut rest = arguments.into_iter();
                let all = given.iter().map(|given| match given {
                    Some(value) => value.clone(),
                    None => rest.next().unwrap_or(Value::Undefined),
                });
                let all: Vec<Value> = all.collect();
                self.apply(function, all, input)
            }
            Function::Composed(first, second) => {
                let between = self.apply(first, arguments, input)?;
                self.apply(second, vec![between], input)
            }
            Function::Regex(pattern) => {
                let text = arguments.first().and_then(Value::as_str).unwrap_or_default();
                Ok(pattern.first_match(text))
            }
            Function::NextMatch { pattern, text, from } => Ok(pattern.match_from(text, *from)),
            Function::Transform { node, frame } => {
                let value = arguments.into_iter().next().unwrap_or(Value::Undefined);
                self.transform(node, &value, frame)
            }
            Function::Thunk { function, arguments } => self.apply(function, arguments.clone(), input),
        }
    }
}

/// The name by which a function is called, for messages.
fn procedure_name(procedure: &Node) -> String {
    match &procedure.kind {
        Kind::Variable(name) => name.to_string(),
        Kind::Path(steps) => match steps.first().map(|step| &step.kind) {
            Some(Kind::Name(name)) => name.to_string(),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

fn known(name: &str, frame: &Frame) -> bool {
    !frame.lookup(name).is_undefined() || native(name).is_some()
}
