//! From blocks of steps to the graph.

use std::collections::{HashMap, HashSet};

use super::{Def, Edge, EdgeKind, EdgeRef, Machine, Node, NodeKind, To};
use crate::diag::{Diagnostic, Diagnostics, Place, codes};
use crate::ir::expr::{Expr, Kind, ValueId};
use crate::ir::{BlockId, Handler, LabelId, Recording, Step, StepKind, Yield};
use crate::lower::vars::live::Live;
use crate::retry::errors;

mod again;
mod attempt;
mod jump;
mod part;
mod pass;
mod raw;

pub(in crate::lower) use part::Part;
use raw::{is_known, leaves_json_path, may_end};

/// Builds the graph of the whole workflow, and says where each state was written.
pub(in crate::lower) fn build<'r>(
    recording: &'r Recording,
    diagnostics: &mut Diagnostics,
) -> (Machine<'r>, HashMap<String, Place>, Vec<Part<'r>>) {
    let steps = recording.blocks.iter().flat_map(|block| &block.steps);
    let states = steps.filter(|step| step.kind.is_state());
    let wanted = states.map(|step| crate::name::shorten(&step.name, 80)).collect();
    let jumps = recording.jumps(diagnostics);
    let mut builder = Builder {
        recording,
        diagnostics,
        jumps,
        names: HashMap::new(),
        wanted,
        sections: Vec::new(),
        maps: 0,
        in_child: false,
    };
    let mut frame = Frame::new(&recording.blocks[Recording::ROOT.0].name);
    frame.active.extend(recording.on_error.iter().map(|handler| vec![Active { handler, edges: Vec::new() }]));
    builder.block(&mut frame, Recording::ROOT);
    let handlers = frame.active.pop();
    builder.end(&mut frame, Recording::ROOT);
    for Active { handler, edges } in handlers.into_iter().flatten() {
        builder.workflow_handler(&mut frame, handler, edges);
    }
    builder.resolve(&mut frame, false);
    (frame.machine, builder.names, builder.sections)
}

/// A machine under construction.
struct Frame<'r> {
    machine: Machine<'r>,
    /// The edges that lead to whatever comes next.
    open: Vec<EdgeRef>,
    /// The attempts around the place, the innermost last.
    active: Vec<Vec<Active<'r>>>,
    /// The edges that lead to a label.
    jumps: Vec<(EdgeRef, LabelId)>,
    /// The labels that stand already.
    labels: Vec<LabelId>,
    /// The edges whose states are named, and stand anywhere.
    named: Vec<(EdgeRef, String)>,
}

impl Frame<'_> {
    fn new(name: &str) -> Self {
        let machine = Machine {
            name: name.to_owned(),
            nodes: Vec::new(),
            start: Edge::new(EdgeKind::Start),
            labels: Vec::new(),
            defined: HashSet::new(),
            live: Live::default(),
            in_child: false,
            is_child: false,
        };
        Self {
            machine,
            open: vec![EdgeRef::Start],
            active: Vec::new(),
            jumps: Vec::new(),
            labels: Vec::new(),
            named: Vec::new(),
        }
    }
}

/// A handler, with the edges that lead to it.
struct Active<'r> {
    handler: &'r Handler,
    edges: Vec<EdgeRef>,
}

struct Builder<'r, 'd> {
    recording: &'r Recording,
    diagnostics: &'d mut Diagnostics,
    /// The states so far, and where they were written.
    names: HashMap<String, Place>,
    /// The names that the user gives, those of states to come included.
    wanted: HashSet<String>,
    /// How many jumps lead to each label.
    jumps: Vec<usize>,
    /// The sections so far, inner ones before those around them.
    sections: Vec<Part<'r>>,
    /// How many Maps there are around the place.
    maps: usize,
    /// Whether the place is in an execution of its own.
    in_child: bool,
}

