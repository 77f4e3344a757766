//! Expressions over values that exist only at run time.

use std::rc::Rc;

use serde_json::Value as Json;

/// A value, by its place in the recording that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId {
    pub(crate) recording: u32,
    pub(crate) index: usize,
    /// Whether what it was before is meant, where an edge gives it a new meaning: in a loop.
    pub(crate) before: bool,
}

/// The parameter of a closure over the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParamId(pub(crate) u32);

/// What the execution knows about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    ExecutionId,
    ExecutionName,
    ExecutionStart,
    StateMachineId,
    StateMachineName,
    StateName,
    StateEntered,
    RetryCount,
    TaskToken,
    /// When the run was due, in what a schedule adds to the input.
    ScheduledTime,
    RedriveCount,
    /// Of an item of a Map.
    MapIndex,
    MapItem,
}

/// What is done with the operands of a [`Kind::Call`].
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    // Text
    Concat,
    Text,
    Upper,
    Lower,
    Trim,
    Split,
    Join,
    Replace,
    TextContains,
    TextLength,
    Before,
    After,
    Substring,
    Number,
    // Numbers
    /// `whole`: of whole numbers.
    Add {
        whole: bool,
    },
    Subtract {
        whole: bool,
    },
    Multiply,
    Divide,
    Remainder,
    Negate,
    Floor,
    Ceil,
    Round,
    Absolute,
    // Comparison and logic
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Not,
    IfElse,
    // Lists; `Each` and `Filter` take the list and a [`Kind::Lambda`]
    Length,
    Get(i64),
    ListContains,
    /// The same for items that are objects or lists.
    ListContainsEqual,
    /// A list as one item of a list.
    Nested,
    Append,
    Sum,
    Min,
    Max,
    /// `lists`: what is made of each item is a list itself.
    Each {
        lists: bool,
    },
    /// `lists`: the items are lists themselves.
    Filter {
        lists: bool,
    },
    Distinct,
    /// The items of the lists in a list.
    Flat,
    /// An item that is surely there, of a list that is computed.
    Part(usize),
    // Absence
    OrElse,
    IsSome,
    // Time; a shift is in milliseconds
    Shift(i64),
    Format {
        picture: &'static str,
        offset: Option<String>,
    },
    Millis,
    // Other
    ParseJson,
    PrintJson,
    /// Text as JSON, in its quotes.
    Quote,
    Base64Encode,
    Base64Decode,
    Hash(&'static str),
    Merge,
    Uuid,
    Random,
    Now,
}

impl Op {
    /// Whether two evaluations may differ.
    pub(crate) fn is_impure(&self) -> bool {
        matches!(self, Self::Uuid | Self::Random | Self::Now)
    }
}

/// An expression; cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr(Rc<Kind>);

/// What an [`Expr`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Literal(Json),
    Value(ValueId),
    Context(Context),
    Field(Expr, String),
    /// What may not be there at all: a field of an optional shape, an item of a list.
    Maybe(Expr),
    Object(Vec<(String, Expr)>),
    Array(Vec<Expr>),
    Call(Op, Vec<Expr>),
    Lambda(ParamId, Expr),
    Param(ParamId),
}

impl From<Kind> for Expr {
    fn from(kind: Kind) -> Self {
        Self(Rc::new(kind))
    }
}

impl Expr {
    pub(crate) fn kind(&self) -> &Kind {
        &self.0
    }

    pub(crate) fn literal(value: impl Into<Json>) -> Self {
        Kind::Literal(value.into()).into()
    }

    pub(crate) fn call(op: Op, operands: impl IntoIterator<Item = Expr>) -> Self {
        Kind::Call(op, operands.into_iter().collect()).into()
    }

    /// Text that is known.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self::literal(text)
    }

    /// The field of an object; known at once if the object is.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        if let Kind::Object(fields) = self.kind()
            && let Some((_, value)) = fields.iter().find(|(key, _)| key == name)
        {
            return value.clone();
        }
        Kind::Field(self.clone(), name.to_owned()).into()
    }

    /// The same, of which it is known that it may not be there. What is computed is always there, if only as `null`.
    pub(crate) fn maybe(self) -> Self {
        match self.kind() {
            Kind::Field(..) | Kind::Call(Op::Get(_) | Op::Min | Op::Max, _) => Kind::Maybe(self).into(),
            _ => self,
        }
    }

    /// An object from its fields.
    #[must_use]
    pub fn object(fields: Vec<(String, Expr)>) -> Self {
        Kind::Object(fields).into()
    }

    /// The same, reading of some values what they were before the edge on which it is evaluated.
    pub(crate) fn before(&self, values: &[ValueId]) -> Self {
        let inner = |e: &Self| e.before(values);
        let all = |items: &[Self]| items.iter().map(inner).collect();
        match self.kind() {
            Kind::Value(id) if values.contains(id) => Kind::Value(ValueId { before: true, ..*id }),
            Kind::Field(of, name) => Kind::Field(inner(of), name.clone()),
            Kind::Maybe(of) => Kind::Maybe(inner(of)),
            Kind::Lambda(param, of) => Kind::Lambda(*param, inner(of)),
            Kind::Object(fields) => Kind::Object(fields.iter().map(|(name, e)| (name.clone(), inner(e))).collect()),
            Kind::Array(items) => Kind::Array(all(items)),
            Kind::Call(op, operands) => Kind::Call(op.clone(), all(operands)),
            Kind::Literal(_) | Kind::Value(_) | Kind::Context(_) | Kind::Param(_) => return self.clone(),
        }
        .into()
    }

    /// Calls `f` with this expression and every one inside it.
    pub(crate) fn visit(&self, f: &mut dyn FnMut(&Expr)) {
        f(self);
        match self.kind() {
            Kind::Field(of, _) | Kind::Lambda(_, of) | Kind::Maybe(of) => of.visit(f),
            Kind::Object(fields) => fields.iter().for_each(|(_, e)| e.visit(f)),
            Kind::Array(items) | Kind::Call(_, items) => items.iter().for_each(|e| e.visit(f)),
            Kind::Literal(_) | Kind::Value(_) | Kind::Context(_) | Kind::Param(_) => {}
        }
    }

    /// Whether it reads the item of a closure over a list that is not around it.
    pub(crate) fn reads_foreign_item(&self) -> bool {
        fn look(expr: &Expr, bound: &mut Vec<ParamId>) -> bool {
            match expr.kind() {
                Kind::Param(param) => !bound.contains(param),
                Kind::Lambda(param, body) => {
                    bound.push(*param);
                    let found = look(body, bound);
                    bound.pop();
                    found
                }
                Kind::Field(of, _) | Kind::Maybe(of) => look(of, bound),
                Kind::Object(fields) => fields.iter().any(|(_, e)| look(e, bound)),
                Kind::Array(items) | Kind::Call(_, items) => items.iter().any(|e| look(e, bound)),
                Kind::Literal(_) | Kind::Value(_) | Kind::Context(_) => false,
            }
        }
        look(self, &mut Vec::new())
    }

    /// Whether the expression itself draws something anew at each evaluation.
    pub(crate) fn is_impure(&self) -> bool {
        let mut impure = false;
        self.visit(&mut |e| {
            if let Kind::Call(op, _) = e.kind() {
                impure |= op.is_impure();
            }
        });
        impure
    }
}
