//! [`Shape`]: which Rust types are JSON, and their fields.

use crate::internal::is_type;
use crate::ir::expr::{Expr, Op};
use crate::value::{Timestamp, Value};

mod collection;
mod tuple;
mod wrapper;

/// JSON of any shape.
pub type Json = serde_json::Value;

/// A Rust type that is JSON in a workflow. Derive it: `#[derive(Shape)]`.
///
/// The derive makes a mirror struct, `ManifestFields` for `Manifest`, with a [`Value`] for each field.
/// It is what `Value<Manifest>` derefs to, and the constructor where a `Manifest` is expected.
///
/// | type | JSON | in a workflow |
/// |---|---|---|
/// | struct | object | `order.id`; `OrderFields { id, … }` |
/// | struct of one field without a name, or `transparent` | that of the field | `id.0`, or what the field has; `OrderIdFields(…)` |
/// | tuple, struct of fields without names | array | `pair.0`; `(a, b)`, `PairFields(a, b)` |
/// | enum of variants that hold nothing | text | `plan.eq(Plan::Free)` |
/// | enum with data | by serde's tag rules | `payment.is_card()`, `.as_card()`, `.kind()`; `PaymentFields::card(…)` |
/// | `Vec`, `VecDeque`, sets, arrays | array | operators of lists |
/// | `HashMap<String, T>`, `BTreeMap<String, T>` | object | operators of maps |
/// | `Box`, `Rc`, `Arc` | that of what is in it | what is in it |
/// | `String`, `char`, `Cow<'static, str>` | text | operators of text |
/// | [`Timestamp`], `jiff::Timestamp` | text in ISO 8601 | operators of times |
/// | [`Json`] | anything | `.get(…)`, `.as_text()` … |
///
/// serde's attributes are honoured, so that the type can be the one that a Lambda function deserializes: `rename`,
/// `rename_all`, `rename_all_fields`, `skip`, `skip_serializing_if`, `transparent`, `flatten` (of structs), `tag`, `content`,
/// `untagged`. A field with `default` reads as an `Option`, and is left out where a constructor gives none. Refused is what
/// makes JSON that is not known here: `with`, `from`, `alias`, and what holds for one direction only.
///
/// The data of an enum is there in its variant only, so it is an `Option`:
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// enum Payment { Cash, Card { number: String } }
///
/// Workflow::new("pay", |w, payment: Value<Payment>| {
///     w.when_some("IsCard", payment.as_card(), |_, card| text!("card {}", card.number))
///         .otherwise(|w| w.value("cash"))
/// });
///
/// fn by_card(number: Value<String>) -> Value<Payment> {
///     PaymentFields::card(PaymentCardFields { number })
/// }
/// ```
///
/// ```
/// use statewright::prelude::*;
///
/// #[derive(Shape)]
/// struct Manifest { date: String, bucket: String }
///
/// fn yesterday(bucket: Value<String>) -> ManifestFields {
///     ManifestFields { date: execution::start().minus_days(1).date(), bucket }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no workflow shape",
    label = "not a JSON value that a workflow can carry",
    note = "shapes are strings, numbers, bools, `Vec`, `Option`, `HashMap<String, _>`, tuples, `Json`, `Timestamp`, and types with `#[derive(Shape)]`"
)]
pub trait Shape: 'static {
    /// The mirror struct, or [`NoFields`].
    type Fields: 'static;

    /// Whether it is a JSON array.
    #[doc(hidden)]
    const LIST: IsList = IsList::No;

    /// Whether it is a JSON string.
    #[doc(hidden)]
    const IS_TEXT: bool = false;

    /// Whether it is a JSON string, number or bool.
    #[doc(hidden)]
    const IS_SCALAR: bool = false;

    /// Whether it may be absent.
    #[doc(hidden)]
    const IS_OPTION: bool = false;

    /// Whether it is a point in time, which can be written in more than one way.
    #[doc(hidden)]
    const IS_TIME: bool = false;

    /// A handle for each field.
    #[doc(hidden)]
    fn fields(of: &Expr) -> Self::Fields;

    /// Whether JSON can be of this shape, as far as an untagged enum has to know.
    #[doc(hidden)]
    #[must_use]
    fn looks_like(of: &Expr) -> Expr {
        match (Self::LIST, Self::IS_TEXT) {
            (IsList::Yes, _) => is_type(of, "array"),
            (IsList::No, true) => is_type(of, "string"),
            (IsList::No, false) => is_type(of, "object"),
            (IsList::Perhaps, _) => Expr::literal(true),
        }
    }

    /// JSON of this shape, for tests: `draw(n)` gives a number below `n`, and the same numbers give the same JSON.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Order { id: String, lines: Vec<i64> }
    ///
    /// let least = Order::sample(&mut |_| 0);
    /// assert_eq!(least.to_string(), r#"{"id":"","lines":[]}"#);
    /// ```
    fn sample(draw: Draw<'_>) -> Json {
        let _ = draw;
        Json::Object(serde_json::Map::new())
    }
}

/// Draws a number below another one.
pub type Draw<'d> = &'d mut dyn FnMut(u64) -> u64;

