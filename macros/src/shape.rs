//! `#[derive(Shape)]`.

use proc_macro2::TokenStream;

use crate::errors::Errors;

mod case;
mod expand;
mod parse;
mod rules;

/// The name of a variant as the methods of its enum have it: `card_payment` for `CardPayment`.
pub(crate) fn method_name(variant: &str) -> String {
    case::Case::Snake.variant(variant)
}

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
