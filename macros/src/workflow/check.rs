//! What can't be a workflow, each at its own token, with the reason and what to write instead.

use std::collections::BTreeMap;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Block, Expr, Pat};

use super::name::Name;
use super::parse::{Argument, Function, Kind};
use crate::errors::Errors;

mod choice;
mod expression;
mod line;
mod macros;

pub(super) fn function(function: &Function<'_>, errors: &mut Errors) {
    let mut names = Vec::new();
    let around = match function.kind {
        Kind::Workflow => Around::Workflow,
        Kind::Fragment => Around::Fragment,
    };
    let place = Place { around, is_function: true, may_fail: function.returns.may_fail, in_attempt: false };
    let mut check = Check { errors, names: &mut names, place };
    for input in &function.inputs {
        check.pattern(input.pattern);
    }
    check.block(&function.item.block, true);
    for argument in &function.arguments {
        check.argument(argument);
    }
    clear_names(&names, errors);
}

/// What a block belongs to: decides what ends it early.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Workflow,
    Fragment,
    /// A branch of `parallel` or the item of an `each`: a state machine of its own.
    Branch,
    /// The item of a `for`.
    Item,
    Attempt,
    /// A handler, or what is polled or repeated.
    Inner,
    /// The handler of the workflow.
    OnError,
}

#[derive(Clone, Copy)]
struct Place {
    around: Around,
    /// Whether its end is the function's.
    is_function: bool,
    /// Whether a `?` has somewhere to go.
    may_fail: bool,
    /// Whether an attempt is around it, with no state machine of its own between.
    in_attempt: bool,
}

impl Place {
    fn inside(self, around: Around) -> Self {
        let in_attempt = match around {
            Around::Attempt => true,
            Around::Inner => self.in_attempt,
            _ => false,
        };
        // A `for` is a part of its function, or block; the others are behind a `?` of their own.
        let may_fail = around != Around::Item || self.may_fail;
        Self { around, is_function: false, may_fail, in_attempt }
    }
}

struct Check<'c> {
    errors: &'c mut Errors,
    names: &'c mut Vec<Name>,
    place: Place,
}

impl Check<'_> {
    fn refuse(&mut self, at: Span, message: &str) {
        self.errors.add(syn::Error::new(at, message));
    }

    /// A block inside this one.
    fn inside(&mut self, around: Around, check: impl FnOnce(&mut Check<'_>)) {
        let place = self.place.inside(around);
        check(&mut Check { errors: self.errors, names: self.names, place });
    }

    /// An `async` block, or an `async` closure.
    fn body(&mut self, around: Around, parameters: &[&Pat], body: &Expr) {
        self.inside(around, |check| {
            for parameter in parameters {
                check.pattern(parameter);
            }
            match body {
                Expr::Block(body) => check.block(&body.block, true),
                Expr::Async(body) => check.block(&body.block, true),
                expr => check.line(&super::form::single(expr), true),
            }
        });
    }

    /// What the attribute says.
    fn argument(&mut self, argument: &Argument) {
        match &argument.value {
            Some(Expr::Closure(closure)) if argument.method == "on_error" && closure.asyncness.is_some() => {
                if closure.inputs.len() != 1 {
                    self.refuse(closure.inputs_begin.span(), "a handler gets the error: `async |error| { … }`");
                }
                self.body(Around::OnError, &closure.inputs.iter().collect::<Vec<_>>(), &closure.body);
            }
            Some(Expr::Async(block)) => {
                self.refuse(block.async_token.span(), "expected `async |error| { … }`: a handler gets the error");
            }
            _ => {}
        }
    }

    /// The lines of a block. `is_end`: its end is that of the function or block around it.
    fn block(&mut self, block: &Block, is_end: bool) {
        self.lines(block, is_end);
        if is_end && self.place.is_function && self.place.may_fail && !ends(block) {
            self.refuse(
                block.brace_token.span.close(),
                "expected `Ok(…)` at the end: the function returns a `Result`; `Ok(())` for nothing",
            );
        }
    }
}

/// Whether a block ends with a value, or never.
fn ends(block: &Block) -> bool {
    let Some(last) = block.stmts.last() else { return false };
    super::form::line(last, true).is_some_and(|line| line.is_tail || line.diverges())
}

/// Refuses what has the name of another line and was given none of its own. Where both were given, the compiler tells both
/// lines.
fn clear_names(names: &[Name], errors: &mut Errors) {
    let mut count: BTreeMap<&str, u32> = BTreeMap::new();
    for name in names {
        *count.entry(&name.text).or_default() += 1;
    }
    for name in names.iter().filter(|name| name.derived) {
        if count.get(&*name.text).is_some_and(|count| *count > 1) {
            let message = format!(
                "more than one state would be called `{}`: give it a name, with `let name = …` or `#[name(\"…\")]` above it",
                name.text
            );
            errors.add(syn::Error::new(name.span, message));
        }
    }
}
