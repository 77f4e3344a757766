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

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value as Json;

mod error;
mod evaluate;
mod frame;
mod function;
mod node;
mod parse;
mod path;
mod random;
mod signature;
mod token;
mod value;

pub use error::Error;
pub(crate) use function::digest;
pub(crate) use random::Random;

use evaluate::Evaluator;
use frame::Frame;
use value::Value;

/// When an expression is evaluated, and what its random numbers come from: the same moment gives the same values.
///
/// ```
/// use statewright_simulate::jsonata::{Expression, Moment};
///
/// let id = Expression::parse("$now() & ' ' & $uuid()")?;
/// let moment = Moment { millis: 1_772_323_200_000, seed: 7 };
/// let found = id.evaluate_at(moment, None, [])?;
/// assert_eq!(found, id.evaluate_at(moment, None, [])?);
/// assert!(found.is_some_and(|text| text.as_str().is_some_and(|text| text.starts_with("2026-03-01T00:00:00.000Z "))));
/// # Ok::<(), statewright_simulate::jsonata::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970: what `$now` and `$millis` give.
    pub millis: i64,
    /// The seed of `$random` and `$uuid`.
    pub seed: i64,
}

impl Moment {
    /// The present, with a seed of its own.
    #[must_use]
    pub fn now() -> Self {
        let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(passed.as_millis()).unwrap_or_default();
        Self { millis, seed: i64::try_from(passed.as_nanos() & 0xFFFF_FFFF_FFFF).unwrap_or_default() }
    }
}

/// A value that expressions read, in the form in which they work with it: what several of them read is put into that form
/// once.
#[derive(Clone, Debug)]
pub struct Bound(Value);

impl Bound {
    /// A JSON value.
    #[must_use]
    pub fn new(json: &Json) -> Self {
        Self(Value::from_json(json))
    }

    /// An object of such values.
    #[must_use]
    pub fn object(fields: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self(Value::object(fields.into_iter().map(|(name, value)| (name, value.0))))
    }
}

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A value.
    Json(Json),
    /// No value: what it asks for is not there.
    Nothing,
    /// A function, which is not JSON.
    Function,
}

/// A variable that an expression reads; with the name that follows, if the variable is read in no other way than
/// `$variable.name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Read {
    /// The name, without `$`.
    pub variable: String,
    /// The field.
    pub field: Option<String>,
}

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
        self.evaluate_at(Moment::now(), input, variables)
    }

    /// Evaluates it at a moment.
    ///
    /// # Errors
    ///
    /// As [`evaluate`](Self::evaluate).
    pub fn evaluate_at<'v>(
        &self,
        moment: Moment,
        input: Option<&Json>,
        variables: impl IntoIterator<Item = (&'v str, &'v Json)>,
    ) -> Result<Option<Json>, Error> {
        let variables = variables.into_iter().map(|(name, value)| (name, Bound::new(value)));
        let input = input.map_or(Value::Undefined, Value::from_json);
        Ok(self.run(moment, input, variables)?.to_json())
    }

    /// Evaluates it without a context.
    ///
    /// # Errors
    ///
    /// As [`evaluate`](Self::evaluate).
    pub fn find<'v>(
        &self,
        moment: Moment,
        variables: impl IntoIterator<Item = (&'v str, Bound)>,
    ) -> Result<Found, Error> {
        let found = self.run(moment, Value::Undefined, variables)?;
        if found.is_function() {
            return Ok(Found::Function);
        }
        Ok(found.to_json().map_or(Found::Nothing, Found::Json))
    }

    fn run<'v>(
        &self,
        moment: Moment,
        input: Value,
        variables: impl IntoIterator<Item = (&'v str, Bound)>,
    ) -> Result<Value, Error> {
        let frame = Frame::root();
        for (name, value) in variables {
            frame.bind(name, value.0);
        }
        let input = input.into_outer();
        frame.bind("$", input.clone());
        Evaluator::new(moment).run(&self.root, &input, &frame)
    }

    /// What it reads, those of its own variables included.
    #[must_use]
    pub fn reads(&self) -> Vec<Read> {
        let mut found = Vec::new();
        self.root.reads(&mut found);
        found
    }
}
