//! [`Shape`]: which Rust types are JSON, and their fields.

use std::collections::{BTreeMap, HashMap};

use crate::ir::expr::Expr;
use crate::value::Timestamp;

/// JSON of any shape.
pub type Json = serde_json::Value;

/// A Rust type that is JSON in a workflow. Derive it: `#[derive(Shape)]`.
///
/// The derive makes a mirror struct, `ManifestFields` for `Manifest`, with a [`Value`](crate::Value) for each field.
/// It is what `Value<Manifest>` derefs to, and the constructor where a `Manifest` is expected. serde's `rename`,
/// `rename_all` and `skip` are honoured, so that the type can be the one that a Lambda function deserializes.
/// An enum of unit variants is a string.
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
    note = "shapes are strings, numbers, bools, `Vec`, `Option`, `HashMap<String, _>`, `Json`, `Timestamp`, and types with `#[derive(Shape)]`"
)]
pub trait Shape: 'static {
    /// The mirror struct, or [`NoFields`].
    type Fields: 'static;

    /// Whether it is a JSON array.
    #[doc(hidden)]
    const IS_LIST: bool = false;

    /// Whether it is a JSON string.
    #[doc(hidden)]
    const IS_TEXT: bool = false;

    /// Whether it is a JSON string, number or bool.
    #[doc(hidden)]
    const IS_SCALAR: bool = false;

    /// Whether it may be absent.
    #[doc(hidden)]
    const IS_OPTION: bool = false;

    /// A handle for each field.
    #[doc(hidden)]
    fn fields(of: &Expr) -> Self::Fields;
}

/// What a value without fields derefs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoFields;

macro_rules! scalar {
    ($($name:ty: $text:literal $scalar:literal),+ $(,)?) => { $(
        impl Shape for $name {
            type Fields = NoFields;
            const IS_TEXT: bool = $text;
            const IS_SCALAR: bool = $scalar;

            fn fields(_: &Expr) -> NoFields {
                NoFields
            }
        }
    )+ };
}

scalar!(
    String: true true,
    Timestamp: true true,
    bool: false true,
    i8: false true,
    i16: false true,
    i32: false true,
    i64: false true,
    u8: false true,
    u16: false true,
    u32: false true,
    u64: false true,
    f32: false true,
    f64: false true,
    Json: false false,
    (): false false,
);

macro_rules! container {
    ($($name:ty: $constant:ident = $value:literal),+ $(,)?) => { $(
        impl<T: Shape> Shape for $name {
            type Fields = NoFields;
            const $constant: bool = $value;

            fn fields(_: &Expr) -> NoFields {
                NoFields
            }
        }
    )+ };
}

container!(
    Option<T>: IS_OPTION = true,
    Vec<T>: IS_LIST = true,
    HashMap<String, T>: IS_LIST = false,
    BTreeMap<String, T>: IS_LIST = false,
);
