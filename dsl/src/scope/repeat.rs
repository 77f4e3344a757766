//! The same states again and again, so many times at most.

use std::panic::Location;
use std::time::Duration;

use super::Scope;
use crate::diag::{Diagnostic, codes};
use crate::ir::expr::{Expr, Kind, Op};
use crate::ir::{Loop, Origin, StepKind, whole_seconds};
use crate::shape::Shape;
use crate::value::{Typed, Value};

impl Scope {
    /// Asks again and again until an answer will do: runs a block, and again after a while, as long as the first of what it
    /// returns is false. Gives the second. When the time is up, the workflow (the branch, the item) fails with `Poll.Timeout`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Export { status: String, rows: i64 }
    /// const LOOK: lambda::Function<(), Export> = lambda::Function::named("look-at-export");
    ///
    /// Workflow::new("export", |w, input: Value<()>| {
    ///     let export = w.poll("Exported", Duration::from_secs(30), Duration::from_secs(3600), |w| {
    ///         let export = w.run("Look", LOOK.invoke(input));
    ///         (export.status.eq("DONE"), export)
    ///     });
    ///     w.value(export.rows)
    /// });
    /// ```
    ///
    /// Costs the block's transitions and two more (a Choice, a Wait) each time. `every` and `up_to` are whole seconds; the time
    /// that the block takes is not counted.
    #[track_caller]
    pub fn poll<T: Typed>(
        &mut self,
        name: impl Into<String>,
        every: Duration,
        up_to: Duration,
        body: impl FnOnce(&mut Self) -> (Value<bool>, T),
    ) -> Value<T::Shape> {
        let at = Location::caller();
        let mut scope = self.child("");
        let (done, value) = body(&mut scope);
        let (done, value) = (done.expr(), value.typed().expr());
        let every = whole_seconds(every, &at.into(), &mut self.recording.borrow_mut().diagnostics);
        let times = up_to.as_secs().div_ceil(every.max(1)) + 1;
        let carried = Carried { done, value, next: None, wait: Some(every), times, error: "Poll.Timeout" };
        self.again(name.into(), at, scope, carried)
    }

    /// Runs a block with a value, and again with the value that it returns as the second, as long as the first of what it returns
    /// is true. Gives the last value. After `most` times, the workflow (the branch, the item) fails with `Repeat.TooOften`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Page { next: Option<String> }
    /// const LOAD: lambda::Function<Option<String>, Page> = lambda::Function::named("load-page");
    ///
    /// Workflow::new("load", |w, _: Value<()>| {
    ///     w.repeat("MorePages", Value::<Option<String>>::none(), 100, |w, token| {
    ///         let page = w.run("LoadPage", LOAD.invoke(token));
    ///         (page.next.is_some(), page.next)
    ///     });
    /// });
    /// ```
    #[track_caller]
    pub fn repeat<T: Shape, N: Typed<Shape = T>>(
        &mut self,
        name: impl Into<String>,
        first: impl Typed<Shape = T>,
        most: u32,
        body: impl FnOnce(&mut Self, Value<T>) -> (Value<bool>, N),
    ) -> Value<T> {
        let (at, name) = (Location::caller(), name.into());
        let mut scope = self.child("");
        let carried = scope.new_value(&self.full_name(name.as_str()), at, Origin::Computed, &[]);
        let (again, next) = body(&mut scope, Value::of(Kind::Value(carried).into()));
        let (done, next) = (Expr::call(Op::Not, [again.expr()]), next.typed().expr());
        let carried = Carried {
            done,
            value: next.clone(),
            next: Some((carried, first.typed().expr(), next)),
            wait: None,
            times: u64::from(most),
            error: "Repeat.TooOften",
        };
        self.again(name, at, scope, carried)
    }

    fn again<T: Shape>(
        &self,
        name: String,
        at: &'static Location<'static>,
        body: Self,
        Carried { done, value, next, wait, times, error }: Carried,
    ) -> Value<T> {
        let name = self.full_name(name);
        self.recording.borrow_mut().blocks[body.block.0].name.clone_from(&name);
        body.finish(
            crate::ir::Yield::Value(Expr::object(vec![("done".into(), done.clone()), ("value".into(), value.clone())])),
            at,
        );
        if times == 0 || wait == Some(0) {
            let message = format!("`{name}` would run no time at all, or without a pause");
            self.recording.borrow_mut().diagnostics.push(
                Diagnostic::error(codes::LOOP_OUT_OF_RANGE, message, at)
                    .help("give it a second or more between two times, and one time or more"),
            );
        }
        let count = self.new_value(&format!("{name} count"), at, Origin::Computed, &[]);
        let result = self.new_value(&name, at, Origin::Computed, &[]);
        let before = |expr: &Expr| {
            let known: Vec<_> = next.iter().map(|(carried, ..)| *carried).chain([count]).collect();
            expr.before(&known)
        };
        let counted = Expr::call(Op::Add { whole: true }, [Kind::Value(count).into(), Expr::literal(1)]);
        let full = Expr::call(Op::GreaterOrEqual, [counted.clone(), Expr::literal(times)]);
        let mut carried = vec![(count, Expr::literal(0), before(&counted))];
        carried.extend(next.as_ref().map(|(id, first, next)| (*id, first.clone(), before(next))));
        let cause = format!("{times} times were not enough for {name}");
        let kind = StepKind::Loop(Box::new(Loop {
            body: body.block,
            done,
            value,
            full,
            carried,
            wait: wait.map(|seconds| crate::ir::Until::Seconds(Expr::literal(seconds))),
            failure: (Expr::literal(error), Expr::literal(cause)),
            result,
        }));
        self.push(name, at, kind);
        Value::of(Kind::Value(result).into())
    }
}

/// What a loop decides by.
struct Carried {
    done: Expr,
    /// What it gives at its end.
    value: Expr,
    /// What it takes along: the value, what it is at first, and what it is next.
    next: Option<(crate::ir::ValueId, Expr, Expr)>,
    /// Seconds between two times.
    wait: Option<u64>,
    times: u64,
    error: &'static str,
}
