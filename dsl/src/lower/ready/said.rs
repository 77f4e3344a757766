//! What JSONPath and the intrinsic functions can say.

use crate::ir::expr::{Expr, Kind, Op};
use crate::lower::expr_jsonpath::{can_be_said, date_format, millis_of};

/// Whether it is a path already, whatever the value at its root is.
pub(in crate::lower) fn is_path(expr: &Expr) -> bool {
    match expr.kind() {
        Kind::Maybe(of) => is_path(of),
        Kind::Call(Op::Each { .. } | Op::FlatMap, operands) => is_path(&operands[0]),
        // What comes behind such a path would go into each item, not into the list.
        Kind::Call(Op::Filter { .. }, operands) => is_definite(&operands[0]),
        _ => is_definite(expr),
    }
}

/// Whether it is a path that leads to one value: a reference path.
pub(in crate::lower) fn is_definite(expr: &Expr) -> bool {
    match expr.kind() {
        Kind::Value(_) | Kind::Context(_) => true,
        Kind::Field(of, _) | Kind::Maybe(of) => is_definite(of),
        Kind::Call(Op::Get(_), operands) => is_definite(&operands[0]),
        _ => false,
    }
}

pub(super) fn may_be_absent(expr: &Expr) -> bool {
    match expr.kind() {
        Kind::Maybe(_) => true,
        Kind::Field(of, _) => may_be_absent(of),
        Kind::Call(Op::Get(_), operands) => may_be_absent(&operands[0]),
        _ => false,
    }
}

pub(super) const fn is_comparison(op: &Op) -> bool {
    matches!(op, Op::Equal | Op::NotEqual | Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual)
}

/// Whether it is what `StringMatches` says.
pub(super) const fn is_like(op: &Op) -> bool {
    matches!(op, Op::TextContains | Op::StartsWith | Op::EndsWith)
}

pub(super) const fn is_condition(op: &Op) -> bool {
    is_comparison(op) || matches!(op, Op::And | Op::Or | Op::Not | Op::IsSome) || is_like(op)
}

/// Whether it can stand in `ErrorPath` and `CausePath`, or in `Error` and `Cause`.
pub(super) fn is_text(expr: &Expr) -> bool {
    let call = matches!(
        expr.kind(),
        Kind::Call(
            Op::Concat
                | Op::Text
                | Op::Quote
                | Op::PrintJson
                | Op::Base64Encode
                | Op::Base64Decode
                | Op::Hash(_)
                | Op::Uuid,
            _
        )
    );
    call || is_path(expr) || matches!(expr.kind(), Kind::Literal(_))
}

const NO_FUNCTION: &str = "no intrinsic function does it: leave the workflow in JSONata, or let a task compute it";

/// What can't be said in an expression, and why: the whole of each, not its parts.
pub(super) fn unsaid_in(expr: &Expr) -> Vec<(Expr, &'static str)> {
    let all = |items: &[Expr]| items.iter().flat_map(unsaid_in).collect();
    match expr.kind() {
        Kind::Call(op, operands) => match unsaid(op, operands) {
            Some(why) => vec![(expr.clone(), why)],
            // Times are compared as they are, and not by their milliseconds.
            None if is_comparison(op) => {
                operands.iter().flat_map(|operand| unsaid_in(millis_of(operand).unwrap_or(operand))).collect()
            }
            None => all(operands),
        },
        Kind::Field(of, _) | Kind::Maybe(of) => unsaid_in(of),
        Kind::Object(fields) => fields.iter().flat_map(|(_, e)| unsaid_in(e)).collect(),
        Kind::Array(items) => all(items),
        // A closure is said by the path that it becomes.
        Kind::Literal(_) | Kind::Value(_) | Kind::Context(_) | Kind::Param(_) | Kind::Lambda(..) => Vec::new(),
    }
}

/// Why an operation can't be said, if so.
fn unsaid(op: &Op, operands: &[Expr]) -> Option<&'static str> {
    let literal = |at: usize| matches!(operands.get(at).map(Expr::kind), Some(Kind::Literal(_)));
    match op {
        Op::Concat | Op::Text | Op::Quote | Op::PrintJson | Op::ParseJson | Op::Number | Op::Hash(_) => None,
        Op::Base64Encode | Op::Base64Decode | Op::Length | Op::Get(_) | Op::ListContains | Op::ListContainsEqual => {
            None
        }
        Op::Partition | Op::RandomBetween => None,
        Op::Raw(_) => Some("it is JSONata: leave the workflow in JSONata, or write a path"),
        Op::Distinct | Op::Nested | Op::Merge | Op::Uuid | Op::Add { whole: true } => None,
        // Whether an item is there can't be asked before it is read.
        Op::GetAt if literal(1) => None,
        // Choice rules say these.
        Op::And | Op::Or | Op::Not | Op::IsSome => None,
        op if is_comparison(op) => match (millis_of(&operands[0]), millis_of(&operands[1])) {
            (Some(_), None) | (None, Some(_)) => Some(NO_FUNCTION),
            _ => None,
        },
        Op::Format { picture, offset } if date_format(&operands[0], picture, offset.as_deref()).is_some() => None,
        Op::Add { whole: false } | Op::Subtract { whole: false } => {
            Some("`States.MathAdd` rounds its arguments: it adds whole numbers only")
        }
        Op::Subtract { whole: true } if literal(1) => None,
        Op::Subtract { .. } => Some("`States.MathAdd` subtracts only what is known when the workflow is compiled"),
        op if is_like(op) && literal(1) => None,
        op if is_like(op) => Some("`StringMatches` looks only for what is known when the workflow is compiled"),
        Op::Split => {
            let one = |json: &serde_json::Value| json.as_str().is_some_and(|text| text.chars().count() == 1);
            let single = matches!(operands[1].kind(), Kind::Literal(json) if one(json));
            (!single).then_some("`States.StringSplit` splits at each of some characters: give it one that is known")
        }
        Op::Each { .. } | Op::Filter { .. } | Op::FlatMap if can_be_said(op, &operands[1]) => None,
        Op::Each { .. } | Op::FlatMap => {
            Some("a path goes from the items to a field that all of them have, and makes nothing new")
        }
        Op::Filter { .. } => Some("a path compares a field that all items have with what is known, and nothing else"),
        _ => Some(NO_FUNCTION),
    }
}
