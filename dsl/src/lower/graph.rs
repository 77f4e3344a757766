//! Blocks of steps as nodes and edges.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value as Json;

use super::vars::Carried;
use super::vars::live::Live;
use crate::asl;
use crate::diag::Place;
use crate::ir::expr::{Expr, ValueId};
use crate::ir::{Distributed, Until};
use crate::retry::Retry;
use crate::service::{Access, Task};

mod build;

pub(super) use build::{Part, build};

/// A state machine: the whole, a branch, or an item processor.
#[derive(Debug)]
pub(super) struct Machine<'r> {
    /// The workflow's name, or that of the state that contains it.
    pub name: String,
    pub nodes: Vec<Node<'r>>,
    pub start: Edge<'r>,
    /// Stands for the jumps to a label that are not built yet; empty once they are.
    labels: Vec<Edge<'r>>,
    /// The values that its edges define.
    pub defined: HashSet<ValueId>,
    /// The variables that it reads and assigns.
    pub live: Live,
    /// Whether it runs in an execution of its own, or inside of one: it sees nothing of the workflow around it.
    pub in_child: bool,
    /// Whether it is the whole of such an execution.
    pub is_child: bool,
}

/// A state to be.
#[derive(Debug)]
pub(super) struct Node<'r> {
    pub name: String,
    pub at: Place,
    pub comment: Option<&'r str>,
    pub kind: NodeKind<'r>,
    pub edges: Vec<Edge<'r>>,
}

#[derive(Debug)]
pub(super) enum NodeKind<'r> {
    Pass,
    Task(&'r Task),
    Wait(&'r Until),
    Choice(Vec<&'r Expr>),
    Parallel {
        machines: Vec<Machine<'r>>,
        retry: &'r [Retry],
        carried: Vec<Carried>,
    },
    Map {
        items: Option<&'r Expr>,
        max_concurrency: Option<&'r Expr>,
        distributed: Option<&'r Distributed>,
        machine: Box<Machine<'r>>,
        retry: &'r [Retry],
        carried: Vec<Carried>,
    },
    /// A state in the words of the language, with what was said about its rights.
    Raw(Box<asl::State>, &'r Access),
    Succeed(Option<Expr>),
    Fail {
        error: Option<Expr>,
        cause: Option<Expr>,
    },
}

/// Where control goes, and what is known once it has gone there.
#[derive(Debug)]
pub(super) struct Edge<'r> {
    pub kind: EdgeKind<'r>,
    pub to: To,
    pub defs: Vec<(ValueId, Def)>,
    /// What the state behind it gets as its input, where that is not what the state before it gives.
    pub output: Option<Expr>,
}

#[derive(Debug)]
pub(super) enum EdgeKind<'r> {
    Start,
    Next,
    Rule,
    Default,
    Catch(&'r [String]),
    /// A Catcher that the state has itself.
    OwnCatch(usize),
    /// From the jumps to a label.
    Label,
}

#[derive(Clone, Debug)]
pub(super) enum To {
    Open,
    Node(usize),
    /// The end of the machine, with its output.
    End(Expr),
}

/// What a value is, at the edge that defines it.
#[derive(Clone, Debug)]
pub(super) enum Def {
    Expr(Expr),
    /// The result of the state that the edge leaves.
    Result,
    /// What a state in the words of the language gives.
    Output(Json),
    /// The error that made control take the edge.
    Error,
    /// The input of the first state.
    Input,
    /// A field of the input of the first state.
    InputField(String),
    /// The same, of what every batch gets.
    BatchInput(String),
}

impl<'r> Edge<'r> {
    fn new(kind: EdgeKind<'r>) -> Self {
        Self { kind, to: To::Open, defs: Vec::new(), output: None }
    }

    /// Lets these values mean something else from here on: what was computed before on the way means what they were.
    fn redefine(&mut self, defs: impl IntoIterator<Item = (ValueId, Def)>) {
        let defs: Vec<(ValueId, Def)> = defs.into_iter().collect();
        let anew: Vec<ValueId> = defs.iter().map(|(id, _)| *id).collect();
        for (_, def) in &mut self.defs {
            if let Def::Expr(expr) = def {
                *expr = expr.before(&anew);
            }
        }
        self.defs.extend(defs);
    }

    /// Calls `f` with every expression that is evaluated on the way.
    pub(super) fn visit(&self, f: &mut dyn FnMut(&Expr)) {
        for (_, def) in &self.defs {
            if let Def::Expr(expr) = def {
                f(expr);
            }
        }
        self.output.iter().for_each(&mut *f);
        if let To::End(output) = &self.to {
            f(output);
        }
    }

    pub(super) fn def(&self, value: ValueId) -> Option<&Def> {
        self.defs.iter().find(|(id, _)| *id == value).map(|(_, def)| def)
    }
}

impl<'r> Machine<'r> {
    /// The first state, where values from before it are still expressions.
    pub(super) fn first(&self) -> Option<usize> {
        match self.start.to {
            To::Node(node) => Some(node),
            _ => None,
        }
    }

    fn edge_mut(&mut self, at: EdgeRef) -> &mut Edge<'r> {
        match at {
            EdgeRef::Start => &mut self.start,
            EdgeRef::Of(node, edge) => &mut self.nodes[node].edges[edge],
            EdgeRef::Label(label) => &mut self.labels[label],
        }
    }

    fn edge(&self, at: EdgeRef) -> &Edge<'r> {
        match at {
            EdgeRef::Start => &self.start,
            EdgeRef::Of(node, edge) => &self.nodes[node].edges[edge],
            EdgeRef::Label(label) => &self.labels[label],
        }
    }
}

