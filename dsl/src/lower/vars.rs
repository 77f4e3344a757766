//! Which values become workflow variables, where they are assigned, and what they are called.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use serde_json::Value as Json;

use super::graph::{Def, Edge, Machine, Node, NodeKind, To};
use crate::asl::QueryLanguage;
use crate::diag::{Diagnostic, Diagnostics, Place, codes};
use crate::ir::expr::{Expr, Kind, ValueId};
use crate::ir::{Origin, Recording};
use crate::name;

pub(super) mod live;
mod reserved;

use reserved::reserved;

/// A part of a value that a state reads: one variable. Of a result, an item or an error only what is read is kept;
/// what was computed is kept whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    pub value: ValueId,
    pub path: Vec<Segment>,
}

/// A step on the way into a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Segment {
    pub step: Step,
    /// Whether there may be nothing there.
    pub maybe: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Step {
    Field(String),
    Index(i64),
}

impl Key {
    /// The variable for a path, and what is left of the path to go inside it.
    pub(super) fn split(recording: &Recording, value: ValueId, path: &[Segment]) -> (Self, Vec<Segment>) {
        let whole = recording.info(value).origin == Origin::Computed;
        // A path that leads nowhere can't be assigned; what is around it can.
        let sure = || path.iter().position(|segment| recording.in_paths && segment.maybe).unwrap_or(path.len());
        let kept = if whole { 0 } else { sure() };
        let value = ValueId { before: false, ..value };
        (Self { value, path: path[..kept].to_vec() }, path[kept..].to_vec())
    }
}

/// A value with the way into it, if that is all that the expression is.
pub(crate) fn path(expr: &Expr) -> Option<(ValueId, Vec<Segment>)> {
    let (of, step) = match expr.kind() {
        Kind::Value(id) => return Some((*id, Vec::new())),
        Kind::Field(of, name) => (of, Step::Field(name.clone())),
        Kind::Call(crate::ir::expr::Op::Get(index), operands) => (&operands[0], Step::Index(*index)),
        Kind::Maybe(of) => {
            let (id, mut path) = path(of)?;
            path.iter_mut().next_back().iter_mut().for_each(|segment| segment.maybe = true);
            return Some((id, path));
        }
        _ => return None,
    };
    let (id, mut path) = path(of)?;
    path.push(Segment { step, maybe: false });
    Some((id, path))
}

/// Calls `f` with every value that an expression reads, and the way into it.
pub(crate) fn reads(expr: &Expr, f: &mut dyn FnMut(ValueId, &[Segment])) {
    if let Some((id, path)) = path(expr) {
        return f(id, &path);
    }
    match expr.kind() {
        Kind::Field(of, _) | Kind::Lambda(_, of) | Kind::Maybe(of) => reads(of, f),
        Kind::Object(fields) => fields.iter().for_each(|(_, e)| reads(e, f)),
        Kind::Array(items) | Kind::Call(_, items) => items.iter().for_each(|e| reads(e, f)),
        Kind::Literal(_) | Kind::Value(_) | Kind::Context(_) | Kind::Param(_) => {}
    }
}

/// A value that is carried into a state, and the field of the input in which it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Carried {
    pub id: ValueId,
    pub field: String,
}

impl Carried {
    pub(super) fn value(&self) -> Expr {
        Kind::Value(self.id).into()
    }
}

/// Gives the branches and items of a first state, as their input, what could not be assigned before it.
pub(super) fn carry(machine: &mut Machine<'_>, recording: &Recording) {
    let first = machine.first();
    let pending: Vec<ValueId> = machine.start.defs.iter().map(|(id, _)| *id).collect();
    for (index, node) in machine.nodes.iter_mut().enumerate() {
        let mut wanted = BTreeSet::new();
        if let NodeKind::Map { machine: inner, distributed: Some(_), .. } = &node.kind {
            // An execution of its own sees nothing of what is around it.
            let mut own = BTreeSet::new();
            values_read(inner, &mut wanted);
            values_defined(inner, &mut own);
            wanted.retain(|id| !own.contains(id));
        } else if Some(index) == first {
            node.machines().iter().for_each(|inner| values_read(inner, &mut wanted));
            wanted.retain(|id| pending.contains(id));
        }
        let mut taken: Vec<Carried> = Vec::new();
        for id in wanted {
            let name = identifier(&recording.info(id).name);
            let is_free = |name: &String| name != ITEM && taken.iter().all(|carried| carried.field != *name);
            let names = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}_{number}")));
            taken.extend(names.into_iter().find(is_free).map(|field| Carried { id, field }));
        }
        let batches = matches!(&node.kind, NodeKind::Map { distributed: Some(d), .. } if d.batches.is_some());
        let fields = || {
            taken.iter().map(|Carried { id, field }| {
                let field = field.clone();
                (*id, if batches { Def::BatchInput(field) } else { Def::InputField(field) })
            })
        };
        match &mut node.kind {
            NodeKind::Parallel { machines, carried, .. } => {
                carried.clone_from(&taken);
                for inner in machines {
                    inner.start.defs.extend(fields());
                    carry(inner, recording);
                }
            }
            NodeKind::Map { machine: inner, carried, .. } => {
                carried.clone_from(&taken);
                if !taken.is_empty() {
                    // The item itself; what was computed before the first state stays computed.
                    for (_, def) in inner.start.defs.iter_mut().filter(|(_, def)| matches!(def, Def::Input)) {
                        *def = Def::InputField(ITEM.to_owned());
                    }
                    inner.start.defs.extend(fields());
                }
                carry(inner, recording);
            }
            _ => {}
        }
    }
}

