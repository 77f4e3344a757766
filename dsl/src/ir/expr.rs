//! Expressions over values that exist only at run time.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::Value as Json;

use super::raw::Raw;
use crate::shape::IsList;
use crate::value::Pattern;

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
        lists: IsList,
    },
    /// `lists`: the items are lists themselves.
    Filter {
        lists: IsList,
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
        picture: Cow<'static, str>,
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
    // What follows has no intrinsic function in JSONPath unless one is named.
    /// Whether a text begins with another.
    StartsWith,
    /// Whether a text ends with another.
    EndsWith,
    /// A text, a width, and what to fill up with, before it or after it.
    Pad {
        before: bool,
    },
    /// A text so many times.
    Repeat,
    /// Whether a text matches.
    Matches(Pattern),
    /// A text, and what each match is replaced by.
    ReplaceMatches(Pattern),
    /// The pieces of a text between matches.
    SplitMatches(Pattern),
    /// All matches in a text.
    Found(Pattern),
    /// The groups of the first match in a text; absent where none is.
    Captures(Pattern),
    UrlEncode,
    UrlDecode,
    Power,
    SquareRoot,
    /// A number and how many decimals.
    RoundTo,
    FormatNumber(Cow<'static, str>),
    FormatInteger(Cow<'static, str>),
    /// A number and the base.
    FormatBase,
    /// A whole number from the first operand to the last, which is not drawn itself: `States.MathRandom`.
    RandomBetween,
    /// The item at a computed position: `States.ArrayGetItem`, for positions from 0.
    GetAt,
    Average,
    Sort,
    /// A list and the key of each item, as two [`Kind::Lambda`]s with parameters of their own.
    SortBy,
    Reverse,
    /// A list and a [`Kind::Lambda`] that makes a list of each item: all of these as one list.
    FlatMap,
    /// The first items of two lists, the second ones, and so on.
    Zip,
    /// Whole numbers from one to another, both included: `States.ArrayRange` with the step 1.
    Range,
    /// A list in pieces of so many items: `States.ArrayPartition`.
    Partition,
    /// A list, the position of the first item, and the one behind the last item (or the end).
    Slice {
        lists: IsList,
    },
    /// The position of the first item for which a [`Kind::Lambda`] is true; absent where none is.
    Position,
    /// Whether a [`Kind::Lambda`] is true for an item of a list.
    Any,
    /// What may be a list, as one item of a list.
    NestedIfList,
    /// A field of an object by a computed name; may be absent.
    Lookup,
    HasKey,
    Keys,
    /// An object without a field.
    Remove,
    /// An object with one field: its name and its value.
    Entry,
    /// A list of objects as one object.
    MergeAll,
    /// A value and a [`Kind::Lambda`] that takes it: computed once, read often.
    Let,
    /// The JSON type of a value, as JSONata names it.
    Type,
    /// A point in time and a number of milliseconds.
    ShiftBy,
    /// The point in time so many milliseconds after 1970.
    FromMillis,
    /// The point in time that a text writes in the way that a picture says.
    ParseTime(Cow<'static, str>),
    /// JSONata as the user wrote it, with a value for each name that it reads.
    Raw(Raw),
    /// A path that is none: it is reported, and never written.
    MalformedPath {
        path: String,
        problem: String,
    },
}

impl Op {
    /// Whether two evaluations may differ.
    pub(crate) fn is_impure(&self) -> bool {
        match self {
            Self::Uuid | Self::Random | Self::Now | Self::RandomBetween => true,
            Self::Raw(raw) => raw.is_impure(),
            _ => false,
        }
    }

    /// Whether it may have no value at all.
    fn may_be_absent(&self) -> bool {
        matches!(
            self,
            Self::Get(_)
                | Self::GetAt
                | Self::Min
                | Self::Max
                | Self::Average
                | Self::Position
                | Self::Captures(_)
                | Self::Lookup
                | Self::Raw(_)
        )
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
