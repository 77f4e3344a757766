//! Lines: `let`, states, ends.

use syn::spanned::Spanned;
use syn::{Attribute, Block, Expr, ExprReturn, Meta, Pat, Stmt};

use super::{Around, Check};
use crate::workflow::form::{self, Awaits, Form, Line};

impl Check<'_> {
    pub(super) fn lines(&mut self, block: &Block, is_end: bool) {
        let count = block.stmts.len();
        let mut ended = false;
        for (index, statement) in block.stmts.iter().enumerate() {
            if ended {
                self.refuse(statement.span(), "never reached: the line before it ends the workflow, or the branch");
            }
            let is_last = index + 1 == count;
            match statement {
                Stmt::Item(item) => self.refuse(
                    item.span(),
                    "an item inside a workflow: write it outside of the function, where it is plain Rust",
                ),
                Stmt::Macro(called) => self.macro_call(&called.mac),
                Stmt::Local(local) if local.init.is_none() => self.refuse(
                    local.let_token.span(),
                    "a value is written where it is made: `let name = …;`; one of two is `let name = if … { … } else { … };`",
                ),
                _ => {}
            }
            let Some(line) = form::line(statement, is_last) else { continue };
            ended = line.diverges() && line.binding.is_none();
            self.line(&line, is_end && line.is_tail);
        }
    }

    /// A line. `is_end`: it is the end of the function or block.
    pub(super) fn line(&mut self, line: &Line<'_>, is_end: bool) {
        if let Some((local, pattern, _)) = line.binding {
            self.pattern(pattern);
            if let Some((otherwise, _)) = local.init.as_ref().and_then(|init| init.diverge.as_ref()) {
                self.refuse(otherwise.span(), "no `let … else`: write `if let Some(x) = … { … } else { … }`");
            }
        }
        let form = form::form(line.expr);
        self.attributes(line, &form);
        if line.makes_state() {
            self.names.extend(line.state_name());
            if matches!(form, Form::If(_) | Form::Match(_) | Form::For(_)) && line.name().is_none() {
                self.refuse(line.expr.span(), "this state has no name: give it one, `#[name(\"…\")]` above it");
            }
        }
        if line.binding.is_some() && matches!(form, Form::Return(_) | Form::For(_) | Form::Err(_)) {
            self.refuse(line.expr.span(), "this gives no value that could have a name: leave out the `let`");
            return;
        }
        let must_end = is_end && self.place.is_function && self.place.may_fail;
        match form {
            Form::State(state) => {
                if must_end && !state.diverges() {
                    self.expected_ok(line.expr);
                }
                self.state(line.expr, &state);
            }
            Form::If(choice) => self.choose_if(choice, is_end),
            Form::Match(choice) => self.choose_match(choice, is_end),
            Form::For(each) => {
                if must_end {
                    self.expected_ok(line.expr);
                }
                self.for_each(each);
            }
            Form::Return(end) => self.return_early(end),
            Form::Ok(value) => self.ok(line, value, is_end),
            Form::Err(failure) => self.failure(failure),
            Form::Plain => {
                if must_end {
                    self.expected_ok(line.expr);
                }
                self.expression(line.expr, None);
            }
        }
    }

    fn expected_ok(&mut self, expr: &Expr) {
        self.refuse(expr.span(), "expected `Ok(…)` at the end: the function returns a `Result`");
    }

    /// `step.await?`
    fn state(&mut self, expr: &Expr, state: &Awaits<'_>) {
        if let (Some(question), false) = (state.question, self.place.may_fail) {
            self.refuse(question, "`?` has nowhere to go: let the function return `Result<…, Failed>`");
        }
        if state.diverges() && state.question.is_some() {
            self.recovered(expr);
        }
        self.expression(expr, Some(state.awaits));
    }

    /// `Ok(…)`
    fn ok(&mut self, line: &Line<'_>, value: &Expr, is_end: bool) {
        if !is_end {
            self.refuse(
                line.expr.span(),
                "`Ok(…)` stands at the end of the function, or behind `return`: leave it out here",
            );
        } else if self.place.is_function && !self.place.may_fail {
            self.refuse(line.expr.span(), "the function returns no `Result`: leave out the `Ok`");
        }
        self.ended_with(value);
    }

    /// The value of an `Ok`.
    fn ended_with(&mut self, value: &Expr) {
        match form::form(value) {
            Form::State(state) => self.state(value, &state),
            _ => self.expression(value, None),
        }
    }

    /// `Err(…)`
    fn failure(&mut self, failure: &Expr) {
        if !self.place.may_fail {
            self.refuse(failure.span(), "the function returns no `Result`: let it return `Result<…, Failed>`");
        }
        self.recovered(failure);
        self.expression(failure, None);
    }

    /// A Fail state ends what it is in.
    fn recovered(&mut self, failure: &Expr) {
        if self.place.in_attempt {
            self.refuse(
                failure.span(),
                "nothing recovers from this: a Fail state ends the workflow, whatever attempt is around it; \
                 put the condition behind the attempt",
            );
        }
    }

    fn return_early(&mut self, end: &ExprReturn) {
        let form = end.expr.as_deref().map(|expr| (expr, form::form(expr)));
        if let Some((_, Form::Err(failure))) = form {
            self.failure(failure);
            return;
        }
        let message = match self.place.around {
            Around::Workflow | Around::Branch | Around::OnError => None,
            Around::Fragment => Some(
                "a `return` would end the whole workflow that calls the fragment: use `if … { … } else { … }` \
                 so that its end is its last line",
            ),
            Around::Item => {
                Some("a `return` would end this item only, and the next begins: use `if … { … } else { … }`")
            }
            Around::Attempt | Around::Inner => {
                Some("a `return` would end the whole workflow, not this block: use `if … { … } else { … }`")
            }
        };
        if let Some(message) = message {
            self.refuse(end.return_token.span(), message);
        }
        match form {
            Some((expr, Form::Ok(value))) => {
                if self.place.is_function && !self.place.may_fail {
                    self.refuse(expr.span(), "the function returns no `Result`: leave out the `Ok`");
                }
                self.expression(value, None);
            }
            Some((expr, _)) => {
                if self.place.is_function && self.place.may_fail {
                    self.refuse(expr.span(), "expected `return Ok(…)` or `return Err(fail(\"Error\", cause))`");
                }
                self.expression(expr, None);
            }
            None if self.place.is_function && self.place.may_fail => {
                self.refuse(end.return_token.span(), "expected `return Ok(())`: the function returns a `Result`");
            }
            None => {}
        }
    }

    /// The pattern of a `let`, a parameter or an item.
    pub(super) fn pattern(&mut self, pattern: &Pat) {
        match pattern {
            Pat::Struct(parts) => parts.fields.iter().for_each(|field| self.part(&field.pat)),
            Pat::Type(typed) => self.pattern(&typed.pat),
            other => self.part(other),
        }
    }

    /// A part of a pattern.
    fn part(&mut self, pattern: &Pat) {
        match pattern {
            Pat::Wild(_) => {}
            Pat::Paren(inner) => self.part(&inner.pat),
            Pat::Tuple(parts) => parts.elems.iter().for_each(|part| self.part(part)),
            Pat::Ident(one) => {
                if let Some(mutable) = &one.mutability {
                    self.refuse(mutable.span(), super::expression::REASSIGNED);
                }
                if let Some(by_ref) = &one.by_ref {
                    self.refuse(by_ref.span(), super::expression::REFERENCE);
                }
                if let Some((at, _)) = &one.subpat {
                    self.refuse(at.span(), "no `@`: take it apart in a second `let`");
                }
            }
            Pat::Struct(parts) => {
                self.refuse(parts.span(), "take it apart in a `let` of its own: `let Order { id, lines } = order;`");
            }
            other => self.refuse(other.span(), "expected a name, `_`, a tuple of names, or the fields of a struct"),
        }
    }

    fn attributes(&mut self, line: &Line<'_>, form: &Form<'_>) {
        let mut named = false;
        for attribute in line.attributes {
            if attribute.path().is_ident("name") {
                self.name_attribute(attribute);
                if named {
                    self.refuse(attribute.span(), "the name is given twice");
                } else if !line.makes_state() && !matches!(form, Form::Plain if holds_state(line.expr)) {
                    self.refuse(attribute.span(), "nothing here makes a state that could have this name: leave it out");
                }
                named = true;
            } else if !attribute.path().is_ident("doc") {
                self.refuse(attribute.span(), "no attribute but `#[name(\"…\")]` and doc comments has a meaning here");
            }
        }
    }

    fn name_attribute(&mut self, attribute: &Attribute) {
        let text = match &attribute.meta {
            Meta::List(list) => list.parse_args::<syn::LitStr>().ok(),
            _ => None,
        };
        if text.is_none_or(|text| text.value().is_empty()) {
            self.refuse(attribute.span(), "expected a text: `#[name(\"LoadOrders\")]`");
        }
    }
}

/// Whether an `.await` is in it that is refused elsewhere.
fn holds_state(expr: &Expr) -> bool {
    matches!(expr, Expr::Unary(_) | Expr::Binary(_) | Expr::Block(_) | Expr::Macro(_))
}
