//! Text.

use serde_json::Value as Json;

use super::literal::quote;
use super::{Binding, Writer};
use crate::ir::expr::{Expr, Kind, Op};

impl Writer<'_, '_, '_> {
    /// Pieces of text; neighbours that are known become one, and `&` makes text of numbers by itself.
    pub(super) fn concat(&self, operands: &[Expr]) -> (String, Binding) {
        let mut parts: Vec<Expr> = Vec::new();
        for operand in operands {
            let operand = self.0.resolved(operand);
            let operand = match operand.kind() {
                Kind::Call(Op::Text, inner) => inner[0].clone(),
                _ => operand,
            };
            match (parts.last().map(Expr::kind), operand.kind()) {
                (Some(Kind::Literal(Json::String(a))), Kind::Literal(Json::String(b))) => {
                    let joined = Expr::literal(format!("{a}{b}"));
                    parts.pop();
                    parts.push(joined);
                }
                _ => parts.push(operand),
            }
        }
        match parts.as_slice() {
            [] => (quote(""), Binding::Atom),
            [one] if matches!(operands, [original] if !is_text_call(original)) || is_text(one) => self.write(one),
            [one] => (format!("$string({})", self.text(one)), Binding::Atom),
            many => {
                let texts: Vec<_> = many.iter().map(|e| self.at_least(e, Binding::Product)).collect();
                (texts.join(" & "), Binding::Sum)
            }
        }
    }

    pub(super) fn starts_with(&self, operands: &[Expr]) -> String {
        let (text, start) = (self.text(&operands[0]), self.at_least(&operands[1], Binding::Sum));
        format!("$substring({text}, 0, {}) = {start}", self.length(&operands[1]))
    }

    pub(super) fn ends_with(&self, operands: &[Expr]) -> String {
        let (text, end) = (self.text(&operands[0]), self.at_least(&operands[1], Binding::Sum));
        match self.known(&operands[1]).map(|end| end.chars().count()) {
            Some(0) => format!("{text} = {text}"),
            Some(length) => format!("$substring({text}, -{length}) = {end}"),
            None => format!("$substring({text}, $length({text}) - {}) = {end}", self.length(&operands[1])),
        }
    }

    /// `$pad` fills up at the left if the width is negative.
    pub(super) fn pad(&self, before: bool, operands: &[Expr]) -> String {
        let width = match before {
            true => Expr::call(Op::Negate, [operands[1].clone()]),
            false => operands[1].clone(),
        };
        format!("$pad({}, {}, {})", self.text(&operands[0]), self.text(&width), self.text(&operands[2]))
    }

    /// Nothing, filled up with the text.
    pub(super) fn repeat(&self, operands: &[Expr]) -> String {
        let times = self.at_least(&operands[1], Binding::Product);
        format!("$pad('', {times} * {}, {})", self.length(&operands[0]), self.text(&operands[0]))
    }

    fn known(&self, expr: &Expr) -> Option<String> {
        match self.0.resolved(expr).kind() {
            Kind::Literal(Json::String(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// How many characters a text has.
    fn length(&self, expr: &Expr) -> String {
        match self.known(expr) {
            Some(text) => text.chars().count().to_string(),
            None => format!("$length({})", self.text(expr)),
        }
    }
}

fn is_text_call(expr: &Expr) -> bool {
    matches!(expr.kind(), Kind::Call(Op::Text, _))
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr.kind(), Kind::Literal(Json::String(_)))
}
