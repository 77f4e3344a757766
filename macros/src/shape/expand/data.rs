//! Enums with data.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Fields, Ident};

use super::{structure, text};
use crate::shape::parse::{Content, Field, Shape, Tagging, Variant};

pub(super) fn data(shape: &Shape<'_>, tagging: &Tagging, variants: &[Variant<'_>]) -> TokenStream {
    let Shape { visibility, name, .. } = shape;
    let (mirror, kind) = (format_ident!("{name}Fields"), format_ident!("{name}Kind"));
    let all: Vec<_> = variants.iter().map(|variant| known(name, variant)).collect();
    let contents = variants.iter().filter_map(|variant| match &variant.content {
        Content::Struct(fields) => Some(content_type(shape, variant, fields)),
        _ => None,
    });
    let methods = variants.iter().enumerate().map(|(at, variant)| methods(shape, variant, at));
    let kinds = variants.iter().map(|Variant { name, docs, .. }| {
        let undocumented = docs.is_empty().then(|| {
            let doc = format!("`{name}`");
            quote!(#[doc = #doc])
        });
        quote!(#(#docs)* #undocumented #name)
    });
    let texts: Vec<_> = variants.iter().map(|variant| (variant.name, variant.json.clone())).collect();
    let kind_is_text = text::texts(&kind, &texts);
    let made = variants.iter().map(|variant| made(name, variant));
    let tagging_tokens = tagging_tokens(tagging);
    let list = match tagging {
        Tagging::Untagged => quote!(Perhaps),
        _ => quote!(No),
    };
    let doc = format!("What a [`{name}`] is in a workflow, and its constructors.");
    let kind_doc = format!("Which variant a [`{name}`] is; a text in JSON.");
    quote! {
        const _: () = {
            #(#made)*
        };

        #(#contents)*

        #[doc = #kind_doc]
        #[allow(dead_code, reason = "not every workflow asks for every variant")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #visibility enum #kind { #(#kinds),* }

        #kind_is_text

        #[doc = #doc]
        #[derive(Clone, Copy, Debug)]
        #visibility struct #mirror {
            of: ::statewright::Value<::statewright::shape::Json>,
        }

        #[allow(dead_code, reason = "not every workflow asks for every variant")]
        impl #mirror {
            const ENUM: ::statewright::internal::Enum = ::statewright::internal::Enum {
                tagging: #tagging_tokens,
                variants: &[#(#all),*],
            };

            /// Which variant it is, for `w.switch(…)`.
            #[must_use]
            #visibility fn kind(self) -> ::statewright::Value<#kind> {
                ::statewright::Value::of(Self::ENUM.kind(&self.of.expr()))
            }

            #(#methods)*
        }

        #[automatically_derived]
        impl ::statewright::Shape for #name {
            type Fields = #mirror;
            const LIST: ::statewright::shape::IsList = ::statewright::shape::IsList::#list;

            fn fields(of: &::statewright::internal::Expr) -> #mirror {
                #mirror { of: ::statewright::internal::same::<::statewright::shape::Json>(of) }
            }

            fn looks_like(of: &::statewright::internal::Expr) -> ::statewright::internal::Expr {
                #mirror::ENUM.looks_like(of)
            }

            fn sample(draw: ::statewright::shape::Draw<'_>) -> ::statewright::shape::Json {
                #mirror::ENUM.sample(draw)
            }
        }
    }
}

