//! Expressions as JSONata, in the dialect of Step Functions (JSONata 2.0.6).
//! <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>

use serde_json::Value as Json;

use super::graph::Def;
use super::vars::{Key, Segment, Step, is_in_context, path};
use super::view::View;
use crate::guard::without_schedule;
use crate::ir::expr::{Context, Expr, Kind, Op, ParamId};

mod call;
pub(super) mod context;
mod list;
mod literal;
mod text;
mod time;

use context::context_path;
use literal::{expression_of, literal, literal_template, quote, step_into};

/// The input of the workflow.
const INPUT: &str = "$states.context.Execution.Input";

/// How strongly an operator binds, as in the reference implementation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Condition,
    Or,
    And,
    Comparison,
    Sum,
    Product,
    Atom,
}

/// Writes expressions for one place in the machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer<'a, 'g, 'r>(pub View<'a, 'g, 'r>);

impl Writer<'_, '_, '_> {
    /// A JSON value whose computed parts are `{% … %}` strings.
    pub(super) fn template(&self, expr: &Expr) -> Json {
        match self.0.resolved(expr).kind() {
            Kind::Literal(json) => literal_template(json),
            Kind::Object(fields) => fields.iter().map(|(key, e)| (key.clone(), self.template(e))).collect(),
            Kind::Array(items) => items.iter().map(|e| self.template(e)).collect(),
            Kind::Call(Op::Nested | Op::NestedIfList, inner) => self.template(&inner[0]),
            _ => Json::String(self.expression(expr)),
        }
    }

    /// An `Output`. A constant that is no object or list is written as an expression: AWS takes it either way, the
    /// schema of editors and linters does not.
    pub(super) fn output(&self, expr: &Expr) -> Json {
        match self.template(expr) {
            Json::String(text) if text.starts_with("{%") => Json::String(text),
            Json::String(_) | Json::Number(_) | Json::Bool(_) | Json::Null => Json::String(self.expression(expr)),
            other => other,
        }
    }

    /// A `{% … %}` string. What may be absent becomes `null`: an expression without a value would fail the state.
    pub(super) fn expression(&self, expr: &Expr) -> String {
        if self.0.may_be_absent(expr) {
            let text = self.at_least(expr, Binding::Or);
            return format!("{{% $exists({text}) ? {text} : null %}}");
        }
        format!("{{% {} %}}", self.text(expr))
    }

    fn text(&self, expr: &Expr) -> String {
        self.write(expr).0
    }

    fn at_least(&self, expr: &Expr, binding: Binding) -> String {
        let (text, own) = self.write(expr);
        if own < binding { format!("({text})") } else { text }
    }

    fn write(&self, expr: &Expr) -> (String, Binding) {
        let expr = &self.0.resolved(expr);
        if let Some((id, path)) = path(expr) {
            return (self.read(id, &path), Binding::Atom);
        }
        let text = match expr.kind() {
            Kind::Literal(json) => literal(json),
            Kind::Value(id) => self.read(*id, &[]),
            Kind::Context(Context::Whole) => "$states.context".to_owned(),
            Kind::Context(context) => format!("$states.context.{}", context_path(*context)),
            Kind::Field(of, name) => step_into(self.at_least(of, Binding::Atom), name),
            Kind::Object(fields) => {
                // Without a value it would be left out.
                let value = |e| self.present(e, Binding::Condition);
                let fields: Vec<_> = fields.iter().map(|(k, e)| format!("{}: {}", quote(k), value(e))).collect();
                format!("{{{}}}", fields.join(", "))
            }
            Kind::Array(items) => self.array(items),
            Kind::Maybe(of) => return self.write(of),
            Kind::Param(param) => param_name(*param),
            Kind::Lambda(param, body) => format!("function({}) {{ {} }}", param_name(*param), self.text(body)),
            Kind::Call(op, operands) => return self.call(op, operands),
        };
        (text, Binding::Atom)
    }

    fn list(&self, items: &[Expr]) -> String {
        items.iter().map(|e| self.text(e)).collect::<Vec<_>>().join(", ")
    }

    fn read(&self, value: crate::ir::expr::ValueId, path: &[Segment]) -> String {
        let (root, rest) = match self.0.site.def(value) {
            Some(Def::Expr(defined)) => (self.at_least(defined, Binding::Atom), path.to_vec()),
            Some(Def::Result) => ("$states.result".to_owned(), path.to_vec()),
            Some(Def::Output(output)) => (expression_of(output), path.to_vec()),
            Some(Def::Error) => ("$states.errorOutput".to_owned(), path.to_vec()),
            Some(Def::Input) => ("$states.input".to_owned(), path.to_vec()),
            Some(Def::InputField(field)) => (step_into("$states.input".to_owned(), field), path.to_vec()),
            Some(Def::BatchInput(field)) => (step_into("$states.input.BatchInput".to_owned(), field), path.to_vec()),
            // The input of the workflow is in the context object wherever a state stands, so it needs no variable.
            None if is_in_context(self.0.site, value, self.0.recording) => {
                // Read as a whole, it is without what a schedule has added.
                let is_whole = path.is_empty() && self.0.recording.is_scheduled;
                (if is_whole { without_schedule(INPUT) } else { INPUT.to_owned() }, path.to_vec())
            }
            None => {
                let (key, rest) = Key::split(self.0.recording, value, path);
                (format!("${}", self.0.names.get(&key, self.0.machines, self.0.recording)), rest)
            }
        };
        rest.iter().fold(root, |of, segment| match &segment.step {
            Step::Field(name) => step_into(of, name),
            Step::Index(index) => format!("{of}[{index}]"),
        })
    }

    /// What is absent as `null`.
    fn present(&self, expr: &Expr, binding: Binding) -> String {
        if self.0.may_be_absent(expr) {
            let text = self.text(expr);
            return format!("($exists({text}) ? {text} : null)");
        }
        self.at_least(expr, binding)
    }
}

fn param_name(ParamId(depth): ParamId) -> String {
    if depth == 0 { "$item".to_owned() } else { format!("$item{}", depth + 1) }
}
