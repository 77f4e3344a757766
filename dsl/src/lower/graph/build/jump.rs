//! Labels and jumps.

use super::{Builder, Frame};
use crate::diag::{Diagnostic, codes};
use crate::ir::expr::Expr;
use crate::ir::{LabelId, Step, ValueId};
use crate::lower::graph::{Def, Edge, EdgeKind, EdgeRef, Machine, Node, NodeKind, To};

/// Where a jump leads: to a state or to the end, by way of what, and what is computed on the way.
type Target = (To, Option<Expr>, Vec<(ValueId, Def)>);

impl<'r> Builder<'r, '_> {
    /// Lets the jumps that are built already lead to what comes next. Those to come are an edge that stands for them.
    pub(super) fn label(&mut self, frame: &mut Frame<'r>, step: &Step, label: LabelId) {
        let Some(info) = self.recording.labels.get(label.index) else { return };
        if frame.labels.contains(&label) {
            return;
        }
        if let Some((value, Some(first))) = &info.value {
            // Before the first state nothing can be assigned, and what stands for it there would be the same each time.
            if frame.open.contains(&EdgeRef::Start) {
                let name = self.free_name(&info.name);
                self.node(frame, &name, &step.at, None, NodeKind::Pass, vec![EdgeKind::Next]);
            }
            self.define(frame, *value, first, 0, &info.name, &step.at);
        }
        let (here, elsewhere) = std::mem::take(&mut frame.jumps).into_iter().partition(|(_, to)| *to == label);
        frame.jumps = elsewhere;
        let here: Vec<(EdgeRef, LabelId)> = here;
        let edges = here.iter().map(|(edge, _)| *edge);
        let to_come = edges.clone().count() < self.jumps[label.index];
        frame.open.extend(edges);
        // The same for a value that the very first jump brings.
        if info.value.is_some() && to_come && frame.open.contains(&EdgeRef::Start) {
            let name = self.free_name(&info.name);
            self.node(frame, &name, &step.at, None, NodeKind::Pass, vec![EdgeKind::Next]);
        }
        frame.labels.push(label);
        // One edge for each label that stands, so that the label's place finds it.
        frame.machine.labels.push(Edge::new(EdgeKind::Label));
        if to_come {
            frame.open.push(EdgeRef::Label(frame.labels.len() - 1));
        }
    }

    /// Lets the open edges lead to a label, with what is taken along.
    pub(super) fn goto(&mut self, frame: &mut Frame<'r>, step: &Step, label: LabelId, value: Option<&Expr>) {
        let info = self.recording.labels.get(label.index);
        if let (Some(expr), Some((id, _))) = (value, info.and_then(|info| info.value.as_ref())) {
            // What was computed on the way here means the value as it was.
            for open in frame.open.clone() {
                for (_, def) in &mut frame.machine.edge_mut(open).defs {
                    if let Def::Expr(expr) = def {
                        *expr = expr.before(&[*id]);
                    }
                }
            }
            self.define(frame, *id, &expr.before(&[*id]), 0, &step.name, &step.at);
        }
        let open = std::mem::take(&mut frame.open);
        frame.jumps.extend(open.into_iter().map(|edge| (edge, label)));
    }

    /// Lets jumps to labels further up lead where those stand. `has_input`: whether the first state reads something from the
    /// input of the machine.
    pub(super) fn resolve(&mut self, frame: &mut Frame<'r>, has_input: bool) {
        for (jump, label) in frame.jumps.clone() {
            if let Some((to, output, defs)) = self.target(frame, label) {
                let edge = frame.machine.edge_mut(jump);
                (edge.to, edge.output) = (to, output);
                edge.redefine(defs);
            }
        }
        self.find_named(frame);
        frame.machine.labels.clear();
        if frame.labels.is_empty() {
            return;
        }
        self.check_reached(&frame.machine);
        let Some(first) = frame.machine.first() else { return };
        let comes_back = |edge: &Edge<'_>| matches!(edge.to, To::Node(to) if to == first);
        if has_input && frame.machine.nodes.iter().flat_map(|node| &node.edges).any(comes_back) {
            self.keep_input(frame, first);
        }
    }

    /// Where a label stands, what the state behind it gets, and what is computed between the two.
    fn target(&mut self, frame: &Frame<'r>, label: LabelId) -> Option<Target> {
        let mut way = Edge::new(EdgeKind::Label);
        let mut seen = Vec::new();
        let mut label = label;
        loop {
            let at = frame.labels.iter().position(|known| *known == label)?;
            let edge = &frame.machine.labels[at];
            way.redefine(edge.defs.iter().cloned());
            if seen.contains(&label) {
                let info = &self.recording.labels[label.index];
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::GOTO_WITHOUT_STATE,
                        format!("the jump to `{}` comes back to it without a state between", info.name),
                        info.at.clone(),
                    )
                    .help("run or wait for something in the loop"),
                );
                return None;
            }
            seen.push(label);
            if !matches!(edge.to, To::Open) {
                return Some((edge.to.clone(), edge.output.clone(), way.defs));
            }
            (_, label) = *frame.jumps.iter().find(|(jump, _)| *jump == EdgeRef::Label(at))?;
        }
    }

    /// Whatever only an unreached jump leads to never runs.
    fn check_reached(&mut self, machine: &Machine<'_>) {
        let mut reached = vec![false; machine.nodes.len()];
        let mut next: Vec<usize> = machine.first().into_iter().collect();
        while let Some(node) = next.pop() {
            if !std::mem::replace(&mut reached[node], true) {
                next.extend(machine.nodes[node].edges.iter().filter_map(|edge| match edge.to {
                    To::Node(to) => Some(to),
                    To::Open | To::End(_) => None,
                }));
            }
        }
        for (node, _) in machine.nodes.iter().zip(reached).filter(|(_, reached)| !reached) {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::UNREACHABLE_STEP,
                    format!("`{}` can never run: only what comes behind it leads to it", node.name),
                    node.at.clone(),
                )
                .help("remove it, or let a `goto` from before it lead to it"),
            );
        }
    }

    /// The input of a machine is that of its first state only, and only the first time. A Pass state keeps what is read of it.
    fn keep_input(&mut self, frame: &mut Frame<'r>, first: usize) {
        let machine = &mut frame.machine;
        let edges = machine.nodes.iter_mut().flat_map(|node| &mut node.edges);
        for edge in edges.chain([&mut machine.start]) {
            if let To::Node(to) = &mut edge.to {
                *to += 1;
            }
        }
        machine.start.to = To::Node(0);
        let at = machine.nodes[first].at.clone();
        let name = self.free_name(&format!("{} start", machine.name));
        let name = self.state_name(&name, &at);
        let next = Edge { to: To::Node(first + 1), ..Edge::new(EdgeKind::Next) };
        machine.nodes.insert(0, Node { name, at, comment: None, kind: NodeKind::Pass, edges: vec![next] });
    }
}
