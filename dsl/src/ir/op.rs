//! Operators on values.

use std::borrow::Cow;

use super::raw::Raw;
use crate::shape::IsList;
use crate::value::Pattern;

/// What is done with the operands of a [`Kind::Call`](super::expr::Kind::Call).
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
    pub(super) fn may_be_absent(&self) -> bool {
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
