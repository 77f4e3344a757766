//! Labels and jumps: any graph of states.

use std::marker::PhantomData;
use std::panic::Location;

use super::{Never, Scope};
use crate::diag::Place;
use crate::ir::expr::Kind;
use crate::ir::{LabelId, LabelInfo, Origin, StepKind, ValueId};
use crate::shape::Shape;
use crate::value::{Arg, Typed, Value};

/// A place in a block to which [`Scope::goto`] leads; becomes no state.
#[derive(Clone, Copy, Debug)]
#[must_use = "a label does nothing until something jumps to it"]
pub struct Label(LabelId);

/// A place in a block to which [`Scope::goto_with`] leads with a value; see [`Scope::label_with`].
#[derive(Debug)]
#[must_use = "a label does nothing until something jumps to it"]
pub struct LabelWith<T>(LabelId, ValueId, PhantomData<fn() -> T>);

impl<T> Clone for LabelWith<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for LabelWith<T> {}

impl Scope {
    /// A label that stands here: a [`goto`](Self::goto) from further down leads back to the next state.
    ///
    /// For what has a bound, [`poll`](Self::poll) and [`repeat`](Self::repeat) are easier to read, and can't run for ever. Labels say
    /// what they don't: loops with two ways out, a step back, one ending for several ways.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// const REVIEW: lambda::Function<String, String> = lambda::Function::named("ask-for-review");
    /// const REPAIR: lambda::Function<String, ()> = lambda::Function::named("repair");
    ///
    /// Workflow::new("review", |w, document: Value<String>| {
    ///     let again = w.label("Again");
    ///     let answer = w.run("Review", REVIEW.invoke(document));
    ///     w.when("Refused", answer.eq("no"), |w| {
    ///         w.run("Repair", REPAIR.invoke(document));
    ///         w.goto(again)
    ///     });
    /// });
    /// ```
    ///
    /// The name is for messages; it need not be unique.
    #[track_caller]
    pub fn label(&mut self, name: impl Into<String>) -> Label {
        let at = Location::caller();
        let label = self.new_label(name.into(), at, None);
        self.stand(label, at);
        Label(label)
    }

    /// A label that does not stand anywhere yet: [`place`](Self::place) lets it stand, further down.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// const CHARGE: lambda::Function<i64, bool> = lambda::Function::named("charge");
    /// const SHIP: lambda::Function<i64, ()> = lambda::Function::named("ship");
    ///
    /// Workflow::new("order", |w, price: Value<i64>| {
    ///     let ship = w.forward_label("Ship");
    ///     w.when("Free", price.eq(0), |w| w.goto(ship));
    ///     let paid = w.run("Charge", CHARGE.invoke(price));
    ///     w.when("Refused", !paid, |w| w.fail("NotPaid", "Unpaid", "the card was refused"));
    ///     w.place(ship);
    ///     w.run("ShipOrder", SHIP.invoke(price));
    /// });
    /// ```
    #[track_caller]
    pub fn forward_label(&mut self, name: impl Into<String>) -> Label {
        Label(self.new_label(name.into(), Location::caller(), None))
    }

    /// Lets a label stand here. It may stand in any block of the same machine, once.
    #[track_caller]
    pub fn place(&mut self, label: Label) {
        self.stand(label.0, Location::caller());
    }

    /// Goes on at a label: no state, but another `Next`. Whoever gets there must have what is read there: a value that some way to
    /// the label does not make is an error.
    ///
    /// A branch of a Parallel and an item of a Map can't be left or entered so, nor can a guarded section be entered past its
    /// beginning. Between two times at a label there must be a state; how often a loop of jumps runs is not bounded.
    #[track_caller]
    pub fn goto(&mut self, label: Label) -> Never {
        self.jump(label.0, None, Location::caller())
    }

