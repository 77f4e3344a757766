//! What the operators can't say: JSONata and paths as they are written by hand.

use super::Value;
use crate::ir::expr::{Context, Expr, Kind, Op};
use crate::ir::raw::Raw;
use crate::shape::{IsList, Json, Shape};

impl<T: Shape> Value<T> {
    /// JSONata as it is written by hand, with the type that the caller knows it has: one expression without `{%` and `%}`.
    /// Each value that it reads is bound to a name, and read as a variable of that name.
    ///
    /// Quotes, brackets and names are checked when the workflow is compiled
    /// ([`SW0240`](crate::diag::codes::RAW_EXPRESSION)); the grammar is when it is simulated, and by AWS.
    ///
    /// JSONata's traps are the caller's: an expression that gives nothing fails its state with `States.QueryEvaluationError`,
    /// unless its type is an `Option` or a list, and `$sum($lines.price)` gives nothing where there are no lines, so that it
    /// is written as `$sum([$lines.price])`. A list of one list dissolves; nothing else that is no list can be one.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Order { lines: Vec<Line>, discount: f64 }
    /// #[derive(Shape)]
    /// struct Line { price: f64, count: i64 }
    ///
    /// fn total(order: Value<Order>) -> Value<f64> {
    ///     Value::jsonata(
    ///         "$sum([$lines.(price * count)]) * (1 - $discount)",
    ///         [("lines", order.lines.untyped()), ("discount", order.discount.untyped())],
    ///     )
    /// }
    ///
    /// fn dice() -> Value<i64> {
    ///     Value::jsonata("$floor($random() * 6) + 1", [])
    /// }
    /// ```
    #[must_use]
    pub fn jsonata<'n>(text: &str, values: impl IntoIterator<Item = (&'n str, Value<Json>)>) -> Self {
        let (names, operands): (Vec<_>, Vec<_>) =
            values.into_iter().map(|(name, value)| (name.to_owned(), value.expr())).unzip();
        Self::call(Op::Raw(Raw { text: text.to_owned(), names, is_list: T::LIST == IsList::Yes }), operands)
    }

    /// What a path leads to, with the type that the caller knows it has: fields and positions from `$`, the input of the
    /// workflow, or from `$$`, the context object. It is what AWS calls a reference path; one that can lead to more than
    /// one place is a diagnostic ([`SW0243`](crate::diag::codes::MALFORMED_PATH)).
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// fn first_order() -> Value<Option<String>> {
    ///     Value::path("$.orders[0]['order id']")
    /// }
    /// ```
    #[must_use]
    pub fn path(path: &str) -> Self {
        Value::of(match path.strip_prefix("$$") {
            Some(rest) => walk(Kind::Context(Context::Whole).into(), path, rest),
            None => pick(Kind::Context(Context::ExecutionInput).into(), path),
        })
    }
}

/// What a path from `$` leads to inside a value.
pub(super) fn pick(from: Expr, path: &str) -> Expr {
    match path.strip_prefix('$') {
        Some(rest) => walk(from, path, rest),
        None => malformed(path, "expected `$` at its beginning"),
    }
}

/// Parts of the context object that are not everywhere.
const PARTS: [(&str, &str, Context); 5] = [
    ("Task", "Token", Context::TaskToken),
    ("Item", "Index", Context::MapIndex),
    ("Item", "Value", Context::MapValue),
    ("Item", "Key", Context::MapKey),
    ("Item", "Source", Context::MapSource),
];

fn walk(from: Expr, path: &str, rest: &str) -> Expr {
    let mut at = from;
    let mut rest = rest;
    while !rest.is_empty() {
        let step = match rest.strip_prefix('.') {
            Some(name) => {
                let end = name.find(['.', '[']).unwrap_or(name.len());
                let (name, behind) = name.split_at(end);
                let plain =
                    !name.is_empty() && !name.contains(|c: char| "*?()@,:]'\"".contains(c) || c.is_whitespace());
                plain.then(|| (field(&at, name), behind))
            }
            None => bracket(&at, rest),
        };
        match step {
            Some((next, behind)) => (at, rest) = (next, behind),
            None => return malformed(path, &format!("expected a field or a position, found `{rest}`")),
        }
    }
    at
}

fn bracket<'p>(at: &Expr, rest: &'p str) -> Option<(Expr, &'p str)> {
    let inner = rest.strip_prefix('[')?;
    if let Some(quote @ ('\'' | '"')) = inner.chars().next() {
        let (name, behind) = inner[1..].split_once(quote)?;
        return Some((field(at, name), behind.strip_prefix(']')?));
    }
    let (number, behind) = inner.split_once(']')?;
    Some((at.item(number.parse().ok()?), behind))
}

fn field(at: &Expr, name: &str) -> Expr {
    if let Kind::Field(_, of) = at.kind()
        && let Some((_, _, context)) = PARTS.iter().find(|(part, field, _)| of == part && name == *field)
        && root(at) == Some(Context::Whole)
    {
        return Kind::Context(*context).into();
    }
    at.field(name)
}

fn root(expr: &Expr) -> Option<Context> {
    match expr.kind() {
        Kind::Field(of, _) => root(of),
        Kind::Context(context) => Some(*context),
        _ => None,
    }
}

fn malformed(path: &str, problem: &str) -> Expr {
    Expr::call(Op::MalformedPath { path: path.to_owned(), problem: problem.to_owned() }, [])
}
