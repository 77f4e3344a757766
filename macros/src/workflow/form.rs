//! What a statement is: a state, a choice, a Map, an end, or a computation.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{
    Attribute, Block, Expr, ExprAwait, ExprCall, ExprForLoop, ExprIf, ExprMatch, ExprReturn, Ident, Lit, Local, Meta,
    Pat, PatTupleStruct, Path, Stmt, Type,
};

use super::name::{self, Name};

/// A statement, or the last expression of a block.
pub(super) struct Line<'a> {
    /// The pattern and the type of a `let`.
    pub binding: Option<(&'a Local, &'a Pat, Option<&'a Type>)>,
    pub attributes: &'a [Attribute],
    pub expr: &'a Expr,
    /// Whether it is the value of its block.
    pub is_tail: bool,
}

pub(super) enum Form<'a> {
    /// Something with an `.await`.
    State(Awaits<'a>),
    If(&'a ExprIf),
    Match(&'a ExprMatch),
    For(&'a ExprForLoop),
    Return(&'a ExprReturn),
    /// `Ok(…)`
    Ok(&'a Expr),
    /// `Err(…)`
    Err(&'a Expr),
    Plain,
}

/// `step.await?` within `step.await?.field.method()`.
#[derive(Clone, Copy)]
pub(super) struct Awaits<'a> {
    pub awaits: &'a ExprAwait,
    pub question: Option<Span>,
}

impl Awaits<'_> {
    pub(super) fn step(&self) -> &Expr {
        &self.awaits.base
    }

    /// Whether nothing runs behind it.
    pub(super) fn diverges(&self) -> bool {
        ["fail", "rethrow", "succeed", "succeed_with"].iter().any(|ends| calls(self.step(), ends))
    }
}

/// Whether it is a call of a function of that name, or of a method of what such a call gives.
pub(super) fn calls(expr: &Expr, called: &str) -> bool {
    match expr {
        Expr::Call(call) => {
            name::function(call).and_then(|path| path.segments.last()).is_some_and(|last| last.ident == called)
        }
        Expr::MethodCall(call) => calls(&call.receiver, called),
        _ => false,
    }
}

pub(super) fn form(expr: &Expr) -> Form<'_> {
    match expr {
        Expr::If(choice) => Form::If(choice),
        Expr::Match(choice) => Form::Match(choice),
        Expr::ForLoop(each) => Form::For(each),
        Expr::Return(end) => Form::Return(end),
        Expr::Group(group) => form(&group.expr),
        Expr::Call(call) if call.args.len() == 1 => {
            let function = name::function(call).and_then(|path| path.get_ident().cloned());
            match function {
                Some(function) if function == "Ok" => Form::Ok(&call.args[0]),
                Some(function) if function == "Err" => Form::Err(&call.args[0]),
                _ => Form::Plain,
            }
        }
        _ => awaits(expr).map_or(Form::Plain, Form::State),
    }
}

/// The `.await` at the beginning of a chain of calls and fields.
pub(super) fn awaits(expr: &Expr) -> Option<Awaits<'_>> {
    match expr {
        Expr::Await(awaits) => Some(Awaits { awaits, question: None }),
        Expr::Try(question) => match &*question.expr {
            Expr::Await(awaits) => Some(Awaits { awaits, question: Some(question.question_token.span()) }),
            _ => None,
        },
        _ => awaits(inner(expr)?),
    }
}

/// What a chain begins with.
fn inner(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::MethodCall(call) => Some(&call.receiver),
        Expr::Field(field) => Some(&field.base),
        Expr::Index(index) => Some(&index.expr),
        Expr::Paren(paren) => Some(&paren.expr),
        Expr::Group(group) => Some(&group.expr),
        _ => None,
    }
}

/// The same chain with something else in place of the `.await`.
pub(super) fn replace(expr: &mut Expr, with: Expr) {
    match expr {
        Expr::Await(_) | Expr::Try(_) => *expr = with,
        Expr::MethodCall(call) => replace(&mut call.receiver, with),
        Expr::Field(field) => replace(&mut field.base, with),
        Expr::Index(index) => replace(&mut index.expr, with),
        Expr::Paren(paren) => replace(&mut paren.expr, with),
        Expr::Group(group) => replace(&mut group.expr, with),
        _ => {}
    }
}

/// The line that a statement is; an item or a macro is none.
pub(super) fn line(statement: &Stmt, is_last: bool) -> Option<Line<'_>> {
    match statement {
        Stmt::Local(local) => {
            let (pattern, annotation) = match &local.pat {
                Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
                pattern => (pattern, None),
            };
            let expr = &*local.init.as_ref()?.expr;
            Some(Line { binding: Some((local, pattern, annotation)), attributes: &local.attrs, expr, is_tail: false })
        }
        Stmt::Expr(expr, semicolon) => {
            let is_tail = is_last && semicolon.is_none();
            Some(Line { binding: None, attributes: attributes(expr), expr, is_tail })
        }
        Stmt::Item(_) | Stmt::Macro(_) => None,
    }
}

/// The line that an expression is by itself: the body of an arm or of a closure.
pub(super) fn single(expr: &Expr) -> Line<'_> {
    Line { binding: None, attributes: attributes(expr), expr, is_tail: true }
}

