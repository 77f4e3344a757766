//! Points in time.

use super::{Binding, Writer};
use crate::ir::expr::{Expr, Kind, Op};

impl Writer<'_, '_, '_> {
    /// A point in time in milliseconds.
    pub(super) fn millis(&self, expr: &Expr) -> String {
        let mut total = 0_i64;
        let mut computed = Vec::new();
        let mut expr = self.0.resolved(expr);
        loop {
            let next = match expr.kind() {
                Kind::Call(Op::Shift(by), operands) => {
                    total = total.saturating_add(*by);
                    &operands[0]
                }
                Kind::Call(Op::ShiftBy, operands) => {
                    computed.push(self.at_least(&operands[1], Binding::Product));
                    &operands[0]
                }
                _ => break,
            };
            expr = self.0.resolved(next);
        }
        let mut millis = match expr.kind() {
            Kind::Call(Op::Now, _) => "$millis()".to_owned(),
            Kind::Call(Op::FromMillis, operands) => self.at_least(&operands[0], Binding::Sum),
            _ => format!("$toMillis({})", self.text(&expr)),
        };
        for by in computed.iter().rev() {
            millis = format!("{millis} + {by}");
        }
        match total {
            0 => millis,
            later if later > 0 => format!("{millis} + {later}"),
            earlier => format!("{millis} - {}", earlier.unsigned_abs()),
        }
    }
}
