//! Functions: those of the language, and values that can be called.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::OnceLock;

use super::error::Error;
use super::evaluate::Evaluator;
use super::frame::Frame;
use super::node::{Lambda, Node};
use super::signature::Signature;
use super::value::Value;

mod decimal;
mod integer;
mod list;
mod number;
mod object;
mod parse_time;
mod regex;
mod states;
pub(super) mod text;
mod time;
mod url;

pub(super) use regex::Pattern;
pub(crate) use states::digest;

/// Something that can be called.
#[derive(Debug)]
pub(super) enum Function {
    Native(&'static Native),
    Lambda {
        lambda: Rc<Lambda>,
        frame: Frame,
        input: Value,
    },
    Partial {
        function: Value,
        arguments: Vec<Option<Value>>,
    },
    Composed(Value, Value),
    Regex(Rc<Pattern>),
    /// Finds the match behind another.
    NextMatch {
        pattern: Rc<Pattern>,
        text: Rc<str>,
        from: usize,
    },
    Transform {
        node: Node,
        frame: Frame,
    },
    /// A call that is made when the function that ends with it is left.
    Thunk {
        function: Value,
        arguments: Vec<Value>,
    },
}

/// How a function of the language sees its call.
pub(super) struct Call<'a> {
    pub evaluator: &'a Evaluator,
    pub input: &'a Value,
    pub arguments: &'a [Value],
}

impl<'a> Call<'a> {
    /// An argument; what was left out is not there.
    pub(super) fn get(&self, at: usize) -> &'a Value {
        self.arguments.get(at).unwrap_or(&Value::Undefined)
    }

    pub(super) fn text(&self, at: usize) -> Option<&'a str> {
        self.get(at).as_str()
    }

    pub(super) fn number(&self, at: usize) -> Option<f64> {
        self.get(at).as_number()
    }

    pub(super) fn apply(&self, function: &Value, arguments: Vec<Value>) -> Result<Value, Error> {
        self.evaluator.apply(function, arguments, self.input)
    }

    /// Calls a function for an item with as much as it takes: the item, its position or key, and the whole.
    pub(super) fn each(&self, function: &Value, item: Value, key: Value, whole: &Value) -> Result<Value, Error> {
        let mut arguments = vec![item, key, whole.clone()];
        arguments.truncate(arity(function).max(1));
        self.apply(function, arguments)
    }
}

type Body = fn(&Call<'_>) -> Result<Value, Error>;

/// A function of the language.
pub(super) struct Native {
    name: &'static str,
    signature: Signature,
    arity: usize,
    body: Body,
}

impl std::fmt::Debug for Native {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "${}", self.name)
    }
}

impl Native {
    pub(super) fn call(&self, evaluator: &Evaluator, arguments: Vec<Value>, input: &Value) -> Result<Value, Error> {
        let named = |error: Error| error.called(self.name, 0);
        let arguments = self.signature.validate(arguments, input).map_err(named)?;
        (self.body)(&Call { evaluator, input, arguments: &arguments }).map_err(named)
    }
}

/// How many arguments a function takes.
pub(super) fn arity(function: &Value) -> usize {
    match function {
        Value::Function(function) => match &**function {
            Function::Native(native) => native.arity,
            Function::Lambda { lambda, .. } => lambda.parameters.len(),
            Function::Partial { arguments, .. } => arguments.iter().filter(|argument| argument.is_none()).count(),
            _ => 1,
        },
        _ => 0,
    }
}

/// The function of the language with that name.
pub(super) fn native(name: &str) -> Option<Function> {
    static ALL: OnceLock<HashMap<&'static str, Native>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let groups = [
            text::FUNCTIONS,
            url::FUNCTIONS,
            number::FUNCTIONS,
            integer::FUNCTIONS,
            decimal::FUNCTIONS,
            time::FUNCTIONS,
            list::FUNCTIONS,
            object::FUNCTIONS,
            states::FUNCTIONS,
        ];
        let functions = groups.into_iter().flatten().filter_map(|(name, signature, body)| {
            let signature = Signature::parse(signature).ok()?;
            // What these take beside their first argument has a default, which JavaScript does not count.
            let arity = if matches!(*name, "string" | "number" | "boolean") { 1 } else { signature.len() };
            Some((*name, Native { name, signature, arity, body: *body }))
        });
        functions.collect()
    });
    all.get(name).map(Function::Native)
}

/// Name, signature, and what it does.
type Table = &'static [(&'static str, &'static str, Body)];
