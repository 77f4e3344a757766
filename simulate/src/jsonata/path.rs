//! From the tree of operators to paths with steps.

use std::rc::Rc;

use super::error::Error;
use super::node::{Kind, Lambda, Node, Stage};

/// Puts paths together.
pub(super) fn assemble(node: Node) -> Result<Node, Error> {
    let Node { kind, position, keep_array, .. } = node;
    let new = |kind| Node { keep_array, ..Node::new(kind, position) };
    let boxed = |node: Box<Node>| assemble(*node).map(Box::new);
    Ok(match kind {
        Kind::Name(name) => {
            let step = new(Kind::Name(name));
            Node { keep_singleton: keep_array, ..Node::new(Kind::Path(vec![step]), position) }
        }
        Kind::Binary(".", left, right) => dot(assemble(*left)?, assemble(*right)?, position)?,
        Kind::Binary("[", left, right) => predicate(assemble(*left)?, *right)?,
        Kind::Group(left, pairs) => {
            let mut node = assemble(*left)?;
            if node.group.is_some() {
                return Err(Error::new("S0210", position, "", ""));
            }
            node.group = Some(all_pairs(pairs)?);
            node
        }
        Kind::OrderBy(left, terms) => {
            let mut node = as_path(assemble(*left)?);
            let terms =
                terms.into_iter().map(|(term, down)| Ok((assemble(term)?, down))).collect::<Result<_, Error>>()?;
            if let Kind::Path(steps) = &mut node.kind {
                steps.push(Node::new(Kind::Sort(terms), position));
            }
            node
        }
        Kind::Focus(left, name) => {
            let mut node = as_path(assemble(*left)?);
            let step = last_step(&mut node);
            if !step.stages.is_empty() || !step.predicates.is_empty() {
                return Err(Error::new("S0215", position, "", ""));
            }
            if matches!(step.kind, Kind::Sort(_)) {
                return Err(Error::new("S0216", position, "", ""));
            }
            step.focus = Some(name);
            step.keep_array |= keep_array;
            node
        }
        Kind::Index(left, name) => {
            let mut node = as_path(assemble(*left)?);
            let step = last_step(&mut node);
            if step.stages.is_empty() {
                step.index = Some(name);
            } else {
                step.stages.push(Stage::Index(name));
            }
            node
        }
        Kind::Binary(operator, left, right) => new(Kind::Binary(operator, boxed(left)?, boxed(right)?)),
        Kind::Negate(inner) => match assemble(*inner)? {
            Node { kind: Kind::Number(number), .. } => new(Kind::Number(-number)),
            inner => new(Kind::Negate(Box::new(inner))),
        },
        Kind::Array(items) => new(Kind::Array(all(items)?)),
        Kind::Object(pairs) => new(Kind::Object(all_pairs(pairs)?)),
        Kind::Block(items) => new(Kind::Block(all(items)?)),
        Kind::Bind(name, value) => new(Kind::Bind(name, boxed(value)?)),
        Kind::Condition(condition, then, otherwise) => {
            new(Kind::Condition(boxed(condition)?, boxed(then)?, otherwise.map(boxed).transpose()?))
        }
        Kind::Call { procedure, arguments, .. } => {
            new(Kind::Call { procedure: boxed(procedure)?, arguments: all(arguments)?, tail: false })
        }
        Kind::Partial { procedure, arguments } => {
            new(Kind::Partial { procedure: boxed(procedure)?, arguments: all(arguments)? })
        }
        Kind::Lambda(lambda) => {
            let Lambda { parameters, signature, body } =
                Rc::try_unwrap(lambda).map_err(|_| Error::new("S0206", position, "lambda", ""))?;
            let body = tail_calls(assemble(body)?);
            new(Kind::Lambda(Rc::new(Lambda { parameters, signature, body })))
        }
        Kind::Apply(left, right) => new(Kind::Apply(boxed(left)?, boxed(right)?)),
        Kind::Transform { pattern, update, delete } => new(Kind::Transform {
            pattern: boxed(pattern)?,
            update: boxed(update)?,
            delete: delete.map(boxed).transpose()?,
        }),
        Kind::Parent => return Err(Error::new("S0217", position, "", "")),
        other => new(other),
    })
}