fn tagging_tokens(tagging: &Tagging) -> TokenStream {
    let tokens = match tagging {
        Tagging::External => quote!(External),
        Tagging::Internal(tag) => quote!(Internal { tag: #tag }),
        Tagging::Adjacent(tag, content) => quote!(Adjacent { tag: #tag, content: #content }),
        Tagging::Untagged => quote!(Untagged),
    };
    quote!(::statewright::internal::Tagging::#tokens)
}

/// What the run time knows about a variant.
fn known(name: &Ident, variant: &Variant<'_>) -> TokenStream {
    let json = &variant.json;
    let (content, looks_like) = match content(name, variant) {
        Some(content) => (
            quote!(::std::option::Option::Some(<#content as ::statewright::Shape>::sample)),
            quote!(<#content as ::statewright::Shape>::looks_like),
        ),
        None => (quote!(::std::option::Option::None), quote!(::statewright::internal::nothing)),
    };
    quote! {
        ::statewright::internal::Variant { name: #json, sample: #content, looks_like: #looks_like }
    }
}

/// The type of what a variant holds.
fn content(name: &Ident, variant: &Variant<'_>) -> Option<TokenStream> {
    match &variant.content {
        Content::Unit => None,
        Content::Newtype(inner) => Some(quote!(#inner)),
        Content::Tuple(types) => Some(quote!((#(#types,)*))),
        Content::Struct(_) => {
            let own = format_ident!("{name}{}", variant.name);
            Some(quote!(#own))
        }
    }
}

/// A struct of its own for the fields of a variant.
fn content_type(shape: &Shape<'_>, variant: &Variant<'_>, fields: &[Field<'_>]) -> TokenStream {
    let visibility = shape.visibility;
    let name = format_ident!("{}{}", shape.name, variant.name);
    let doc = format!("The fields of [`{}::{}`].", shape.name, variant.name);
    let public: Vec<_> = fields
        .iter()
        .map(|field| Field {
            visibility,
            name: field.name,
            json: field.json.clone(),
            r#type: field.r#type,
            docs: field.docs.clone(),
            may_be_left_out: field.may_be_left_out,
            is_flat: field.is_flat,
        })
        .collect();
    let structure = structure(visibility, &name, &public);
    quote! {
        #[doc = #doc]
        #[allow(dead_code, reason = "only its shape is used")]
        #[derive(Clone, Copy, Debug)]
        #visibility struct #name;

        #structure
    }
}

fn methods(shape: &Shape<'_>, variant: &Variant<'_>, at: usize) -> TokenStream {
    let Shape { visibility, name, .. } = shape;
    let spelt = crate::shape::method_name(&variant.name.to_string());
    let (is, r#as) = (format_ident!("is_{spelt}"), format_ident!("as_{spelt}"));
    let make = syn::parse_str(&spelt).unwrap_or_else(|_| Ident::new_raw(&spelt, variant.name.span()));
    let docs = &variant.docs;
    let is_doc = format!("Whether it is [`{name}::{}`].", variant.name);
    let as_doc = format!("What is in it, if it is [`{name}::{}`].", variant.name);
    let make_doc = format!("A [`{name}::{}`].", variant.name);
    let asked = quote! {
        #[doc = #is_doc]
        #[must_use]
        #visibility fn #is(self) -> ::statewright::Value<bool> {
            ::statewright::Value::of(Self::ENUM.is(&self.of.expr(), #at))
        }
    };
    let Some(content) = content(name, variant) else {
        return quote! {
            #asked

            #[doc = #make_doc]
            ///
            #(#docs)*
            #[must_use]
            #visibility fn #make() -> ::statewright::Value<#name> {
                ::statewright::Value::of(Self::ENUM.unit(#at))
            }
        };
    };
    quote! {
        #asked

        #[doc = #as_doc]
        #[must_use]
        #visibility fn #r#as(self) -> ::statewright::Value<::std::option::Option<#content>> {
            ::statewright::Value::of(Self::ENUM.content(&self.of.expr(), #at))
        }

        #[doc = #make_doc]
        ///
        #(#docs)*
        #[must_use]
        #visibility fn #make(content: impl ::statewright::Arg<#content>) -> ::statewright::Value<#name> {
            ::statewright::Value::of(Self::ENUM.with(#at, content.into_value().expr()))
        }
    }
}

/// Makes a variant and takes it apart, so that rustc does not warn that nobody does.
fn made(name: &Ident, variant: &Variant<'_>) -> TokenStream {
    let this = variant.name;
    let function = format_ident!("make_{this}");
    let types: Vec<_> = variant.fields.iter().map(|field| &field.ty).collect();
    let names: Vec<_> = (0..types.len()).map(|at| format_ident!("it{at}")).collect();
    let pattern = match variant.fields {
        Fields::Unit => quote!(#name::#this),
        Fields::Unnamed(_) => quote!(#name::#this(#(#names),*)),
        Fields::Named(fields) => {
            let fields = fields.named.iter().filter_map(|field| field.ident.as_ref());
            quote!(#name::#this { #(#fields: #names),* })
        }
    };
    quote! {
        #[allow(dead_code, non_snake_case, unreachable_patterns, clippy::all)]
        fn #function(#(#names: #types),*) {
            let made = #pattern;
            match made {
                #pattern => drop((#(#names,)*)),
                _ => {}
            }
        }
    }
}
