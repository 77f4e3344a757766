//! Expressions: what Rust would do now and not the workflow later.

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{Visit, visit_expr};
use syn::{BinOp, Expr, ExprAwait, Ident, Item, Pat, StmtMacro, Token, UnOp};

use super::{Around, Check};
use crate::workflow::{form, name};

pub(super) const REASSIGNED: &str = "a value is written once, by one state: use a new `let`; a value that changes from round to round \
     is `repeat(first, most, async |value| { … })`";
pub(super) const REFERENCE: &str = "no references: a value is a handle that is copied, so leave out the `&` or `ref`";

impl Check<'_> {
    /// An expression, in which one `.await` has its place.
    pub(super) fn expression(&mut self, expr: &Expr, state: Option<&ExprAwait>) {
        Expression { check: self, state }.visit_expr(expr);
    }
}

struct Expression<'e, 'c, 'a> {
    check: &'e mut Check<'c>,
    state: Option<&'a ExprAwait>,
}

impl<'a> Visit<'a> for Expression<'_, '_, '_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(call) if form::is_builder(call) => {}
            Expr::Call(call) => {
                self.visit_expr(&call.func);
                let called = name::function(call).and_then(|path| path.segments.last()).map(|last| &last.ident);
                self.arguments(called, &call.args);
            }
            Expr::MethodCall(call) => {
                self.visit_expr(&call.receiver);
                self.arguments(Some(&call.method), &call.args);
            }
            Expr::Await(awaits) => {
                if !self.state.is_some_and(|state| std::ptr::eq(state, awaits)) {
                    self.check.refuse(
                        awaits.await_token.span(),
                        "a state in the middle of an expression: bind it with `let` first, so that the order of the states is that \
                         of the lines",
                    );
                }
                self.visit_expr(&awaits.base);
            }
            Expr::Try(question) => {
                if !matches!(&*question.expr, Expr::Await(_)) {
                    self.check.refuse(
                        question.question_token.span(),
                        "`?` stands behind `.await`: it is the edge from a state to the error handler",
                    );
                }
                self.visit_expr(&question.expr);
            }
            Expr::Macro(called) => self.check.macro_call(&called.mac),
            _ => match refused(expr) {
                Some((at, message)) => self.check.refuse(at, message),
                None => visit_expr(self, expr),
            },
        }
    }

    fn visit_item(&mut self, item: &'a Item) {
        self.check
            .refuse(item.span(), "an item inside a workflow: write it outside of the function, where it is plain Rust");
    }

    fn visit_stmt_macro(&mut self, called: &'a StmtMacro) {
        self.check.macro_call(&called.mac);
    }

    fn visit_pat(&mut self, pattern: &'a Pat) {
        self.check.pattern(pattern);
    }
}

impl Expression<'_, '_, '_> {
    /// Arguments: the only place of blocks and closures.
    fn arguments(&mut self, called: Option<&Ident>, arguments: &Punctuated<Expr, Token![,]>) {
        let called = called.map(ToString::to_string).unwrap_or_default();
        let around = match called.as_str() {
            "parallel" | "each" => Some(Around::Branch),
            "attempt" => Some(Around::Attempt),
            "recover" | "recover_on" | "poll" | "repeat" => Some(Around::Inner),
            _ => None,
        };
        for argument in arguments {
            match (argument, around) {
                (Expr::Tuple(branches), Some(around)) if called == "parallel" => {
                    branches.elems.iter().for_each(|branch| self.argument(around, branch));
                }
                (Expr::Async(_) | Expr::Closure(_), _) if called == "parallel" => self.check.refuse(
                    argument.span(),
                    "expected a tuple of two branches or more: `parallel((async { … }, async { … }))`",
                ),
                (_, Some(around)) => self.argument(around, argument),
                (Expr::Closure(closure), None) if closure.asyncness.is_none() => self.callback(&closure.body),
                (_, None) => self.visit_expr_of_argument(argument),
            }
        }
    }

    fn argument(&mut self, around: Around, argument: &Expr) {
        match argument {
            Expr::Async(_) => self.check.body(around, &[], argument),
            Expr::Closure(closure) if closure.asyncness.is_some() => {
                self.check.body(around, &closure.inputs.iter().collect::<Vec<_>>(), &closure.body);
            }
            Expr::Closure(closure) => {
                self.check.refuse(closure.inputs_begin.span(), "expected a block of states: `async |x| { … }`");
            }
            other => self.visit_expr_of_argument(other),
        }
    }

    fn visit_expr_of_argument(&mut self, argument: &Expr) {
        Expression { check: self.check, state: None }.visit_expr(argument);
    }

    /// A callback of a method, such as `|c| c.arg(date)`: an expression.
    fn callback(&mut self, body: &Expr) {
        let mut inner = Expression { check: self.check, state: None };
        match body {
            Expr::Block(body) => inner.visit_block(&body.block),
            body => inner.visit_expr(body),
        }
    }
}

