//! Payload templates of both query languages, and where a result is put.
//! <https://states-language.net/spec.html#payload-template>, <https://states-language.net/spec.html#ref-paths>
//!
//! ```
//! use serde_json::json;
//! use statewright::asl::QueryLanguage;
//! use statewright_simulate::context::Context;
//! use statewright_simulate::scope::{Payload, Scope, Seeds, Variables};
//! use statewright_simulate::template::Template;
//!
//! let template = json!({ "id.$": "$.order.id", "run.$": "$$.Execution.Name", "shop.$": "$shop", "kind": "order" });
//! let template = Template::compile(&template, QueryLanguage::JsonPath, "Parameters")?;
//!
//! let input = Payload::from(json!({ "order": { "id": 7 } }));
//! let context = Context::of(&json!({ "Execution": { "Name": "run-1" } }));
//! let variables = Variables::default();
//! variables.assign([("shop".to_owned(), json!("hakata").into())]);
//! let scope = Scope {
//!     input: &input,
//!     context: &context,
//!     variables: &variables,
//!     result: None,
//!     error_output: None,
//!     millis: 0,
//!     seeds: &Seeds::new(1),
//! };
//! assert_eq!(template.resolve(&scope)?, json!({ "id": 7, "run": "run-1", "shop": "hakata", "kind": "order" }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::cell::RefCell;
use std::fmt;

use serde_json::{Map, Value as Json};
use statewright::asl::QueryLanguage;

use crate::fault::Fault;
use crate::intrinsic::Intrinsic;
use crate::jsonata::{Expression, Found, Read};
use crate::jsonpath::Path;
use crate::reference::Reference;
use crate::scope::Scope;

/// JSON with paths, calls and expressions in it, which have been parsed.
#[derive(Debug)]
pub enum Template {
    /// Nothing in it is to be evaluated.
    Constant(Json),
    /// An object: its keys without `.$`.
    Object(Vec<(String, Self)>),
    /// A list.
    Array(Vec<Self>),
    /// JSONPath: a path, with the key that it stands at.
    Path(String, Reference),
    /// JSONPath: a call of an intrinsic function.
    Call(Intrinsic),
    /// JSONata.
    Expression(Jsonata),
}

/// An expression at its place.
#[derive(Debug)]
pub struct Jsonata {
    /// Such as `Output/total`.
    pub(crate) field: String,
    text: String,
    expression: Expression,
    reads: Vec<Read>,
}

/// What can't be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Where in the state, such as `Output/total`.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.message, self.field)
    }
}

impl std::error::Error for Malformed {}

/// The text between `{%` and `%}`.
#[must_use]
pub(crate) fn inside(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
}

impl Jsonata {
    /// Parses what stands in `{% … %}`.
    pub(crate) fn parse(text: &str, field: &str) -> Result<Self, Malformed> {
        let malformed = |message: String| Malformed { field: field.to_owned(), message };
        let inner =
            inside(text).ok_or_else(|| malformed("JSONata string must start with {% and end with %}".to_owned()))?;
        let expression = Expression::parse(inner).map_err(|error| malformed(error.message))?;
        let reads = expression.reads();
        Ok(Self { field: field.to_owned(), text: inner.trim().to_owned(), expression, reads })
    }

    /// What it gives; that it has a value is checked.
    pub(crate) fn resolve(&self, scope: &Scope<'_>) -> Result<Json, Fault> {
        match self.expression.find(scope.moment(), scope.bindings(&self.reads)) {
            Ok(Found::Json(found)) => Ok(found),
            Ok(Found::Nothing) => Err(self.fault("returned nothing (undefined).")),
            Ok(Found::Function) => Err(self.fault("returned an unsupported result type.")),
            Err(error) if error.code.is_empty() => {
                Err(self.fault(&format!("threw an error during evaluation: {}", error.message)))
            }
            Err(error) => Err(self.fault(&format!("threw an error during evaluation. {error}"))),
        }
    }

    fn fault(&self, what: &str) -> Fault {
        let message = format!("The JSONata expression '{}' specified for the field '{}' {what}", self.text, self.field);
        Fault::evaluation(Some(&self.field), message)
    }

    /// That it gave something of another type.
    pub(crate) fn unexpected(&self, expected: &str, found: &Json) -> Fault {
        let what = format!(
            "returned an unexpected result type. Expected '{expected}', but was '{}' for value: {found}",
            type_name(found)
        );
        self.fault(&what)
    }
}

