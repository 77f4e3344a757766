//! Text.

use std::borrow::Cow;

use super::list::bind;
use super::{Arg, Number, Pattern, Value};
use crate::ir::expr::{Expr, Op};
use crate::shape::Shape;
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
        /// As a part of a URL, such as the value of a query parameter.
        url_encode = UrlEncode;
        /// Out of a part of a URL.
        url_decode = UrlDecode;
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

    /// A part of it: the position of its first character, from 0, and how many. A negative position counts from the end.
    #[must_use]
    pub fn substring(self, start: impl Arg<i64>, length: impl Arg<i64>) -> Self {
        Self::call(Op::Substring, [self.expr(), start.into_value().expr(), length.into_value().expr()])
    }

    /// All from a position on, from 0; a negative one counts from the end.
    #[must_use]
    pub fn substring_from(self, start: impl Arg<i64>) -> Self {
        Self::call(Op::Substring, [self.expr(), start.into_value().expr()])
    }

    /// Whether it begins with another text.
    #[must_use]
    pub fn starts_with(self, other: impl Arg<String>) -> Value<bool> {
        Value::call(Op::StartsWith, [self.expr(), other.into_value().expr()])
    }

    /// Whether it ends with another text.
    #[must_use]
    pub fn ends_with(self, other: impl Arg<String>) -> Value<bool> {
        Value::call(Op::EndsWith, [self.expr(), other.into_value().expr()])
    }

    /// The position of the first occurrence of another text, from 0; absent where there is none.
    #[must_use]
    pub fn index_of(self, other: impl Arg<String>) -> Value<Option<i64>> {
        let other = other.into_value();
        Value::of(bind(self.expr(), |text| {
            let text = Self::of(text);
            text.contains(other).then_some(text.before(other).len()).expr()
        }))
    }

    /// Filled up at its beginning to so many characters: `number.to_text().pad_start(4, "0")`.
    #[must_use]
    pub fn pad_start(self, width: impl Arg<i64>, with: impl Arg<String>) -> Self {
        Self::call(Op::Pad { before: true }, [self.expr(), width.into_value().expr(), with.into_value().expr()])
    }

    /// Filled up at its end to so many characters.
    #[must_use]
    pub fn pad_end(self, width: impl Arg<i64>, with: impl Arg<String>) -> Self {
        Self::call(Op::Pad { before: false }, [self.expr(), width.into_value().expr(), with.into_value().expr()])
    }

    /// So many times one after another.
    #[must_use]
    pub fn repeat(self, times: impl Arg<i64>) -> Self {
        Self::call(Op::Repeat, [self.expr(), times.into_value().expr()])
    }

    /// Its characters.
    #[must_use]
    pub fn chars(self) -> Value<Vec<String>> {
        self.split("")
    }

    /// Whether a regular expression matches a part of it: `^…$` for all of it.
    #[must_use]
    pub fn matches(self, pattern: impl Into<Pattern>) -> Value<bool> {
        Value::call(Op::Matches(pattern.into()), [self.expr()])
    }

    /// With each match replaced; `$1` in the replacement is what the first group has matched, `$0` the whole match, and
    /// `$$` a dollar sign.
    #[must_use]
    pub fn replace_matches(self, pattern: impl Into<Pattern>, by: impl Arg<String>) -> Self {
        Self::call(Op::ReplaceMatches(pattern.into()), [self.expr(), by.into_value().expr()])
    }

    /// The pieces between the matches.
    #[must_use]
    pub fn split_matches(self, pattern: impl Into<Pattern>) -> Value<Vec<String>> {
        Value::call(Op::SplitMatches(pattern.into()), [self.expr()])
    }

    /// All matches.
    #[must_use]
    pub fn find_matches(self, pattern: impl Into<Pattern>) -> Value<Vec<String>> {
        Value::call(Op::Found(pattern.into()), [self.expr()])
    }

    /// What the groups of the first match have matched; absent where nothing matches.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// fn day(key: Value<String>) -> Value<Option<String>> {
    ///     key.captures("^([0-9]{4})/([0-9]{2})/").and_then(|groups| groups.get(1))
    /// }
    /// ```
    #[must_use]
    pub fn captures(self, pattern: impl Into<Pattern>) -> Value<Option<Vec<String>>> {
        Value::call(Op::Captures(pattern.into()), [self.expr()])
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

    /// The whole number that it writes; a fraction is rounded down, and where it writes none the execution fails with
    /// `States.QueryEvaluationError`.
    #[must_use]
    pub fn to_integer(self) -> Value<i64> {
        Value::of(self.to_number().floor().expr())
    }

    /// Whether it is `true`.
    #[must_use]
    pub fn to_bool(self) -> Value<bool> {
        self.eq("true")
    }

    /// The point in time that it writes as a picture says: `[D01].[M01].[Y0001]`. Where it does not, the execution fails
    /// with `States.QueryEvaluationError`.
    #[must_use]
    pub fn parse_time(self, picture: impl Into<Cow<'static, str>>) -> Value<Timestamp> {
        Value::call(Op::ParseTime(picture.into()), [self.expr()])
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

    /// The hash of its UTF-8 bytes as lower-case hex digits.
    #[must_use]
    pub fn hash(self, algorithm: HashAlgorithm) -> Self {
        Self::call(Op::Hash(algorithm.name()), [self.expr()])
    }

    /// The SHA-256 as lower-case hex digits.
    #[must_use]
    pub fn sha256(self) -> Self {
        self.hash(HashAlgorithm::Sha256)
    }

    /// A random UUID (version 4), drawn anew at each evaluation: give it a name with
    /// [`Scope::set`](crate::Scope::set) where the same one is needed twice.
    #[must_use]
    pub fn uuid() -> Self {
        Self::call(Op::Uuid, [])
    }
}

/// The algorithms of `$hash` and `States.Hash`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum HashAlgorithm {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl HashAlgorithm {
    const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }
}
