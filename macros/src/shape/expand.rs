//! The mirror struct and the implementations.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::parse::{Field, Kind, Shape};

pub(super) fn shape(shape: &Shape<'_>) -> TokenStream {
    match &shape.kind {
        Kind::Struct(fields) => structure(shape, fields),
        Kind::Enum(variants) => enumeration(shape.name, variants),
    }
}

fn structure(shape: &Shape<'_>, fields: &[Field<'_>]) -> TokenStream {
    let Shape { visibility, name, .. } = shape;
    let mirror = format_ident!("{name}Fields");
    let doc = format!("The fields of a [`{name}`] in a workflow, and its constructor.");
    let declared = fields.iter().map(|Field { visibility, name, r#type, docs, .. }| {
        let wrapped = quote_spanned!(r#type.span()=> ::statewright::Value<#r#type>);
        let undocumented = docs.is_empty().then(|| {
            let doc = format!("`{name}`");
            quote!(#[doc = #doc])
        });
        quote!(#(#docs)* #undocumented #visibility #name: #wrapped)
    });
    let read = fields.iter().map(|Field { name, json, r#type, .. }| {
        let value = quote_spanned!(r#type.span()=> ::statewright::internal::field::<#r#type>(of, #json));
        quote!(#name: #value)
    });
    let written = fields.iter().map(|Field { name, json, .. }| quote!((#json.into(), self.#name.expr())));
    let drawn = fields.iter().map(|Field { json, r#type, .. }| {
        quote_spanned!(r#type.span()=> (#json, (&::statewright::internal::Probe::<#r#type>::NEW).sample(draw)))
    });
    let seen = fields.iter().map(|Field { name, .. }| quote!(&it.#name));
    quote! {
        // The type itself is seldom used at run time, only its shape; rustc shall not warn that nobody reads it.
        const _: () = {
            #[allow(dead_code, clippy::all)]
            fn seen(it: &#name) {
                let _ = (#(#seen,)*);
            }
        };

        #[doc = #doc]
        #[derive(Clone, Copy, Debug)]
        #visibility struct #mirror { #(#declared),* }

        #[automatically_derived]
        impl ::statewright::Shape for #name {
            type Fields = #mirror;

            fn fields(of: &::statewright::internal::Expr) -> #mirror {
                let _ = of;
                #mirror { #(#read),* }
            }

            fn sample(draw: ::statewright::shape::Draw<'_>) -> ::statewright::shape::Json {
                #[allow(unused_imports, reason = "one of the two is used for each field")]
                use ::statewright::internal::{Drawn as _, Undrawn as _};
                let fields = ::std::vec![#(#drawn),*];
                ::statewright::shape::sample_object(fields, draw)
            }
        }

        #[automatically_derived]
        impl ::statewright::Arg<#name> for #mirror {
            fn into_value(self) -> ::statewright::Value<#name> {
                ::statewright::Value::of(::statewright::internal::Expr::object(::std::vec![#(#written),*]))
            }
        }

        #[automatically_derived]
        impl ::statewright::value::Typed for #mirror {
            type Shape = #name;

            fn typed(self) -> ::statewright::Value<#name> {
                ::statewright::Arg::into_value(self)
            }
        }

        #[automatically_derived]
        impl ::std::convert::From<#mirror> for ::statewright::Value<#name> {
            fn from(fields: #mirror) -> Self {
                ::statewright::Arg::into_value(fields)
            }
        }
    }
}

fn enumeration(name: &Ident, variants: &[(&Ident, String)]) -> TokenStream {
    let texts = variants.iter().map(|(_, json)| json);
    let arms = variants.iter().map(|(variant, json)| quote!(Self::#variant => #json));
    let skipped = quote!(#[allow(unreachable_patterns, reason = "a variant may be skipped")] _ => "");
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

        #[automatically_derived]
        impl ::statewright::value::Typed for #name {
            type Shape = Self;

            fn typed(self) -> ::statewright::Value<Self> {
                ::statewright::Arg::into_value(self)
            }
        }
    }
}
