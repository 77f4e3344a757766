//! Closures over lists as parts of a path.

use serde_json::Value as Json;

use super::step_into;
use crate::ir::expr::{Expr, Kind, Op, ParamId};

/// The way from the item to what a closure makes of it.
pub(super) fn projected(lambda: &Expr) -> Option<String> {
    let Kind::Lambda(param, body) = lambda.kind() else { return None };
    from_item(body, *param, String::new())
}

/// The condition of a closure. Only an item's fields can be compared, and only with what is known.
pub(super) fn filter(lambda: &Expr) -> Option<String> {
    let Kind::Lambda(param, body) = lambda.kind() else { return None };
    condition(body, *param)
}

/// Whether a closure can be a part of a path.
pub(in crate::lower) fn can_be_said(op: &Op, lambda: &Expr) -> bool {
    match op {
        Op::Each { .. } | Op::FlatMap => projected(lambda).is_some(),
        _ => filter(lambda).is_some(),
    }
}

/// `none` of a field that may be absent: such an item would be left out, or be compared as if it were something.
fn from_item(expr: &Expr, param: ParamId, item: String) -> Option<String> {
    match expr.kind() {
        Kind::Param(read) if *read == param => Some(item),
        Kind::Field(of, name) => Some(step_into(from_item(of, param, item)?, name)),
        _ => None,
    }
}

fn condition(expr: &Expr, param: ParamId) -> Option<String> {
    let field = |expr: &Expr| from_item(expr, param, "@".to_owned()).filter(|path| path != "@");
    let Kind::Call(op, operands) = expr.kind() else {
        return field(expr).map(|field| format!("{field} == true"));
    };
    let both = |operator: &str| {
        let [left, right] = [condition(&operands[0], param)?, condition(&operands[1], param)?];
        Some(format!("({left} {operator} {right})"))
    };
    let operator = match op {
        Op::And => return both("&&"),
        Op::Or => return both("||"),
        Op::Not => return condition(&operands[0], param).map(|inner| format!("!({inner})")),
        Op::Equal => "==",
        Op::NotEqual => "!=",
        Op::Less => "<",
        Op::LessOrEqual => "<=",
        Op::Greater => ">",
        Op::GreaterOrEqual => ">=",
        _ => return None,
    };
    let Kind::Literal(known) = operands[1].kind() else { return None };
    let known = match known {
        Json::String(text) if !text.contains(['\'', '\\']) => format!("'{text}'"),
        Json::Number(_) | Json::Bool(_) => known.to_string(),
        _ => return None,
    };
    Some(format!("{} {operator} {known}", field(&operands[0])?))
}
