//! Text.

use super::{Arg, Number, Value};
use crate::ir::expr::{Expr, Op};
use crate::shape::{Json, Shape};
use crate::value::Timestamp;

/// What `text!` builds: pieces put together at run time.
#[derive(Clone, Debug, Default)]
pub struct Text(Vec<Expr>);

impl Text {
    /// No text yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds text that is known now.
    #[must_use]
    pub fn literal(mut self, text: &str) -> Self {
        self.0.push(Expr::literal(text));
        self
    }

    /// Adds a value.
    #[must_use]
    pub fn part(mut self, part: impl TextPart) -> Self {
        self.0.push(part.into_text().expr());
        self
    }

    /// The whole.
    #[must_use]
    pub fn build(self) -> Value<String> {
        Value::call(Op::Concat, self.0)
    }
}

/// What can stand in a `text!`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be put into a text",
    label = "expected text, a number or a bool",
    note = "`.to_json()` makes text of any value"
)]
pub trait TextPart {
    /// The value as text.
    fn into_text(self) -> Value<String>;
}

impl TextPart for Value<String> {
    fn into_text(self) -> Value<String> {
        self
    }
}

impl<N: Number> TextPart for Value<N> {
    fn into_text(self) -> Value<String> {
        self.to_text()
    }
}

impl TextPart for Value<bool> {
    fn into_text(self) -> Value<String> {
        Value::call(Op::Text, [self.expr()])
    }
}

impl TextPart for Value<Timestamp> {
    fn into_text(self) -> Value<String> {
        Value::of(self.expr())
    }
}

impl TextPart for &str {
    fn into_text(self) -> Value<String> {
        self.into_value()
    }
}

impl TextPart for String {
    fn into_text(self) -> Value<String> {
        self.into_value()
    }
}

impl<T: TextPart + Copy> TextPart for &T {
    fn into_text(self) -> Value<String> {
        (*self).into_text()
    }
}

macro_rules! text_of_text {
    ($($(#[doc = $doc:literal])+ $method:ident = $op:ident;)+) => { $(
        $(#[doc = $doc])+
        #[must_use]
        pub fn $method(self) -> Self {
            Self::call(Op::$op, [self.expr()])
        }
    )+ };
}

impl Value<String> {
    text_of_text! {
        /// In upper case.
        upper = Upper;
        /// In lower case.
        lower = Lower;
        /// Without white space at both ends; inner runs become one blank, as in JSONata.
        trim = Trim;
        /// In Base64.
        base64_encode = Base64Encode;
        /// Out of Base64.
        base64_decode = Base64Decode;
    }

    /// The pieces between a separator.
    #[must_use]
    pub fn split(self, separator: impl Arg<String>) -> Value<Vec<String>> {
        Value::call(Op::Split, [self.expr(), separator.into_value().expr()])
    }

    /// With each occurrence of one text replaced by another.
    #[must_use]
    pub fn replace(self, from: impl Arg<String>, to: impl Arg<String>) -> Self {
        Self::call(Op::Replace, [self.expr(), from.into_value().expr(), to.into_value().expr()])
    }

    /// Whether it contains another text.
    #[must_use]
    pub fn contains(self, other: impl Arg<String>) -> Value<bool> {
        Value::call(Op::TextContains, [self.expr(), other.into_value().expr()])
    }

    /// What stands before the first occurrence of another text; all of it if there is none.
    #[must_use]
    pub fn before(self, other: impl Arg<String>) -> Self {
        Self::call(Op::Before, [self.expr(), other.into_value().expr()])
    }

    /// What stands after the first occurrence of another text; all of it if there is none.
    #[must_use]
    pub fn after(self, other: impl Arg<String>) -> Self {
        Self::call(Op::After, [self.expr(), other.into_value().expr()])
    }

    /// A part of it: the position of its first character, from 0, and how many.
    #[must_use]
    pub fn substring(self, start: impl Arg<i64>, length: impl Arg<i64>) -> Self {
        Self::call(Op::Substring, [self.expr(), start.into_value().expr(), length.into_value().expr()])
    }

    /// How many characters it has.
    #[must_use]
    pub fn len(self) -> Value<i64> {
        Value::call(Op::TextLength, [self.expr()])
    }

    /// Whether it has no character.
    #[must_use]
    pub fn is_empty(self) -> Value<bool> {
        self.eq("")
    }

    /// The number that it writes; where it writes none the execution fails with `States.QueryEvaluationError`.
    #[must_use]
    pub fn to_number(self) -> Value<f64> {
        Value::call(Op::Number, [self.expr()])
    }

    /// The point in time that it writes, in ISO 8601: `2026-03-01T17:00:00.000Z`.
    #[must_use]
    pub fn to_timestamp(self) -> Value<Timestamp> {
        Value::of(self.expr())
    }

    /// The JSON value that it writes.
    #[must_use]
    pub fn parse_json<T: Shape>(self) -> Value<T> {
        Value::call(Op::ParseJson, [self.expr()])
    }

    /// The SHA-256 as lower-case hex digits.
    #[must_use]
    pub fn sha256(self) -> Self {
        Self::call(Op::Hash("SHA-256"), [self.expr()])
    }

    /// A random UUID (version 4), drawn anew at each evaluation: give it a name with
    /// [`Scope::set`](crate::Scope::set) where the same one is needed twice.
    #[must_use]
    pub fn uuid() -> Self {
        Self::call(Op::Uuid, [])
    }
}

impl Value<Json> {
    /// This object with the fields of another, which wins where both have one.
    #[must_use]
    pub fn merge(self, other: impl Arg<Json>) -> Self {
        Self::call(Op::Merge, [self.expr(), other.into_value().expr()])
    }
}
