//! What is known of expressions at a place in the machine, whatever language they are written in.

use super::graph::{Def, Machine};
use super::vars::{Key, Names, Site, is_in_context, path};
use crate::ir::Recording;
use crate::ir::expr::{Expr, Kind, Op};

/// A place, with what expressions there can read.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a, 'g, 'r> {
    pub recording: &'a Recording,
    pub names: &'a Names,
    /// The machines around the place, the innermost last.
    pub machines: &'a [&'g Machine<'r>],
    pub site: Site<'g, 'r>,
}

impl View<'_, '_, '_> {
    /// Through names for values that stand nowhere yet, to what they are.
    pub(super) fn resolved(&self, expr: &Expr) -> Expr {
        match expr.kind() {
            Kind::Value(id) => match self.site.def(*id) {
                Some(Def::Expr(defined)) => self.resolved(defined),
                _ => expr.clone(),
            },
            Kind::Field(of, name) => {
                let of = self.resolved(of);
                let field = of.field(name);
                // The field of a known object is something else to resolve.
                if matches!(of.kind(), Kind::Object(_)) && !matches!(field.kind(), Kind::Field(..)) {
                    self.resolved(&field)
                } else {
                    field
                }
            }
            _ => expr.clone(),
        }
    }

    /// Whether the expression may have no value at all, which fails the state that evaluates it.
    pub(super) fn may_be_absent(&self, expr: &Expr) -> bool {
        let expr = &self.resolved(expr);
        if let Some((id, path)) = path(expr) {
            return match self.site.def(id) {
                Some(Def::Expr(defined)) => self.may_be_absent(defined) || path.iter().any(|segment| segment.maybe),
                Some(_) => path.iter().any(|segment| segment.maybe),
                None if is_in_context(self.site, id, self.recording) => path.iter().any(|segment| segment.maybe),
                // What a variable was assigned is there, if only as `null`.
                None => Key::split(self.recording, id, &path).1.iter().any(|segment| segment.maybe),
            };
        }
        match expr.kind() {
            Kind::Maybe(_) => true,
            Kind::Field(of, _) => self.may_be_absent(of),
            Kind::Call(Op::IfElse, operands) => operands[1..].iter().any(|e| self.may_be_absent(e)),
            Kind::Call(Op::OrElse, operands) => self.may_be_absent(&operands[1]),
            Kind::Call(Op::Let, operands) => self.may_be_absent(&operands[1]),
            Kind::Lambda(_, body) => self.may_be_absent(body),
            _ => false,
        }
    }

    /// For a message.
    pub(super) fn shown(&self, expr: &Expr) -> String {
        crate::ir::shown(expr, self.recording)
    }
}
