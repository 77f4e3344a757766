//! Values that may be absent. A field that is missing and one that is `null` are both absent, as serde reads them.

use super::list::bind;
use super::{Arg, Typed, Value};
use crate::ir::expr::{Expr, Kind, Op};
use crate::shape::{Json, Shape};

impl<T: Shape> Value<Option<T>> {
    /// The value, or something else where it is absent.
    #[must_use]
    pub fn or(self, default: impl Arg<T>) -> Value<T> {
        Value::call(Op::OrElse, [self.expr(), default.into_value().expr()])
    }

    /// The value, or another one that may be absent, too.
    #[must_use]
    pub fn or_else(self, other: impl Arg<Option<T>>) -> Self {
        Self::call(Op::OrElse, [self.expr(), other.into_value().expr()])
    }

    /// Whether it is there.
    #[must_use]
    pub fn is_some(self) -> Value<bool> {
        Value::call(Op::IsSome, [self.expr()])
    }

    /// Whether it is absent.
    #[must_use]
    pub fn is_none(self) -> Value<bool> {
        !self.is_some()
    }

    /// Whether it is there and a condition holds for it.
    #[must_use]
    pub fn is_some_and(self, condition: impl FnOnce(Value<T>) -> Value<bool>) -> Value<bool> {
        let chosen = |it: Expr| {
            let holds = condition(Value::of(it.clone())).expr();
            Expr::call(Op::IfElse, [Expr::call(Op::IsSome, [it]), holds, Expr::literal(false)])
        };
        Value::of(bind(self.expr(), chosen))
    }

    /// Something made of the value where it is there, and nothing where it is absent. This is how a field is read:
    /// `order.map(|order| order.id)`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Customer { name: String }
    ///
    /// fn greeting(customer: Value<Option<Customer>>) -> Value<String> {
    ///     customer.map(|customer| text!("Dear {}", customer.name)).or("Dear customer")
    /// }
    /// ```
    #[must_use]
    pub fn map<V: Typed>(self, each: impl FnOnce(Value<T>) -> V) -> Value<Option<V::Shape>> {
        self.chosen(|it| each(it).typed().expr())
    }

    /// The same for what may be absent itself.
    #[must_use]
    pub fn and_then<U: Shape>(self, each: impl FnOnce(Value<T>) -> Value<Option<U>>) -> Value<Option<U>> {
        self.chosen(|it| each(it).expr())
    }

    /// The value where a condition holds for it, and nothing elsewhere.
    #[must_use]
    pub fn filter(self, keep: impl FnOnce(Value<T>) -> Value<bool>) -> Self {
        self.chosen(|it| Expr::call(Op::IfElse, [keep(it).expr(), it.expr(), Expr::literal(Json::Null)]))
    }

    fn chosen<U: Shape>(self, each: impl FnOnce(Value<T>) -> Expr) -> Value<Option<U>> {
        Value::of(bind(self.expr(), |it| {
            let value = Value::of(it.clone());
            let some = each(value);
            // A field of nothing is nothing.
            if is_within(&some, &value.expr()) {
                return Value::<Option<U>>::of(some).expr();
            }
            Expr::call(Op::IfElse, [Expr::call(Op::IsSome, [it]), some, Expr::literal(Json::Null)])
        }))
    }

    /// A list of the value, or of nothing.
    #[must_use]
    pub fn to_list(self) -> Value<Vec<T>> {
        let one: Value<Vec<T>> = [self.expect_some()].into();
        Value::call(Op::IfElse, [self.is_some().expr(), one.expr(), Expr::literal(Json::Array(Vec::new()))])
    }

    /// Absent: `null`.
    #[must_use]
    pub fn none() -> Self {
        Self::of(Expr::literal(Json::Null))
    }

    /// The value, of which the caller knows that it is there: inside a [`when`](crate::Scope::when) on
    /// [`is_some`](Self::is_some), say. Where it is absent after all, nobody says what stands in its place: most often
    /// `null`, or nothing inside a text.
    #[must_use]
    pub fn expect_some(self) -> Value<T> {
        let mut expr = self.expr();
        // What is chosen where it is there.
        while let Kind::Call(Op::IfElse, operands) = expr.kind()
            && matches!(operands[2].kind(), Kind::Literal(Json::Null))
        {
            expr = operands[1].clone();
        }
        Value::of(expr)
    }
}

/// Whether an expression is a field somewhere inside another.
fn is_within(expr: &Expr, outer: &Expr) -> bool {
    match expr.kind() {
        Kind::Field(of, _) | Kind::Maybe(of) => of == outer || is_within(of, outer),
        _ => false,
    }
}
