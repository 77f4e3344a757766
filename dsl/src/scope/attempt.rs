//! Attempts: what follows when something fails.

use std::marker::PhantomData;
use std::panic::Location;

use super::{Join, Outcome, Scope, outcome};
use crate::ir::expr::{Expr, Kind, ValueId};
use crate::ir::{BlockId, Handler, Origin, StepKind};
use crate::retry::{ErrorNames, errors};
use crate::shape::Shape;
use crate::value::Value;

/// The error that a handler gets: the Error Output of the state that failed.
#[derive(Clone, Copy, Debug)]
pub struct Caught;

/// The fields of a [`Caught`].
#[derive(Clone, Copy, Debug)]
pub struct CaughtFields {
    /// The error's name.
    pub error: Value<String>,
    /// What is known of its cause; for a failed job this is JSON text. May be empty.
    pub cause: Value<String>,
}

impl Shape for Caught {
    type Fields = CaughtFields;

    fn fields(of: &Expr) -> CaughtFields {
        CaughtFields { error: Value::of(of.field("Error")), cause: Value::of(of.field("Cause")) }
    }
}

/// An attempt that can get more handlers; see [`Scope::attempt`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `.recover(…)` or `.join()`"]
pub struct Attempt<'a, A> {
    scope: &'a mut Scope,
    name: String,
    at: &'static Location<'static>,
    body: BlockId,
    handlers: Vec<Handler>,
    outcome: PhantomData<A>,
}

impl Scope {
    /// Runs a block whose errors are handled: each state in it that can fail gets a Catch. The name becomes no
    /// state; it names the result.
    ///
    /// What the block and the handlers return is joined: all the same `Value<T>`, or nothing.
    #[track_caller]
    pub fn attempt<A: Outcome>(
        &mut self,
        name: impl Into<String>,
        body: impl FnOnce(&mut Scope) -> A,
    ) -> Attempt<'_, A> {
        let at = Location::caller();
        let name = self.full_name(name);
        let body = Self::record_in(self.next_child(&name), at, body);
        Attempt { scope: self, name, at, body, handlers: Vec::new(), outcome: PhantomData }
    }

    pub(super) fn handler<B: Outcome>(
        &self,
        name: &str,
        at: &'static Location<'static>,
        errors: Vec<String>,
        body: impl FnOnce(&mut Scope, Value<Caught>) -> B,
    ) -> Handler {
        let mut scope = self.child(name);
        let error = scope.new_value(&format!("{name} error"), at, Origin::Error, &[]);
        let yields = body(&mut scope, Value::of(Kind::Value(error).into())).into_yield();
        scope.finish(yields, at);
        Handler { errors, error, block: scope.block }
    }

    /// The handler around the whole workflow; it ends with the error that it got, unless the body ends otherwise.
    pub(crate) fn error_handler<B: Outcome>(
        &self,
        at: &'static Location<'static>,
        body: impl FnOnce(&mut Scope, Value<Caught>) -> B,
    ) -> Handler {
        self.handler("workflow", at, errors::ALL.names(), body)
    }
}

impl<'a, A: Outcome> Attempt<'a, A> {
    /// Handles some errors. Handlers are looked at in order.
    #[track_caller]
    pub fn recover_on<B: Outcome>(
        mut self,
        errors: impl ErrorNames,
        body: impl FnOnce(&mut Scope, Value<Caught>) -> B,
    ) -> Attempt<'a, A::Joined>
    where
        A: Join<B>,
    {
        let handler = self.scope.handler(&self.name, Location::caller(), errors.names(), body);
        self.handlers.push(handler);
        Attempt {
            scope: self.scope,
            name: self.name,
            at: self.at,
            body: self.body,
            handlers: self.handlers,
            outcome: PhantomData,
        }
    }

    /// Handles every error that can be caught: `States.ALL`.
    #[track_caller]
    pub fn recover<B: Outcome>(self, body: impl FnOnce(&mut Scope, Value<Caught>) -> B) -> A::Joined
    where
        A: Join<B>,
    {
        self.recover_on(errors::ALL, body).join()
    }

    /// Ends the attempt: what no handler names fails as if there were no attempt.
    pub fn join(self) -> A {
        let result: ValueId = self.scope.new_value(&self.name, self.at, Origin::Computed, &[]);
        let kind = StepKind::Attempt { body: self.body, handlers: self.handlers, result };
        self.scope.push(self.name, self.at, kind);
        outcome::joined(result)
    }
}