impl<'r> Node<'r> {
    /// Whether its expressions are in JSONPath.
    pub(super) fn is_json_path(&self) -> bool {
        matches!(&self.kind, NodeKind::Raw(state, _) if state.query_language == Some(asl::QueryLanguage::JsonPath))
    }

    /// The machines inside it.
    pub(super) fn machines(&self) -> &[Machine<'r>] {
        self.kind.machines()
    }

    pub(super) fn machines_mut(&mut self) -> &mut [Machine<'r>] {
        match &mut self.kind {
            NodeKind::Parallel { machines, .. } => machines,
            NodeKind::Map { machine, .. } => std::slice::from_mut(machine),
            _ => &mut [],
        }
    }

    /// Calls `f` with every expression that the state evaluates before it has a result.
    pub(super) fn visit(&self, f: &mut dyn FnMut(&Expr)) {
        match &self.kind {
            NodeKind::Task(task) => task.visit(f),
            NodeKind::Wait(Until::Seconds(expr) | Until::Timestamp(expr)) => f(expr),
            NodeKind::Choice(conditions) => conditions.iter().for_each(|c| f(c)),
            NodeKind::Map { items, max_concurrency, distributed, .. } => {
                items.iter().chain(max_concurrency).for_each(|e| f(e));
                distributed.iter().for_each(|distributed| distributed.visit(f));
            }
            NodeKind::Succeed(output) => output.iter().for_each(f),
            NodeKind::Fail { error, cause } => error.iter().chain(cause).for_each(f),
            NodeKind::Pass | NodeKind::Parallel { .. } | NodeKind::Raw(..) => {}
        }
    }
}

impl<'r> NodeKind<'r> {
    fn machines(&self) -> &[Machine<'r>] {
        match self {
            Self::Parallel { machines, .. } => machines,
            Self::Map { machine, .. } => std::slice::from_ref(machine),
            _ => &[],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EdgeRef {
    Start,
    Of(usize, usize),
    Label(usize),
}

/// The access rights that were described, by the name of the state.
pub(super) fn access(machine: &Machine<'_>) -> BTreeMap<String, Access> {
    let mut found = BTreeMap::new();
    for node in &machine.nodes {
        let said = match &node.kind {
            NodeKind::Task(task) => Some(&task.access),
            NodeKind::Raw(_, access) => Some(*access),
            NodeKind::Map { distributed: Some(Distributed { reader: Some(reader), .. }), .. } => Some(&reader.access),
            _ => None,
        };
        found.extend(said.map(|access| (node.name.clone(), access.clone())));
        node.machines().iter().for_each(|inner| found.extend(access(inner)));
    }
    found
}
