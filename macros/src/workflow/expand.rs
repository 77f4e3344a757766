//! The calls of the builder.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Pat};

use super::name;
use super::parse::{Argument, Function, Input, Kind, Outcome};

mod block;
mod choice;
mod value;

use block::Body;

/// The scope of a block, under a name that no user can write or see.
fn w() -> Ident {
    Ident::new("__w", Span::mixed_site())
}

/// A variable of the expansion, which errors show at a token of the user.
fn hidden(name: &str, at: Span) -> Ident {
    Ident::new(name, Span::mixed_site().located_at(at))
}

/// The parameter for the scope of a closure.
fn scope(at: Span) -> TokenStream {
    let w = w();
    quote_spanned!(at=> #w: &mut ::statewright::Scope)
}

pub(super) fn function(function: &Function<'_>) -> TokenStream {
    let body = Body { returns: &function.returns, is_function: true };
    let item = function.item;
    let (attributes, visibility, ident) = (&item.attrs, &item.vis, &item.sig.ident);
    let outcome = outcome(&function.returns.outcome);
    let written = function.returns.written.map(|written| {
        quote! {
            #[allow(dead_code, reason = "only says which types the function names")]
            type Returned = #written;
        }
    });
    let at = function.returns.written.map_or_else(|| ident.span(), Spanned::span);
    let content = body.block(&item.block);
    let (lines, end) = (&content.lines, content.end(at));
    let end = quote_spanned!(at=> ::statewright::spelling::expansion::returns::<#outcome, _>(#end));
    let scope = scope(ident.span());
    match function.kind {
        Kind::Workflow => {
            let (input, bound) = input(function.inputs.first());
            let name = function.name.as_ref().map_or_else(
                || {
                    let name = LitStr::new(&name::kebab(ident), ident.span());
                    quote!(#name)
                },
                |name| quote!(#name),
            );
            let workflow = Ident::new("__workflow", Span::mixed_site());
            let methods = function.arguments.iter().map(|argument| method(argument, &workflow));
            let shape = function.inputs.first().map_or_else(|| quote!(()), |input| input.shape.to_token_stream());
            let new = quote_spanned!(ident.span()=> ::statewright::Workflow::new::<#shape, _>);
            quote! {
                #(#attributes)*
                #visibility fn #ident() -> ::statewright::Workflow {
                    #written
                    let #workflow = #new(#name, |#scope, #input| {
                        #bound
                        #lines
                        #end
                    });
                    #(#methods)*
                    #workflow
                }
            }
        }
        Kind::Fragment => {
            let failure = failure(function.returns.may_fail);
            let parameters = function.inputs.iter().enumerate().map(|(index, input)| {
                let (name, shape) = (parameter(index, input), input.shape);
                quote_spanned!(shape.span()=> #name: impl ::statewright::Arg<#shape>)
            });
            let bound = function.inputs.iter().enumerate().map(|(index, input)| {
                let (name, shape) = (parameter(index, input), input.shape);
                let value = quote_spanned!(shape.span()=> ::statewright::Arg::<#shape>::into_value(#name));
                block::bind(input.pattern, None, &value)
            });
            quote! {
                #(#attributes)*
                #visibility fn #ident(
                    #(#parameters),*
                ) -> ::statewright::spelling::Fragment<
                    impl ::core::ops::FnOnce(&mut ::statewright::Scope) -> #outcome,
                    #outcome,
                    #failure,
                > {
                    #written
                    #(#bound)*
                    ::statewright::spelling::Fragment::new(move |#scope| -> #outcome {
                        #lines
                        #end
                    })
                }
            }
        }
    }
}

/// The function where something in it was refused. rustc shall say that and nothing else; an editor wants the types of what
/// was written so far.
pub(super) fn stub(of: &Function<'_>) -> TokenStream {
    let item = of.item;
    let (attributes, visibility, ident) = (&item.attrs, &item.vis, &item.sig.ident);
    let (parameters, returned) = match of.kind {
        Kind::Workflow => (quote!(), quote!(::statewright::Workflow)),
        Kind::Fragment => {
            let (outcome, failure) = (outcome(&of.returns.outcome), failure(of.returns.may_fail));
            let shapes = of.inputs.iter().map(|input| input.shape);
            (
                quote!(#(_: impl ::statewright::Arg<#shapes>),*),
                quote!(::statewright::spelling::Fragment<fn(&mut ::statewright::Scope) -> #outcome, #outcome, #failure>),
            )
        }
    };
    let so_far = function(of);
    quote! {
        #(#attributes)*
        #[allow(unexpected_cfgs, reason = "set by rust-analyzer")]
        #visibility fn #ident(#parameters) -> #returned {
            #[cfg(rust_analyzer)]
            #so_far
            ::core::unreachable!("what was refused is not compiled")
        }
    }
}

/// The parameter of the body, and what takes it apart.
fn input(input: Option<&Input<'_>>) -> (TokenStream, TokenStream) {
    let Some(Input { pattern, shape }) = input else { return (quote!(_: ::statewright::Value<()>), quote!()) };
    let wrapped = quote_spanned!(shape.span()=> ::statewright::Value<#shape>);
    let (pattern, bound) = block::parameter(pattern);
    (quote!(#pattern: #wrapped), bound)
}

fn parameter(index: usize, input: &Input<'_>) -> Ident {
    match input.pattern {
        Pat::Ident(pattern) => pattern.ident.clone(),
        other => format_ident!("argument_{index}", span = Span::mixed_site().located_at(other.span())),
    }
}

fn outcome(outcome: &Outcome<'_>) -> TokenStream {
    match outcome {
        Outcome::Nothing => quote!(()),
        Outcome::Never(ty) => quote!(#ty),
        Outcome::Value(shape) => quote_spanned!(shape.span()=> ::statewright::Value<#shape>),
    }
}

fn failure(may_fail: bool) -> TokenStream {
    if may_fail { quote!(::statewright::spelling::MayFail) } else { quote!(::statewright::spelling::CannotFail) }
}

/// A method of `Workflow` that the attribute calls.
fn method(Argument { method, value }: &Argument, workflow: &Ident) -> TokenStream {
    let call = match value {
        Some(Expr::Closure(closure)) if method == "on_error" && closure.asyncness.is_some() => {
            let handler = block::handler(closure);
            quote!(#workflow.#method(#handler))
        }
        Some(handler) if method == "on_error" => {
            quote_spanned!(method.span()=> ::statewright::spelling::expansion::on_error(#workflow, #handler))
        }
        Some(Expr::Tuple(several)) => {
            let several = several.elems.iter();
            quote!(#workflow.#method(#(#several),*))
        }
        one => {
            let one = one.iter();
            quote!(#workflow.#method(#(#one)*))
        }
    };
    quote!(let #workflow = #call;)
}
