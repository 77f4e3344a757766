//! Where JSONPath needs a state that only assigns.
//!
//! What an edge defines becomes a variable for the states behind it, but is an expression on the edge itself; and a path
//! leads into a variable or a result, not into an expression.

use std::collections::BTreeSet;

use super::{Builder, Frame};
use crate::diag::Place;
use crate::ir::Until;
use crate::ir::expr::{Expr, Kind, Op};
use crate::lower::graph::{Def, Edge, EdgeKind, EdgeRef, Machine, NodeKind};
use crate::lower::ready::{is_definite, is_path};
use crate::lower::vars::values_read;

impl<'r> Builder<'r, '_> {
    /// Whether an expression can be said on all open edges.
    pub(super) fn can_be_said(&self, frame: &Frame<'r>, expr: &Expr) -> bool {
        let said = |open: &EdgeRef| can_be_said(frame.machine.edge(*open), expr, false);
        !self.recording.in_paths || frame.open.iter().all(said)
    }

    /// Adds a Pass where the first state could not say what it reads.
    pub(super) fn before_first(&mut self, frame: &mut Frame<'r>, kind: &NodeKind<'r>, name: &str, at: &Place) {
        if !self.recording.in_paths || !frame.open.contains(&EdgeRef::Start) {
            return;
        }
        let start = &frame.machine.start;
        let mut said = true;
        kind.visit_places(&mut |expr, only_path| said &= can_be_said(start, expr, only_path));
        // Branches and items read variables, but not what would have been assigned before the first state.
        let mut read = BTreeSet::new();
        kind.machines().iter().for_each(|inner| values_read(inner, &mut read));
        let is_distributed = matches!(kind, NodeKind::Map { distributed: Some(_), .. });
        said &= is_distributed || start.defs.iter().all(|(id, _)| !read.contains(id));
        if !said {
            let name = self.free_name(&format!("{name} start"));
            self.node(frame, &name, at, None, NodeKind::Pass, vec![EdgeKind::Next]);
        }
    }
}

/// Whether the machine can end with this output behind an edge. A Wait has nothing that could hold a template.
pub(super) fn can_end(machine: &Machine<'_>, at: EdgeRef, output: &Expr) -> bool {
    let edge = machine.edge(at);
    let is_wait = match at {
        EdgeRef::Of(node, _) => matches!(machine.nodes[node].kind, NodeKind::Wait(_)),
        EdgeRef::Start | EdgeRef::Label(_) => false,
    };
    let nothing = matches!(output.kind(), Kind::Object(fields) if fields.is_empty());
    can_be_said(edge, output, is_wait && !nothing)
        && !(is_wait && matches!(resolved(edge, output).kind(), Kind::Literal(_)))
}

/// Whether an expression can be said where an edge leads.
fn can_be_said(edge: &Edge<'_>, expr: &Expr, only_path: bool) -> bool {
    let all = |items: &[Expr]| items.iter().all(|e| can_be_said(edge, e, false));
    let resolved = resolved(edge, expr);
    if resolved != *expr {
        return can_be_said(edge, &resolved, only_path);
    }
    match expr.kind() {
        Kind::Literal(_) => true,
        Kind::Value(_) | Kind::Context(_) | Kind::Param(_) | Kind::Lambda(..) => true,
        Kind::Field(of, _) => can_be_said(edge, of, true) && is_definite(of),
        Kind::Maybe(of) => can_be_said(edge, of, only_path),
        Kind::Call(Op::Get(_), operands) => can_be_said(edge, &operands[0], true) && is_definite(&operands[0]),
        _ if only_path => false,
        Kind::Call(Op::Each { .. } | Op::FlatMap, operands) => {
            can_be_said(edge, &operands[0], false) && is_path(&operands[0])
        }
        Kind::Call(Op::Filter { .. }, operands) => can_be_said(edge, &operands[0], true) && is_definite(&operands[0]),
        Kind::Object(fields) => fields.iter().all(|(_, e)| can_be_said(edge, e, false)),
        Kind::Array(items) | Kind::Call(_, items) => all(items),
    }
}

/// With what the edge defines in place of the values at the roots of paths.
fn resolved(edge: &Edge<'_>, expr: &Expr) -> Expr {
    match expr.kind() {
        Kind::Value(id) => match edge.def(*id) {
            Some(Def::Expr(defined)) => resolved(edge, defined),
            _ => expr.clone(),
        },
        Kind::Field(of, name) => resolved(edge, of).field(name),
        Kind::Maybe(of) => resolved(edge, of).maybe(),
        Kind::Call(op @ (Op::Get(_) | Op::Each { .. } | Op::Filter { .. } | Op::FlatMap), operands) => {
            let list = resolved(edge, &operands[0]);
            Expr::call(op.clone(), [list].into_iter().chain(operands[1..].iter().cloned()))
        }
        _ => expr.clone(),
    }
}

impl NodeKind<'_> {
    /// Calls `f` with every expression of the state, and whether it must be a path.
    fn visit_places(&self, f: &mut dyn FnMut(&Expr, bool)) {
        let literal = |expr: &Expr| matches!(expr.kind(), Kind::Literal(_));
        match self {
            Self::Task(task) => {
                task.visit(&mut |expr| f(expr, false));
                for expr in task.timeout.iter().chain(&task.heartbeat) {
                    f(expr, !literal(expr));
                }
            }
            Self::Wait(Until::Seconds(expr) | Until::Timestamp(expr)) => f(expr, !literal(expr)),
            Self::Choice(conditions) => conditions.iter().for_each(|condition| compared(condition, f)),
            Self::Map { items, max_concurrency, distributed, .. } => {
                items.iter().for_each(|e| f(e, true));
                max_concurrency.iter().for_each(|e| f(e, !literal(e)));
                distributed.iter().for_each(|distributed| distributed.visit(&mut |e| f(e, false)));
            }
            Self::Succeed(output) => output.iter().for_each(|e| f(e, false)),
            Self::Fail { error, cause } => error.iter().chain(cause).for_each(|e| f(e, false)),
            Self::Pass | Self::Parallel { .. } | Self::Raw(..) => {}
        }
    }
}

/// What a condition compares.
fn compared(condition: &Expr, f: &mut dyn FnMut(&Expr, bool)) {
    match condition.kind() {
        Kind::Call(Op::Get(_) | Op::Each { .. } | Op::Filter { .. } | Op::FlatMap, _) => f(condition, true),
        Kind::Call(_, operands) => operands.iter().for_each(|e| compared(e, f)),
        Kind::Literal(_) => {}
        _ => f(condition, true),
    }
}