/// Notes what each machine defines, once nothing is carried any more.
pub(super) fn note_defined(machine: &mut Machine<'_>) {
    let edges = machine.nodes.iter().flat_map(|node| &node.edges).chain([&machine.start]);
    machine.defined = edges.flat_map(|edge| &edge.defs).map(|(id, _)| *id).collect();
    machine.nodes.iter_mut().flat_map(Node::machines_mut).for_each(note_defined);
}

/// The field of an item's input that holds the item, where other fields hold what was carried.
pub(super) const ITEM: &str = "item";

pub(super) fn values_read(machine: &Machine<'_>, found: &mut BTreeSet<ValueId>) {
    let edges = machine.nodes.iter().flat_map(|node| &node.edges).chain([&machine.start]);
    edges.for_each(|edge| edge.visit(&mut |expr| values_in(expr, found)));
    machine.nodes.iter().for_each(|node| node.visit(&mut |expr| values_in(expr, found)));
    for inner in machine.nodes.iter().flat_map(Node::machines) {
        values_read(inner, found);
    }
}

fn values_in(expr: &Expr, found: &mut BTreeSet<ValueId>) {
    expr.visit(&mut |e| {
        if let Kind::Value(id) = e.kind() {
            found.insert(ValueId { before: false, ..*id });
        }
    });
}

/// What edges of a machine, and of those inside it, define.
fn values_defined(machine: &Machine<'_>, found: &mut BTreeSet<ValueId>) {
    let edges = machine.nodes.iter().flat_map(|node| &node.edges).chain([&machine.start]);
    found.extend(edges.flat_map(|edge| &edge.defs).map(|(id, _)| *id));
    machine.nodes.iter().flat_map(Node::machines).for_each(|inner| values_defined(inner, found));
}

/// Where an expression is evaluated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'g, 'r> {
    pub machine: &'g Machine<'r>,
    pub node: usize,
    /// The edge, if the state has its result already.
    pub edge: Option<&'g Edge<'r>>,
}

impl<'g> Site<'g, '_> {
    /// The query language of a state in the words of the language.
    pub(super) fn own_language(&self) -> Option<QueryLanguage> {
        match &self.machine.nodes[self.node].kind {
            NodeKind::Raw(state, _) => state.query_language,
            _ => None,
        }
    }

    /// What a value is here, if it is not in a variable yet.
    pub(super) fn def(&self, value: ValueId) -> Option<&'g Def> {
        self.edge.and_then(|edge| edge.def(value)).or_else(|| {
            let first = self.machine.first() == Some(self.node);
            first.then(|| self.machine.start.def(value)).flatten()
        })
    }
}

/// Whether a value is the input of the workflow, which is in the context object wherever a state of its own stands.
pub(super) fn is_in_context(site: Site<'_, '_>, value: ValueId, recording: &Recording) -> bool {
    recording.info(value).origin == Origin::Input && !site.machine.in_child
}

/// The variables that an expression reads at a place.
fn variables(site: Site<'_, '_>, expr: &Expr, recording: &Recording, found: &mut BTreeSet<Key>) {
    reads(expr, &mut |id, path| match site.def(id) {
        Some(Def::Expr(defined)) => variables(site, defined, recording, found),
        Some(_) => {}
        None if is_in_context(site, id, recording) => {}
        None => {
            found.insert(Key::split(recording, id, path).0);
        }
    });
}

/// Finds what a way through the whole machine reads without having made it: a jump can pass by where a value is made.
pub(super) fn check(root: &Machine<'_>, recording: &Recording, diagnostics: &mut Diagnostics) {
    if recording.labels.is_empty() {
        return;
    }
    let missing: BTreeSet<ValueId> = root.live.free.iter().map(|key| key.value).collect();
    for value in missing {
        let info = recording.info(value);
        let read = reader(root, value).unwrap_or(&info.at);
        let message = format!("some way to this place does not make the value of `{}`", info.name);
        diagnostics.push(
            Diagnostic::error(codes::VALUE_NOT_ON_EVERY_WAY, message, read.clone())
                .here("read here")
                .label(info.at.clone(), "made here")
                .help("place the label before the value is made, or take the value along: `w.goto_with(label, value)`"),
        );
    }
}

