//! `text!`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Lit, Token};

use crate::errors::Errors;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = match Punctuated::<Expr, Token![,]>::parse_terminated.parse2(input) {
        Ok(arguments) => arguments,
        Err(error) => {
            errors.add(error);
            return errors.into_tokens();
        }
    };
    let mut arguments = arguments.into_iter();
    let template = match arguments.next() {
        Some(Expr::Lit(literal)) if matches!(literal.lit, Lit::Str(_)) => literal,
        Some(other) => {
            errors.at(other, "expected a string literal first: `text!(\"{} and {}\", a, b)`");
            return errors.into_tokens();
        }
        None => {
            errors.add(syn::Error::new(Span::call_site(), "expected a string literal: `text!(\"{} and {}\", a, b)`"));
            return errors.into_tokens();
        }
    };
    let Lit::Str(literal) = &template.lit else { return errors.into_tokens() };
    let pieces = match pieces(&literal.value()) {
        Ok(pieces) => pieces,
        Err(message) => {
            errors.at(literal, &message);
            return errors.into_tokens();
        }
    };
    let mut calls = TokenStream::new();
    for piece in pieces {
        calls.extend(match piece {
            Piece::Literal(text) => quote!(.literal(#text)),
            Piece::Named(name) => match syn::parse_str::<Ident>(&name) {
                Ok(name) => {
                    let name = Ident::new(&name.to_string(), literal.span());
                    quote!(.part(#name))
                }
                Err(_) => {
                    errors.at(literal, &format!("expected `{{}}` or the name of a variable, found `{{{name}}}`; give the expression as an argument"));
                    TokenStream::new()
                }
            },
            Piece::Next => match arguments.next() {
                Some(argument) => {
                    let span = syn::spanned::Spanned::span(&argument);
                    quote_spanned!(span=> .part(#argument))
                }
                None => {
                    errors.at(literal, "more `{}` than arguments");
                    TokenStream::new()
                }
            },
        });
    }
    for unused in arguments {
        errors.at(unused, "no `{}` is left for this argument");
    }
    let errors = errors.into_tokens();
    if errors.is_empty() { quote!(::statewright::value::Text::new()#calls.build()) } else { errors }
}

#[derive(Debug, PartialEq)]
enum Piece {
    Literal(String),
    Next,
    Named(String),
}

fn pieces(template: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = template.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '{' | '}' if rest.peek() == Some(&c) => {
                rest.next();
                literal.push(c);
            }
            '}' => return Err("a `}` without its `{`; write `}}` for a brace".into()),
            '{' => {
                let mut name = String::new();
                loop {
                    match rest.next() {
                        Some('}') => break,
                        Some(c) => name.push(c),
                        None => return Err("a `{` without its `}`; write `{{` for a brace".into()),
                    }
                }
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(if name.is_empty() { Piece::Next } else { Piece::Named(name) });
            }
            c => literal.push(c),
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_cut_at_its_braces() {
        let found = pieces("s3://{}/{{x}}/{key}");
        let expected = vec![
            Piece::Literal("s3://".into()),
            Piece::Next,
            Piece::Literal("/{x}/".into()),
            Piece::Named("key".into()),
        ];
        assert_eq!(found, Ok(expected));
        assert!(pieces("{").is_err() && pieces("}").is_err());
    }
}