impl Line<'_> {
    /// What `#[name("…")]` says.
    pub(super) fn given_name(&self) -> Option<Name> {
        let attribute = self.attributes.iter().find(|attribute| attribute.path().is_ident("name"))?;
        let text: syn::LitStr = attribute.parse_args().ok()?;
        Some(Name { text: text.value(), span: text.span(), derived: false })
    }

    /// The name of its state.
    pub(super) fn name(&self) -> Option<Name> {
        let bound = || self.binding.and_then(|(_, pattern, _)| name::of_pattern(pattern));
        let derived = |text: Option<String>, span: Span| text.map(|text| Name { text, span, derived: true });
        self.given_name().or_else(bound).or_else(|| match form(self.expr) {
            Form::State(state) => name::of_step(state.step()),
            Form::If(choice) => derived(name::of_if(choice), choice.if_token.span()),
            Form::Match(choice) => derived(name::of_match(&choice.expr), choice.match_token.span()),
            Form::For(each) => derived(name::of_item(&each.pat), each.for_token.span()),
            Form::Ok(value) => awaits(value).and_then(|state| name::of_step(state.step())),
            Form::Err(failure) => name::of_step(failure),
            Form::Return(end) => match end.expr.as_deref().map(form) {
                Some(Form::Err(failure)) => name::of_step(failure),
                _ => derived(Some("Return".to_owned()), end.return_token.span()),
            },
            Form::Plain => None,
        })
    }

    /// Whether it writes a state.
    pub(super) fn makes_state(&self) -> bool {
        match form(self.expr) {
            Form::Plain => false,
            Form::Ok(value) => awaits(value).is_some(),
            _ => true,
        }
    }

    /// Its name, where a state will surely have it. An attempt is no state, and of what an unknown function gives only the types
    /// say whether it is one.
    pub(super) fn state_name(&self) -> Option<Name> {
        match form(self.expr) {
            Form::State(state) if calls(state.step(), "attempt") || name::of_step(state.step()).is_none() => None,
            _ => self.name(),
        }
    }

    /// Whether nothing runs behind it.
    pub(super) fn diverges(&self) -> bool {
        match form(self.expr) {
            Form::State(state) => state.diverges(),
            Form::Return(_) | Form::Err(_) => true,
            _ => false,
        }
    }

    /// What its doc comment says.
    pub(super) fn comment(&self) -> Option<String> {
        let lines: Vec<String> = self.attributes.iter().filter_map(doc).collect();
        (!lines.is_empty()).then(|| lines.join("\n").trim().to_owned())
    }
}

fn doc(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(literal) if pair.path.is_ident("doc") => match &literal.lit {
            Lit::Str(text) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    }
}

macro_rules! with_attributes {
    ($($kind:ident)+) => {
        /// The attributes of an expression that is a statement.
        fn attributes(expr: &Expr) -> &[Attribute] {
            match expr {
                $(Expr::$kind(it) => &it.attrs,)+
                _ => &[],
            }
        }

        /// Takes them away: what is written in their place is not theirs.
        pub(super) fn clear_attributes(expr: &mut Expr) {
            match expr {
                $(Expr::$kind(it) => it.attrs.clear(),)+
                _ => {}
            }
        }
    };
}

with_attributes! { Await Try MethodCall Field Call If Match ForLoop Return Index Path Struct Paren Block Macro Tuple Lit }

/// Whether a pattern of one word binds a variable, and is no constant or variant.
pub(super) fn is_binding(ident: &Ident) -> bool {
    ident.to_string().starts_with(|first: char| first.is_lowercase() || first == '_')
}

/// The variant that a path names: its enum and itself. One word is none: it is `Some`, or a constant.
pub(super) fn variant(path: &Path) -> Option<(&Ident, &Ident)> {
    let mut last = path.segments.iter().rev().map(|segment| &segment.ident);
    let (variant, owner) = (last.next()?, last.next()?);
    (!is_binding(owner) && !is_binding(variant)).then_some((owner, variant))
}

/// Whether it is `Some(…)`.
pub(super) fn is_some(some: &PatTupleStruct) -> bool {
    some.elems.len() == 1 && some.path.segments.last().is_some_and(|last| last.ident == "Some")
}

/// Whether it is `build(…)`, whose closure is in the other spelling.
pub(super) fn is_builder(call: &ExprCall) -> bool {
    name::function(call).and_then(|path| path.segments.last()).is_some_and(|last| last.ident == "build")
}

/// Whether something in a block may fail, blocks of their own aside: what they do is behind the `?` of their `.await`.
pub(super) fn may_fail(block: &Block) -> bool {
    let mut search = MayFail(false);
    syn::visit::Visit::visit_block(&mut search, block);
    search.0
}

/// The same for the one expression of a closure.
pub(super) fn expr_may_fail(expr: &Expr) -> bool {
    let mut search = MayFail(false);
    syn::visit::Visit::visit_expr(&mut search, expr);
    search.0
}

struct MayFail(bool);

impl<'a> syn::visit::Visit<'a> for MayFail {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Async(_) | Expr::Closure(_) => {}
            Expr::Try(_) => self.0 = true,
            Expr::Call(_) if matches!(form(expr), Form::Err(_)) => self.0 = true,
            _ => syn::visit::visit_expr(self, expr),
        }
    }
}
