//! [`Value<T>`]: a typed handle on a JSON value that exists only at run time.
//!
//! A value is `Copy`, and derefs to the mirror struct of its type, so that `input.bucket` reads as a field. It is used
//! wherever it is in scope; the compiler makes the workflow variables. Where a value is expected, anything that
//! implements [`Arg`] will do: another value, a literal, the mirror struct of a [`Shape`]. Where any shape will do, it is
//! [`Typed`]. A value that may be absent is a `Value<Option<T>>`, which has no fields: absence is handled first.
//!
//! # Operators
//!
//! Nothing here is a state: an operator becomes a part of an expression, evaluated where the value is read. What may have
//! no value is written as `$exists(…) ? … : null`, so that it is `null` and does not fail its state.
//!
//! | of | operators | JSONata |
//! |---|---|---|
//! | any | `eq`, `ne`, `is_one_of` | `=`, `!=`, `in` |
//! | | `to_json`, `untyped`, `some` | `$string`, nothing, nothing |
//! | text | [`text!`](crate::text), `upper`, `lower`, `trim` | `&`, `$uppercase`, `$lowercase`, `$trim` |
//! | | `split`, `chars`, `replace`, `before`, `after` | `$split`, `$replace`, `$substringBefore`, `$substringAfter` |
//! | | `contains`, `starts_with`, `ends_with`, `index_of`, `len`, `is_empty` | `$contains`, `$substring(…) =`, `$length` |
//! | | `substring`, `substring_from`, `pad_start`, `pad_end`, `repeat` | `$substring`, `$pad` |
//! | | `matches`, `replace_matches`, `split_matches`, `find_matches`, `captures` | `$contains`, `$replace`, `$split`, `$match` with a [`Pattern`] |
//! | | `to_number`¹, `to_integer`¹, `to_bool`, `to_timestamp`, `parse_time`¹, `parse_json`¹ | `$number`, `$floor`, `= 'true'`, nothing, `$toMillis`, `$parse` |
//! | | `base64_encode`, `base64_decode`, `url_encode`, `url_decode`¹, `hash`, `sha256`, `uuid`² | `$base64encode`, `$encodeUrlComponent`, `$hash`, `$uuid` |
//! | numbers | `+ - * / %`³, `-x`, `div_floor`, `pow`, `sqrt`¹ | the same, `$floor`, `$power`, `$sqrt` |
//! | | `floor`, `ceil`, `round`, `round_to`, `abs`, `min`, `max`, `clamp` | `$floor`, `$ceil`, `$round`, `$abs`, `$min`, `$max` |
//! | | `to_text`, `format`, `format_integer`, `to_base` | `$string`, `$formatNumber`, `$formatInteger`, `$formatBase` |
//! | | `random`², `random_between`² | `$random` |
//! | numbers, text, times | `lt`, `le`, `gt`, `ge`, `is_between` | `<`, `<=`, `>`, `>=` |
//! | bools | `and` (`&`), `or` (`|`), `!`, `^`, `if_else`, `then_some`, `to_text` | `and`, `or`, `$not`, `!=`, `? :` |
//! | lists | `len`, `is_empty`, `get`, `first`, `last`, `find` | `$count`, `[…]`, `$filter` |
//! | | `contains`, `any`, `all`, `count_where`, `position`, `index_of` | `in`, `$exists($filter(…))`, `$map` |
//! | | `map`, `flat_map`, `flatten`, `filter`, `present` | `$map`, `$filter`; `$reduce` and `$append` for lists of lists |
//! | | `concat`, `append`, `prepend`, `take`, `skip`, `slice`, `chunks` | `$append`, `$filter`, `$partition` |
//! | | `sort`, `sort_by`, `reverse`, `distinct`, `zip`, `enumerate`, `range` | `$sort`, `$reverse`, `$distinct`, `$zip`, `[a..b]` |
//! | | `sum`, `min`, `max`, `average`, `join` | `$sum`, `$min`, `$max`, `$average`, `$join` |
//! | | `to_map`, `group_by` | `$merge($map(…))` |
//! | maps | `get`, `keys`, `values`, `entries`, `contains_key`, `len` | a field or `$lookup`, `$keys`, `$map`, `$exists` |
//! | | `insert`, `remove`, `merge`, `map_values`, `filter` | `$merge`, `$sift` |
//! | options | `or`, `or_else`, `is_some`, `is_none`, `is_some_and`, `to_list` | `!= null`, `? :` |
//! | | `map`, `and_then`, `filter`, `expect_some` | `? :`, or a field of nothing |
//! | times | `plus_…`, `minus_…`, `…_since` for seconds, minutes, hours, days | `$fromMillis($toMillis(…) + …)` |
//! | | `format`, `format_in`, `date`, `date_in`, `part`, `year` …, `start_of_day` … | `$fromMillis` with a picture |
//! | | `is_before`, `is_after`, `millis`, `now`² | `$toMillis`, `$now` |
//! | [`Json`] | `get`, `at`, `pick`, `keys`, `merge`, `cast` | fields and positions, `$keys`, `$merge`, nothing |
//! | | `is_text`, `as_text`, `as_number`, `as_integer`, `as_bool`, `as_list`, `as_object`, `is_null` | `$type(…) = '…'` |
//! | by hand | [`Value::jsonata`], [`Value::path`] | what is written |
//!
//! ¹ Where the value can't be read so, the execution fails with `States.QueryEvaluationError`; `to_timestamp` reads nothing
//! itself, and what is done with the time fails. The error can be caught by `w.attempt(…)` around the state that evaluates it.
//! ² Drawn anew at each evaluation: a `w.set(…)` gives what was drawn a name.
//! ³ Numbers are double-precision floats at run time, whatever their Rust type: `7 / 2` is 3.5, and whole numbers are exact
//! up to 2⁵³. What is divided by 0 is no JSON number.
//!
//! Tuples have `.0`, `.1` …; what an enum with data holds is read by the methods that `#[derive(Shape)]` makes. Positions
//! and lengths of text count characters, not bytes. What the context object knows is in [`execution`], [`map`] and [`task`].

