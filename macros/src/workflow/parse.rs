//! What is around the body: the arguments of the attribute, the parameters, the result.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, FnArg, GenericArgument, Ident, ItemFn, Pat, PathArguments, ReturnType, Token, Type};

use crate::errors::Errors;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Workflow,
    Fragment,
}

/// A function that is rewritten.
pub(super) struct Function<'a> {
    pub kind: Kind,
    pub item: &'a ItemFn,
    /// The name of the state machine, if it is not the function's.
    pub name: Option<Expr>,
    /// What else the attribute says, in order: calls of methods of `Workflow`.
    pub arguments: Vec<Argument>,
    pub inputs: Vec<Input<'a>>,
    pub returns: Returns<'a>,
}

/// `method = expression`, or `method`.
pub(super) struct Argument {
    pub method: Ident,
    pub value: Option<Expr>,
}

/// A parameter.
pub(super) struct Input<'a> {
    pub pattern: &'a Pat,
    pub shape: &'a Type,
}

/// What the function gives.
pub(super) struct Returns<'a> {
    pub outcome: Outcome<'a>,
    /// Whether it is a `Result`, so that something in it may fail.
    pub may_fail: bool,
    /// As it is written.
    pub written: Option<&'a Type>,
}

#[derive(Clone, Copy)]
pub(super) enum Outcome<'a> {
    Nothing,
    Never(&'a Type),
    Value(&'a Type),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let method = input.parse()?;
        let value = input.parse::<Option<Token![=]>>()?.map(|_| input.parse()).transpose()?;
        Ok(Self { method, value })
    }
}

pub(super) fn function<'a>(kind: Kind, arguments: TokenStream, item: &'a ItemFn, errors: &mut Errors) -> Function<'a> {
    let (name, arguments) = attribute(kind, arguments, errors);
    let signature = &item.sig;
    if signature.asyncness.is_none() {
        errors.at(signature.fn_token, "expected `async fn`: its body is awaited in AWS, state by state");
    }
    if !signature.generics.params.is_empty() {
        errors.at(
            &signature.generics,
            "a workflow can't be generic: its JSON must be known; write one function for each type",
        );
    }
    let constness = signature.constness.map(|token| token.span());
    let foreign = [signature.abi.as_ref().map(Spanned::span), signature.variadic.as_ref().map(Spanned::span)];
    for span in foreign.into_iter().chain([constness]).flatten() {
        errors.add(syn::Error::new(span, "a workflow is a plain `async fn`"));
    }
    let mut inputs = Vec::new();
    for input in &signature.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                errors.at(receiver, "a workflow has no `self`: its input is JSON, and comes as a parameter")
            }
            FnArg::Typed(typed) => inputs.push(Input { pattern: &typed.pat, shape: &typed.ty }),
        }
    }
    if kind == Kind::Workflow {
        for more in signature.inputs.iter().skip(1) {
            errors.at(more, "a workflow has one input: put both into a struct with `#[derive(Shape)]`");
        }
    }
    Function { kind, item, name, arguments, inputs, returns: returns(&signature.output, errors) }
}

fn attribute(kind: Kind, arguments: TokenStream, errors: &mut Errors) -> (Option<Expr>, Vec<Argument>) {
    let parsed = match Punctuated::<Argument, Token![,]>::parse_terminated.parse2(arguments) {
        Ok(parsed) => parsed,
        Err(mut error) => {
            let span = error.span();
            error.combine(syn::Error::new(
                span,
                "expected `name = \"…\"` and methods of `Workflow`: `schedule = Schedule::rate(\"1 hour\"), tracing`",
            ));
            errors.add(error);
            return (None, Vec::new());
        }
    };
    let mut name = None;
    let mut methods = Vec::new();
    for argument in parsed {
        if kind == Kind::Fragment {
            errors.at(
                &argument.method,
                "a fragment has no arguments: what belongs to the whole workflow is said at its `#[workflow(…)]`",
            );
        } else if argument.method == "name" {
            if argument.value.is_none() {
                errors.at(&argument.method, "expected `name = \"…\"`");
            }
            if name.is_some() {
                errors.at(&argument.method, "the name is given twice");
            }
            name = argument.value;
        } else {
            methods.push(argument);
        }
    }
    (name, methods)
}

fn returns<'a>(output: &'a ReturnType, errors: &mut Errors) -> Returns<'a> {
    let ReturnType::Type(_, written) = output else {
        return Returns { outcome: Outcome::Nothing, may_fail: false, written: None };
    };
    let Some(arguments) = result_arguments(written) else {
        return Returns { outcome: outcome(written), may_fail: false, written: Some(written) };
    };
    let mut types = arguments.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    let (ok, error) = (types.next(), types.next());
    if error.and_then(last_segment).is_none_or(|ident| ident != "Failed") {
        errors.at(
            error.unwrap_or(written),
            "expected `Result<…, Failed>`: what a workflow fails with is a name and a cause, which `fail(\"Error\", cause)` says",
        );
    }
    Returns { outcome: ok.map_or(Outcome::Nothing, outcome), may_fail: true, written: Some(written) }
}

fn result_arguments(written: &Type) -> Option<&Punctuated<GenericArgument, Token![,]>> {
    let Type::Path(path) = written else { return None };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if last.ident == "Result" => Some(&arguments.args),
        _ => None,
    }
}

fn outcome(ty: &Type) -> Outcome<'_> {
    match ty {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Outcome::Nothing,
        _ if last_segment(ty).is_some_and(|ident| ident == "Never") => Outcome::Never(ty),
        _ => Outcome::Value(ty),
    }
}

fn last_segment(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}