/// Where a value is read that no edge on the way there defines.
fn reader<'g>(machine: &'g Machine<'_>, value: ValueId) -> Option<&'g Place> {
    let mut seen = BTreeSet::new();
    let mut next = VecDeque::from_iter(machine.first().filter(|_| machine.start.def(value).is_none()));
    while let Some(index) = next.pop_front() {
        if !seen.insert(index) {
            continue;
        }
        let node = &machine.nodes[index];
        let mut found = BTreeSet::new();
        node.visit(&mut |expr| values_in(expr, &mut found));
        for edge in &node.edges {
            edge.visit(&mut |expr| values_in(expr, &mut found));
            if let To::Node(to) = edge.to
                && edge.def(value).is_none()
            {
                next.push_back(to);
            }
        }
        if found.contains(&value) {
            return Some(&node.at);
        }
        if let Some(place) = node.machines().iter().find_map(|inner| reader(inner, value)) {
            return Some(place);
        }
    }
    None
}

/// The names of all variables.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By key, and by the machine that keeps the value under a name of its own.
    names: BTreeMap<(Key, Option<Holder>), String>,
}

impl Names {
    pub(super) fn of(root: &Machine<'_>, recording: &Recording) -> Self {
        let mut wanted = BTreeSet::new();
        collect(root, recording, &[], &mut wanted);
        // A variable would hide the function of the same name.
        let mut taken: HashSet<String> = reserved().map(str::to_owned).collect();
        taken.extend(assigned(root));
        let mut names = BTreeMap::new();
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        wanted.iter().for_each(|(key, _)| *counts.entry(key.clone()).or_default() += 1);
        for (key, holder) in wanted {
            // Nothing can be hidden where nothing else has the name.
            let is_alone = holder.as_ref().is_some_and(|holder| !holder.is_carried && counts[&key] == 1);
            let base = base_name(&key, holder.as_ref().filter(|_| !is_alone), recording);
            let mut name = name::shorten(&base, 80);
            let mut number = 2;
            while is_parameter(&name) || !taken.insert(name.clone()) {
                name = name::shorten(&format!("{base}_{number}"), 80);
                number += 1;
            }
            names.insert((key, holder), name);
        }
        Self { names }
    }

    /// The name of a variable as it is read inside some machines, the innermost last.
    pub(super) fn get(&self, key: &Key, machines: &[&Machine<'_>], recording: &Recording) -> &str {
        let name = self.names.get(&(key.clone(), holder(key.value, machines, recording)));
        debug_assert!(name.is_some(), "every variable that is read has a name: {key:?}");
        name.map_or("", String::as_str)
    }
}

/// What states in the words of the language assign.
fn assigned(machine: &Machine<'_>) -> Vec<String> {
    let own = machine.nodes.iter().filter_map(|node| match &node.kind {
        NodeKind::Raw(state, _) => state.assign.as_ref().and_then(Json::as_object),
        _ => None,
    });
    let mut names: Vec<String> =
        own.flat_map(|assign| assign.keys()).map(|name| name.trim_end_matches(".$").to_owned()).collect();
    names.extend(machine.nodes.iter().flat_map(Node::machines).flat_map(assigned));
    names
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Holder {
    machine: String,
    is_carried: bool,
}

/// The machine that keeps a value under a name of its own, if one of these does: it was carried into it, or a machine around
/// it defines the value too, and its variables may not be hidden.
fn holder(value: ValueId, machines: &[&Machine<'_>], recording: &Recording) -> Option<Holder> {
    let mut definers = machines.iter().rev().filter(|machine| machine.defined.contains(&value));
    let innermost = definers.next()?;
    let is_carried = matches!(innermost.start.def(value), Some(Def::InputField(_) | Def::BatchInput(_)))
        && recording.info(value).origin != Origin::Item;
    (is_carried || definers.next().is_some()).then(|| Holder { machine: innermost.name.clone(), is_carried })
}

fn collect<'g, 'r>(
    machine: &'g Machine<'r>,
    recording: &Recording,
    around: &[&'g Machine<'r>],
    found: &mut BTreeSet<(Key, Option<Holder>)>,
) {
    let mut chain = around.to_vec();
    chain.push(machine);
    for key in &machine.live.read {
        let holder = holder(key.value, &chain, recording);
        found.insert((key.clone(), holder));
    }
    machine.nodes.iter().flat_map(Node::machines).for_each(|inner| collect(inner, recording, &chain, found));
}

fn base_name(key: &Key, holder: Option<&Holder>, recording: &Recording) -> String {
    let info = recording.info(key.value);
    let mut path = key.path.as_slice();
    for field in info.envelope {
        match path.split_first() {
            Some((Segment { step: Step::Field(name), .. }, rest)) if name == field => path = rest,
            _ => break,
        }
    }
    let mut name = info.name.clone();
    for segment in path {
        match &segment.step {
            Step::Field(field) => name = format!("{name}_{field}"),
            Step::Index(index) => name = format!("{name}_{index}"),
        }
    }
    if let Some(holder) = holder {
        let place = if holder.is_carried { holder.machine.as_str() } else { "branch" };
        name = format!("{name}_in_{place}");
    }
    identifier(&name)
}

/// `item`, `item2`, … are the parameters of closures inside closures.
fn is_parameter(name: &str) -> bool {
    name.strip_prefix("item").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

/// A variable's name: letters, digits and `_`, with a letter first.
fn identifier(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_alphabetic() || c.is_ascii_digit() { c } else { '_' }).collect();
    if name.starts_with(char::is_alphabetic) { name } else { format!("v{name}") }
}
