//! JSONata 2.0.6, in the dialect of Step Functions.
//! <https://docs.jsonata.org>, <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>
//!
//! ```
//! use serde_json::json;
//! use statewright_simulate::jsonata::Expression;
//!
//! let total = Expression::parse("$sum(lines.(price * count))")?;
//! let order = json!({ "lines": [{ "price": 2, "count": 3 }, { "price": 5, "count": 1 }] });
//! assert_eq!(total.evaluate(Some(&order), [])?, Some(json!(11)));
//! # Ok::<(), statewright_simulate::jsonata::Error>(())
//! ```

use serde_json::Value as Json;

mod error;
mod evaluate;
mod frame;
mod function;
mod node;
mod parse;
mod path;
mod signature;
mod token;
mod value;

pub use error::Error;

use evaluate::Evaluator;
use frame::Frame;
use value::Value;

/// An expression that has been parsed.
#[derive(Debug)]
pub struct Expression {
    root: node::Node,
}

impl Expression {
    /// Parses an expression.
    ///
    /// # Errors
    ///
    /// With the code, the position and the message of the reference implementation.
    pub fn parse(text: &str) -> Result<Self, Error> {
        parse::parse(text).map(|root| Self { root })
    }

    /// Evaluates it: `None` if it has no value. Without an input there is no context, as in Step Functions. `variables`
    /// are read as `$name`.
    ///
    /// # Errors
    ///
    /// With the code and the message of the reference implementation.
    pub fn evaluate<'v>(
        &self,
        input: Option<&Json>,
        variables: impl IntoIterator<Item = (&'v str, &'v Json)>,
    ) -> Result<Option<Json>, Error> {
        let frame = Frame::root();
        for (name, value) in variables {
            frame.bind(name, Value::from_json(value));
        }
        let input = input.map_or(Value::Undefined, Value::from_json).into_outer();
        frame.bind("$", input.clone());
        let found = Evaluator::new().run(&self.root, &input, &frame)?;
        Ok(found.to_json())
    }
}