/// The name of a JSON type.
pub(crate) const fn type_name(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

impl Template {
    /// Parses a template that stands in a field of a state.
    ///
    /// # Errors
    ///
    /// The first part that is malformed.
    pub fn compile(json: &Json, language: QueryLanguage, field: &str) -> Result<Self, Malformed> {
        let parts = match (json, language) {
            (Json::String(text), QueryLanguage::Jsonata) if text.starts_with("{%") => {
                return Jsonata::parse(text, field).map(Self::Expression);
            }
            (Json::Object(fields), QueryLanguage::Jsonata) => {
                let part = |(key, value): (&String, &Json)| {
                    Ok((key.clone(), Self::compile(value, language, &format!("{field}/{key}"))?))
                };
                Self::Object(fields.iter().map(part).collect::<Result<_, _>>()?)
            }
            (Json::Object(fields), QueryLanguage::JsonPath) => {
                let part = |(key, value): (&String, &Json)| match key.strip_suffix(".$") {
                    Some(name) => Ok((name.to_owned(), Self::dynamic(key, value, field)?)),
                    None => Ok((key.clone(), Self::compile(value, language, &format!("{field}/{key}"))?)),
                };
                Self::Object(fields.iter().map(part).collect::<Result<_, _>>()?)
            }
            (Json::Array(items), _) => {
                let part = |(at, item)| Self::compile(item, language, &format!("{field}[{at}]"));
                Self::Array(items.iter().enumerate().map(part).collect::<Result<_, _>>()?)
            }
            (other, _) => Self::Constant(other.clone()),
        };
        let constant = match &parts {
            Self::Object(fields) => fields.iter().all(|(_, part)| matches!(part, Self::Constant(_))),
            Self::Array(items) => items.iter().all(|part| matches!(part, Self::Constant(_))),
            _ => true,
        };
        Ok(if constant { Self::Constant(json.clone()) } else { parts })
    }

    /// What the value of a key that ends in `.$` says.
    fn dynamic(key: &str, value: &Json, field: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed {
            field: field.to_owned(),
            message: format!(
                "The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call"
            ),
        };
        Self::text(key, value.as_str().ok_or_else(malformed)?).map_err(|_| malformed())
    }

    /// A path or a call, as they stand in a field such as `ErrorPath`.
    pub(crate) fn text(key: &str, text: &str) -> Result<Self, Malformed> {
        let malformed = |message: String| Malformed { field: key.to_owned(), message };
        if text.starts_with("States.") {
            return Intrinsic::parse(text).map(Self::Call).map_err(|error| malformed(error.to_string()));
        }
        if !text.starts_with('$') {
            return Err(malformed("expected a path or the call of an intrinsic function".to_owned()));
        }
        let path = Reference::parse(text).map_err(|error| malformed(error.to_string()))?;
        Ok(Self::Path(key.to_owned(), path))
    }

    /// The template with its paths, calls and expressions replaced by what they give. A path with a choice in it that
    /// finds nothing gives an empty list, and a position behind the end of a list `null`.
    ///
    /// # Errors
    ///
    /// The first part that has no value.
    pub fn resolve(&self, scope: &Scope<'_>) -> Result<Json, Fault> {
        match self {
            Self::Constant(json) => Ok(json.clone()),
            Self::Object(fields) => {
                let mut found = Map::new();
                for (key, part) in fields {
                    found.insert(key.clone(), part.resolve(scope)?);
                }
                Ok(found.into())
            }
            Self::Array(items) => items.iter().map(|item| item.resolve(scope)).collect(),
            Self::Path(key, path) => match path.read(scope) {
                Ok(found) => Ok(found),
                Err(_) if !path.path().is_definite() => Ok(Json::Array(Vec::new())),
                Err(_) if path.is_behind_a_list(scope) => Ok(Json::Null),
                Err(_) => Err(Fault::runtime(format!(
                    "The JSONPath '{path}' specified for the field '{key}' could not be found in the input '{}'",
                    **scope.input
                ))),
            },
            Self::Call(call) => {
                let missing = RefCell::new(None);
                let read =
                    |at: &Reference| at.read(scope).inspect_err(|_| *missing.borrow_mut() = Some(at.to_string()));
                call.evaluate(scope.moment(), &read).map_err(|error| match missing.take() {
                    Some(path) => Fault::runtime(format!(
                        "The function '{call}' had the following error: The JsonPath argument for the field '{path}' \
                         could not be found in the input '{}'",
                        **scope.input
                    )),
                    None => Fault::intrinsic(format!("The function '{call}' had the following error: {error}")),
                })
            }
            Self::Expression(expression) => expression.resolve(scope),
        }
    }
}

/// Puts a value at a reference path: objects that are not there are made, a position must be there already. `None` if
/// something else than an object or a list is on the way.
///
/// ```
/// use serde_json::json;
/// use statewright_simulate::{jsonpath::Path, template::put};
///
/// let path = Path::parse("$.found.rows")?;
/// assert_eq!(put(json!({ "id": 1 }), &path, json!(7)), Some(json!({ "id": 1, "found": { "rows": 7 } })));
/// assert_eq!(put(json!({ "found": "nothing" }), &path, json!(7)), None);
/// # Ok::<(), statewright_simulate::jsonpath::Error>(())
/// ```
#[must_use]
pub fn put(mut document: Json, path: &Path, value: Json) -> Option<Json> {
    *path.place(&mut document)? = value;
    Some(document)
}
