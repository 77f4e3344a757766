//! `#[derive(Shape)]`.

use proc_macro2::TokenStream;

use crate::errors::Errors;

mod case;
mod expand;
mod parse;
mod rules;

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let expanded = match syn::parse2(input) {
        Ok(item) => parse::shape(&item, &mut errors).map(|shape| expand::shape(&shape)),
        Err(error) => {
            errors.add(error);
            None
        }
    };
    let mut tokens = errors.into_tokens();
    tokens.extend(expanded);
    tokens
}
