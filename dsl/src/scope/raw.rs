//! States in the words of the language itself.

use std::panic::Location;

use super::Scope;
use crate::asl::{Part as _, State};
use crate::ir::expr::{Expr, Kind};
use crate::ir::{Origin, StepKind};
use crate::service::Access;
use crate::shape::{Json, Shape};
use crate::value::{Typed, Value};

/// A state as JSON of the Amazon States Language, for [`Scope::state`].
#[derive(Debug)]
#[must_use = "a state does nothing until the workflow has it: `w.state(\"Name\", state)`"]
pub struct RawState {
    state: Json,
    input: Option<Expr>,
    access: Access,
}

impl From<State> for RawState {
    fn from(state: State) -> Self {
        Self::from(state.write())
    }
}

impl From<Json> for RawState {
    fn from(state: Json) -> Self {
        Self { state, input: None, access: Access::default() }
    }
}

impl RawState {
    /// What the state reads as `$states.input`, or as `$`, in place of what the state before it gives.
    pub fn input(mut self, input: impl Typed) -> Self {
        self.input = Some(input.typed().expr());
        self
    }

    /// The resources that computed arguments of the state can name, as [`Step::allow`](crate::service::Step::allow).
    pub fn allow<S: Into<String>>(mut self, arns: impl IntoIterator<Item = S>) -> Self {
        self.access.resources.extend(arns.into_iter().map(Into::into));
        self
    }

    /// Allows every resource of the kind, as [`Step::allow_any`](crate::service::Step::allow_any).
    pub fn allow_any(mut self, reason: impl Into<String>) -> Self {
        self.access.any_because = Some(reason.into());
        self
    }

    /// The rights that a call needs of which nothing is known, as [`sdk::Call::actions`](crate::service::sdk::Call::actions).
    pub fn actions<S: Into<String>>(mut self, actions: impl IntoIterator<Item = S>) -> Self {
        self.access.actions.extend(actions.into_iter().map(Into::into));
        self
    }
}

impl Scope {
    /// Adds a state that is written as it is, for what the builder can't say: a Task, Pass, Wait, Parallel or Map. `Next` and `End` are
    /// replaced; everything else stays, `Retry` and `Catch` included, whose `Next` names a state of this workflow.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// let split = serde_json::json!({
    ///     "Type": "Pass",
    ///     "Output": "{% $partition($states.input, 2) %}",
    /// });
    /// Workflow::new("split", |w, numbers: Value<Vec<i64>>| {
    ///     let pairs: Value<Vec<Vec<i64>>> = w.state("Split", RawState::from(split).input(numbers));
    ///     pairs.len()
    /// });
    /// ```
    ///
    /// What it reads and writes is up to you: it reads the [`input`](RawState::input) that it is given and variables that other such
    /// states assign. Its value is its `Output`, of the type that you say. A state in JSONPath (`"QueryLanguage": "JSONPath"`) makes
    /// the machine one in JSONPath, in which each of the others says that it is in JSONata; its value is its result as `Assign` reads
    /// it, before `ResultSelector` and `ResultPath`.
    #[track_caller]
    pub fn state<T: Shape>(&mut self, name: impl Into<String>, state: impl Into<RawState>) -> Value<T> {
        let at = Location::caller();
        let name = self.full_name(name);
        let RawState { state, input, access } = state.into();
        let result = self.new_value(&name, at, Origin::Computed, &[]);
        self.push(name, at, StepKind::Raw { state, input, access, result });
        Value::of(Kind::Value(result).into())
    }
}
