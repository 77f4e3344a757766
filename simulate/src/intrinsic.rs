//! The intrinsic functions of the States language, for JSONPath states.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html>
//!
//! ```
//! use serde_json::json;
//! use statewright_simulate::intrinsic::Intrinsic;
//! use statewright_simulate::jsonata::Moment;
//!
//! let greeting = Intrinsic::parse("States.Format('hello, {}', $.name)")?;
//! let input = json!({ "name": "Ada" });
//! let read = |at: &statewright_simulate::reference::Reference| at.path().read(&input);
//! assert_eq!(greeting.evaluate(Moment::now(), &read)?, json!("hello, Ada"));
//! # Ok::<(), statewright_simulate::intrinsic::Error>(())
//! ```

use std::fmt;

use serde_json::Value as Json;

use crate::jsonata::{Moment, Random};
use crate::jsonpath;
use crate::reference::Reference;

mod function;
mod parse;

/// A call of an intrinsic function that has been parsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Intrinsic {
    /// As it is written.
    text: String,
    name: String,
    arguments: Vec<Argument>,
}

#[derive(Clone, Debug, PartialEq)]
enum Argument {
    Constant(Json),
    Path(Reference),
    Call(Intrinsic),
}

/// Why a call can't be parsed, or fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<jsonpath::Error> for Error {
    fn from(error: jsonpath::Error) -> Self {
        Self(error.to_string())
    }
}

/// Reads what stands at a path.
pub type Read<'r> = dyn Fn(&Reference) -> Result<Json, jsonpath::Error> + 'r;

impl fmt::Display for Intrinsic {
    /// As it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Intrinsic {
    /// Parses a call, with calls among its arguments.
    ///
    /// # Errors
    ///
    /// If it is malformed, or there is no such function, or calls are nested more than ten deep.
    pub fn parse(text: &str) -> Result<Self, Error> {
        parse::parse(text)
    }

    /// Makes the call. `read` gives what stands at the paths among the arguments: in the input, the context object or a
    /// variable.
    ///
    /// # Errors
    ///
    /// What was expected, and what was found.
    pub fn evaluate(&self, moment: Moment, read: &Read<'_>) -> Result<Json, Error> {
        self.call(&mut Random::new(moment.seed), read)
    }

    fn call(&self, random: &mut Random, read: &Read<'_>) -> Result<Json, Error> {
        let mut arguments = Vec::new();
        for argument in &self.arguments {
            arguments.push(match argument {
                Argument::Constant(constant) => constant.clone(),
                Argument::Path(path) => read(path)?,
                Argument::Call(call) => call.call(random, read)?,
            });
        }
        function::call(&self.name, &arguments, random)
    }
}
