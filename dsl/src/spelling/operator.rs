//! The operators of Rust between values, and between values and literals on either side.
//!
//! `+ - * / %` and `!` are Rust's own. Comparisons can't be, since Rust's give a `bool`: `#[workflow]` writes `a == b` as
//! `equal(a, b)`.

use std::ops::{Add, Div, Mul, Rem, Sub};

use crate::shape::{Json, Shape};
use crate::value::{Arg, Number, Ordered, Value};

/// What can stand on the left of `==` and `!=`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{B}` can't be compared in a workflow",
    label = "one of the two must be a `Value<T>`"
)]
pub trait Equal<B> {
    /// `==`
    fn equal(self, other: B) -> Value<bool>;
    /// `!=`
    fn not_equal(self, other: B) -> Value<bool>;
}

impl<T: Shape, A: Arg<T>> Equal<A> for Value<T> {
    fn equal(self, other: A) -> Value<bool> {
        self.eq(other)
    }

    fn not_equal(self, other: A) -> Value<bool> {
        self.ne(other)
    }
}

/// What can stand on the left of `<`, `<=`, `>` and `>=`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{B}` have no order in a workflow",
    label = "expected two numbers, two texts, or two points in time, one of them a `Value<T>`"
)]
pub trait Order<B> {
    /// `<`
    fn less(self, other: B) -> Value<bool>;
    /// `<=`
    fn less_or_equal(self, other: B) -> Value<bool>;
    /// `>`
    fn greater(self, other: B) -> Value<bool>;
    /// `>=`
    fn greater_or_equal(self, other: B) -> Value<bool>;
}

impl<T: Ordered, A: Arg<T>> Order<A> for Value<T> {
    fn less(self, other: A) -> Value<bool> {
        self.lt(other)
    }

    fn less_or_equal(self, other: A) -> Value<bool> {
        self.le(other)
    }

    fn greater(self, other: A) -> Value<bool> {
        self.gt(other)
    }

    fn greater_or_equal(self, other: A) -> Value<bool> {
        self.ge(other)
    }
}

macro_rules! on_the_left {
    ($($literal:ty),+) => { $(
        impl<T: Shape> Equal<Value<T>> for $literal
        where
            Self: Arg<T>,
        {
            fn equal(self, other: Value<T>) -> Value<bool> {
                self.into_value().eq(other)
            }

            fn not_equal(self, other: Value<T>) -> Value<bool> {
                self.into_value().ne(other)
            }
        }
    )+ };
}

on_the_left!(&str, String, bool, i32, i64, u32, u64, f64, Json);

macro_rules! ordered_on_the_left {
    ($($literal:ty),+) => { $(
        impl<T: Ordered> Order<Value<T>> for $literal
        where
            Self: Arg<T>,
        {
            fn less(self, other: Value<T>) -> Value<bool> {
                self.into_value().lt(other)
            }

            fn less_or_equal(self, other: Value<T>) -> Value<bool> {
                self.into_value().le(other)
            }

            fn greater(self, other: Value<T>) -> Value<bool> {
                self.into_value().gt(other)
            }

            fn greater_or_equal(self, other: Value<T>) -> Value<bool> {
                self.into_value().ge(other)
            }
        }
    )+ };
}

ordered_on_the_left!(&str, String, i32, i64, u32, u64, f64);

macro_rules! number_on_the_left {
    ($($literal:ty),+) => {
        $(number_on_the_left!(@ $literal: Add::add, Sub::sub, Mul::mul, Div::div, Rem::rem);)+
    };
    (@ $literal:ty: $($operator:ident::$method:ident),+) => { $(
        impl<N: Number> $operator<Value<N>> for $literal
        where
            Self: Arg<N>,
        {
            type Output = Value<N>;

            fn $method(self, other: Value<N>) -> Value<N> {
                $operator::$method(self.into_value(), other)
            }
        }
    )+ };
}

number_on_the_left!(i32, i64, u32, u64, f64);

/// `a && b`
#[must_use]
pub fn and(a: impl Arg<bool>, b: impl Arg<bool>) -> Value<bool> {
    a.into_value().and(b)
}

/// `a || b`
#[must_use]
pub fn or(a: impl Arg<bool>, b: impl Arg<bool>) -> Value<bool> {
    a.into_value().or(b)
}

macro_rules! function {
    ($($operator:literal $name:ident: $trait:ident;)+) => { $(
        #[doc = $operator]
        #[must_use]
        pub fn $name<A: $trait<B>, B>(a: A, b: B) -> Value<bool> {
            a.$name(b)
        }
    )+ };
}

function! {
    "`a == b`" equal: Equal;
    "`a != b`" not_equal: Equal;
    "`a < b`" less: Order;
    "`a <= b`" less_or_equal: Order;
    "`a > b`" greater: Order;
    "`a >= b`" greater_or_equal: Order;
}