/// One of several texts.
#[doc(hidden)]
pub fn sample_text(texts: &[&str], draw: Draw<'_>) -> Json {
    let number = usize::try_from(draw(texts.len() as u64)).unwrap_or_default();
    texts.get(number).copied().unwrap_or_default().into()
}

fn looks_like_scalar(name: &str, of: &Expr) -> Expr {
    let number = is_type(of, "number");
    match name {
        "String" | "Timestamp" => is_type(of, "string"),
        "bool" => is_type(of, "boolean"),
        "Json" => Expr::literal(true),
        "f32" | "f64" => number,
        _ => {
            let whole = Expr::call(Op::Equal, [Expr::call(Op::Floor, [of.clone()]), of.clone()]);
            Expr::call(Op::IfElse, [number, whole, Expr::literal(false)])
        }
    }
}

/// Texts that are often forgotten.
const TEXTS: &[&str] =
    &["", "a", "shop-7", "2026-03-01", "ü ✓ 東京", "it's \"quoted\"", "{} {% $x %} $.y", "a/b:c,d\\e\n"];

fn sample_scalar(name: &str, draw: Draw<'_>) -> Json {
    const SMALL: i64 = 100;
    let number = |draw: Draw<'_>, signed: bool| {
        let number = i64::try_from(draw(SMALL.unsigned_abs() + 28)).unwrap_or_default();
        if signed && draw(2) == 1 { -number } else { number }
    };
    match name {
        "String" => sample_text(TEXTS, draw),
        "Timestamp" => {
            sample_text(&["1970-01-01T00:00:00Z", "2026-02-28T23:59:59.999Z", "2026-03-01T02:00:00+09:00"], draw)
        }
        "bool" => (draw(2) == 1).into(),
        "f32" | "f64" => {
            let tenths = number(draw, true);
            serde_json::Number::from_f64(f64::from(i32::try_from(tenths).unwrap_or_default()) / 8.0)
                .map_or(Json::Null, Json::Number)
        }
        "Json" => match draw(4) {
            0 => Json::Null,
            1 => sample_text(TEXTS, draw),
            2 => number(draw, true).into(),
            _ => serde_json::json!({ "a": [1, { "b": null }] }),
        },
        unsigned if unsigned.starts_with('u') => number(draw, false).into(),
        _ => number(draw, true).into(),
    }
}

/// Whether a shape is a JSON array: JSONata takes lists in lists apart unless it is told not to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsList {
    /// It is none.
    No,
    /// It is one.
    Yes,
    /// It is one now and then: an optional list, JSON of any shape.
    Perhaps,
}

impl IsList {
    /// Of the same shape where it may be absent.
    const fn optional(self) -> Self {
        match self {
            Self::No => Self::No,
            Self::Yes | Self::Perhaps => Self::Perhaps,
        }
    }
}

/// What a value without fields derefs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoFields;

macro_rules! scalar {
    ($($name:ident: $($constant:ident = $value:expr),*;)+) => { $(
        impl Shape for $name {
            type Fields = NoFields;
            $(const $constant: scalar!(@ $constant) = $value;)*

            fn fields(_: &Expr) -> NoFields {
                NoFields
            }

            fn looks_like(of: &Expr) -> Expr {
                looks_like_scalar(stringify!($name), of)
            }

            fn sample(draw: Draw<'_>) -> Json {
                sample_scalar(stringify!($name), draw)
            }
        }
    )+ };
    (@ LIST) => { IsList };
    (@ $flag:ident) => { bool };
}

scalar! {
    String: IS_TEXT = true, IS_SCALAR = true;
    Timestamp: IS_TEXT = true, IS_SCALAR = true, IS_TIME = true;
    bool: IS_SCALAR = true;
    i8: IS_SCALAR = true;
    i16: IS_SCALAR = true;
    i32: IS_SCALAR = true;
    i64: IS_SCALAR = true;
    isize: IS_SCALAR = true;
    u8: IS_SCALAR = true;
    u16: IS_SCALAR = true;
    u32: IS_SCALAR = true;
    u64: IS_SCALAR = true;
    usize: IS_SCALAR = true;
    f32: IS_SCALAR = true;
    f64: IS_SCALAR = true;
    Json: LIST = IsList::Perhaps;
}

impl Shape for () {
    type Fields = NoFields;

    fn fields(_: &Expr) -> NoFields {
        NoFields
    }
}

impl<T: Shape> Shape for Option<T> {
    type Fields = NoFields;
    const LIST: IsList = T::LIST.optional();
    const IS_OPTION: bool = true;

    fn fields(_: &Expr) -> NoFields {
        NoFields
    }

    fn looks_like(of: &Expr) -> Expr {
        Expr::call(Op::Or, [is_type(of, "null"), T::looks_like(of)])
    }

    fn sample(draw: Draw<'_>) -> Json {
        if draw(3) == 0 { Json::Null } else { T::sample(draw) }
    }
}

/// The value behind a type that is the same JSON.
fn same<T: Shape>(of: &Expr) -> Value<T> {
    Value::of(of.clone())
}
