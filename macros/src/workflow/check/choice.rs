//! `if`, `match` and `for`.

use syn::spanned::Spanned;
use syn::{Arm, Expr, ExprForLoop, ExprIf, ExprMatch, Pat};

use super::{Around, Check};
use crate::workflow::form;

impl Check<'_> {
    pub(super) fn choose_if(&mut self, choice: &ExprIf, is_end: bool) {
        if let Expr::Let(condition) = &*choice.cond {
            match &*condition.pat {
                Pat::TupleStruct(some) if form::is_some(some) => self.pattern(&some.elems[0]),
                other => {
                    self.refuse(other.span(), "expected `if let Some(x) = …`; for other patterns there is `match`")
                }
            }
            self.expression(&condition.expr, None);
        } else {
            self.expression(&choice.cond, None);
        }
        self.block(&choice.then_branch, is_end);
        match choice.else_branch.as_ref().map(|(_, expr)| &**expr) {
            Some(Expr::If(next)) => self.choose_if(next, is_end),
            Some(Expr::Block(last)) => self.block(&last.block, is_end),
            _ if is_end && self.place.is_function && self.place.may_fail => {
                self.refuse(
                    choice.if_token.span(),
                    "expected `Ok(…)` at the end: where no condition holds, nothing is returned",
                );
            }
            _ => {}
        }
    }

    pub(super) fn choose_match(&mut self, choice: &ExprMatch, is_end: bool) {
        self.expression(&choice.expr, None);
        if choice.arms.len() < 2 {
            self.refuse(choice.match_token.span(), "expected two arms or more: with one there is nothing to choose");
        }
        let mut all_before = false;
        for arm in &choice.arms {
            if all_before {
                self.refuse(arm.pat.span(), "never reached: the arm before it takes every value");
                break;
            }
            all_before = self.arm(arm, is_end);
        }
    }

    /// Looks at an arm, and says whether it takes every value.
    fn arm(&mut self, arm: &Arm, is_end: bool) -> bool {
        for attribute in &arm.attrs {
            self.refuse(attribute.span(), "an attribute has no meaning here");
        }
        let (pattern, guard) = match &arm.pat {
            Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            pattern => (pattern, None),
        };
        self.case(pattern, false);
        if let Some(guard) = guard {
            self.expression(guard, None);
        }
        match &*arm.body {
            Expr::Block(body) => self.block(&body.block, is_end),
            Expr::Tuple(nothing) if nothing.elems.is_empty() => {}
            expr => self.line(&form::single(expr), is_end),
        }
        guard.is_none() && takes_all(pattern)
    }

    fn case(&mut self, pattern: &Pat, among_others: bool) {
        match pattern {
            Pat::Path(_) | Pat::Lit(_) | Pat::Wild(_) => {}
            Pat::Ident(one) if one.ident == "None" || !form::is_binding(&one.ident) => {}
            Pat::Ident(_) if !among_others => self.pattern(pattern),
            Pat::TupleStruct(some) if form::is_some(some) && !among_others => self.pattern(&some.elems[0]),
            Pat::TupleStruct(data) if form::variant(&data.path).is_some() => {
                let parts = data.elems.iter().filter(|part| !matches!(part, Pat::Rest(_)));
                self.parts(parts, among_others);
            }
            Pat::Struct(data) if form::variant(&data.path).is_some() => {
                self.parts(data.fields.iter().map(|field| &*field.pat), among_others);
            }
            Pat::Paren(inner) => self.case(&inner.pat, among_others),
            Pat::Or(several) => several.cases.iter().for_each(|case| self.case(case, true)),
            Pat::Range(range) => self.refuse(range.span(), "no ranges: write a guard, `x if x >= 1 && x <= 5 => …`"),
            other => self.refuse(
                other.span(),
                "expected a variant, a literal, `Some(x)`, `None`, a name or `_`: a Choice compares with these",
            ),
        }
    }

    /// What the pattern of a variant takes out of it.
    fn parts<'p>(&mut self, parts: impl Iterator<Item = &'p Pat>, among_others: bool) {
        for part in parts {
            match part {
                Pat::Ident(_) if among_others => {
                    self.refuse(part.span(), "a pattern among others binds nothing: write `..`")
                }
                Pat::Ident(_) | Pat::Wild(_) => self.pattern(part),
                other => {
                    self.refuse(other.span(), "expected a name or `_`: take it apart in a second `match` or `let`")
                }
            }
        }
    }

    pub(super) fn for_each(&mut self, each: &ExprForLoop) {
        if let Some(label) = &each.label {
            self.refuse(label.span(), "a loop needs no label: a Map runs for every item of its list");
        }
        self.pattern(&each.pat);
        self.expression(&each.expr, None);
        self.inside(Around::Item, |check| check.block(&each.body, true));
    }
}

fn takes_all(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        Pat::Ident(all) => form::is_binding(&all.ident),
        Pat::Paren(inner) => takes_all(&inner.pat),
        Pat::Or(several) => several.cases.iter().any(takes_all),
        _ => false,
    }
}