use std::any::Any;
use std::cell::OnceCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::ir::expr::{Expr, Kind, Op};
use crate::shape::{IsList, Json, Shape};

mod context;
mod json;
mod list;
mod logic;
mod number;
mod object;
mod option;
mod order;
mod pattern;
mod raw;
mod text;
mod time;

pub use context::{execution, map, task};
pub use number::Number;
pub use order::Ordered;
pub use pattern::Pattern;
pub use text::{HashAlgorithm, Text, TextPart};
pub use time::{Offset, TimePart, Timestamp};

/// A handle on a JSON value of the shape `T` that exists only at run time.
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Request { bucket: String, shops: Vec<String> }
///
/// Workflow::new("feed", |w, input: Value<Request>| {
///     let prefix = text!("s3://{}/feeds", input.bucket);
///     w.when("AnyShops", input.shops.len().gt(0), |w| w.set("Prefix", prefix))
///         .otherwise(|w| w.value("none"))
/// });
/// ```
// Without a bound, so that a field of a type without a shape is one error at that type, and not one for each trait
// that its mirror struct derives.
pub struct Value<T> {
    handle: &'static Handle,
    shape: PhantomData<fn() -> T>,
}

struct Handle {
    expr: Expr,
    /// The mirror struct of the one type that this handle has, once it was asked for.
    fields: OnceCell<&'static dyn Any>,
}

impl<T: Shape> Value<T> {
    /// A handle on an expression. Handles live as long as the process: they are small, a compiler runs once, and
    /// being `Copy` is what lets a value be used wherever it is in scope.
    #[must_use]
    #[doc(hidden)]
    pub fn of(expr: Expr) -> Self {
        let expr = if T::IS_OPTION { expr.maybe() } else { expr };
        Self { handle: Box::leak(Box::new(Handle { expr, fields: OnceCell::new() })), shape: PhantomData }
    }

    pub(crate) fn call(op: Op, operands: impl IntoIterator<Item = Expr>) -> Self {
        Self::of(Expr::call(op, operands))
    }

    /// Whether the two are equal: same type and same value, as JSONata's `=`. Two points in time are equal if they are the
    /// same instant, however they are written.
    #[must_use]
    pub fn eq(self, other: impl Arg<T>) -> Value<bool> {
        Value::call(Op::Equal, self.compared(other))
    }

    /// Whether the two differ.
    #[must_use]
    pub fn ne(self, other: impl Arg<T>) -> Value<bool> {
        Value::call(Op::NotEqual, self.compared(other))
    }

    fn compared(self, other: impl Arg<T>) -> [Expr; 2] {
        let sides = [self.expr(), other.into_value().expr()];
        if T::IS_TIME { sides.map(|side| Expr::call(Op::Millis, [side])) } else { sides }
    }

    /// The same value where one is expected that may be absent.
    #[must_use]
    pub fn some(self) -> Value<Option<T>> {
        Value::of(self.expr())
    }

    /// Whether it is one of these.
    #[must_use]
    pub fn is_one_of<A: Arg<T>>(self, others: impl IntoIterator<Item = A>) -> Value<bool> {
        let list = others.into_iter().map(|other| other.into_value().expr()).collect();
        Value::call(Op::ListContains, [Kind::Array(list).into(), self.expr()])
    }

    /// The value as compact JSON text.
    #[must_use]
    pub fn to_json(self) -> Value<String> {
        Value::call(if T::IS_TEXT { Op::Quote } else { Op::PrintJson }, [self.expr()])
    }

    /// The same value without its type.
    #[must_use]
    pub fn untyped(self) -> Value<Json> {
        Value::of(self.expr())
    }
}

impl<T> Value<T> {
    #[doc(hidden)]
    #[must_use]
    pub fn expr(self) -> Expr {
        self.handle.expr.clone()
    }
}

impl<T> Clone for Value<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Value<T> {}

impl<T: Shape> Deref for Value<T> {
    type Target = T::Fields;

