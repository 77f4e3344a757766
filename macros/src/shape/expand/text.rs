//! Enums of unit variants: texts.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

pub(super) fn texts(name: &Ident, variants: &[(&Ident, String)]) -> TokenStream {
    let texts = variants.iter().map(|(_, json)| json);
    let arms = variants.iter().map(|(variant, json)| quote!(Self::#variant => #json));
    let skipped = quote!(#[allow(unreachable_patterns, reason = "a variant may be skipped")] _ => "");
    let typed = super::typed(name, name);
    quote! {
        #[automatically_derived]
        impl ::statewright::Shape for #name {
            type Fields = ::statewright::shape::NoFields;
            const IS_TEXT: bool = true;
            const IS_SCALAR: bool = true;

            fn fields(_: &::statewright::internal::Expr) -> ::statewright::shape::NoFields {
                ::statewright::shape::NoFields
            }

            fn sample(draw: ::statewright::shape::Draw<'_>) -> ::statewright::shape::Json {
                ::statewright::shape::sample_text(&[#(#texts),*], draw)
            }
        }

        #[automatically_derived]
        impl ::statewright::Arg<#name> for #name {
            fn into_value(self) -> ::statewright::Value<#name> {
                let text = match self { #(#arms,)* #skipped };
                ::statewright::Value::of(::statewright::internal::Expr::from_text(text))
            }
        }

        #typed
    }
}
