//! Expressions without states: operators, struct literals, `text!`, and the blocks that are arguments.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{VisitMut, visit_expr_mut};
use syn::{BinOp, Expr, ExprBinary, ExprMacro, ExprStruct, Ident, Path, Token};

use super::block::{async_block, async_closure};
use crate::workflow::form;

/// Rewrites an expression in place; tokens that mean the same in both spellings stay as they are.
pub(super) struct Rewrite;

impl VisitMut for Rewrite {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Async(block) => *expr = Expr::Verbatim(async_block(&block.block, block.async_token.span())),
            Expr::Closure(closure) if closure.asyncness.is_some() => *expr = Expr::Verbatim(async_closure(closure)),
            Expr::Call(call) if form::is_builder(call) => {}
            Expr::Macro(text) => text_arguments(text),
            _ => {
                visit_expr_mut(self, expr);
                let rewritten = match expr {
                    Expr::Binary(binary) => operator(binary),
                    Expr::Struct(literal) => fields(literal),
                    _ => None,
                };
                if let Some(rewritten) = rewritten {
                    *expr = Expr::Verbatim(rewritten);
                }
            }
        }
    }
}

/// What Rust's operators would decide now.
fn operator(ExprBinary { left, op, right, .. }: &ExprBinary) -> Option<TokenStream> {
    let function = match op {
        BinOp::Eq(_) => "equal",
        BinOp::Ne(_) => "not_equal",
        BinOp::Lt(_) => "less",
        BinOp::Le(_) => "less_or_equal",
        BinOp::Gt(_) => "greater",
        BinOp::Ge(_) => "greater_or_equal",
        BinOp::And(_) => "and",
        BinOp::Or(_) => "or",
        _ => return None,
    };
    let at = op.span();
    let function = Ident::new(function, at);
    Some(quote_spanned!(at=> ::statewright::spelling::expansion::#function(#left, #right)))
}

/// A request: its mirror struct, with a value for each field.
fn fields(literal: &ExprStruct) -> Option<TokenStream> {
    if literal.rest.is_some() || literal.qself.is_some() {
        return None;
    }
    let path = &literal.path;
    let fields = literal.fields.iter().map(|field| {
        let (member, value) = (&field.member, &field.expr);
        let value = quote_spanned!(value.span()=> ::statewright::Arg::into_value(#value));
        quote!(#member: #value)
    });
    let (mirror, constructor) = match variant(path) {
        Some((mirror, constructor)) => (mirror, Some(constructor)),
        None => (quote_spanned!(path.span()=> ::statewright::spelling::expansion::Fields::<#path>), None),
    };
    let made = quote!(#mirror { #(#fields),* });
    let made = constructor.map_or_else(|| made.clone(), |constructor| quote!(#constructor(#made)));
    Some(match unfinished(literal, &mirror) {
        Some(unfinished) => quote!({ #unfinished #made }),
        None => made,
    })
}

/// For a variant with fields: the mirror struct of its fields, and the function that makes the variant of it.
fn variant(path: &Path) -> Option<(TokenStream, TokenStream)> {
    let (owner, variant) = form::variant(path)?;
    let (mut fields, kept) = (path.clone(), path.segments.len() - 1);
    fields.segments = path.segments.iter().take(kept).cloned().collect();
    let mut constructor = fields.clone();
    fields.segments.last_mut()?.ident = format_ident!("{owner}{variant}Fields", span = variant.span());
    constructor.segments.last_mut()?.ident = format_ident!("{owner}Fields", span = owner.span());
    let method = crate::shape::method_name(&variant.to_string());
    let mut method: Ident = syn::parse_str(&method).unwrap_or_else(|_| Ident::new_raw(&method, variant.span()));
    method.set_span(variant.span());
    Some((quote!(#fields), quote!(#constructor::#method)))
}

/// The request as it is written, for an editor: what is being typed looks like `Manifest { date, bu }`, and completes only where it
/// stands as a field alone.
fn unfinished(literal: &ExprStruct, mirror: &TokenStream) -> Option<TokenStream> {
    let is_finished = literal.fields.iter().all(|field| field.colon_token.is_some());
    if is_finished && !literal.fields.is_empty() {
        return None;
    }
    let fields = literal.fields.iter().map(|field| {
        let member = &field.member;
        let value = field.colon_token.map(|colon| quote!(#colon loop {}));
        quote!(#member #value)
    });
    Some(quote! {
        #[allow(unexpected_cfgs, reason = "set by rust-analyzer")]
        {
            #[cfg(rust_analyzer)]
            let _ = #mirror { #(#fields),* };
        }
    })
}

/// `text!("…", a, b)`, with its arguments rewritten.
fn text_arguments(text: &mut ExprMacro) {
    let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
    if let Ok(mut arguments) = syn::parse::Parser::parse2(parser, text.mac.tokens.clone()) {
        arguments.iter_mut().for_each(|argument| Rewrite.visit_expr_mut(argument));
        text.mac.tokens = arguments.to_token_stream();
    }
}
