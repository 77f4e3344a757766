//! Expressions over values that exist only at run time.

use std::rc::Rc;

use serde_json::Value as Json;

pub(crate) use super::op::Op;

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
    /// All of it.
    Whole,
    /// The input of the execution.
    ExecutionInput,
    ExecutionRole,
    /// Only in an execution that has been redriven.
    RedriveTime,
    MapValue,
    /// Of the field of an object, where that is what a Map runs over.
    MapKey,
    /// Of an item of a distributed Map.
    MapSource,
}

impl Context {
    /// Whether only the item of a Map has it.
    pub(crate) fn is_of_item(self) -> bool {
        matches!(self, Self::MapIndex | Self::MapValue | Self::MapKey | Self::MapSource)
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

    /// The item of a list; known at once if the list is.
    pub(crate) fn item(&self, index: i64) -> Self {
        let known = match self.kind() {
            Kind::Array(items) => usize::try_from(index).ok().and_then(|index| items.get(index)),
            _ => None,
        };
        match known.map(Self::kind) {
            Some(Kind::Call(Op::Nested | Op::NestedIfList, inner)) => inner[0].clone(),
            _ => known.cloned().unwrap_or_else(|| Self::call(Op::Get(index), [self.clone()])),
        }
    }

    /// The same, of which it is known that it may not be there. What is computed is always there, if only as `null`.
    pub(crate) fn maybe(self) -> Self {
        match self.kind() {
            Kind::Field(..) | Kind::Context(Context::RedriveTime | Context::MapKey | Context::MapSource) => {
                Kind::Maybe(self).into()
            }
            Kind::Call(op, _) if op.may_be_absent() => Kind::Maybe(self).into(),
            _ => self,
        }
    }

    /// An object from its fields.
    #[must_use]
    pub fn object(fields: Vec<(String, Expr)>) -> Self {
        Kind::Object(fields).into()
    }

    /// The same, with another parameter of a closure in the place of one.
    pub(crate) fn with_param(&self, from: ParamId, to: ParamId) -> Self {
        self.map(&mut |e| match e.kind() {
            Kind::Param(param) if *param == from => Some(Kind::Param(to).into()),
            _ => None,
        })
    }

    /// Whether reading it twice costs nothing.
    pub(crate) fn is_cheap(&self) -> bool {
        match self.kind() {
            Kind::Value(_) | Kind::Context(_) | Kind::Param(_) => true,
            Kind::Literal(json) => !json.is_object() && !json.is_array(),
            Kind::Field(of, _) | Kind::Maybe(of) => of.is_cheap(),
            Kind::Call(Op::Get(_), operands) => operands[0].is_cheap(),
            _ => false,
        }
    }

    /// The same, reading of some values what they were before the edge on which it is evaluated.
    pub(crate) fn before(&self, values: &[ValueId]) -> Self {
        self.map(&mut |e| match e.kind() {
            Kind::Value(id) if values.contains(id) => Some(Kind::Value(ValueId { before: true, ..*id }).into()),
            _ => None,
        })
    }

    /// The body of a closure with something in place of its parameter.
    pub(crate) fn applied(&self, param: ParamId, to: &Self) -> Self {
        self.map(&mut |e| matches!(e.kind(), Kind::Param(read) if *read == param).then(|| to.clone()))
    }

    /// The same, with what `f` gives in the place of an expression inside it.
    fn map(&self, f: &mut dyn FnMut(&Self) -> Option<Self>) -> Self {
        if let Some(other) = f(self) {
            return other;
        }
        match self.kind() {
            Kind::Field(of, name) => Kind::Field(of.map(f), name.clone()),
            Kind::Maybe(of) => Kind::Maybe(of.map(f)),
            Kind::Lambda(param, of) => Kind::Lambda(*param, of.map(f)),
            Kind::Object(fields) => Kind::Object(fields.iter().map(|(name, e)| (name.clone(), e.map(f))).collect()),
            Kind::Array(items) => Kind::Array(items.iter().map(|e| e.map(f)).collect()),
            Kind::Call(op, operands) => Kind::Call(op.clone(), operands.iter().map(|e| e.map(f)).collect()),
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

    /// Whether it reads the token of a task.
    pub(crate) fn reads_token(&self) -> bool {
        let mut read = false;
        self.visit(&mut |e| read |= matches!(e.kind(), Kind::Context(Context::TaskToken)));
        read
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
