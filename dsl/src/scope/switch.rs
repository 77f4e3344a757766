//! Choices by what a value is.

use super::choice::When;
use super::{Join, Outcome, Scope};
use crate::shape::Shape;
use crate::value::{Arg, Value};

/// A choice by a value that still needs its first case; see [`Scope::switch`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `.case(…)`"]
pub struct Switch<'a, T: Shape> {
    scope: &'a mut Scope,
    name: String,
    value: Value<T>,
}

/// A choice by a value that can get more cases.
#[derive(Debug)]
pub struct Case<'a, T: Shape, A> {
    when: When<'a, A>,
    value: Value<T>,
}

impl Scope {
    /// Runs the block of the case that a value is equal to: a Choice state, whose cases are looked at in order. Without an
    /// `otherwise`, nothing is run if it is none of them.
    ///
    /// What the cases return is joined: all the same `Value<T>`, or nothing.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// enum Plan { Free, Team, Company }
    ///
    /// Workflow::new("bill", |w, plan: Value<Plan>| {
    ///     let price = w
    ///         .switch("ByPlan", plan)
    ///         .case(Plan::Free, |w| w.value(0))
    ///         .case(Plan::Team, |w| w.value(20))
    ///         .otherwise(|w| w.value(400));
    ///     w.value(price * 12)
    /// });
    /// ```
    pub fn switch<T: Shape>(&mut self, name: impl Into<String>, value: Value<T>) -> Switch<'_, T> {
        Switch { scope: self, name: name.into(), value }
    }
}

impl<'a, T: Shape> Switch<'a, T> {
    /// The first case.
    #[track_caller]
    pub fn case<A: Outcome>(self, is: impl Arg<T>, body: impl FnOnce(&mut Scope) -> A) -> Case<'a, T, A> {
        let Self { scope, name, value } = self;
        Case { when: scope.when(name, value.eq(is), body), value }
    }
}

impl<'a, T: Shape, A: Outcome> Case<'a, T, A> {
    /// Another case.
    #[track_caller]
    pub fn case<B: Outcome>(self, is: impl Arg<T>, body: impl FnOnce(&mut Scope) -> B) -> Case<'a, T, A::Joined>
    where
        A: Join<B>,
    {
        Case { when: self.when.or_when(self.value.eq(is), body), value: self.value }
    }

    /// Runs a block if it is none of them.
    #[track_caller]
    pub fn otherwise<B: Outcome>(self, body: impl FnOnce(&mut Scope) -> B) -> A::Joined
    where
        A: Join<B>,
    {
        self.when.otherwise(body)
    }
}
