//! Blocks and their lines.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Block, Expr, ExprClosure, ExprReturn, Ident, LitStr, Pat, Type};

use super::value::Rewrite;
use super::{failure, hidden, scope, w};
use crate::workflow::form::{self, Awaits, Form, Line};
use crate::workflow::name::{self, Name};
use crate::workflow::parse::{Outcome, Returns};

/// What stands in a block.
#[derive(Default)]
pub(super) struct Content {
    pub lines: TokenStream,
    /// What it ends with, if it is not nothing.
    pub end: Option<TokenStream>,
}

impl Content {
    /// With something before it.
    fn after(mut self, first: impl IntoIterator<Item = TokenStream>) -> Self {
        let mut lines: TokenStream = first.into_iter().collect();
        lines.extend(self.lines);
        self.lines = lines;
        self
    }

    /// The end, or nothing.
    pub(super) fn end(&self, at: Span) -> TokenStream {
        self.end.clone().unwrap_or_else(|| quote_spanned!(at=> ()))
    }
}

impl ToTokens for Content {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.lines.to_tokens(tokens);
        self.end.to_tokens(tokens);
    }
}

/// What a block belongs to.
#[derive(Clone, Copy)]
pub(super) struct Body<'a> {
    pub returns: &'a Returns<'a>,
    /// Whether its end is the function's, and not that of an `async` block.
    pub is_function: bool,
}

/// The signature of an `async` block, which says nothing.
const NOTHING: Returns<'static> = Returns { outcome: Outcome::Nothing, may_fail: true, written: None };

