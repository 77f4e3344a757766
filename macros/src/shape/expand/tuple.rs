//! Structs whose fields have no names: the JSON of the only one, or an array.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Visibility};

use crate::shape::parse::Element;

pub(super) fn tuple(visibility: &Visibility, name: &Ident, elements: &[Element<'_>]) -> TokenStream {
    let mirror = format_ident!("{name}Fields");
    let doc = format!("What is in a [`{name}`] in a workflow, and its constructor.");
    let declared = elements.iter().map(
        |Element { visibility, r#type }| quote_spanned!(r#type.span()=> #visibility ::statewright::Value<#r#type>),
    );
    let typed = super::typed(name, &mirror);
    let head = quote! {
        const _: () = {
            #[allow(dead_code, clippy::all)]
            fn seen(it: &#name) {
                let _ = it;
            }
        };

        #[doc = #doc]
        #[derive(Clone, Copy, Debug)]
        #visibility struct #mirror(#(#declared),*);

        #typed
    };
    let rest = match elements {
        [only] => newtype(name, &mirror, only),
        elements => array(name, &mirror, elements),
    };
    quote!(#head #rest)
}

fn newtype(name: &Ident, mirror: &Ident, only: &Element<'_>) -> TokenStream {
    let inner = only.r#type;
    quote! {
        #[automatically_derived]
        impl ::statewright::Shape for #name {
            type Fields = #mirror;
            const LIST: ::statewright::shape::IsList = <#inner as ::statewright::Shape>::LIST;
            const IS_TEXT: bool = <#inner as ::statewright::Shape>::IS_TEXT;
            const IS_SCALAR: bool = <#inner as ::statewright::Shape>::IS_SCALAR;
            const IS_OPTION: bool = <#inner as ::statewright::Shape>::IS_OPTION;
            const IS_TIME: bool = <#inner as ::statewright::Shape>::IS_TIME;

            fn fields(of: &::statewright::internal::Expr) -> #mirror {
                #mirror(::statewright::internal::same::<#inner>(of))
            }

            fn looks_like(of: &::statewright::internal::Expr) -> ::statewright::internal::Expr {
                <#inner as ::statewright::Shape>::looks_like(of)
            }

            fn sample(draw: ::statewright::shape::Draw<'_>) -> ::statewright::shape::Json {
                <#inner as ::statewright::Shape>::sample(draw)
            }
        }

        #[automatically_derived]
        impl ::std::ops::Deref for #mirror {
            type Target = ::statewright::Value<#inner>;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        #[automatically_derived]
        impl ::statewright::Arg<#name> for #mirror {
            fn into_value(self) -> ::statewright::Value<#name> {
                ::statewright::Value::of(self.0.expr())
            }
        }
    }
}

fn array(name: &Ident, mirror: &Ident, elements: &[Element<'_>]) -> TokenStream {
    let read = elements.iter().zip(0_i64..).map(|(Element { r#type, .. }, at)| {
        quote_spanned!(r#type.span()=> ::statewright::internal::item::<#r#type>(of, #at))
    });
    let written = (0..elements.len()).map(|at| {
        let at = syn::Index::from(at);
        quote!(::statewright::internal::as_item(self.#at))
    });
    let drawn = elements.iter().map(|Element { r#type, .. }| {
        quote_spanned!(r#type.span()=> (&::statewright::internal::Probe::<#r#type>::NEW).sample(draw))
    });
    quote! {
        #[automatically_derived]
        impl ::statewright::Shape for #name {
            type Fields = #mirror;
            const LIST: ::statewright::shape::IsList = ::statewright::shape::IsList::Yes;

            fn fields(of: &::statewright::internal::Expr) -> #mirror {
                #mirror(#(#read),*)
            }

            fn sample(draw: ::statewright::shape::Draw<'_>) -> ::statewright::shape::Json {
                #[allow(unused_imports, reason = "one of the two is used for each field")]
                use ::statewright::internal::{Drawn as _, Undrawn as _};
                ::statewright::shape::Json::Array(::std::vec![#(#drawn),*])
            }
        }

        #[automatically_derived]
        impl ::statewright::Arg<#name> for #mirror {
            fn into_value(self) -> ::statewright::Value<#name> {
                ::statewright::Value::of(::statewright::internal::array(::std::vec![#(#written),*]))
            }
        }
    }
}
