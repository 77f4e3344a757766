//! Numbers.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use super::{Arg, Value};
use crate::ir::expr::{Expr, Kind, Op};
use crate::shape::Shape;

/// The shapes that are JSON numbers. At run time all of them are double-precision floats.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a number", label = "expected a number")]
pub trait Number: Shape {
    /// Whether it is a whole number.
    const IS_WHOLE: bool;
}

macro_rules! numbers {
    ($whole:literal: $($name:ty),+) => { $(impl Number for $name {
        const IS_WHOLE: bool = $whole;
    })+ };
}

numbers!(true: i8, i16, i32, i64, u8, u16, u32, u64);
numbers!(false: f32, f64);

macro_rules! operator {
    ($($name:ident :: $method:ident = $op:expr;)+) => { $(
        impl<N: Number, A: Arg<N>> $name<A> for Value<N> {
            type Output = Self;

            fn $method(self, other: A) -> Self {
                Self::call($op, [self.expr(), other.into_value().expr()])
            }
        }
    )+ };
}

operator! {
    Add::add = Op::Add { whole: N::IS_WHOLE };
    Sub::sub = Op::Subtract { whole: N::IS_WHOLE };
    Mul::mul = Op::Multiply;
    Div::div = Op::Divide;
    Rem::rem = Op::Remainder;
}

impl<N: Number> Neg for Value<N> {
    type Output = Self;

    fn neg(self) -> Self {
        Self::call(Op::Negate, [self.expr()])
    }
}

macro_rules! comparison {
    ($($(#[doc = $doc:literal])+ $method:ident = $op:ident;)+) => { $(
        $(#[doc = $doc])+
        #[must_use]
        pub fn $method(self, other: impl Arg<N>) -> Value<bool> {
            Value::call(Op::$op, [self.expr(), other.into_value().expr()])
        }
    )+ };
}

macro_rules! rounding {
    ($($(#[doc = $doc:literal])+ $method:ident = $op:ident;)+) => { $(
        $(#[doc = $doc])+
        #[must_use]
        pub fn $method(self) -> Self {
            Self::call(Op::$op, [self.expr()])
        }
    )+ };
}

impl<N: Number> Value<N> {
    comparison! {
        /// Whether it is less.
        lt = Less;
        /// Whether it is less or equal.
        le = LessOrEqual;
        /// Whether it is greater.
        gt = Greater;
        /// Whether it is greater or equal.
        ge = GreaterOrEqual;
    }

    rounding! {
        /// The next whole number below.
        floor = Floor;
        /// The next whole number above.
        ceil = Ceil;
        /// The nearest whole number; a half goes to the even one, as in JSONata.
        round = Round;
        /// Without its sign.
        abs = Absolute;
    }

    /// As another type of number, which changes nothing at run time.
    #[must_use]
    pub fn cast<M: Number>(self) -> Value<M> {
        Value::of(self.expr())
    }

    /// As text, the way JSON writes it.
    #[must_use]
    pub fn to_text(self) -> Value<String> {
        if let Kind::Literal(number) = self.expr().kind()
            && (number.is_i64() || number.is_u64())
        {
            return Value::of(Expr::literal(number.to_string()));
        }
        Value::call(Op::Text, [self.expr()])
    }

    /// Between 0 (included) and 1 (excluded), drawn anew at each evaluation.
    #[must_use]
    pub fn random() -> Value<f64> {
        Value::call(Op::Random, [])
    }
}
