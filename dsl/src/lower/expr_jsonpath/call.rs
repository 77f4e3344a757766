//! Calls of intrinsic functions.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::Writer;
use super::date::date_format;
use crate::diag::codes;
use crate::ir::expr::{Expr, Kind, Op};

impl Writer<'_, '_, '_> {
    /// What stands among the arguments of a call.
    pub(super) fn argument(&self, expr: &Expr) -> String {
        let expr = self.view.resolved(expr);
        if let Some(path) = self.path(&expr) {
            return path;
        }
        match expr.kind() {
            Kind::Literal(Json::String(text)) => quoted(text),
            Kind::Literal(json @ (Json::Null | Json::Bool(_) | Json::Number(_))) => json.to_string(),
            Kind::Literal(json) => format!("States.StringToJson({})", quoted(&json.to_string())),
            Kind::Array(items) => self.call("Array", items),
            // There is no call that makes an object, but one that reads it.
            Kind::Object(_) => format!("States.StringToJson({})", self.json_text(&expr)),
            Kind::Call(op, operands) => self.operation(&expr, op, operands),
            _ => self.unsaid(&expr),
        }
    }

    fn operation(&self, expr: &Expr, op: &Op, operands: &[Expr]) -> String {
        match op {
            Op::Concat => self.format(operands),
            Op::Text => self.format(std::slice::from_ref(expr)),
            Op::Quote => self.call("JsonToString", operands),
            Op::PrintJson => self.json_text(&operands[0]),
            Op::ParseJson | Op::Number => self.call("StringToJson", operands),
            Op::Split => self.call("StringSplit", operands),
            Op::Base64Encode => self.call("Base64Encode", operands),
            Op::Base64Decode => self.call("Base64Decode", operands),
            Op::Hash(algorithm) => format!("States.Hash({}, '{algorithm}')", self.argument(&operands[0])),
            Op::Add { whole: true } => self.call("MathAdd", operands),
            Op::Subtract { whole: true } => match operands[1].kind() {
                Kind::Literal(Json::Number(number)) => {
                    let less = number.as_i64().unwrap_or_default().wrapping_neg();
                    format!("States.MathAdd({}, {less})", self.argument(&operands[0]))
                }
                _ => self.unsaid(expr),
            },
            Op::Length => self.call("ArrayLength", operands),
            Op::ListContains | Op::ListContainsEqual => self.call("ArrayContains", operands),
            Op::Equal => {
                let list: Expr = Kind::Array(vec![operands[0].clone()]).into();
                self.call("ArrayContains", &[list, operands[1].clone()])
            }
            Op::Partition => self.call("ArrayPartition", operands),
            Op::RandomBetween => self.call("MathRandom", operands),
            Op::Distinct => self.call("ArrayUnique", operands),
            Op::Nested => self.argument(&operands[0]),
            Op::Merge => {
                format!("States.JsonMerge({}, {}, false)", self.argument(&operands[0]), self.argument(&operands[1]))
            }
            Op::Format { picture, offset } => match date_format(&operands[0], picture, offset.as_deref()) {
                Some(pieces) => self.format(&pieces),
                None => self.unsaid(expr),
            },
            Op::GetAt => self.call("ArrayGetItem", operands),
            Op::Uuid => "States.UUID()".to_owned(),
            _ => self.unsaid(expr),
        }
    }

    fn call(&self, name: &str, arguments: &[Expr]) -> String {
        let arguments: Vec<_> = arguments.iter().map(|e| self.argument(e)).collect();
        format!("States.{name}({})", arguments.join(", "))
    }

    /// Most of this has been told already, with the line of the expression.
    fn unsaid(&self, expr: &Expr) -> String {
        if !self.view.recording.diagnostics.iter().any(|known| known.code == codes::NOT_IN_JSONPATH) {
            self.refuse(expr, "no intrinsic function does it");
        }
        "States.UUID()".to_owned()
    }

    /// Pieces of text: `States.Format` with a `{}` for each that is computed.
    fn format(&self, pieces: &[Expr]) -> String {
        let (mut template, mut arguments) = (String::new(), Vec::new());
        self.pieces(pieces, &mut template, &mut arguments);
        if template == "{}"
            && let [only] = arguments.as_slice()
            && !pieces.iter().any(is_text_call)
        {
            return only.clone();
        }
        finished("States.Format", &template, &arguments)
    }

    fn pieces(&self, pieces: &[Expr], template: &mut String, arguments: &mut Vec<String>) {
        for piece in pieces {
            let piece = self.view.resolved(piece);
            match piece.kind() {
                Kind::Literal(Json::String(text)) => template.push_str(&escaped(text)),
                Kind::Literal(json @ (Json::Null | Json::Bool(_) | Json::Number(_))) => {
                    let _ = write!(template, "{json}");
                }
                Kind::Call(Op::Concat, inner) => self.pieces(inner, template, arguments),
                // A template makes text of numbers by itself.
                Kind::Call(Op::Text, inner) => self.pieces(inner, template, arguments),
                _ => {
                    template.push_str("{}");
                    arguments.push(self.argument(&piece));
                }
            }
        }
    }

    /// The JSON text of a value, part by part where it is put together here.
    fn json_text(&self, expr: &Expr) -> String {
        let (mut template, mut arguments) = (String::new(), Vec::new());
        self.json(expr, &mut template, &mut arguments);
        if template == "{}" && arguments.len() == 1 {
            return arguments.remove(0);
        }
        if arguments.is_empty() {
            return format!("'{template}'");
        }
        finished("States.Format", &template, &arguments)
    }

    fn json(&self, expr: &Expr, template: &mut String, arguments: &mut Vec<String>) {
        let expr = self.view.resolved(expr);
        match expr.kind() {
            Kind::Literal(json) => template.push_str(&escaped(&json.to_string())),
            Kind::Object(fields) => {
                template.push_str("\\{");
                for (index, (key, value)) in fields.iter().enumerate() {
                    template.push_str(if index > 0 { "," } else { "" });
                    let _ = write!(template, "{}:", escaped(&Json::from(key.as_str()).to_string()));
                    self.json(value, template, arguments);
                }
                template.push_str("\\}");
            }
            Kind::Array(items) => {
                template.push('[');
                for (index, item) in items.iter().enumerate() {
                    template.push_str(if index > 0 { "," } else { "" });
                    self.json(item, template, arguments);
                }
                template.push(']');
            }
            Kind::Call(Op::Nested, inner) => self.json(&inner[0], template, arguments),
            _ => {
                template.push_str("{}");
                arguments.push(format!("States.JsonToString({})", self.argument(&expr)));
            }
        }
    }
}

/// How deep calls are nested.
pub(super) fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn finished(name: &str, template: &str, arguments: &[String]) -> String {
    let all: Vec<_> = std::iter::once(format!("'{template}'")).chain(arguments.iter().cloned()).collect();
    format!("{name}({})", all.join(", "))
}

fn is_text_call(expr: &Expr) -> bool {
    matches!(expr.kind(), Kind::Call(Op::Text, _))
}

/// Text in single quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\'' | '\\' | '{' | '}') {
            found.push('\\');
        }
        found.push(c);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_texts_are_no_calls() {
        assert_eq!(depth("States.Format('(((\\'((', States.Array($.a))"), 2);
    }

    #[test]
    fn text_is_quoted_as_the_language_wants_it() {
        assert_eq!(quoted("it's {a} \\ b"), "'it\\'s \\{a\\} \\\\ b'");
    }
}
