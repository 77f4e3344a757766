//! The data flow of JSONPath states: payload templates, and where a result is put.
//! <https://states-language.net/spec.html#payload-template>, <https://states-language.net/spec.html#ref-paths>
//!
//! ```
//! use serde_json::{Map, json};
//! use statewright_simulate::jsonata::Moment;
//! use statewright_simulate::payload::Scope;
//!
//! let (input, context) = (json!({ "order": { "id": 7 } }), json!({ "Execution": { "Name": "run-1" } }));
//! let variables = Map::from_iter([("shop".to_owned(), json!("hakata"))]);
//! let scope = Scope { input: &input, context: &context, variables: &variables, moment: Moment::now() };
//! let template = json!({ "id.$": "$.order.id", "run.$": "$$.Execution.Name", "shop.$": "$shop", "kind": "order" });
//! let found = scope.resolve(&template)?;
//! assert_eq!(found, json!({ "id": 7, "run": "run-1", "shop": "hakata", "kind": "order" }));
//! # Ok::<(), statewright_simulate::payload::Error>(())
//! ```

use std::fmt;

use serde_json::{Map, Value as Json};

use crate::intrinsic::{self, Intrinsic};
use crate::jsonata::Moment;
use crate::jsonpath::{self, Path};

/// What paths can read.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// `$`
    pub input: &'a Json,
    /// `$$`
    pub context: &'a Json,
    /// `$name`
    pub variables: &'a Map<String, Json>,
    /// Of what is random.
    pub moment: Moment,
}

/// Why a template can't be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Nothing is at a path; with the field in which it stands, and the message of Step Functions.
    NotFound {
        /// The template's key, such as `id.$`.
        field: String,
        /// The message.
        message: String,
    },
    /// It is neither a path nor a call of an intrinsic function.
    Malformed {
        /// The template's key.
        field: String,
    },
    /// An intrinsic function fails.
    Intrinsic(intrinsic::Error),
    /// A result can't be put at a path, since something else is on the way.
    Conflict {
        /// The path.
        path: String,
        /// What was to be changed.
        input: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { message, .. } => f.write_str(message),
            Self::Malformed { field } => write!(
                f,
                "The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"
            ),
            Self::Intrinsic(error) => write!(f, "{error}"),
            Self::Conflict { path, input } => write!(f, "Unable to apply ReferencePath {path} to input {input}"),
        }
    }
}

impl std::error::Error for Error {}

impl Scope<'_> {
    /// What is at a path in the input, in the context object (`$$`) or in a variable (`$name`).
    ///
    /// # Errors
    ///
    /// If it leads nowhere, or is malformed.
    pub fn read(&self, path: &str) -> Result<Json, jsonpath::Error> {
        let (document, path) = self.split(path);
        Path::parse(&path)?.read(document)
    }

    /// The document that a path is about, and the path in it.
    fn split(&self, path: &str) -> (&Json, String) {
        if let Some(rest) = path.strip_prefix("$$") {
            return (self.context, format!("${rest}"));
        }
        let name = path.strip_prefix('$').unwrap_or_default();
        let length = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
        if length == 0 || name.starts_with(|c: char| c.is_ascii_digit()) {
            return (self.input, path.to_owned());
        }
        (self.variables.get(&name[..length]).unwrap_or(&Json::Null), format!("${}", &name[length..]))
    }

    /// A payload template with its paths and calls replaced by what they give. A path with a choice in it that finds
    /// nothing gives an empty list, and a position behind the end of a list `null`.
    ///
    /// # Errors
    ///
    /// The first field that can't be resolved.
    pub fn resolve(&self, template: &Json) -> Result<Json, Error> {
        match template {
            Json::Object(fields) => {
                let mut found = Map::new();
                for (key, value) in fields {
                    match key.strip_suffix(".$") {
                        Some(name) => found.insert(name.to_owned(), self.field(key, value)?),
                        None => found.insert(key.clone(), self.resolve(value)?),
                    };
                }
                Ok(found.into())
            }
            Json::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            other => Ok(other.clone()),
        }
    }

    fn field(&self, key: &str, value: &Json) -> Result<Json, Error> {
        let malformed = || Error::Malformed { field: key.to_owned() };
        let text = value.as_str().ok_or_else(malformed)?;
        if text.starts_with("States.") {
            let call = Intrinsic::parse(text).map_err(|_| malformed())?;
            return call.evaluate(self.moment, &|path| self.read(path)).map_err(Error::Intrinsic);
        }
        if !text.starts_with('$') {
            return Err(malformed());
        }
        let (document, inner) = self.split(text);
        let path = Path::parse(&inner).map_err(|_| malformed())?;
        match path.read(document) {
            Ok(found) => Ok(found),
            Err(_) if !path.is_definite() => Ok(Json::Array(Vec::new())),
            Err(_) if path.is_behind_a_list(document) => Ok(Json::Null),
            Err(_) => Err(Error::NotFound {
                field: key.to_owned(),
                message: format!(
                    "The JSONPath '{text}' specified for the field '{key}' could not be found in the input '{document}'"
                ),
            }),
        }
    }
}

