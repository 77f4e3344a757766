//! Choices.

use std::marker::PhantomData;
use std::panic::Location;

use super::{Join, Outcome, Scope, outcome};
use crate::ir::StepKind;
use crate::ir::expr::ValueId;
use crate::shape::Shape;
use crate::value::Value;

/// A choice that can get more arms; see [`Scope::when`].
#[derive(Debug)]
pub struct When<'a, A> {
    scope: &'a mut Scope,
    /// The place of the choice among the steps of the block.
    step: usize,
    name: String,
    result: ValueId,
    outcome: PhantomData<A>,
}

impl Scope {
    /// Runs a block if a condition holds: a Choice state. More arms follow by [`When::or_when`] and
    /// [`When::otherwise`]; the first whose condition holds is taken, and without an `otherwise` none may be.
    ///
    /// What the arms return is joined: all the same `Value<T>`, or nothing.
    #[track_caller]
    pub fn when<A: Outcome>(
        &mut self,
        name: impl Into<String>,
        condition: Value<bool>,
        body: impl FnOnce(&mut Scope) -> A,
    ) -> When<'_, A> {
        let at = Location::caller();
        let name = self.full_name(name);
        let block = self.record(&name, at, body);
        let result = self.new_value(&name, at, crate::ir::Origin::Computed, &[]);
        self.push(
            name.clone(),
            at,
            StepKind::Choice { arms: vec![(condition.expr(), block)], otherwise: None, result },
        );
        let step = self.recording.borrow().blocks[self.block.0].steps.len() - 1;
        When { scope: self, step, name, result, outcome: PhantomData }
    }

    /// Runs a block with the value, if it is there.
    #[track_caller]
    pub fn when_some<T: Shape, A: Outcome>(
        &mut self,
        name: impl Into<String>,
        value: Value<Option<T>>,
        body: impl FnOnce(&mut Scope, Value<T>) -> A,
    ) -> When<'_, A> {
        self.when(name, value.is_some(), |w| body(w, value.expect_some()))
    }
}

impl<'a, A: Outcome> When<'a, A> {
    /// Runs another block if no condition before held and this one does.
    #[track_caller]
    pub fn or_when<B: Outcome>(self, condition: Value<bool>, body: impl FnOnce(&mut Scope) -> B) -> When<'a, A::Joined>
    where
        A: Join<B>,
    {
        let at = Location::caller();
        let block = self.scope.record(&self.name, at, body);
        let mut recording = self.scope.recording.borrow_mut();
        recording.reads(self.scope.block, &condition.expr(), &at.into());
        if let StepKind::Choice { arms, .. } = &mut recording.blocks[self.scope.block.0].steps[self.step].kind {
            arms.push((condition.expr(), block));
        }
        drop(recording);
        When { scope: self.scope, step: self.step, name: self.name, result: self.result, outcome: PhantomData }
    }

    /// Runs another block with a value, if no condition before held and the value is there.
    #[track_caller]
    pub fn or_when_some<T: Shape, B: Outcome>(
        self,
        value: Value<Option<T>>,
        body: impl FnOnce(&mut Scope, Value<T>) -> B,
    ) -> When<'a, A::Joined>
    where
        A: Join<B>,
    {
        self.or_when(value.is_some(), |w| body(w, value.expect_some()))
    }

    /// Runs a block if no condition held.
    #[track_caller]
    pub fn otherwise<B: Outcome>(self, body: impl FnOnce(&mut Scope) -> B) -> A::Joined
    where
        A: Join<B>,
    {
        let block = self.scope.record(&self.name, Location::caller(), body);
        let mut recording = self.scope.recording.borrow_mut();
        if let StepKind::Choice { otherwise, .. } = &mut recording.blocks[self.scope.block.0].steps[self.step].kind {
            *otherwise = Some(block);
        }
        outcome::joined(self.result)
    }
}
