//! The tree of an expression.

use std::rc::Rc;

use super::Read;
use super::signature::Signature;

/// A part of an expression.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub kind: Kind,
    pub position: usize,
    /// Filters behind it, where it is no step of a path.
    pub predicates: Vec<Stage>,
    /// Filters and positions behind it, where it is one.
    pub stages: Vec<Stage>,
    /// `{…}` behind it.
    pub group: Option<Vec<(Node, Node)>>,
    /// `[]` behind it.
    pub keep_array: bool,
    /// A path with such a step.
    pub keep_singleton: bool,
    /// `[…]` as the first or last step of a path.
    pub constructed: bool,
    /// `@$name` behind it.
    pub focus: Option<Rc<str>>,
    /// `#$name` behind it.
    pub index: Option<Rc<str>>,
}

/// What comes behind a step.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    Filter(Node),
    Index(Rc<str>),
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Path(Vec<Node>),
    Name(Rc<str>),
    String(Rc<str>),
    Number(f64),
    Bool(bool),
    Null,
    Wildcard,
    Descendants,
    Parent,
    Variable(Rc<str>),
    Regex(Rc<str>, Rc<str>),
    Binary(&'static str, Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Array(Vec<Node>),
    Object(Vec<(Node, Node)>),
    Block(Vec<Node>),
    Bind(Rc<str>, Box<Node>),
    Condition(Box<Node>, Box<Node>, Option<Box<Node>>),
    /// `tail`: the last thing that a function does.
    Call {
        procedure: Box<Node>,
        arguments: Vec<Node>,
        tail: bool,
    },
    Partial {
        procedure: Box<Node>,
        arguments: Vec<Node>,
    },
    /// `?` among the arguments.
    Placeholder,
    Lambda(Rc<Lambda>),
    Apply(Box<Node>, Box<Node>),
    Transform {
        pattern: Box<Node>,
        update: Box<Node>,
        delete: Option<Box<Node>>,
    },
    /// A step that sorts: each term, and whether it is descending.
    Sort(Vec<(Node, bool)>),
    // Only before paths are put together.
    Group(Box<Node>, Vec<(Node, Node)>),
    OrderBy(Box<Node>, Vec<(Node, bool)>),
    Focus(Box<Node>, Rc<str>),
    Index(Box<Node>, Rc<str>),
}

impl Kind {
    fn children(&self) -> Vec<&Node> {
        match self {
            Self::Path(steps) | Self::Array(steps) | Self::Block(steps) => steps.iter().collect(),
            Self::Binary(_, a, b) | Self::Apply(a, b) => vec![a, b],
            Self::Negate(one) | Self::Bind(_, one) | Self::Focus(one, _) | Self::Index(one, _) => vec![one],
            Self::Object(pairs) => pairs.iter().flat_map(|(key, value)| [key, value]).collect(),
            Self::Condition(condition, yes, no) => [condition, yes].into_iter().chain(no).map(|node| &**node).collect(),
            Self::Call { procedure, arguments, .. } | Self::Partial { procedure, arguments } => {
                std::iter::once(&**procedure).chain(arguments).collect()
            }
            Self::Lambda(lambda) => vec![&lambda.body],
            Self::Transform { pattern, update, delete } => {
                [pattern, update].into_iter().chain(delete).map(|node| &**node).collect()
            }
            Self::Sort(terms) => terms.iter().map(|(term, _)| term).collect(),
            Self::Group(one, pairs) => {
                std::iter::once(&**one).chain(pairs.iter().flat_map(|(key, value)| [key, value])).collect()
            }
            Self::OrderBy(one, terms) => std::iter::once(&**one).chain(terms.iter().map(|(term, _)| term)).collect(),
            Self::Name(_)
            | Self::String(_)
            | Self::Number(_)
            | Self::Bool(_)
            | Self::Null
            | Self::Wildcard
            | Self::Descendants
            | Self::Parent
            | Self::Variable(_)
            | Self::Regex(..)
            | Self::Placeholder => Vec::new(),
        }
    }
}

/// A function that is written in an expression.
#[derive(Debug)]
pub(super) struct Lambda {
    pub parameters: Vec<Rc<str>>,
    pub signature: Option<Signature>,
    pub body: Node,
}

impl Node {
    pub(super) fn new(kind: Kind, position: usize) -> Self {
        Self {
            kind,
            position,
            predicates: Vec::new(),
            stages: Vec::new(),
            group: None,
            keep_array: false,
            keep_singleton: false,
            constructed: false,
            focus: None,
            index: None,
        }
    }

    /// Collects the variables that it reads.
    pub(super) fn reads(&self, found: &mut Vec<Read>) {
        let mut read = |variable: &str, field: Option<&str>| {
            let read = Read { variable: variable.to_owned(), field: field.map(str::to_owned) };
            if !found.contains(&read) {
                found.push(read);
            }
        };
        match &self.kind {
            Kind::Variable(name) => read(name, None),
            // `$variable.name` at the beginning of a path needs no more than that field.
            Kind::Path(steps) => {
                let mut rest = steps.as_slice();
                if let [first, second, ..] = rest
                    && let (Kind::Variable(name), Kind::Name(field)) = (&first.kind, &second.kind)
                    && first.is_bare()
                {
                    read(name, Some(field));
                    rest = &steps[1..];
                }
                rest.iter().for_each(|step| step.reads(found));
            }
            kind => kind.children().into_iter().for_each(|child| child.reads(found)),
        }
        for stage in self.predicates.iter().chain(&self.stages) {
            if let Stage::Filter(filter) = stage {
                filter.reads(found);
            }
        }
        for (key, value) in self.group.iter().flatten() {
            key.reads(found);
            value.reads(found);
        }
    }

    fn is_bare(&self) -> bool {
        self.predicates.is_empty() && self.stages.is_empty() && self.group.is_none() && self.focus.is_none()
    }

    /// Whether it binds variables for the steps behind it.
    pub(super) fn is_tuple(&self) -> bool {
        self.focus.is_some() || self.index.is_some() || self.stages.iter().any(|stage| matches!(stage, Stage::Index(_)))
    }
}
