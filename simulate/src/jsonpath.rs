//! JSONPath as Jayway's JsonPath understands it, which is what Step Functions runs.
//! <https://github.com/json-path/JsonPath>
//!
//! It is older than RFC 9535 and differs from it: names may have dashes and digits, `['a','b']` gives an object, the step
//! of a slice is ignored, `'1' == 1` is true, and there are functions.
//!
//! ```
//! use serde_json::json;
//! use statewright_simulate::jsonpath::Path;
//!
//! let order = json!({ "lines": [{ "id": 1, "price": 5 }, { "id": 2, "price": 20 }] });
//! let dear = Path::parse("$.lines[?(@.price > 10)].id")?;
//! assert_eq!(dear.read(&order)?, json!([2]));
//! assert!(!dear.is_definite());
//! let missing = Path::parse("$.total")?.read(&order).unwrap_err();
//! assert_eq!(missing.to_string(), "No results for path: $['total']");
//! # Ok::<(), statewright_simulate::jsonpath::Error>(())
//! ```

use std::fmt;

use serde_json::Value as Json;

mod evaluate;
mod filter;
mod parse;

pub(crate) use evaluate::java_text;

use filter::Predicate;

/// A path that has been parsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// `.name`, `['name']`, `['a','b']`
    Properties(Vec<String>),
    /// `.*`, `[*]`
    Wildcard,
    /// `[0]`, `[0,2]`
    Indexes(Vec<i64>),
    /// `[1:3]`
    Slice(Option<i64>, Option<i64>),
    /// `[?(…)]`
    Filter(Predicate),
    /// `..`: the next step at every depth.
    Deep,
    /// `.length()`
    Function(String, Vec<Argument>),
}

/// What a function is given.
#[derive(Clone, Debug, PartialEq)]
enum Argument {
    Path(Path),
    Constant(Json),
}

/// Why a path could not be parsed, or found nothing: the message of Jayway's JsonPath.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl Error {
    /// That nothing has this name.
    pub(crate) fn no_result(name: &str) -> Self {
        Self(format!("No results for path: $['{name}']"))
    }
}

impl Path {
    /// Parses a path. A missing `$` at its beginning is added.
    ///
    /// # Errors
    ///
    /// What is wrong, and at which position.
    pub fn parse(text: &str) -> Result<Self, Error> {
        parse::parse(text)
    }

    /// Whether it leads to one place at most: then its result is what is there, else it is a list.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        self.steps.iter().all(|step| match step {
            Step::Properties(_) | Step::Function(..) => true,
            Step::Indexes(indexes) => indexes.len() == 1,
            Step::Wildcard | Step::Slice(..) | Step::Filter(_) | Step::Deep => false,
        })
    }

    /// Whether it is a Reference Path: one name or position after another, so that something can be put there.
    /// <https://states-language.net/spec.html#ref-paths>
    #[must_use]
    pub fn is_reference(&self) -> bool {
        self.steps.iter().all(|step| match step {
            Step::Properties(names) => names.len() == 1,
            Step::Indexes(indexes) => indexes.len() == 1,
            _ => false,
        })
    }

    /// Whether it is `$`.
    pub(crate) fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// The name that comes first, and the path below what has that name.
    pub(crate) fn below(&self) -> Option<(String, Self)> {
        match self.steps.split_first()? {
            (Step::Properties(names), rest) if names.len() == 1 => {
                Some((names.first()?.clone(), Self { steps: rest.to_vec() }))
            }
            _ => None,
        }
    }

    /// Whether it asks for a position behind the end of a list that is there.
    pub(crate) fn is_behind_a_list(&self, document: &Json) -> bool {
        self.steps.iter().enumerate().any(|(at, step)| {
            let Step::Indexes(indexes) = step else { return false };
            let list = Self { steps: self.steps[..at].to_vec() }.read(document);
            let length = list.ok().and_then(|list| list.as_array().map(Vec::len));
            length.is_some_and(|length| {
                indexes.iter().all(|index| evaluate::position(*index, length).is_none_or(|i| i >= length))
            })
        })
    }

    /// The place at a reference path, with the objects on the way to it made; `None` if something else is on the way.
    pub(crate) fn place<'d>(&self, document: &'d mut Json) -> Option<&'d mut Json> {
        if !self.is_reference() {
            return None;
        }
        let mut at = document;
        for step in &self.steps {
            at = match step {
                Step::Properties(names) => {
                    let fields = at.as_object_mut()?;
                    fields.entry(names.first()?.clone()).or_insert_with(|| Json::Object(serde_json::Map::new()))
                }
                Step::Indexes(indexes) => {
                    let items = at.as_array_mut()?;
                    let index = evaluate::position(*indexes.first()?, items.len())?;
                    items.get_mut(index)?
                }
                _ => return None,
            };
        }
        Some(at)
    }

    /// What is there.
    ///
    /// # Errors
    ///
    /// If a definite path leads nowhere, or is applied to what has no such parts.
    pub fn read(&self, document: &Json) -> Result<Json, Error> {
        evaluate::read(self, document, document)
    }
}

impl fmt::Display for Path {
    /// In the brackets in which messages show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.steps.iter().try_for_each(|step| write!(f, "{step}"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |items: Vec<String>| items.join(",");
        match self {
            Self::Properties(names) => write!(f, "[{}]", list(names.iter().map(|name| format!("'{name}'")).collect())),
            Self::Wildcard => f.write_str("[*]"),
            Self::Indexes(indexes) => write!(f, "[{}]", list(indexes.iter().map(ToString::to_string).collect())),
            Self::Slice(from, to) => {
                let end = |end: &Option<i64>| end.map_or(String::new(), |end| end.to_string());
                write!(f, "[{}:{}]", end(from), end(to))
            }
            Self::Filter(_) => f.write_str("[?]"),
            Self::Deep => f.write_str(".."),
            Self::Function(name, _) => write!(f, ".{name}()"),
        }
    }
}
