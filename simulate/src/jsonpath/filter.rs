//! Filters: `[?(@.price > 10 && @.kind in ['a', 'b'])]`.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::{Path, evaluate};

/// What an item has to fulfil.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Predicate {
    Any(Vec<Predicate>),
    All(Vec<Predicate>),
    Not(Box<Predicate>),
    Exists(Operand),
    Compare(Operand, Operator, Operand),
}

#[derive(Clone, Debug)]
pub(super) enum Operand {
    /// `@…`
    Here(Path),
    /// `$…`
    Document(Path),
    Constant(Json),
    Pattern(String, regress::Regex),
}

impl PartialEq for Operand {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Here(a), Self::Here(b)) | (Self::Document(a), Self::Document(b)) => a == b,
            (Self::Constant(a), Self::Constant(b)) => a == b,
            (Self::Pattern(a, _), Self::Pattern(b, _)) => a == b,
            _ => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    LessOrEqual,
    GreaterOrEqual,
    Less,
    Greater,
    Matches,
    NotIn,
    In,
    SubsetOf,
    AnyOf,
    NoneOf,
    Contains,
    Size,
    Empty,
}

impl Operator {
    /// Those that begin like another come before it.
    pub(super) const ALL: [Self; 15] = [
        Self::Equal,
        Self::NotEqual,
        Self::LessOrEqual,
        Self::GreaterOrEqual,
        Self::Less,
        Self::Greater,
        Self::Matches,
        Self::NotIn,
        Self::In,
        Self::SubsetOf,
        Self::AnyOf,
        Self::NoneOf,
        Self::Contains,
        Self::Size,
        Self::Empty,
    ];

    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::LessOrEqual => "<=",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::Greater => ">",
            Self::Matches => "=~",
            Self::NotIn => "nin",
            Self::In => "in",
            Self::SubsetOf => "subsetof",
            Self::AnyOf => "anyof",
            Self::NoneOf => "noneof",
            Self::Contains => "contains",
            Self::Size => "size",
            Self::Empty => "empty",
        }
    }
}

impl Predicate {
    pub(super) fn holds(&self, item: &Json, document: &Json) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(item, document)),
            Self::All(parts) => parts.iter().all(|part| part.holds(item, document)),
            Self::Not(inner) => !inner.holds(item, document),
            Self::Exists(operand) => operand.value(item, document).is_some(),
            Self::Compare(left, operator, right) => {
                let found = left.value(item, document);
                if let (Operator::Matches, Operand::Pattern(_, pattern)) = (operator, right) {
                    return found.is_some_and(|found| found.as_str().is_some_and(|text| pattern.find(text).is_some()));
                }
                compare(found.as_ref(), *operator, right.value(item, document).as_ref())
            }
        }
    }
}

impl Operand {
    fn value(&self, item: &Json, document: &Json) -> Option<Json> {
        match self {
            Self::Here(path) => evaluate::read(path, item, document).ok(),
            Self::Document(path) => evaluate::read(path, document, document).ok(),
            Self::Constant(constant) => Some(constant.clone()),
            Self::Pattern(..) => None,
        }
    }
}

fn compare(left: Option<&Json>, operator: Operator, right: Option<&Json>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        // What is not there is only different.
        return operator == Operator::NotEqual || operator == Operator::NotIn;
    };
    let items = |json: &Json| json.as_array().cloned().unwrap_or_default();
    let is_in = |item: &Json, list: &Json| items(list).iter().any(|other| equal(item, other));
    match operator {
        Operator::Equal => equal(left, right),
        Operator::NotEqual => !equal(left, right),
        Operator::Less => order(left, right).is_some_and(Ordering::is_lt),
        Operator::LessOrEqual => order(left, right).is_some_and(Ordering::is_le),
        Operator::Greater => order(left, right).is_some_and(Ordering::is_gt),
        Operator::GreaterOrEqual => order(left, right).is_some_and(Ordering::is_ge),
        Operator::In => is_in(left, right),
        Operator::NotIn => !is_in(left, right),
        Operator::SubsetOf => left.is_array() && items(left).iter().all(|item| is_in(item, right)),
        Operator::AnyOf => items(left).iter().any(|item| is_in(item, right)),
        Operator::NoneOf => !items(left).iter().any(|item| is_in(item, right)),
        Operator::Contains => match (left, right) {
            (Json::String(text), Json::String(part)) => text.contains(part.as_str()),
            _ => is_in(right, left),
        },
        Operator::Size => length(left).is_some_and(|length| right.as_u64() == Some(length)),
        Operator::Empty => length(left).is_some_and(|length| right.as_bool() == Some(length == 0)),
        Operator::Matches => false,
    }
}

fn length(json: &Json) -> Option<u64> {
    let length = match json {
        Json::String(text) => text.chars().count(),
        Json::Array(items) => items.len(),
        _ => return None,
    };
    u64::try_from(length).ok()
}

/// A text that writes a number is equal to it.
fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(_) | Json::String(_), Json::Number(_) | Json::String(_)) => order(a, b) == Some(Ordering::Equal),
        _ => a == b,
    }
}

fn order(a: &Json, b: &Json) -> Option<Ordering> {
    if let (Json::String(a), Json::String(b)) = (a, b) {
        return Some(a.encode_utf16().cmp(b.encode_utf16()));
    }
    let number = |json: &Json| match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => text.parse().ok(),
        _ => None,
    };
    number(a)?.partial_cmp(&number(b)?)
}
