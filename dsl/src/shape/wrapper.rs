//! Types that are the same JSON as another: boxes, borrowed text, and the time of `jiff`. A value of one derefs to a value
//! of the other.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::{Draw, IsList, Json, Shape, same, sample_text};
use crate::ir::expr::Expr;
use crate::value::{Arg, Timestamp, Typed, Value};

macro_rules! wrapper {
    ($($name:ident),+) => { $(
        impl<T: Shape> Shape for $name<T> {
            type Fields = Value<T>;
            const LIST: IsList = T::LIST;
            const IS_TEXT: bool = T::IS_TEXT;
            const IS_SCALAR: bool = T::IS_SCALAR;
            const IS_OPTION: bool = T::IS_OPTION;
            const IS_TIME: bool = T::IS_TIME;

            fn fields(of: &Expr) -> Value<T> {
                same(of)
            }

            fn looks_like(of: &Expr) -> Expr {
                T::looks_like(of)
            }

            fn sample(draw: Draw<'_>) -> Json {
                T::sample(draw)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Shape> Arg<$name<T>> for Value<T> {
            fn into_value(self) -> Value<$name<T>> {
                Value::of(self.expr())
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Shape> Arg<T> for Value<$name<T>> {
            fn into_value(self) -> Value<T> {
                Value::of(self.expr())
            }
        }

        impl<T: Shape> From<Value<T>> for Value<$name<T>> {
            fn from(value: Value<T>) -> Self {
                value.into_value()
            }
        }
    )+ };
}

wrapper!(Box, Rc, Arc);

/// One character is a text of one, and what is borrowed is text, too.
macro_rules! text {
    ($($name:ty: $texts:expr;)+) => { $(
        impl Shape for $name {
            type Fields = Value<String>;
            const IS_TEXT: bool = true;
            const IS_SCALAR: bool = true;

            fn fields(of: &Expr) -> Value<String> {
                same(of)
            }

            fn sample(draw: Draw<'_>) -> Json {
                sample_text($texts, draw)
            }
        }

        #[diagnostic::do_not_recommend]
        impl Arg<$name> for $name {
            fn into_value(self) -> Value<$name> {
                Value::of(Expr::literal(self.to_string()))
            }
        }

        #[diagnostic::do_not_recommend]
        impl Typed for $name {
            type Shape = Self;

            fn typed(self) -> Value<Self> {
                self.into_value()
            }
        }

        #[diagnostic::do_not_recommend]
        impl Arg<$name> for Value<String> {
            fn into_value(self) -> Value<$name> {
                Value::of(self.expr())
            }
        }

        #[diagnostic::do_not_recommend]
        impl Arg<String> for Value<$name> {
            fn into_value(self) -> Value<String> {
                Value::of(self.expr())
            }
        }

        impl From<Value<String>> for Value<$name> {
            fn from(value: Value<String>) -> Self {
                value.into_value()
            }
        }
    )+ };
}

text! {
    char: &["a", "ü", "東", "\""];
    Cow<'static, str>: super::TEXTS;
}

impl Shape for jiff::Timestamp {
    type Fields = Value<Timestamp>;
    const IS_TEXT: bool = true;
    const IS_SCALAR: bool = true;
    const IS_TIME: bool = true;

    fn fields(of: &Expr) -> Value<Timestamp> {
        same(of)
    }

    fn sample(draw: Draw<'_>) -> Json {
        sample_text(&["1970-01-01T00:00:00Z", "2026-02-28T23:59:59.999Z"], draw)
    }
}

#[diagnostic::do_not_recommend]
impl Arg<jiff::Timestamp> for Value<Timestamp> {
    fn into_value(self) -> Value<jiff::Timestamp> {
        Value::of(self.expr())
    }
}

#[diagnostic::do_not_recommend]
impl Arg<Timestamp> for Value<jiff::Timestamp> {
    fn into_value(self) -> Value<Timestamp> {
        Value::of(self.expr())
    }
}

#[diagnostic::do_not_recommend]
impl Arg<Timestamp> for jiff::Timestamp {
    fn into_value(self) -> Value<Timestamp> {
        Value::of(Expr::literal(self.to_string()))
    }
}

#[diagnostic::do_not_recommend]
impl Arg<jiff::Timestamp> for jiff::Timestamp {
    fn into_value(self) -> Value<jiff::Timestamp> {
        Value::of(Expr::literal(self.to_string()))
    }
}

impl From<Value<Timestamp>> for Value<jiff::Timestamp> {
    fn from(value: Value<Timestamp>) -> Self {
        value.into_value()
    }
}

impl From<jiff::Timestamp> for Value<Timestamp> {
    fn from(value: jiff::Timestamp) -> Self {
        value.into_value()
    }
}
