//! The names of states.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprIf, Ident, Member, Pat, Path};

/// The name of a state and the token that gives it.
#[derive(Clone)]
pub(super) struct Name {
    pub text: String,
    pub span: Span,
    /// Whether it was made of the step and not written by the user.
    pub derived: bool,
}

/// What stands in for a name that was asked for.
pub(super) const MISSING: &str = "?";

/// `business_date` and `BUSINESS_DATE` as `BusinessDate`.
pub(super) fn pascal(ident: &Ident) -> String {
    let ident = bare(ident);
    let shouted = !ident.chars().any(char::is_lowercase);
    let word = |word: &str| {
        let word = if shouted { word.to_lowercase() } else { word.to_owned() };
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().to_string() + chars.as_str()).unwrap_or_default()
    };
    ident.split('_').map(word).collect()
}

/// `catalogue_feed` as `catalogue-feed`.
pub(super) fn kebab(ident: &Ident) -> String {
    bare(ident).trim_matches('_').replace('_', "-")
}

fn bare(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").unwrap_or(&text).to_owned()
}

/// The name that a pattern gives: that of its only variable.
pub(super) fn of_pattern(pattern: &Pat) -> Option<Name> {
    match pattern {
        Pat::Ident(pattern) => {
            let text = pascal(&pattern.ident);
            (!text.is_empty()).then(|| Name { text, span: pattern.ident.span(), derived: false })
        }
        Pat::Type(typed) => of_pattern(&typed.pat),
        Pat::Paren(inner) => of_pattern(&inner.pat),
        _ => None,
    }
}

/// The name of a step that is run without a `let`: `RunTask` of `ecs::RunTask::new(…)`, `Reserve` of `RESERVE.invoke(…)`.
pub(super) fn of_step(step: &Expr) -> Option<Name> {
    let derived = |text: String| (!text.is_empty()).then(|| Name { text, span: step.span(), derived: true });
    match step {
        Expr::MethodCall(call) => of_step(&call.receiver),
        Expr::Field(field) => of_step(&field.base),
        Expr::Paren(inner) => of_step(&inner.expr),
        Expr::Group(inner) => of_step(&inner.expr),
        Expr::Path(path) => derived(pascal(&path.path.segments.last()?.ident)),
        Expr::Call(call) => derived(of_call(call)?),
        _ => None,
    }
}

fn of_call(call: &ExprCall) -> Option<String> {
    let function = function(call)?;
    let called = &function.segments.last()?.ident;
    let owner = function.segments.iter().rev().nth(1).map(|segment| segment.ident.to_string());
    if let Some(owner) = owner.filter(|owner| owner.starts_with(char::is_uppercase)) {
        return Some(owner);
    }
    match called.to_string().as_str() {
        "parallel" | "attempt" | "wait" | "poll" | "repeat" | "fail" => Some(pascal(called)),
        "rethrow" => Some("Fail".to_owned()),
        "succeed" | "succeed_with" => Some("Succeed".to_owned()),
        "each" => call.args.iter().find_map(|argument| match argument {
            Expr::Closure(closure) => of_item(closure.inputs.first()?),
            _ => None,
        }),
        _ => None,
    }
}

/// The function that is called, if it has a name.
pub(super) fn function(call: &ExprCall) -> Option<&Path> {
    match &*call.func {
        Expr::Path(path) => Some(&path.path),
        _ => None,
    }
}

/// The name of a Map: `EachShop` for `for shop in …` and for `for Shop { id, .. } in …`.
pub(super) fn of_item(pattern: &Pat) -> Option<String> {
    let item = match pattern {
        Pat::Struct(parts) => parts.path.segments.last()?.ident.to_string(),
        pattern => of_pattern(pattern)?.text,
    };
    Some(format!("Each{item}"))
}

/// The name of a choice: `IfPaid` for `if order.paid`, `IfRun` for `if let Some(run) = …`.
pub(super) fn of_if(choice: &ExprIf) -> Option<String> {
    match &*choice.cond {
        Expr::Let(condition) => match &*condition.pat {
            Pat::TupleStruct(some) => Some(format!("If{}", of_pattern(some.elems.first()?)?.text)),
            _ => None,
        },
        condition => Some(format!("If{}", pascal(last_name(condition)?))),
    }
}

/// The name of a choice: `ByPlan` for `match order.plan`.
pub(super) fn of_match(of: &Expr) -> Option<String> {
    Some(format!("By{}", pascal(last_name(of)?)))
}

fn last_name(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Field(field) => match &field.member {
            Member::Named(name) => Some(name),
            Member::Unnamed(_) => None,
        },
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(step: &str) -> Option<String> {
        syn::parse_str(step).ok().and_then(|step| of_step(&step)).map(|name| name.text)
    }

    #[test]
    fn names_are_spelt_as_states_and_machines_are() {
        let ident = |text| Ident::new(text, Span::call_site());
        let spelt = ["business_date", "BUSINESS_DATE", "_error", "r2_d2"].map(|text| pascal(&ident(text)));
        assert_eq!(spelt, ["BusinessDate", "BusinessDate", "Error", "R2D2"]);
        assert_eq!(kebab(&ident("catalogue_feed")), "catalogue-feed");
    }

    #[test]
    fn a_step_has_the_name_of_its_type_or_its_constant() {
        let names = [
            ("sns::Publish::new(TOPIC, x).subject(y)", Some("Publish")),
            ("RESERVE_PLACE.invoke(line)", Some("ReservePlace")),
            ("load_all.timeout(limit)", Some("LoadAll")),
            ("each(list, |shop| shop)", Some("EachShop")),
            ("wait(x)", Some("Wait")),
            ("job(x)", None),
        ];
        for (step, name) in names {
            assert_eq!(named(step).as_deref(), name, "{step}");
        }
    }
}
