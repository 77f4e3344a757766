//! The tree of an expression.

use std::rc::Rc;

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

    /// Whether it binds variables for the steps behind it.
    pub(super) fn is_tuple(&self) -> bool {
        self.focus.is_some() || self.index.is_some() || self.stages.iter().any(|stage| matches!(stage, Stage::Index(_)))
    }
}
