//! Expressions as their author wrote them, more or less: for messages.

use super::Recording;
use super::expr::{Expr, Kind, Op};

/// The expression with the values' own names: `input.name.upper()`.
pub(crate) fn shown(expr: &Expr, recording: &Recording) -> String {
    let inner = |e: &Expr| shown(e, recording);
    let list = |items: &[Expr]| items.iter().map(inner).collect::<Vec<_>>().join(", ");
    match expr.kind() {
        Kind::Literal(json) => json.to_string(),
        Kind::Value(id) => recording.info(*id).name.clone(),
        Kind::Context(context) => format!("{context:?}"),
        Kind::Field(of, name) => format!("{}.{name}", inner(of)),
        Kind::Maybe(of) => inner(of),
        Kind::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(key, e)| format!("{key}: {}", inner(e))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Kind::Array(items) => format!("[{}]", list(items)),
        Kind::Lambda(_, body) => format!("|item| {}", inner(body)),
        Kind::Param(_) => "item".to_owned(),
        Kind::Call(Op::Concat, operands) => {
            let pieces = operands.iter().map(|piece| match piece.kind() {
                Kind::Literal(serde_json::Value::String(text)) => text.clone(),
                _ => format!("{{{}}}", inner(piece)),
            });
            format!("text!(\"{}\")", pieces.collect::<String>())
        }
        Kind::Call(op, operands) => match operands.split_first() {
            Some((first, rest)) => format!("{}.{}({})", inner(first), method(op), list(rest)),
            None => format!("{}()", method(op)),
        },
    }
}

/// The method that makes the operation: its name in snake case, unless it is one of these.
fn method(op: &Op) -> String {
    let known = match op {
        Op::Text | Op::PrintJson => "to_text",
        Op::TextContains | Op::ListContains | Op::ListContainsEqual => "contains",
        Op::TextLength | Op::Length => "len",
        Op::Number => "to_number",
        Op::Subtract { .. } => "sub",
        Op::Multiply => "mul",
        Op::Divide => "div",
        Op::Remainder => "rem",
        Op::Negate => "neg",
        Op::Absolute => "abs",
        Op::Equal => "eq",
        Op::NotEqual => "ne",
        Op::Less => "lt",
        Op::LessOrEqual => "le",
        Op::Greater => "gt",
        Op::GreaterOrEqual => "ge",
        Op::Append => "concat",
        Op::Each { .. } => "map",
        Op::OrElse => "or",
        Op::Shift(_) => "plus_seconds",
        Op::Hash("SHA-256") => "sha256",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let name = format!("{op:?}");
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let mut snake = String::new();
    for (index, c) in name.char_indices() {
        if index > 0 && c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
