//! Values while an expression is evaluated.

use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::{Number, Value as Json};

use super::function::Function;

/// A value, or that there is none.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    String(Rc<str>),
    Array(Rc<Array>),
    Object(Rc<Object>),
    Function(Rc<Function>),
}

pub(super) type Object = IndexMap<Rc<str>, Value>;

/// A list. What a path gives is a sequence: one without items is no value, one with one item is that item.
#[derive(Clone, Debug, Default)]
pub(super) struct Array {
    pub items: Vec<Value>,
    pub sequence: bool,
    /// A sequence that stays a list even with one item.
    pub keep_singleton: bool,
    /// Written with brackets as a step of a path: it does not dissolve in a sequence.
    pub constructed: bool,
    /// The wrapper around an input that is a list.
    pub outer: bool,
    /// Its items are bindings of variables, not values.
    pub tuples: bool,
}

impl Array {
    pub(super) fn sequence(items: Vec<Value>) -> Self {
        Self { items, sequence: true, ..Self::default() }
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        Self::Array(Rc::new(array))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}

impl Value {
    /// A list that is no sequence.
    pub(super) fn list(items: Vec<Self>) -> Self {
        Array { items, ..Array::default() }.into()
    }

    pub(super) fn sequence(items: Vec<Self>) -> Self {
        Array::sequence(items).into()
    }

    pub(super) fn object(fields: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self::Object(Rc::new(fields.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    }

    pub(super) fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    pub(super) fn is_function(&self) -> bool {
        matches!(self, Self::Function(_))
    }

    /// The value itself unless it is not there.
    pub(super) fn defined(&self) -> Option<&Self> {
        (!self.is_undefined()).then_some(self)
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn as_array(&self) -> Option<&Array> {
        match self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The items of a list; of anything else, itself; of nothing, nothing.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::Array(array) => &array.items,
            Self::Undefined => &[],
            other => std::slice::from_ref(other),
        }
    }

    /// What counts as true.
    pub(super) fn to_bool(&self) -> bool {
        match self {
            Self::Undefined | Self::Null | Self::Function(_) => false,
            Self::Bool(bool) => *bool,
            Self::Number(number) => *number != 0.0,
            Self::String(text) => !text.is_empty(),
            Self::Array(array) => match array.items.as_slice() {
                [one] => one.to_bool(),
                items => items.iter().any(Self::to_bool),
            },
            Self::Object(fields) => !fields.is_empty(),
        }
    }

    /// The name of the type, as `$type` gives it.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
            Self::Function(_) => "function",
        }
    }

    /// Whether two values are equal all the way down.
    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Undefined, Self::Undefined) | (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => {
                a.items.len() == b.items.len() && a.items.iter().zip(&b.items).all(|(a, b)| a.equals(b))
            }
            (Self::Object(a), Self::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| value.equals(other)))
            }
            (Self::Function(a), Self::Function(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// One list of two: what is no list counts as one item, what is not there as none.
    pub(super) fn append(self, other: Self) -> Self {
        match (self, other) {
            (Self::Undefined, other) => other,
            (one, Self::Undefined) => one,
            (Self::Array(mut one), other) => {
                let array = Rc::make_mut(&mut one);
                array.items.extend_from_slice(other.items());
                array.outer = false;
                Self::Array(one)
            }
            (one, other) => {
                let mut items = vec![one];
                items.extend_from_slice(other.items());
                Self::sequence(items)
            }
        }
    }

    pub(super) fn from_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(bool) => Self::Bool(*bool),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => text.as_str().into(),
            Json::Array(items) => Self::list(items.iter().map(Self::from_json).collect()),
            Json::Object(fields) => Self::Object(Rc::new(
                fields.iter().map(|(key, value)| (key.as_str().into(), Self::from_json(value))).collect(),
            )),
        }
    }

    /// The input of an expression: a list is wrapped, so that `$` is the list and a name is looked up in its items.
    pub(super) fn into_outer(self) -> Self {
        match self {
            list @ Self::Array(_) => Array { outer: true, ..Array::sequence(vec![list]) }.into(),
            other => other,
        }
    }

    /// As JSON; `None` for what is not there. Functions become empty text, and numbers that are none, text.
    pub(super) fn to_json(&self) -> Option<Json> {
        Some(match self {
            Self::Undefined => return None,
            Self::Null => Json::Null,
            Self::Bool(bool) => (*bool).into(),
            Self::Number(number) => number_to_json(*number),
            Self::String(text) => (**text).into(),
            Self::Array(array) => array.items.iter().map(|item| item.to_json().unwrap_or(Json::Null)).collect(),
            Self::Object(fields) => {
                fields.iter().filter_map(|(key, value)| Some((key.to_string(), value.to_json()?))).collect()
            }
            Self::Function(_) => Json::String(String::new()),
        })
    }
}

/// Whole numbers as such, as JavaScript writes them.
fn number_to_json(number: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole, and small enough")]
        return Json::from(number as i64);
    }
    Number::from_f64(number).map_or_else(|| Json::String(number_to_text(number)), Json::Number)
}

/// A number as JavaScript writes it.
pub(super) fn number_to_text(number: f64) -> String {
    ryu_js::Buffer::new().format(number).to_owned()
}
