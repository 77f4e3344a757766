//! States in the words of the language.

use serde_json::Value as Json;

use super::{Builder, Frame};
use crate::asl::{Kind as State, Part as _, QueryLanguage, StateMachine};
use crate::diag::{Diagnostic, codes};
use crate::ir::Step;
use crate::ir::expr::{Expr, Kind, ValueId};
use crate::lower::graph::{Def, EdgeKind, EdgeRef, Machine, NodeKind, To};
use crate::retry::errors;
use crate::service::Access;

impl<'r> Builder<'r, '_> {
    pub(super) fn raw(
        &mut self,
        frame: &mut Frame<'r>,
        step: &'r Step,
        (state, access): (&'r Json, &'r Access),
        input: Option<&'r Expr>,
        result: ValueId,
    ) {
        let mut state =
            crate::asl::State::read(state.clone()).unwrap_or_else(|json| crate::asl::State::new(State::NoObject(json)));
        let can_fail = matches!(state.kind, State::Task(_) | State::Parallel(_) | State::Map(_));
        if !can_fail && !matches!(state.kind, State::Pass(_) | State::Wait(_)) {
            let found = state.kind.name().map_or("none of them".to_owned(), |name| format!("a {name}"));
            self.refuse_raw(step, format!("is expected to be a Task, Pass, Wait, Parallel or Map, and is {found}"));
            return;
        }
        (state.next, state.end) = (None, None);
        for inner in state.machines() {
            self.raw_names(inner, step);
        }
        let ours = if self.recording.in_paths { QueryLanguage::JsonPath } else { QueryLanguage::Jsonata };
        let language = *state.query_language.get_or_insert(ours);
        self.feed(frame, step, input, language == QueryLanguage::JsonPath);
        let catches = state.catch();
        let caught_all =
            catches.iter().any(|catch| catch.error_equals.iter().flatten().any(|error| error == errors::ALL));
        let targets: Vec<String> = catches.iter().map(|catch| catch.next.clone().unwrap_or_default()).collect();
        let own = (0..targets.len()).map(EdgeKind::OwnCatch);
        let edges = [EdgeKind::Next].into_iter().chain(own).collect();
        let default = if can_fail { "{% $states.result %}" } else { "{% $states.input %}" };
        let gives = (result, Def::Output(state.output.clone().unwrap_or_else(|| default.into())));
        let kind = NodeKind::Raw(Box::new(state), access);
        let node = if can_fail && !caught_all {
            self.failing(frame, step, kind, edges, gives)
        } else {
            let node = self.node(frame, &step.name, &step.at, step.comment.as_deref(), kind, edges);
            frame.machine.nodes[node].edges[0].defs.push(gives);
            frame.open = vec![EdgeRef::Of(node, 0)];
            node
        };
        frame.named.extend(targets.into_iter().enumerate().map(|(at, name)| (EdgeRef::Of(node, at + 1), name)));
    }

    /// Gives the state its input. What JSONPath can't compute is computed by a state before it.
    fn feed(&mut self, frame: &mut Frame<'r>, step: &Step, input: Option<&Expr>, json_path: bool) {
        let before_first = frame.open.contains(&EdgeRef::Start);
        let pending = before_first && !frame.machine.start.defs.is_empty();
        // In JSONPath, rules and Catchers have no output, and others can't compute one.
        let computes = before_first || self.recording.in_paths || leaves_json_path(frame);
        if input.is_some() && computes || json_path && pending {
            let name = self.free_name(&format!("{} input", step.name));
            self.node(frame, &name, &step.at, None, NodeKind::Pass, vec![EdgeKind::Next]);
        }
        for open in frame.open.clone() {
            frame.machine.edge_mut(open).output = input.cloned();
        }
    }

    /// Lets the Catchers that states have themselves lead to the states that they name.
    pub(super) fn find_named(&mut self, frame: &mut Frame<'r>) {
        for (edge, name) in std::mem::take(&mut frame.named) {
            match frame.machine.nodes.iter().position(|node| node.name == name) {
                Some(node) => frame.machine.edge_mut(edge).to = To::Node(node),
                None => {
                    let EdgeRef::Of(node, _) = edge else { continue };
                    let node = &frame.machine.nodes[node];
                    let message =
                        format!("`{}` catches errors and goes to `{name}`, which is no state beside it", node.name);
                    self.diagnostics.push(
                        Diagnostic::error(codes::RAW_STATE, message, node.at.clone())
                            .help("name a state of the same scope, or handle the error with `w.attempt(…)`"),
                    );
                }
            }
        }
    }

    /// The names of the states inside it are names of the whole machine.
    fn raw_names(&mut self, machine: &StateMachine, step: &Step) {
        for (name, state) in &machine.states {
            self.state_name(name, &step.at);
            for inner in state.machines() {
                self.raw_names(inner, step);
            }
        }
    }

    fn refuse_raw(&mut self, step: &Step, what: String) {
        self.diagnostics.push(
            Diagnostic::error(codes::RAW_STATE, format!("`{}` {what}", step.name), step.at.clone())
                .help("write `w.when(…)`, `w.succeed(…)` or `w.fail(…)` for the others"),
        );
    }
}

/// Whether an open edge leaves a state in JSONPath, which can't compute what we would write in JSONata.
pub(super) fn leaves_json_path(frame: &Frame<'_>) -> bool {
    frame.open.iter().any(|open| is_json_path(&frame.machine, *open))
}

fn is_json_path(machine: &Machine<'_>, edge: EdgeRef) -> bool {
    matches!(edge, EdgeRef::Of(node, _) if machine.nodes[node].is_json_path())
}

/// Whether a value is just what the open edges bring.
pub(super) fn is_known(frame: &Frame<'_>, expr: &Expr) -> bool {
    let known = |id: ValueId| frame.open.iter().all(|open| frame.machine.edge(*open).def(id).is_some());
    matches!(expr.kind(), Kind::Value(id) if known(*id))
}

/// Whether the machine can end behind an edge: a state in JSONPath has no `Output` of ours.
pub(super) fn may_end(machine: &Machine<'_>, edge: EdgeRef, output: &Expr) -> bool {
    let EdgeRef::Of(node, _) = edge else { return true };
    let NodeKind::Raw(state, _) = &machine.nodes[node].kind else { return true };
    let (selector, path) = match &state.kind {
        State::Task(task) => (task.result_selector.is_some(), task.result_path.is_some()),
        State::Parallel(parallel) => (parallel.result_selector.is_some(), parallel.result_path.is_some()),
        State::Map(map) => (map.result_selector.is_some(), map.result_path.is_some()),
        State::Pass(pass) => (false, pass.result_path.is_some()),
        _ => (false, false),
    };
    let plain = !selector && !path && state.output_path.is_none();
    let own = matches!(output.kind(), Kind::Value(id) if matches!(machine.edge(edge).def(*id), Some(Def::Output(_))));
    !machine.nodes[node].is_json_path() || own && plain
}
