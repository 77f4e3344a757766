//! JSON of any shape.

use super::{Arg, Value};
use crate::ir::expr::{Expr, Op};
use crate::shape::{Json, Shape};

use std::collections::HashMap;

macro_rules! typed {
    ($($(#[doc = $doc:literal])+ $is:ident $as:ident $shape:ty = $name:literal;)+) => { $(
        #[doc = concat!("Whether it is ", $name, " in JSON.")]
        #[must_use]
        pub fn $is(self) -> Value<bool> {
            self.is_type($name)
        }

        $(#[doc = $doc])+
        #[must_use]
        pub fn $as(self) -> Value<Option<$shape>> {
            self.is_type($name).then_some(self.cast::<$shape>())
        }
    )+ };
}

impl Value<Json> {
    /// The field of an object, with the type that the caller knows it has: an `Option` where it may be absent.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// fn region(event: Value<Json>) -> Value<String> {
    ///     event.get::<Option<String>>("region").or("eu-west-1")
    /// }
    /// ```
    #[must_use]
    pub fn get<T: Shape>(self, field: &str) -> Value<T> {
        Value::of(self.expr().field(field))
    }

    /// The item of a list at a position, from 0, with the type that the caller knows it has; negative positions count from
    /// the end.
    #[must_use]
    pub fn at<T: Shape>(self, index: i64) -> Value<T> {
        Value::of(self.expr().item(index))
    }

    /// What a path of fields and positions leads to: `$.orders[0].id`, with the type that the caller knows it has.
    #[must_use]
    pub fn pick<T: Shape>(self, path: &str) -> Value<T> {
        Value::of(super::raw::pick(self.expr(), path))
    }

    /// The same value with the type that the caller knows it has.
    #[must_use]
    pub fn cast<T: Shape>(self) -> Value<T> {
        Value::of(self.expr())
    }

    typed! {
        /// The text, if it is one.
        is_text as_text String = "string";
        /// The number, if it is one.
        is_number as_number f64 = "number";
        /// The bool, if it is one.
        is_bool as_bool bool = "boolean";
        /// The list, if it is one.
        is_list as_list Vec<Json> = "array";
        /// The object, if it is one.
        is_object as_object HashMap<String, Json> = "object";
    }

    /// The number, if it is a whole one.
    #[must_use]
    pub fn as_integer(self) -> Value<Option<i64>> {
        self.as_number().filter(|number| number.floor().eq(number)).cast_inner()
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(self) -> Value<bool> {
        self.is_type("null")
    }

    fn is_type(self, name: &str) -> Value<bool> {
        Value::call(Op::Equal, [Expr::call(Op::Type, [self.expr()]), Expr::literal(name)])
    }

    /// The names of the fields of an object.
    #[must_use]
    pub fn keys(self) -> Value<Vec<String>> {
        self.cast::<HashMap<String, Json>>().keys()
    }

    /// This object with the fields of another, which wins where both have one.
    #[must_use]
    pub fn merge(self, other: impl Arg<Json>) -> Self {
        Self::call(Op::Merge, [self.expr(), other.into_value().expr()])
    }
}

impl Value<Option<f64>> {
    fn cast_inner(self) -> Value<Option<i64>> {
        Value::of(self.expr())
    }
}