fn all(nodes: Vec<Node>) -> Result<Vec<Node>, Error> {
    nodes.into_iter().map(assemble).collect()
}

fn all_pairs(pairs: Vec<(Node, Node)>) -> Result<Vec<(Node, Node)>, Error> {
    pairs.into_iter().map(|(key, value)| Ok((assemble(key)?, assemble(value)?))).collect()
}

fn as_path(node: Node) -> Node {
    if matches!(node.kind, Kind::Path(_)) {
        return node;
    }
    let position = node.position;
    let mut step = node;
    step.stages.append(&mut step.predicates);
    Node::new(Kind::Path(vec![step]), position)
}

fn last_step(node: &mut Node) -> &mut Node {
    // A path has at least one step; what is no path is its own.
    let is_path = matches!(&node.kind, Kind::Path(steps) if !steps.is_empty());
    if !is_path {
        return node;
    }
    match &mut node.kind {
        Kind::Path(steps) => {
            let last = steps.len() - 1;
            &mut steps[last]
        }
        _ => unreachable!("it is a path"),
    }
}

fn dot(left: Node, right: Node, position: usize) -> Result<Node, Error> {
    let group = right.group.clone();
    let is_path = |node: &Node| matches!(node.kind, Kind::Path(_));
    let mut steps = match left {
        Node { kind: Kind::Path(steps), group: None, .. } => steps,
        other => vec![other],
    };
    let group = if is_path(&right) { group } else { None };
    match right {
        Node { kind: Kind::Path(more), .. } => steps.extend(more),
        mut step => {
            step.stages.append(&mut step.predicates);
            steps.push(step);
        }
    }
    for step in &mut steps {
        match &step.kind {
            Kind::Number(number) => {
                let value = super::value::number_to_text(*number);
                return Err(Error::new("S0213", step.position, "", &value));
            }
            Kind::Bool(value) => return Err(Error::new("S0213", step.position, "", &value.to_string())),
            Kind::Null => return Err(Error::new("S0213", step.position, "", "null")),
            Kind::String(text) => step.kind = Kind::Name(text.clone()),
            _ => {}
        }
    }
    let keep_singleton = steps.iter().any(|step| step.keep_array);
    let last = steps.len() - 1;
    for at in [0, last] {
        if matches!(steps[at].kind, Kind::Array(_)) {
            steps[at].constructed = true;
        }
    }
    Ok(Node { keep_singleton, group, ..Node::new(Kind::Path(steps), position) })
}

fn predicate(mut node: Node, predicate: Node) -> Result<Node, Error> {
    let position = predicate.position;
    let predicate = assemble(predicate)?;
    let is_path = matches!(node.kind, Kind::Path(_));
    if node.group.is_some() || last_step(&mut node).group.is_some() {
        return Err(Error::new("S0209", position, "", ""));
    }
    let step = last_step(&mut node);
    if is_path {
        step.stages.push(Stage::Filter(predicate));
    } else {
        step.predicates.push(Stage::Filter(predicate));
    }
    Ok(node)
}

/// Marks the calls that a function ends with: they are made after it, not inside it.
fn tail_calls(mut node: Node) -> Node {
    let plain = node.predicates.is_empty() && node.group.is_none();
    node.kind = match node.kind {
        Kind::Call { procedure, arguments, .. } if plain => Kind::Call { procedure, arguments, tail: true },
        Kind::Condition(condition, then, otherwise) => {
            let inner = |node: Box<Node>| Box::new(tail_calls(*node));
            Kind::Condition(condition, inner(then), otherwise.map(inner))
        }
        Kind::Block(mut items) => {
            if let Some(last) = items.pop() {
                items.push(tail_calls(last));
            }
            Kind::Block(items)
        }
        other => other,
    };
    node
}
