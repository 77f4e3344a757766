//! The mirror struct and the implementations.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Visibility};

use super::parse::{Field, Kind, Shape};

mod data;
mod text;
mod tuple;

pub(super) fn shape(shape: &Shape<'_>) -> TokenStream {
    match &shape.kind {
        Kind::Struct(fields) => {
            let expanded = structure(shape.visibility, shape.name, fields);
            let name = shape.name;
            let seen = fields.iter().map(|Field { name, .. }| quote!(&it.#name));
            quote! {
                // The type itself is seldom used at run time, only its shape; rustc shall not warn that nobody reads it.
                const _: () = {
                    #[allow(dead_code, clippy::all)]
                    fn seen(it: &#name) {
                        let _ = (#(#seen,)*);
                    }
                };
                #expanded
            }
        }
        Kind::Tuple(elements) => tuple::tuple(shape.visibility, shape.name, elements),
        Kind::Texts(variants) => text::texts(shape.name, variants),
        Kind::Data(tagging, variants) => data::data(shape, tagging, variants),
    }
}

/// A struct with named fields.
fn structure(visibility: &Visibility, name: &Ident, fields: &[Field<'_>]) -> TokenStream {
    let mirror = format_ident!("{name}Fields");
    let doc = format!("The fields of a [`{name}`] in a workflow, and its constructor.");
    let declared = fields.iter().map(|field| {
        let Field { visibility, name, docs, .. } = field;
        let read = read_type(field);
        let wrapped = quote_spanned!(field.r#type.span()=> ::statewright::Value<#read>);
        let undocumented = docs.is_empty().then(|| {
            let doc = format!("`{name}`");
            quote!(#[doc = #doc])
        });
        quote!(#(#docs)* #undocumented #visibility #name: #wrapped)
    });
    let read = fields.iter().map(|field| {
        let Field { name, json, r#type, is_flat, .. } = field;
        let read = read_type(field);
        let value = if *is_flat {
            quote_spanned!(r#type.span()=> ::statewright::internal::same::<#read>(of))
        } else {
            quote_spanned!(r#type.span()=> ::statewright::internal::field::<#read>(of, #json))
        };
        quote!(#name: #value)
    });
    let written = fields.iter().map(|Field { name, json, may_be_left_out, is_flat, .. }| {
        let part = match (may_be_left_out, is_flat) {
            (_, true) => quote!(Flat(self.#name.expr())),
            (true, false) => quote!(MayBeLeftOut(#json, self.#name.expr())),
            (false, false) => quote!(Field(#json, self.#name.expr())),
        };
        quote!(::statewright::internal::Part::#part)
    });
    let drawn = fields.iter().map(|Field { json, r#type, may_be_left_out, is_flat, .. }| {
        let sample = quote_spanned!(r#type.span()=> (&::statewright::internal::Probe::<#r#type>::NEW).sample(draw));
        match (may_be_left_out, is_flat) {
            (_, true) => quote!(object.flat(#sample);),
            (true, false) => quote!(if draw(2) == 1 { object.field(#json, #sample); }),
            (false, false) => quote!(let drawn = #sample; object.optional(#json, drawn, draw);),
        }
    });
    let required = fields.iter().filter(|field| !field.may_be_left_out && !field.is_flat);
    let required = required.map(|Field { json, r#type, .. }| {
        quote_spanned!(r#type.span()=> (#json, (&::statewright::internal::Probe::<#r#type>::NEW).is_required()))
    });
    quote! {
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

            fn looks_like(of: &::statewright::internal::Expr) -> ::statewright::internal::Expr {
                #[allow(unused_imports, reason = "one of the two is used for each field")]
                use ::statewright::internal::{Drawn as _, Undrawn as _};
                ::statewright::internal::looks_like_object(of, &[#(#required),*])
            }

            fn sample(draw: ::statewright::shape::Draw<'_>) -> ::statewright::shape::Json {
                #[allow(unused_imports, reason = "one of the two is used for each field")]
                use ::statewright::internal::{Drawn as _, Undrawn as _};
                let _ = &draw;
                let mut object = ::statewright::internal::Sample::default();
                #(#drawn)*
                object.into_json()
            }
        }

        #[automatically_derived]
        impl ::statewright::Arg<#name> for #mirror {
            fn into_value(self) -> ::statewright::Value<#name> {
                ::statewright::Value::of(::statewright::internal::object(::std::vec![#(#written),*]))
            }
        }
    }
    .into_iter()
    .chain(typed(name, &mirror))
    .collect()
}

/// The type as which a field is read.
fn read_type(field: &Field<'_>) -> TokenStream {
    let r#type = field.r#type;
    if field.may_be_left_out { quote_spanned!(r#type.span()=> ::std::option::Option<#r#type>) } else { quote!(#r#type) }
}

/// What follows from `Arg`.
fn typed(name: &Ident, from: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::statewright::value::Typed for #from {
            type Shape = #name;

            fn typed(self) -> ::statewright::Value<#name> {
                ::statewright::Arg::into_value(self)
            }
        }

        #[automatically_derived]
        impl ::std::convert::From<#from> for ::statewright::Value<#name> {
            fn from(fields: #from) -> Self {
                ::statewright::Arg::into_value(fields)
            }
        }
    }
}
