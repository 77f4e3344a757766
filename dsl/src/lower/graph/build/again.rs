//! Loops.

use super::{Builder, Frame};
use crate::diag::{Diagnostic, codes};
use crate::ir::{Loop, Step};
use crate::lower::graph::{Def, EdgeKind, EdgeRef, NodeKind, To};

impl<'r> Builder<'r, '_> {
    /// The body, then a Choice that leaves it, gives up, or leads back to its first state.
    pub(super) fn again(&mut self, frame: &mut Frame<'r>, step: &'r Step, again: &'r Loop) {
        // Before the first state nothing can be assigned, and what stands for it there would be the same each time.
        if frame.open.contains(&EdgeRef::Start) {
            let name = self.free_name(&format!("{} start", step.name));
            self.node(frame, &name, &step.at, None, NodeKind::Pass, vec![EdgeKind::Next]);
        }
        for (value, first, _) in &again.carried {
            self.define(frame, *value, first, 0, &step.name, &step.at);
        }
        let (first, entry) = (frame.machine.nodes.len(), frame.open.first().copied());
        let known = entry.map_or(0, |entry| frame.machine.edge(entry).defs.len());
        self.block(frame, again.body);
        // What the body computes before its first state is computed on the way back too.
        let computed: Vec<_> = entry.map_or_else(Vec::new, |entry| frame.machine.edge(entry).defs[known..].to_vec());
        if frame.machine.nodes.len() == first {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::LOOP_OUT_OF_RANGE,
                    format!("`{}` repeats nothing", step.name),
                    step.at.clone(),
                )
                .help("run a step in it"),
            );
            return;
        }
        // A body that always fails or succeeds comes to no second time.
        if frame.open.is_empty() {
            return;
        }
        let edges = vec![EdgeKind::Rule, EdgeKind::Rule, EdgeKind::Default];
        let kind = NodeKind::Choice(vec![&again.done, &again.full]);
        let node = self.node(frame, &step.name, &step.at, step.comment.as_deref(), kind, edges);
        let (error, cause) = &again.failure;
        frame.open = vec![EdgeRef::Of(node, 1)];
        let fail = NodeKind::Fail { error: Some(error.clone()), cause: Some(cause.clone()) };
        let name = self.free_name(&format!("{} gave up", step.name));
        self.node(frame, &name, &step.at, None, fail, Vec::new());
        frame.open = vec![EdgeRef::Of(node, 2)];
        if let Some(until) = &again.wait {
            let name = self.free_name(&format!("{} wait", step.name));
            self.node(frame, &name, &step.at, None, NodeKind::Wait(until), vec![EdgeKind::Next]);
        }
        for back in std::mem::take(&mut frame.open) {
            let edge = frame.machine.edge_mut(back);
            edge.to = To::Node(first);
            edge.defs.extend(again.carried.iter().map(|(value, _, next)| (*value, Def::Expr(next.clone()))));
            edge.redefine(computed.iter().cloned());
        }
        frame.open = vec![EdgeRef::Of(node, 0)];
        self.define(frame, again.result, &again.value, 1, &format!("{} result", step.name), &step.at);
    }
}