/// Puts a value at a reference path: objects that are not there are made, a position must be there already.
///
/// ```
/// use serde_json::json;
/// use statewright_simulate::{jsonpath::Path, payload::put};
///
/// let path = Path::parse("$.found.rows")?;
/// assert_eq!(put(json!({ "id": 1 }), &path, json!(7)), Ok(json!({ "id": 1, "found": { "rows": 7 } })));
/// # Ok::<(), statewright_simulate::jsonpath::Error>(())
/// ```
///
/// # Errors
///
/// If something else than an object or a list is on the way.
pub fn put(mut document: Json, path: &Path, value: Json) -> Result<Json, Error> {
    let conflict = Error::Conflict { path: path.to_string(), input: document.to_string() };
    match path.place(&mut document) {
        Some(place) => {
            *place = value;
            Ok(document)
        }
        None => Err(conflict),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resolve(template: &Json) -> Result<Json, String> {
        let (input, context) = (json!({ "list": [1, 2], "a": { "b": null } }), json!({ "State": { "Name": "S" } }));
        let variables = Map::from_iter([("x".to_owned(), json!({ "y": [5] }))]);
        let scope =
            Scope { input: &input, context: &context, variables: &variables, moment: Moment { millis: 0, seed: 1 } };
        scope.resolve(template).map_err(|error| error.to_string())
    }

    #[test]
    fn every_kind_of_path_is_read_at_any_depth() {
        let template =
            json!({ "deep": [{ "name.$": "$$.State.Name" }], "y.$": "$x.y[0]", "all.$": "$", "text": "$.list" });
        let all = json!({ "list": [1, 2], "a": { "b": null } });
        assert_eq!(resolve(&template), Ok(json!({ "deep": [{ "name": "S" }], "y": 5, "all": all, "text": "$.list" })));
        assert_eq!(resolve(&json!({ "n.$": "States.ArrayLength($.list)" })), Ok(json!({ "n": 2 })));
    }

    #[test]
    fn what_is_missing_depends_on_the_path() {
        assert_eq!(resolve(&json!({ "k.$": "$.nope[*].x" })), Ok(json!({ "k": [] })));
        assert_eq!(resolve(&json!({ "k.$": "$.list[9]" })), Ok(json!({ "k": null })));
        let input = r#"{"list":[1,2],"a":{"b":null}}"#;
        let message =
            format!("The JSONPath '$.nope' specified for the field 'k.$' could not be found in the input '{input}'");
        assert_eq!(resolve(&json!({ "k.$": "$.nope" })), Err(message));
        let malformed = "The value for the field 'k.$' must be a valid JSONPath or a valid intrinsic function call";
        for wrong in [json!(1), json!("nope"), json!("$.a.."), json!("States.Nope()")] {
            assert_eq!(resolve(&json!({ "k.$": wrong })), Err(malformed.to_owned()));
        }
    }

    #[test]
    fn a_result_is_put_where_there_is_room() {
        let put = |document: Json, path: &str| {
            Path::parse(path).map(|path| put(document, &path, json!(1)).ok()).ok().flatten()
        };
        assert_eq!(put(json!({}), "$"), Some(json!(1)));
        assert_eq!(put(json!({ "a": 2 }), "$.a"), Some(json!({ "a": 1 })));
        assert_eq!(put(json!({ "a": [0, 0] }), "$.a[1]"), Some(json!({ "a": [0, 1] })));
        assert_eq!(put(json!({ "a": [0] }), "$.a[1]"), None);
        assert_eq!(put(json!("text"), "$.a"), None);
        assert_eq!(put(json!({ "a": 2 }), "$.a.b"), None);
    }
}
