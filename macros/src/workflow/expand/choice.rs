//! `if`, `match` and `for`.

use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprForLoop, ExprIf, ExprMatch, Lit, Pat};

use super::block::{Body, Content, literal, name_of, parameter, plain};
use super::{hidden, scope, w};
use crate::shape::method_name;
use crate::workflow::form::{self, Line};

impl Body<'_> {
    pub(super) fn choose_if(&self, line: &Line<'_>, choice: &ExprIf, is_end: bool) -> TokenStream {
        let name = name_of(line);
        let (w, text) = (w(), literal(&name));
        let mut chain = quote!(#w);
        let mut next = Some(choice);
        let mut has_else = false;
        let mut is_first = true;
        while let Some(choice) = next.take() {
            let at = if is_first { name.span } else { choice.if_token.span() };
            let named = is_first.then(|| quote!(#text,));
            let body = self.arm(&choice.then_branch, is_end);
            let scope = scope(at);
            chain.extend(if let Expr::Let(condition) = &*choice.cond {
                let value = plain(&condition.expr);
                let (pattern, bound) = match &*condition.pat {
                    Pat::TupleStruct(some) if some.elems.len() == 1 => parameter(&some.elems[0]),
                    _ => (quote!(_), TokenStream::new()),
                };
                let method = if is_first { quote_spanned!(at=> when_some) } else { quote_spanned!(at=> or_when_some) };
                quote_spanned!(at=> .#method(#named #value, |#scope, #pattern| { #bound #body }))
            } else {
                let condition = condition(&choice.cond);
                let method = if is_first { quote_spanned!(at=> when) } else { quote_spanned!(at=> or_when) };
                quote_spanned!(at=> .#method(#named #condition, |#scope| { #body }))
            });
            is_first = false;
            match choice.else_branch.as_ref().map(|(token, expr)| (token.span(), &**expr)) {
                Some((_, Expr::If(choice))) => next = Some(choice),
                Some((at, Expr::Block(block))) => {
                    has_else = true;
                    let scope = super::scope(at);
                    let body = self.arm(&block.block, is_end);
                    chain.extend(quote_spanned!(at=> .otherwise(|#scope| { #body })));
                }
                _ => {}
            }
        }
        commented(line, chosen(&chain, has_else))
    }

    /// What an arm gives: the end of the function, or what the choice gives.
    fn arm(&self, block: &syn::Block, is_end: bool) -> Content {
        if is_end { self.block(block) } else { Body { is_function: false, ..*self }.block(block) }
    }

    pub(super) fn choose_match(&self, line: &Line<'_>, choice: &ExprMatch, is_end: bool) -> TokenStream {
        let name = name_of(line);
        let (w, text) = (w(), literal(&name));
        let scrutinee = plain(&choice.expr);
        let value = hidden("__value", choice.expr.span());
        let shadow = shadow(choice, &value);
        let mut chain = quote!(#w);
        let count = choice.arms.len();
        let has_data = choice.arms.iter().any(|arm| holds_data(Case::of(&arm.pat).pattern));
        for (index, arm) in choice.arms.iter().enumerate() {
            let at = if index == 0 { name.span } else { arm.pat.span() };
            let case = Case { has_data, ..Case::of(&arm.pat) };
            let scope = scope(at);
            let bound = case.binding(&value);
            let body = match &*arm.body {
                Expr::Block(block) => self.arm(&block.block, is_end).into_token_stream(),
                expr if is_end => self.value(&form::single(expr), true),
                expr => Body { is_function: false, ..*self }.value(&form::single(expr), true),
            };
            // The last arm takes what is left. Where it has a guard, rustc misses a case.
            if index > 0 && index + 1 == count {
                chain.extend(quote_spanned!(at=> .otherwise(|#scope| { #bound #body })));
                continue;
            }
            let condition = case.condition(&value);
            chain.extend(if index == 0 {
                quote_spanned!(at=> .when(#text, #condition, |#scope| { #bound #body }))
            } else {
                quote_spanned!(at=> .or_when(#condition, |#scope| { #bound #body }))
            });
        }
        let chosen = commented(line, chosen(&chain, true));
        quote! {{
            let #value = #scrutinee;
            #shadow
            #chosen
        }}
    }

    pub(super) fn for_each(line: &Line<'_>, each: &ExprForLoop) -> TokenStream {
        let name = name_of(line);
        let (w, text) = (w(), literal(&name));
        let at = each.for_token.span();
        let list = plain(&each.expr);
        let (pattern, bound) = parameter(&each.pat);
        let scope = scope(at);
        let body = Body::ASYNC.block(&each.body);
        let map = quote_spanned!(name.span=> .map(#text, #list));
        let map = quote_spanned! {at=>
            #w #map.max_concurrency(1).each(|#scope, #pattern| { #bound #body })
        };
        commented(line, quote!({ let _ = #map; }))
    }
}

/// A condition, as a value.
fn condition(expr: &Expr) -> TokenStream {
    let condition = plain(expr);
    quote_spanned!(expr.span()=> ::statewright::Arg::<bool>::into_value(#condition))
}

/// A choice that may take no arm gives nothing.
fn chosen(chain: &TokenStream, is_complete: bool) -> TokenStream {
    if is_complete { quote!(#chain) } else { quote!({ let _ = #chain; }) }
}

/// With the `Comment` of the line.
fn commented(line: &Line<'_>, value: TokenStream) -> TokenStream {
    let Some(text) = line.comment() else { return value };
    let w = w();
    quote_spanned!(line.expr.span()=> { #w.comment(#text); #value })
}

/// The pattern of an arm.
#[derive(Clone, Copy)]
struct Case<'a> {
    pattern: &'a Pat,
    guard: Option<&'a Expr>,
    /// Whether it is one of an enum with data.
    has_data: bool,
}

impl<'a> Case<'a> {
    fn of(pattern: &'a Pat) -> Self {
        let (pattern, guard) = match pattern {
            Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            pattern => (pattern, None),
        };
        Self { pattern, guard, has_data: false }
    }

    /// When the arm is taken.
    fn condition(self, value: &Ident) -> TokenStream {
        let at = self.pattern.span();
        let matched = self.matches(value);
        let guard = self.guard.map(|guard| {
            // The guard may name what the pattern binds.
            let (bound, condition) = (self.binding(value), condition(guard));
            quote!({ #bound #condition })
        });
        match (matched, guard) {
            (Some(matched), Some(guard)) => {
                quote_spanned!(at=> ::statewright::spelling::expansion::and(#matched, #guard))
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => quote_spanned!(at=> ::statewright::Arg::<bool>::into_value(true)),
        }
    }

    /// Whether a value has the pattern; `None` if any value has it.
    fn matches(self, value: &Ident) -> Option<TokenStream> {
        let at = self.pattern.span();
        match self.pattern {
            Pat::Wild(_) => None,
            Pat::Ident(all) if form::is_binding(&all.ident) => None,
            Pat::Ident(none) if none.ident == "None" => Some(quote_spanned!(at=> #value.is_none())),
            Pat::TupleStruct(some) if form::is_some(some) => Some(quote_spanned!(at=> #value.is_some())),
            Pat::Paren(inner) => Case { pattern: &inner.pat, ..self }.matches(value),
            Pat::Or(several) => several
                .cases
                .iter()
                .map(|case| Case { pattern: case, ..self }.matches(value))
                .reduce(|a, b| {
                    let (a, b) = (a?, b?);
                    Some(quote_spanned!(at=> ::statewright::spelling::expansion::or(#a, #b)))
                })
                .flatten(),
            one => match variant(one).filter(|_| self.has_data) {
                Some(variant) => {
                    let is = format_ident!("is_{}", method_name(&variant.to_string()), span = variant.span());
                    Some(quote_spanned!(at=> #value.#is()))
                }
                None => Some(quote_spanned!(at=> #value.eq(#one))),
            },
        }
    }

    /// What the pattern binds.
    fn binding(self, value: &Ident) -> TokenStream {
        // It is written twice, for the guard and for the body, and used in one of them.
        let once = self.guard.map(|_| quote!(#[allow(unused_variables, reason = "used in the guard or in the body")]));
        match self.pattern {
            Pat::Ident(all) if form::is_binding(&all.ident) => quote!(#once let #all = #value;),
            Pat::TupleStruct(some) if form::is_some(some) => {
                let (pattern, bound) = parameter(&some.elems[0]);
                quote!(#once let #pattern = #value.expect_some(); #bound)
            }
            Pat::TupleStruct(data) => {
                let content = content(self.pattern, value);
                let elements = &data.elems;
                match elements.first() {
                    Some(Pat::Rest(_)) | None => TokenStream::new(),
                    Some(one) if elements.len() == 1 => quote!(#once let #one = #content;),
                    _ => {
                        let parts = elements.iter().enumerate().filter(|(_, part)| matches!(part, Pat::Ident(_)));
                        let parts = parts.map(|(index, part)| {
                            let index = syn::Index::from(index);
                            quote!(#once let #part = #content.#index;)
                        });
                        parts.collect()
                    }
                }
            }
            Pat::Struct(data) => {
                let content = content(self.pattern, value);
                let fields = data.fields.iter().filter(|field| matches!(*field.pat, Pat::Ident(_)));
                fields
                    .map(|field| {
                        let (member, pattern) = (&field.member, &field.pat);
                        quote!(#once let #pattern = #content.#member;)
                    })
                    .collect()
            }
            _ => TokenStream::new(),
        }
    }
}

/// The variant that a pattern names.
fn variant(pattern: &Pat) -> Option<&Ident> {
    let path = match pattern {
        Pat::Path(unit) => &unit.path,
        Pat::TupleStruct(data) => &data.path,
        Pat::Struct(data) => &data.path,
        _ => return None,
    };
    form::variant(path).map(|(_, variant)| variant)
}

/// What is in a value whose variant is known.
fn content(pattern: &Pat, value: &Ident) -> TokenStream {
    let name = variant(pattern).map(|variant| (method_name(&variant.to_string()), variant.span()));
    let (name, at) = name.unwrap_or_else(|| (String::new(), pattern.span()));
    let content = format_ident!("as_{name}", span = at);
    quote_spanned!(at=> #value.#content().expect_some())
}

fn holds_data(pattern: &Pat) -> bool {
    match pattern {
        Pat::TupleStruct(data) => !form::is_some(data),
        Pat::Struct(_) => true,
        Pat::Or(several) => several.cases.iter().any(holds_data),
        Pat::Paren(inner) => holds_data(&inner.pat),
        _ => false,
    }
}

/// A `match` that is never run, in which rustc looks for missing arms. Its tokens are at those of the user, since rustc also
/// says what to add to them.
fn shadow(choice: &ExprMatch, value: &Ident) -> TokenStream {
    let at = choice.expr.span();
    let case = Ident::new("__case", at);
    let match_token = &choice.match_token;
    let arms = choice.arms.iter().map(|arm| {
        let Case { pattern, guard, .. } = Case::of(&arm.pat);
        let (guard, arrow) = (guard.map(|_| quote!(if false)), &arm.fat_arrow_token);
        let body = quote_spanned!(arm.body.span()=> {});
        quote!(#pattern #guard #arrow #body)
    });
    let mut braces = Group::new(Delimiter::Brace, arms.collect());
    braces.set_span(choice.brace_token.span.join());
    // rustc would say that nobody makes the variant of the last arm, which is taken by what is left.
    let made = choice.arms.iter().flat_map(|arm| paths(Case::of(&arm.pat).pattern));
    let cases = if choice.arms.iter().any(|arm| is_text(Case::of(&arm.pat).pattern)) {
        quote_spanned!(at=> ::statewright::spelling::expansion::text_cases)
    } else {
        quote_spanned!(at=> ::statewright::spelling::expansion::cases)
    };
    quote! {
        #[allow(unused_variables, unreachable_patterns, clippy::all, clippy::pedantic, reason = "never run")]
        #cases(#value, |#case| {
            #(let _ = #made;)*
            #match_token #case #braces
        });
    }
}

fn paths(pattern: &Pat) -> Vec<&Pat> {
    match pattern {
        Pat::Path(_) => vec![pattern],
        Pat::Or(several) => several.cases.iter().flat_map(paths).collect(),
        Pat::Paren(inner) => paths(&inner.pat),
        _ => Vec::new(),
    }
}

fn is_text(pattern: &Pat) -> bool {
    match pattern {
        Pat::Lit(literal) => matches!(literal.lit, Lit::Str(_)),
        Pat::Or(several) => several.cases.iter().any(is_text),
        Pat::Paren(inner) => is_text(&inner.pat),
        _ => false,
    }
}