    /// A label that stands here, with a value that is something else each time: at first this, then what
    /// [`goto_with`](Self::goto_with) brings.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// const TRY: lambda::Function<i64, bool> = lambda::Function::named("try");
    ///
    /// Workflow::new("three-times", |w, _: Value<()>| {
    ///     let (again, count) = w.label_with("Again", 1_i64);
    ///     let done = w.run("Try", TRY.invoke(count));
    ///     w.when("Done", done, |w| w.value(count))
    ///         .or_when(count.lt(3), |w| w.goto_with(again, count + 1))
    ///         .otherwise(|w| w.fail("GaveUp", "TooOften", "three times were not enough"))
    /// });
    /// ```
    #[track_caller]
    pub fn label_with<V: Typed>(
        &mut self,
        name: impl Into<String>,
        first: V,
    ) -> (LabelWith<V::Shape>, Value<V::Shape>) {
        let (at, name) = (Location::caller(), name.into());
        let first = first.typed().expr();
        self.recording.borrow_mut().reads(self.block, &first, &Place::from(at));
        let value = self.new_value(&self.full_name(name.as_str()), at, Origin::Computed, &[]);
        let label = self.new_label(name, at, Some((value, Some(first))));
        self.stand(label, at);
        (LabelWith(label, value, PhantomData), Value::of(Kind::Value(value).into()))
    }

    /// A label that does not stand anywhere yet, to which each jump brings a value; [`place_with`](Self::place_with) lets it stand.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// const BOOK: lambda::Function<String, String> = lambda::Function::named("book");
    /// const CANCEL: lambda::Function<String, ()> = lambda::Function::named("cancel");
    ///
    /// Workflow::new("book", |w, trip: Value<String>| {
    ///     let cancel = w.forward_label_with::<String>("Cancel");
    ///     for part in ["flight", "room"] {
    ///         let book = BOOK.invoke(text!("{part} of {trip}"));
    ///         w.run(part, book.catch(errors::ALL, move |w, error| w.goto_with(cancel, text!("{part}: {}", error.error))));
    ///     }
    ///     let _ = w.succeed("Booked");
    ///     let why = w.place_with(cancel);
    ///     w.run("Cancel", CANCEL.invoke(trip));
    ///     w.fail("NotBooked", "NotBooked", why)
    /// });
    /// ```
    #[track_caller]
    pub fn forward_label_with<T: Shape>(&mut self, name: impl Into<String>) -> LabelWith<T> {
        let (at, name) = (Location::caller(), name.into());
        let value = self.new_value(&self.full_name(name.as_str()), at, Origin::Computed, &[]);
        LabelWith(self.new_label(name, at, Some((value, None))), value, PhantomData)
    }

    /// Lets a label stand here, and gives the value that a jump has brought. Whatever else leads here would bring none, which is an
    /// error: end it with a [`goto_with`](Self::goto_with) too.
    #[track_caller]
    pub fn place_with<T: Shape>(&mut self, label: LabelWith<T>) -> Value<T> {
        self.stand(label.0, Location::caller());
        Value::of(Kind::Value(label.1).into())
    }

    /// Goes on at a label, where the value is this from now on.
    #[track_caller]
    pub fn goto_with<T: Shape>(&mut self, label: LabelWith<T>, value: impl Arg<T>) -> Never {
        self.jump(label.0, Some(value.into_value().expr()), Location::caller())
    }

    fn new_label(
        &self,
        name: String,
        at: &'static Location<'static>,
        value: Option<(ValueId, Option<crate::ir::Expr>)>,
    ) -> LabelId {
        self.recording.borrow_mut().label(LabelInfo { name, at: at.into(), placed: None, value })
    }

    fn stand(&self, label: LabelId, at: &'static Location<'static>) {
        self.recording.borrow_mut().place(label, self.block, &at.into());
        self.push(String::new(), at, StepKind::Label(label));
    }

    fn jump(&self, label: LabelId, value: Option<crate::ir::Expr>, at: &'static Location<'static>) -> Never {
        let name = self.recording.borrow_mut().own_label(label, &at.into()).map(|info| info.name.clone());
        self.push(format!("goto {}", name.unwrap_or_default()), at, StepKind::Goto { label, value });
        Never(())
    }
}
