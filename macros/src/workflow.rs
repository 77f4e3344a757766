//! `#[workflow]` and `#[fragment]`: an `async fn`, rewritten into calls of the builder.
//!
//! `parse` reads what is around the body, `form` says what a statement of the body is, `check` refuses what can't be a workflow,
//! and `expand` writes the calls. The tokens of the user stay what they are, with their spans, so rustc's errors and an editor's
//! completion are at the user's own text; what is written around them has the span of the token that it stands for, and the
//! builder notes its line.

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;

mod check;
mod expand;
mod form;
mod name;
mod parse;

pub(crate) fn workflow(arguments: TokenStream, item: TokenStream) -> TokenStream {
    rewrite(parse::Kind::Workflow, arguments, item)
}

pub(crate) fn fragment(arguments: TokenStream, item: TokenStream) -> TokenStream {
    rewrite(parse::Kind::Fragment, arguments, item)
}

fn rewrite(kind: parse::Kind, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let function: syn::ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(_) => {
            errors.at(&item, "expected an `async fn`, whose body is the workflow");
            let errors = errors.into_tokens();
            return quote!(#errors #item);
        }
    };
    let function = parse::function(kind, arguments, &function, &mut errors);
    check::function(&function, &mut errors);
    let errors = errors.into_tokens();
    if errors.is_empty() {
        return expand::function(&function);
    }
    let stub = expand::stub(&function);
    quote!(#errors #stub)
}