/// What is no value of a workflow, where, and what to write instead.
fn refused(expr: &Expr) -> Option<(proc_macro2::Span, &'static str)> {
    const UNBOUNDED: &str = "a loop without a bound would never end, and each round costs: use `poll(every, up_to, async { … })` or \
         `repeat(first, most, async |value| { … })`; for the items of a list, `for` or `each`";
    const LEFT: &str =
        "a Map runs for every item of its list: take the others out before, `for x in list.filter(|x| …)`";
    const BLOCK: &str = "a block of its own has no meaning in a workflow: write its lines here";
    const ARGUMENT: &str = "a block of states is an argument of `parallel`, `each`, `attempt`, `recover`, `recover_on`, `poll` \
         or `repeat`: write it there";
    const CHOICE: &str = "a choice is a state of its own: bind it with `let` first; without a state, \
         `condition.if_else(this, that)`";
    Some(match expr {
        Expr::Assign(assign) => (assign.eq_token.span(), REASSIGNED),
        Expr::Binary(binary) => match binary.op {
            BinOp::Add(_)
            | BinOp::Sub(_)
            | BinOp::Mul(_)
            | BinOp::Div(_)
            | BinOp::Rem(_)
            | BinOp::And(_)
            | BinOp::Or(_)
            | BinOp::Eq(_)
            | BinOp::Ne(_)
            | BinOp::Lt(_)
            | BinOp::Le(_)
            | BinOp::Gt(_)
            | BinOp::Ge(_) => return None,
            BinOp::BitXor(op) => (op.span(), BITS),
            BinOp::BitAnd(op) => (op.span(), BITS),
            BinOp::BitOr(op) => (op.span(), BITS),
            BinOp::Shl(op) => (op.span(), BITS),
            BinOp::Shr(op) => (op.span(), BITS),
            op => (op.span(), REASSIGNED),
        },
        Expr::Unary(unary) => match unary.op {
            UnOp::Deref(star) => (star.span(), "a value is a handle: leave out the `*`"),
            _ => return None,
        },
        Expr::Loop(forever) => (forever.loop_token.span(), UNBOUNDED),
        Expr::While(forever) => (forever.while_token.span(), UNBOUNDED),
        Expr::Break(left) => (left.break_token.span(), LEFT),
        Expr::Continue(left) => (left.continue_token.span(), LEFT),
        Expr::Unsafe(block) => (block.unsafe_token.span(), BLOCK),
        Expr::Const(block) => (block.const_token.span(), BLOCK),
        Expr::TryBlock(block) => (block.try_token.span(), BLOCK),
        Expr::Block(block) => (block.span(), BLOCK),
        Expr::Async(block) => (block.async_token.span(), ARGUMENT),
        Expr::Closure(closure) if closure.asyncness.is_some() => (closure.asyncness.span(), ARGUMENT),
        Expr::Closure(closure) => (
            closure.inputs_begin.span(),
            "a closure is an argument here, such as `list.map(|x| x.id)`; to reuse states, write a `#[fragment] async fn`",
        ),
        Expr::If(choice) => (choice.if_token.span(), CHOICE),
        Expr::Match(choice) => (choice.match_token.span(), CHOICE),
        Expr::ForLoop(each) => (
            each.for_token.span(),
            "a `for` is a line of its own; the results of a list are `each(list, async |x| { … })`",
        ),
        Expr::Let(condition) => {
            (condition.let_token.span(), "one `if let` tests one value: put the second condition inside")
        }
        Expr::Return(end) => (end.return_token.span(), "a `return` is a line of its own"),
        Expr::Cast(cast) => (
            cast.as_token.span(),
            "no `as`: numbers of a workflow are JSON numbers; `.cast::<i64>()` changes the type, `.to_text()` makes text",
        ),
        Expr::Range(range) => (range.limits.span(), "a workflow has no ranges: write a list, `[1, 2, 3]`"),
        Expr::Reference(reference) => (reference.and_token.span(), REFERENCE),
        Expr::RawAddr(reference) => (reference.and_token.span(), REFERENCE),
        Expr::Struct(literal) => match &literal.dot2_token {
            Some(rest) => (rest.span(), "name every field: a value that is only known in AWS has no rest to take"),
            None => return None,
        },
        Expr::Yield(token) => (token.yield_token.span(), "not Rust that a workflow understands"),
        Expr::Verbatim(tokens) => (tokens.span(), "not Rust that a workflow understands"),
        _ => return None,
    })
}

const BITS: &str = "JSON has no bits; conditions are put together with `&&` and `||`";
