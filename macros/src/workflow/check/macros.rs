//! Macros in a workflow.

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Macro, Token};

use super::Check;

impl Check<'_> {
    pub(super) fn macro_call(&mut self, called: &Macro) {
        let name = called.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if name == "text" {
            let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
            if let Ok(arguments) = called.parse_body_with(parser) {
                arguments.iter().for_each(|argument| self.expression(argument, None));
            }
            return;
        }
        let instead = match name.as_str() {
            "println" | "print" | "eprintln" | "eprint" | "dbg" | "info" | "warn" | "error" | "debug" | "trace" => {
                "would run on your machine while the workflow is compiled, not in AWS; what an execution did is in its history and \
                 its log, and `sns::Publish` tells somebody"
            }
            "format" | "concat" | "write" | "writeln" => {
                "would run on your machine while the workflow is compiled, not in AWS; text with values in it is \
                 `text!(\"… {x} …\")`"
            }
            "vec" => "is Rust's list of now; a list of values is an array, `[a, b]`",
            "panic" | "todo" | "unimplemented" | "unreachable" | "assert" | "assert_eq" | "assert_ne" => {
                "would stop the compiler on your machine, not the workflow; to fail: `return Err(fail(\"Error\", cause))`"
            }
            "join" | "try_join" | "select" => {
                "would wait on your machine; branches that run at the same time in AWS are `parallel((async { … }, async { … }))`"
            }
            _ => {
                "would run on your machine while the workflow is compiled, not in AWS; the only macro in a workflow is `text!`, and \
                 what Rust computes beforehand goes into a `const` or a function outside"
            }
        };
        self.refuse(called.path.span(), &format!("`{name}!` {instead}"));
    }
}