impl<'r> Builder<'r, '_> {
    /// `has_input`: whether its first state reads something from its input.
    fn machine(&mut self, block: BlockId, name: &str, start: Vec<(ValueId, Def)>, has_input: bool) -> Machine<'r> {
        let mut frame = Frame::new(name);
        frame.machine.start.defs = start;
        frame.machine.in_child = self.in_child;
        self.block(&mut frame, block);
        self.end(&mut frame, block);
        self.resolve(&mut frame, has_input);
        frame.machine
    }

    fn block(&mut self, frame: &mut Frame<'r>, block: BlockId) {
        for step in &self.recording.blocks[block.0].steps {
            // Steps after a `fail` have been reported where they were recorded.
            if !frame.open.is_empty() || matches!(step.kind, StepKind::Label(_)) {
                self.step(frame, step);
            }
        }
    }

    fn step(&mut self, frame: &mut Frame<'r>, step: &'r Step) {
        match &step.kind {
            StepKind::Let { value, expr } => self.define(frame, *value, expr, 0, &step.name, &step.at),
            StepKind::Task { task, result } => self.fallible(frame, step, NodeKind::Task(task), *result),
            StepKind::Wait { until } => self.plain(frame, step, NodeKind::Wait(until), vec![EdgeKind::Next]),
            StepKind::Choice { arms, otherwise, result } => self.choice(frame, step, arms, *otherwise, *result),
            StepKind::Parallel { branches, retry, result } => {
                if branches.is_empty() {
                    self.diagnostics.push(
                        Diagnostic::error(codes::NO_BRANCH, format!("`{}` has no branch", step.name), step.at.clone())
                            .help("add `.branch(|w| …)` before `.join()`"),
                    );
                }
                // What could not be assigned before the first state travels in its input.
                let has_input = frame.open.contains(&EdgeRef::Start) && !frame.machine.start.defs.is_empty();
                let branch = |block: &BlockId| self.machine(*block, &step.name, Vec::new(), has_input);
                let machines = branches.iter().map(branch).collect();
                self.fallible(frame, step, NodeKind::Parallel { machines, retry, carried: Vec::new() }, *result);
            }
            StepKind::Map { items, item, max_concurrency, body, retry, distributed, result } => {
                let batches = distributed.as_ref().is_some_and(|distributed| distributed.batches.is_some());
                let input = if batches { Def::InputField("Items".to_owned()) } else { Def::Input };
                let outside = self.in_child;
                self.in_child |= distributed.is_some();
                self.maps += 1;
                let mut machine = self.machine(*body, &step.name, vec![(*item, input)], true);
                machine.is_child = distributed.is_some();
                self.maps -= 1;
                self.in_child = outside;
                let kind = NodeKind::Map {
                    items: items.as_ref(),
                    max_concurrency: max_concurrency.as_ref(),
                    distributed: distributed.as_deref(),
                    machine: Box::new(machine),
                    retry,
                    carried: Vec::new(),
                };
                self.fallible(frame, step, kind, *result);
            }
            StepKind::Attempt { body, handlers, result } => self.attempt(frame, step, *body, handlers, *result),
            StepKind::Loop(again) => self.again(frame, step, again),
            StepKind::Raw { state, input, access, result } => {
                self.raw(frame, step, (state, access), input.as_ref(), *result);
            }
            StepKind::Label(label) => self.label(frame, step, *label),
            StepKind::Goto { label, value } => self.goto(frame, step, *label, value.as_ref()),
            StepKind::Guarded { lock, concurrency, key, body, result } => {
                self.guarded(frame, step, (lock, concurrency, key.as_ref()), *body, *result);
            }
            StepKind::Succeed { output } => self.plain(frame, step, NodeKind::Succeed(output.clone()), Vec::new()),
            StepKind::Fail { error, cause } => {
                self.plain(frame, step, NodeKind::Fail { error: error.clone(), cause: cause.clone() }, Vec::new());
            }
        }
    }

    /// Adds a state that can't fail in a way that could be caught.
    fn plain(&mut self, frame: &mut Frame<'r>, step: &'r Step, kind: NodeKind<'r>, edges: Vec<EdgeKind<'r>>) {
        self.node(frame, &step.name, &step.at, step.comment.as_deref(), kind, edges);
    }

    /// Adds a state that can fail, with an edge to each handler around it that could get the error.
    fn fallible(&mut self, frame: &mut Frame<'r>, step: &'r Step, kind: NodeKind<'r>, result: ValueId) {
        self.failing(frame, step, kind, vec![EdgeKind::Next], (result, Def::Result));
    }

    /// The same behind edges that it has anyway, the first of which gives the result.
    fn failing(
        &mut self,
        frame: &mut Frame<'r>,
        step: &'r Step,
        kind: NodeKind<'r>,
        mut edges: Vec<EdgeKind<'r>>,
        result: (ValueId, Def),
    ) -> usize {
        let own = edges.len();
        let mut targets = Vec::new();
        'handlers: for (depth, attempt) in frame.active.iter().enumerate().rev() {
            for (index, active) in attempt.iter().enumerate() {
                edges.push(EdgeKind::Catch(&active.handler.errors));
                targets.push((depth, index));
                if active.handler.errors.iter().any(|e| e == errors::ALL) {
                    break 'handlers;
                }
            }
        }
        let node = self.node(frame, &step.name, &step.at, step.comment.as_deref(), kind, edges);
        frame.machine.nodes[node].edges[0].defs.push(result);
        frame.open = vec![EdgeRef::Of(node, 0)];
        for (catch, (depth, index)) in targets.into_iter().enumerate() {
            let active = &mut frame.active[depth][index];
            frame.machine.nodes[node].edges[own + catch].defs.push((active.handler.error, Def::Error));
            active.edges.push(EdgeRef::Of(node, own + catch));
        }
        node
    }

    /// Adds a state behind all open edges; its own edges are open then.
    fn node(
        &mut self,
        frame: &mut Frame<'r>,
        name: &str,
        at: &Place,
        comment: Option<&'r str>,
        kind: NodeKind<'r>,
        edges: Vec<EdgeKind<'r>>,
    ) -> usize {
        self.before_first(frame, &kind, name, at);
        let index = frame.machine.nodes.len();
        for open in std::mem::take(&mut frame.open) {
            frame.machine.edge_mut(open).to = To::Node(index);
        }
        frame.open = (0..edges.len()).map(|edge| EdgeRef::Of(index, edge)).collect();
        frame.machine.nodes.push(Node {
            name: self.state_name(name, at),
            at: at.clone(),
            comment,
            kind,
            edges: edges.into_iter().map(Edge::new).collect(),
        });
        index
    }

    fn state_name(&mut self, name: &str, at: &Place) -> String {
        let short = crate::name::shorten(name, 80);
        if short.is_empty() {
            self.diagnostics.push(
                Diagnostic::error(codes::EMPTY_STATE_NAME, "a state without a name", at.clone())
                    .help("give it a name of 1 to 80 characters"),
            );
        }
        if let Some(first) = self.names.insert(short.clone(), at.clone()) {
            self.diagnostics.push(
                Diagnostic::error(codes::DUPLICATE_STATE_NAME, format!("two states are called `{short}`"), first)
                    .here("first here")
                    .label(at.clone(), "again here")
                    .help("rename one of them, or wrap the states in `w.section(\"prefix\", |w| …)`"),
            );
        }
        short
    }

    /// A name for a state that nobody named.
    fn free_name(&self, wanted: &str) -> String {
        let names = std::iter::once(wanted.to_owned()).chain((2..).map(|number| format!("{wanted} {number}")));
        let mut names = names.map(|name| crate::name::shorten(&name, 80));
        names.find(|name| !self.names.contains_key(name) && !self.wanted.contains(name)).unwrap_or_default()
    }

    /// Defines a value on all open edges. Reading random values that the same edges define would draw them anew, so
    /// with more than `allowed` of them a Pass state comes between.
    fn define(&mut self, frame: &mut Frame<'r>, value: ValueId, expr: &Expr, allowed: usize, name: &str, at: &Place) {
        let before_first = frame.open.contains(&EdgeRef::Start);
        let in_json_path = leaves_json_path(frame) && !is_known(frame, expr);
        let drawn_anew = before_first && expr.is_impure() || random_reads(frame, expr) > allowed;
        if drawn_anew || in_json_path || !self.can_be_said(frame, expr) {
            let name = self.free_name(name);
            self.node(frame, &name, at, None, NodeKind::Pass, vec![EdgeKind::Next]);
        }
        for open in frame.open.clone() {
            frame.machine.edge_mut(open).defs.push((value, Def::Expr(expr.clone())));
        }
    }

    /// Lowers a block from some edges on, and defines what it gives as the joined value.
    fn arm(
        &mut self,
        frame: &mut Frame<'r>,
        from: Vec<EdgeRef>,
        block: BlockId,
        result: ValueId,
        step: &Step,
    ) -> Vec<EdgeRef> {
        frame.open = from;
        self.block(frame, block);
        if let Yield::Value(expr) = &self.recording.blocks[block.0].yields
            && !frame.open.is_empty()
        {
            self.define(frame, result, expr, 1, &format!("{} result", step.name), &step.at);
        }
        std::mem::take(&mut frame.open)
    }

    fn choice(
        &mut self,
        frame: &mut Frame<'r>,
        step: &'r Step,
        arms: &'r [(Expr, BlockId)],
        otherwise: Option<BlockId>,
        result: ValueId,
    ) {
        let conditions = arms.iter().map(|(condition, _)| condition).collect();
        let edges = arms.iter().map(|_| EdgeKind::Rule).chain([EdgeKind::Default]).collect();
        let node = self.node(frame, &step.name, &step.at, step.comment.as_deref(), NodeKind::Choice(conditions), edges);
        let mut open = Vec::new();
        for (edge, (_, block)) in arms.iter().enumerate() {
            open.extend(self.arm(frame, vec![EdgeRef::Of(node, edge)], *block, result, step));
        }
        let default = vec![EdgeRef::Of(node, arms.len())];
        open.extend(match otherwise {
            Some(block) => self.arm(frame, default, block, result, step),
            None => default,
        });
        frame.open = open;
    }

    /// Ends the machine behind all open edges. A rule, a catcher and the start can't end a machine: they lead to a
    /// Succeed state.
    fn end(&mut self, frame: &mut Frame<'r>, block: BlockId) {
        let output = match &self.recording.blocks[block.0].yields {
            Yield::Value(expr) => expr.clone(),
            Yield::Nothing | Yield::Never => Expr::object(Vec::new()),
        };
        let (ends, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut frame.open).into_iter().partition(|open| {
            matches!(frame.machine.edge(*open).kind, EdgeKind::Next)
                && random_reads_on(&frame.machine, *open, &output) <= 1
                && (!self.recording.in_paths || pass::can_end(&frame.machine, *open, &output))
                && may_end(&frame.machine, *open, &output)
        });
        for end in ends {
            frame.machine.edge_mut(end).to = To::End(output.clone());
        }
        if !rest.is_empty() {
            frame.open = rest;
            let wanted =
                if block == Recording::ROOT { "Done".to_owned() } else { format!("{} done", frame.machine.name) };
            let name = self.free_name(&wanted);
            let at = frame.machine.nodes.first().map_or_else(
                || Place::Workflow(self.recording.blocks[Recording::ROOT.0].name.clone()),
                |node| node.at.clone(),
            );
            self.node(frame, &name, &at, None, NodeKind::Succeed(Some(output)), Vec::new());
        }
    }
}

/// How many random values an expression would draw anew, because an open edge defines them.
fn random_reads(frame: &Frame<'_>, expr: &Expr) -> usize {
    frame.open.iter().map(|open| random_reads_on(&frame.machine, *open, expr)).max().unwrap_or_default()
}

fn random_reads_on(machine: &Machine<'_>, at: EdgeRef, expr: &Expr) -> usize {
    let mut count = 0;
    expr.visit(&mut |e| {
        if let Kind::Value(id) = e.kind()
            && let Some(Def::Expr(defined)) = machine.edge(at).def(*id)
        {
            count += usize::from(defined.is_impure()) + random_reads_on(machine, at, defined);
        }
    });
    count
}