    fn deref(&self) -> &T::Fields {
        let fields = self.handle.fields.get_or_init(|| Box::leak(Box::new(T::fields(&self.handle.expr))));
        fields.downcast_ref().unwrap_or_else(|| unreachable!("a handle is made for one type"))
    }
}

impl<T> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value<{}>({:?})", std::any::type_name::<T>(), self.handle.expr)
    }
}

/// What can stand where a value of the shape `T` is expected.
#[diagnostic::on_unimplemented(
    message = "expected a workflow value of type `{T}`, found `{Self}`",
    label = "not a `Value<{T}>`, and no literal of that type",
    note = "`format!` and other plain Rust runs while the workflow is compiled; use `text!(\"…\", …)` and the methods of `Value`"
)]
pub trait Arg<T: Shape> {
    /// The value.
    fn into_value(self) -> Value<T>;
}

impl<T: Shape> Arg<T> for Value<T> {
    fn into_value(self) -> Value<T> {
        self
    }
}

macro_rules! literal {
    ($($shape:ty: $($from:ty),+;)+) => { $($(
        impl Arg<$shape> for $from {
            fn into_value(self) -> Value<$shape> {
                Value::of(Expr::literal(self))
            }
        }

        impl From<$from> for Value<$shape> {
            fn from(literal: $from) -> Self {
                literal.into_value()
            }
        }

        impl Arg<Option<$shape>> for $from {
            fn into_value(self) -> Value<Option<$shape>> {
                Arg::<$shape>::into_value(self).some()
            }
        }

        impl From<$from> for Value<Option<$shape>> {
            fn from(literal: $from) -> Self {
                literal.into_value()
            }
        }
    )+)+ };
}

literal! {
    String: &str, String;
    bool: bool;
    i8: i8;
    i16: i16;
    i32: i32;
    i64: i64, i32;
    u8: u8;
    u16: u16;
    u32: u32;
    u64: u64;
    f64: f64;
    Json: Json;
}

impl Arg<String> for &String {
    fn into_value(self) -> Value<String> {
        self.as_str().into_value()
    }
}

impl<T: Shape, A: Arg<T>> Arg<Vec<T>> for Vec<A> {
    fn into_value(self) -> Value<Vec<T>> {
        Value::of(Kind::Array(self.into_iter().map(|item| as_item(item.into_value())).collect()).into())
    }
}

impl<T: Shape, A: Arg<T>, const N: usize> Arg<Vec<T>> for [A; N] {
    fn into_value(self) -> Value<Vec<T>> {
        self.into_iter().collect::<Vec<_>>().into_value()
    }
}

impl<T: Shape, A: Arg<T>, const N: usize> From<[A; N]> for Value<Vec<T>> {
    fn from(items: [A; N]) -> Self {
        items.into_value()
    }
}

/// A value as an item of a list, which a list in the list would otherwise dissolve in.
#[must_use]
#[doc(hidden)]
pub fn as_item<T: Shape>(value: Value<T>) -> Expr {
    let op = match T::LIST {
        IsList::No => return value.expr(),
        IsList::Yes => Op::Nested,
        IsList::Perhaps => Op::NestedIfList,
    };
    Expr::call(op, [value.expr()])
}

impl<T: Shape> Arg<Option<T>> for Value<T> {
    fn into_value(self) -> Value<Option<T>> {
        self.some()
    }
}

impl<T: Shape> From<Value<T>> for Value<Option<T>> {
    fn from(value: Value<T>) -> Self {
        value.some()
    }
}

/// What has a shape of its own, where any shape will do: a value, a literal, the mirror struct of a [`Shape`], a list
/// of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no workflow value",
    label = "expected a `Value<T>`, a literal, or the `…Fields` struct of a type with `#[derive(Shape)]`"
)]
pub trait Typed {
    /// The shape.
    type Shape: Shape;

    /// The value.
    fn typed(self) -> Value<Self::Shape>;
}

impl<T: Shape> Typed for Value<T> {
    type Shape = T;

    fn typed(self) -> Self {
        self
    }
}

macro_rules! typed {
    ($($from:ty => $shape:ty;)+) => { $(
        impl Typed for $from {
            type Shape = $shape;

            fn typed(self) -> Value<$shape> {
                Value::of(Expr::literal(self))
            }
        }
    )+ };
}

typed! {
    &str => String;
    String => String;
    bool => bool;
    i32 => i64;
    i64 => i64;
    u32 => u32;
    u64 => u64;
    f64 => f64;
    Json => Json;
}

impl<A: Typed> Typed for Vec<A> {
    type Shape = Vec<A::Shape>;

    fn typed(self) -> Value<Self::Shape> {
        self.into_iter().map(Typed::typed).collect::<Vec<_>>().into_value()
    }
}

impl<A: Typed, const N: usize> Typed for [A; N] {
    type Shape = Vec<A::Shape>;

    fn typed(self) -> Value<Self::Shape> {
        self.into_iter().collect::<Vec<_>>().typed()
    }
}