impl Body<'_> {
    pub(super) const ASYNC: Body<'static> = Body { returns: &NOTHING, is_function: false };

    /// What stands in the braces.
    pub(super) fn block(&self, block: &Block) -> Content {
        let mut content = Content::default();
        let count = block.stmts.len();
        for (index, statement) in block.stmts.iter().enumerate() {
            let is_last = index + 1 == count;
            let Some(line) = form::line(statement, is_last) else { continue };
            if let Some((_, pattern, annotation)) = line.binding {
                content.lines.extend(bind(pattern, annotation, &self.value(&line, false)));
                continue;
            }
            let value = self.value(&line, line.is_tail);
            if line.is_tail || is_last && line.diverges() {
                content.end = Some(value);
            } else {
                content.lines.extend(quote!(#value;));
            }
        }
        content
    }

    /// The value of a line.
    pub(super) fn value(&self, line: &Line<'_>, is_end: bool) -> TokenStream {
        match form::form(line.expr) {
            Form::State(found) if found.diverges() => state(line, &found),
            Form::State(found) => {
                let mut expr = line.expr.clone();
                form::clear_attributes(&mut expr);
                form::replace(&mut expr, Expr::Verbatim(state(line, &found)));
                Rewrite.visit_expr_mut(&mut expr);
                self.end(&quote!(#expr), line.expr, is_end)
            }
            Form::If(choice) => self.choose_if(line, choice, is_end),
            Form::Match(choice) => self.choose_match(line, choice, is_end),
            Form::For(each) => Self::for_each(line, each),
            Form::Return(end) => self.return_early(line, end),
            Form::Ok(expr) => self.value(&Line { expr, ..*line }, is_end),
            Form::Err(failure) => fail(line, failure),
            Form::Plain => self.end(&plain(line.expr), line.expr, is_end),
        }
    }

    /// The last value of a block, as the block gives it.
    fn end(&self, value: &TokenStream, expr: &Expr, is_end: bool) -> TokenStream {
        let at = expr.span();
        match (is_end, expr) {
            (false, _) => value.clone(),
            (true, Expr::Tuple(_)) if !self.is_function => value.clone(),
            (true, _) if !self.is_function => quote_spanned!(at=> ::statewright::spelling::expansion::end(#value)),
            (true, _) => match self.returns.outcome {
                Outcome::Value(shape) => quote_spanned!(at=> ::statewright::Arg::<#shape>::into_value(#value)),
                Outcome::Nothing | Outcome::Never(_) => value.clone(),
            },
        }
    }

    /// `return`
    fn return_early(&self, line: &Line<'_>, end: &ExprReturn) -> TokenStream {
        let ended = match end.expr.as_deref().map(|expr| (expr, form::form(expr))) {
            Some((_, Form::Err(failure))) => return fail(line, failure),
            Some((_, Form::Ok(value))) => Some(value),
            other => other.map(|(expr, _)| expr),
        };
        let at = end.return_token.span();
        let is_unit = |expr: &Expr| matches!(expr, Expr::Tuple(tuple) if tuple.elems.is_empty());
        let step = match ended {
            Some(expr) if !is_unit(expr) => {
                let value = self.end(&plain(expr), expr, true);
                quote_spanned!(at=> ::statewright::spelling::succeed_with(#value))
            }
            _ => quote_spanned!(at=> ::statewright::spelling::succeed()),
        };
        record(line, &step, at, None, at)
    }
}

/// An expression without states.
pub(super) fn plain(expr: &Expr) -> TokenStream {
    let mut expr = expr.clone();
    form::clear_attributes(&mut expr);
    Rewrite.visit_expr_mut(&mut expr);
    quote!(#expr)
}

/// `return Err(…)`
fn fail(line: &Line<'_>, failure: &Expr) -> TokenStream {
    let at = failure.span();
    record(line, &plain(failure), at, Some(at), at)
}

/// `step.await?`
fn state(line: &Line<'_>, state: &Awaits<'_>) -> TokenStream {
    let step = state.step();
    record(line, &plain(step), step.span(), state.question, state.awaits.await_token.span())
}

/// Writes the states of a step under the name of its line, which is also the place of the state.
fn record(line: &Line<'_>, step: &TokenStream, at: Span, question: Option<Span>, awaited: Span) -> TokenStream {
    let w = w();
    let comment = line
        .comment()
        .map_or_else(|| quote!(::core::option::Option::None), |text| quote!(::core::option::Option::Some(#text)));
    let (place, name) = match line.name() {
        Some(name) => (name.span, literal(&name).into_token_stream()),
        None => (at, quote_spanned!(awaited=> ::statewright::spelling::expansion::Unnamed)),
    };
    let (function, mark) = match question {
        Some(at) => ("may_fail", quote_spanned!(at=> ::statewright::spelling::expansion::QuestionMark)),
        None => ("cannot_fail", quote_spanned!(awaited=> ::statewright::spelling::expansion::NoQuestionMark)),
    };
    let function = Ident::new(function, place);
    let step = quote_spanned!(awaited=> ::statewright::spelling::expansion::awaitable(#step));
    quote_spanned!(place=> ::statewright::spelling::expansion::#function(#w, #name, #comment, #step, #mark))
}

pub(super) fn literal(name: &Name) -> LitStr {
    LitStr::new(&name.text, name.span)
}

/// `let`
pub(super) fn bind(pattern: &Pat, annotation: Option<&Type>, value: &TokenStream) -> TokenStream {
    match (pattern, annotation) {
        (Pat::Struct(parts), _) => {
            let (path, fields, rest) = (&parts.path, parts.fields.iter(), &parts.rest);
            let at = path.span();
            let rest = rest.iter();
            quote_spanned! {at=>
                let ::statewright::spelling::expansion::Fields::<#path> { #(#fields,)* #(#rest)* } =
                    ::statewright::spelling::expansion::parts::<#path>(#value);
            }
        }
        (_, None) => quote!(let #pattern = #value;),
        (_, Some(shape)) if is_handle(shape) => quote!(let #pattern: #shape = #value;),
        (_, Some(shape)) => {
            let wrapped = quote_spanned!(shape.span()=> ::statewright::Value<#shape>);
            let value = quote_spanned!(shape.span()=> ::statewright::Arg::<#shape>::into_value(#value));
            quote!(let #pattern: #wrapped = #value;)
        }
    }
}

/// Whether a type says `Value` itself, or leaves it open.
fn is_handle(ty: &Type) -> bool {
    match ty {
        Type::Infer(_) | Type::Tuple(_) => true,
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "Value"),
        _ => false,
    }
}

/// A parameter, and what takes it apart.
pub(super) fn parameter(pattern: &Pat) -> (TokenStream, TokenStream) {
    match pattern {
        Pat::Struct(parts) => {
            let whole = hidden("__whole", parts.path.span());
            let bound = bind(pattern, None, &quote!(#whole));
            (quote!(#whole), bound)
        }
        Pat::Type(typed) => {
            let (pattern, bound) = parameter(&typed.pat);
            let shape = &typed.ty;
            let wrapped = if is_handle(shape) {
                quote!(#shape)
            } else {
                quote_spanned!(shape.span()=> ::statewright::Value<#shape>)
            };
            (quote!(#pattern: #wrapped), bound)
        }
        pattern => (quote!(#pattern), TokenStream::new()),
    }
}

/// `async { … }`
pub(super) fn async_block(block: &Block, at: Span) -> TokenStream {
    ended(&[], &Body::ASYNC.block(block), form::may_fail(block), at)
}

/// `async |x| { … }`
pub(super) fn async_closure(closure: &ExprClosure) -> TokenStream {
    let (parameters, content) = parts(closure);
    ended(&parameters, &content, form::expr_may_fail(&closure.body), closure.inputs_begin.span())
}

fn ended(parameters: &[TokenStream], content: &Content, may_fail: bool, at: Span) -> TokenStream {
    let (scope, failure, lines, end) = (scope(at), failure(may_fail), &content.lines, content.end(at));
    quote_spanned! {at=>
        |#scope #(, #parameters)*| {
            #lines
            ::statewright::spelling::expansion::ended::<#failure, _>(#end)
        }
    }
}

/// `on_error = async |error| { … }`
pub(super) fn handler(closure: &ExprClosure) -> TokenStream {
    let at = closure.inputs_begin.span();
    let scope = scope(at);
    let (parameters, content) = parts(closure);
    quote_spanned!(at=> |#scope #(, #parameters)*| { #content })
}

fn parts(closure: &ExprClosure) -> (Vec<TokenStream>, Content) {
    let (parameters, bound): (Vec<_>, Vec<_>) = closure.inputs.iter().map(parameter).unzip();
    let content = match &*closure.body {
        Expr::Block(body) => Body::ASYNC.block(&body.block),
        expr => Content { lines: TokenStream::new(), end: Some(Body::ASYNC.value(&form::single(expr), true)) },
    };
    (parameters, content.after(bound))
}

/// The name of a line that can't be without one.
pub(super) fn name_of(line: &Line<'_>) -> Name {
    line.name().unwrap_or_else(|| Name { text: name::MISSING.to_owned(), span: line.expr.span(), derived: true })
}
