//! What the macros' expansions name; not for users.

use std::marker::PhantomData;

use crate::Shape;
use crate::ir::expr::{Kind, Op};
use crate::shape::{Draw, Json};
use crate::value::Value;

mod variant;

pub use crate::ir::expr::Expr;
pub use crate::value::as_item;
pub use variant::{Enum, Tagging, Variant};

/// The field of a shape.
#[must_use]
pub fn field<T: Shape>(of: &Expr, name: &str) -> Value<T> {
    Value::of(of.field(name))
}

/// The element of a shape that is an array.
#[must_use]
pub fn item<T: Shape>(of: &Expr, at: i64) -> Value<T> {
    Value::of(of.item(at))
}

/// The same JSON as another shape.
#[must_use]
pub fn same<T: Shape>(of: &Expr) -> Value<T> {
    Value::of(of.clone())
}

/// An array of items.
#[must_use]
pub fn array(items: Vec<Expr>) -> Expr {
    Kind::Array(items).into()
}

/// A part of an object.
#[derive(Clone, Debug)]
pub enum Part {
    /// A field.
    Field(&'static str, Expr),
    /// A field that is left out where it is absent, since `null` would be no value of it.
    MayBeLeftOut(&'static str, Expr),
    /// The fields of another object.
    Flat(Expr),
}

/// An object from its parts.
#[must_use]
pub fn object(parts: Vec<Part>) -> Expr {
    let mut fields = Vec::new();
    let mut others = Vec::new();
    for part in parts {
        match part {
            Part::Field(name, value) => fields.push((name.to_owned(), value)),
            Part::MayBeLeftOut(name, value) => match value.kind() {
                Kind::Literal(Json::Null) => {}
                Kind::Literal(_) | Kind::Object(_) | Kind::Array(_) => fields.push((name.to_owned(), value)),
                _ => {
                    let there = Expr::call(Op::IsSome, [value.clone()]);
                    let one = Expr::object(vec![(name.to_owned(), value)]);
                    others.push(Expr::call(Op::IfElse, [there, one, Expr::object(Vec::new())]));
                }
            },
            Part::Flat(value) => match value.kind() {
                Kind::Object(inner) => fields.extend(inner.iter().cloned()),
                _ => others.push(value),
            },
        }
    }
    others.into_iter().fold(Expr::object(fields), |object, other| Expr::call(Op::Merge, [object, other]))
}

/// Whether JSON is an object with these fields, as far as they are required.
#[must_use]
pub fn looks_like_object(of: &Expr, fields: &[(&str, bool)]) -> Expr {
    let is_object = is_type(of, "object");
    fields.iter().filter(|(_, is_required)| *is_required).fold(is_object, |all, (name, _)| {
        let has = Expr::call(Op::HasKey, [of.clone(), Expr::literal(*name)]);
        Expr::call(Op::And, [all, has])
    })
}

/// Whether JSON is of a type, as JSONata names it.
pub(crate) fn is_type(of: &Expr, name: &str) -> Expr {
    Expr::call(Op::Equal, [Expr::call(Op::Type, [of.clone()]), Expr::literal(name)])
}

/// Whether JSON is nothing.
#[must_use]
pub fn nothing(of: &Expr) -> Expr {
    is_type(of, "null")
}

/// An object that is drawn.
#[derive(Clone, Debug, Default)]
pub struct Sample(serde_json::Map<String, Json>);

impl Sample {
    /// A field.
    pub fn field(&mut self, name: &str, value: Json) {
        self.0.insert(name.to_owned(), value);
    }

    /// A field, which is left out now and then if it is `null`.
    pub fn optional(&mut self, name: &str, value: Json, draw: Draw<'_>) {
        if !value.is_null() || draw(2) == 1 {
            self.field(name, value);
        }
    }

    /// The fields of another object.
    pub fn flat(&mut self, object: Json) {
        if let Json::Object(fields) = object {
            self.0.extend(fields);
        }
    }

    /// All of it.
    #[must_use]
    pub fn into_json(self) -> Json {
        Json::Object(self.0)
    }
}

/// Asks a field of type `T`. What is no shape gives nothing here: [`field`] has already said so, and once is enough.
/// Method resolution prefers the trait that needs no further reference.
#[derive(Clone, Copy, Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// The only one.
    pub const NEW: Self = Self(PhantomData);
}

/// Of what is a shape.
pub trait Drawn {
    /// JSON of the shape.
    fn sample(&self, draw: Draw<'_>) -> Json;

    /// Whether it can't be absent.
    fn is_required(&self) -> bool;
}

impl<T: Shape> Drawn for Probe<T> {
    fn sample(&self, draw: Draw<'_>) -> Json {
        T::sample(draw)
    }

    fn is_required(&self) -> bool {
        !T::IS_OPTION
    }
}

/// Of what is none.
pub trait Undrawn {
    /// Nothing.
    fn sample(&self, _: Draw<'_>) -> Json {
        Json::Null
    }

    /// Nothing is said of it.
    fn is_required(&self) -> bool {
        false
    }
}

impl<T> Undrawn for &Probe<T> {}
