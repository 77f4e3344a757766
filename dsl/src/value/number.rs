//! Numbers.

use std::borrow::Cow;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use super::{Arg, Value};
use crate::ir::expr::{Expr, Kind, Op};
use crate::shape::Shape;
use crate::value::Timestamp;

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

numbers!(true: i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);
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

    /// Rounded to so many decimals; a half goes to the even digit.
    #[must_use]
    pub fn round_to(self, decimals: impl Arg<i64>) -> Self {
        Self::call(Op::RoundTo, [self.expr(), decimals.into_value().expr()])
    }

    /// The whole quotient, rounded down: `7 / 2` is 3, and `-7 / 2` is -4.
    #[must_use]
    pub fn div_floor(self, divisor: impl Arg<N>) -> Self {
        (self / divisor.into_value()).floor()
    }

    /// To the power of another number.
    #[must_use]
    pub fn pow(self, exponent: impl Arg<N>) -> Self {
        Self::call(Op::Power, [self.expr(), exponent.into_value().expr()])
    }

    /// The square root; of a negative number the execution fails with `States.QueryEvaluationError`.
    #[must_use]
    pub fn sqrt(self) -> Value<f64> {
        Value::call(Op::SquareRoot, [self.expr()])
    }

    /// The smaller of the two.
    #[must_use]
    pub fn min(self, other: impl Arg<N>) -> Self {
        Self::call(Op::Min, [Kind::Array(vec![self.expr(), other.into_value().expr()]).into()])
    }

    /// The greater of the two.
    #[must_use]
    pub fn max(self, other: impl Arg<N>) -> Self {
        Self::call(Op::Max, [Kind::Array(vec![self.expr(), other.into_value().expr()]).into()])
    }

    /// The nearest number in a range.
    #[must_use]
    pub fn clamp(self, low: impl Arg<N>, high: impl Arg<N>) -> Self {
        self.max(low).min(high)
    }

    /// As text, by a picture of the XPath function `format-number`: `#,##0.00`.
    #[must_use]
    pub fn format(self, picture: impl Into<Cow<'static, str>>) -> Value<String> {
        Value::call(Op::FormatNumber(picture.into()), [self.expr()])
    }

    /// A whole number as text, by a picture of the XPath function `format-integer`: `0000` for leading zeros, `I` for
    /// Roman numerals, `w` for words.
    #[must_use]
    pub fn format_integer(self, picture: impl Into<Cow<'static, str>>) -> Value<String> {
        Value::call(Op::FormatInteger(picture.into()), [self.expr()])
    }

    /// A whole number as text in a base from 2 to 36.
    #[must_use]
    pub fn to_base(self, base: impl Arg<i64>) -> Value<String> {
        Value::call(Op::FormatBase, [self.expr(), base.into_value().expr()])
    }

    /// The point in time so many milliseconds after 1970.
    #[must_use]
    pub fn millis_to_timestamp(self) -> Value<Timestamp> {
        Value::call(Op::FromMillis, [self.expr()])
    }

    /// The point in time so many seconds after 1970.
    #[must_use]
    pub fn seconds_to_timestamp(self) -> Value<Timestamp> {
        Value::call(Op::FromMillis, [Expr::call(Op::Multiply, [self.expr(), Expr::literal(1000)])])
    }

    /// A whole number from `low` on and below `high`, drawn anew at each evaluation.
    #[must_use]
    pub fn random_between(low: impl Arg<N>, high: impl Arg<N>) -> Self {
        Self::call(Op::RandomBetween, [low.into_value().expr(), high.into_value().expr()])
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
