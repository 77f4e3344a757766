//! Expressions as JSONPath: paths, intrinsic functions, payload templates.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html>
//!
//! What stands here has been made [ready](super::ready) before: where the language takes only a path, there is one.

use std::cell::RefCell;

use serde_json::{Map, Value as Json};

use super::expr_jsonata::context::context_path;
use super::graph::{Def, Machine, NodeKind};
use super::ready::is_definite;
use super::vars::{Key, Segment, Step, is_in_context, path};
use super::view::View;
use crate::ir::expr::{Context, Expr, Kind, Op, ValueId};

mod call;
mod date;
mod filter;
mod rule;

pub(super) use date::date_format;
pub(super) use filter::can_be_said;
pub(super) use rule::{always, millis_of};

/// The input of the workflow.
const INPUT: &str = "$$.Execution.Input";

/// Writes expressions for one place in the machine.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a, 'g, 'r> {
    pub view: View<'a, 'g, 'r>,
    /// What could not be said, and why.
    pub problems: &'a RefCell<Vec<String>>,
}

/// What a state makes of its result or its input.
#[derive(Debug, PartialEq)]
pub(super) enum Shaped {
    /// It stays as it is.
    Same,
    /// `{}`.
    Nothing,
    /// What is at a path.
    At(String),
    /// A payload template.
    Template(Json),
    /// Known now.
    Constant(Json),
    /// One value, which a template can hold in a field only.
    Computed(String),
}

impl Writer<'_, '_, '_> {
    /// A payload template.
    pub(super) fn template(&self, expr: &Expr) -> Json {
        match self.shaped(expr) {
            Shaped::Template(json) | Shaped::Constant(json) => json,
            _ => self.refuse(expr, "a payload template is an object or a list"),
        }
    }

    /// What has to be done so that the expression is what a state gives.
    pub(super) fn shaped(&self, expr: &Expr) -> Shaped {
        let resolved = self.view.resolved(expr);
        match resolved.kind() {
            Kind::Object(fields) if fields.is_empty() => Shaped::Nothing,
            Kind::Literal(json) => Shaped::Constant(json.clone()),
            Kind::Object(_) => Shaped::Template(self.entry("", &resolved).1),
            _ if self.is_static(&resolved) => Shaped::Template(self.entry("", &resolved).1),
            _ => match self.path(&resolved).filter(|_| is_definite(&resolved)) {
                Some(text) if text == "$" => Shaped::Same,
                Some(text) => Shaped::At(text),
                None => Shaped::Computed(self.value(&resolved)),
            },
        }
    }

    /// A field of a template: its key ends in `.$` if it is computed.
    fn entry(&self, key: &str, expr: &Expr) -> (String, Json) {
        let expr = self.view.resolved(expr);
        let plain = |json| (key.to_owned(), json);
        match expr.kind() {
            Kind::Literal(json) => {
                if is_evaluated(json) {
                    self.refuse(&expr, "a key that ends in `.$` would be evaluated");
                }
                plain(json.clone())
            }
            Kind::Object(fields) => plain(Json::Object(fields.iter().map(|(key, e)| self.entry(key, e)).collect())),
            Kind::Array(items) if self.is_static(&expr) => {
                plain(items.iter().map(|item| self.entry("", item).1).collect())
            }
            Kind::Call(Op::Nested, inner) => self.entry(key, &inner[0]),
            _ => (format!("{key}.$"), Json::String(self.value(&expr))),
        }
    }

    /// Whether a list can stand in a template: computed items, which have no key, can't.
    fn is_static(&self, expr: &Expr) -> bool {
        match self.view.resolved(expr).kind() {
            Kind::Literal(_) | Kind::Object(_) => true,
            Kind::Array(items) => items.iter().all(|item| self.is_static(item)),
            Kind::Call(Op::Nested, inner) => self.is_static(&inner[0]),
            _ => false,
        }
    }

    /// What stands behind a key that ends in `.$`: a path or a call.
    pub(super) fn value(&self, expr: &Expr) -> String {
        let expr = self.view.resolved(expr);
        if let Some(text) = self.path(&expr) {
            return text;
        }
        match expr.kind() {
            // A constant is no path and no call.
            Kind::Literal(json) => self.constant(json),
            _ => {
                let text = self.argument(&expr);
                if call::depth(&text) > 10 {
                    self.refuse(
                        &expr,
                        "intrinsic functions are nested ten deep at most: give a part a name by `w.set`",
                    );
                }
                text
            }
        }
    }

    fn constant(&self, json: &Json) -> String {
        match json {
            Json::String(_) => format!("States.Format({})", self.argument(&Expr::literal(json.clone()))),
            _ => format!("States.StringToJson({})", call::quoted(&json.to_string())),
        }
    }

    /// The path, if that is all that it is.
    pub(super) fn path(&self, expr: &Expr) -> Option<String> {
        let expr = self.view.resolved(expr);
        if let Some((id, segments)) = path(&expr) {
            return self.read(id, &segments);
        }
        match expr.kind() {
            Kind::Context(Context::Whole) => Some("$$".to_owned()),
            Kind::Context(context) => Some(format!("$$.{}", context_path(*context))),
            Kind::Field(of, name) => Some(step_into(self.path(of)?, name)),
            Kind::Maybe(of) => self.path(of),
            Kind::Call(Op::Get(index), operands) => Some(format!("{}[{index}]", self.path(&operands[0])?)),
            Kind::Call(op @ (Op::Each { .. } | Op::FlatMap), operands) => {
                let list = self.view.resolved(&operands[0]);
                // A path to several items goes on in each of them.
                let each = if is_definite(&list) { "[*]" } else { "" };
                let inner = filter::projected(&operands[1])?;
                let items = if *op == Op::FlatMap { "[*]" } else { "" };
                Some(format!("{}{each}{inner}{items}", self.path(&list)?))
            }
            Kind::Call(Op::Filter { .. }, operands) => {
                let list = self.path(&operands[0])?;
                filter::filter(&operands[1]).map(|condition| format!("{list}[?({condition})]"))
            }
            _ => None,
        }
    }

    fn read(&self, value: ValueId, segments: &[Segment]) -> Option<String> {
        let (root, rest) = match self.view.site.def(value) {
            Some(Def::Expr(defined)) => (self.path(defined)?, segments.to_vec()),
            Some(Def::Result | Def::Error | Def::Output(_)) => ("$".to_owned(), segments.to_vec()),
            Some(Def::Input) => (self.input(), segments.to_vec()),
            Some(Def::InputField(field)) => (step_into(self.input(), field), segments.to_vec()),
            Some(Def::BatchInput(field)) => {
                (step_into(step_into(self.input(), "BatchInput"), field), segments.to_vec())
            }
            None if is_in_context(self.view.site, value, self.view.recording) => {
                if segments.is_empty() && self.view.recording.is_scheduled {
                    self.refuse(
                        &Kind::Value(value).into(),
                        "it would hold the field `_schedule` that a schedule adds: read the fields that are needed",
                    );
                }
                (INPUT.to_owned(), segments.to_vec())
            }
            None => {
                let (key, rest) = Key::split(self.view.recording, value, segments);
                (format!("${}", self.view.names.get(&key, self.view.machines, self.view.recording)), rest)
            }
        };
        Some(rest.iter().fold(root, |of, segment| match &segment.step {
            Step::Field(name) => step_into(of, name),
            Step::Index(index) => format!("{of}[{index}]"),
        }))
    }

    /// The input of the first state. Once a state has its result, it reads its input in the context object only.
    fn input(&self) -> String {
        let site = self.view.site;
        let has_result = matches!(
            site.machine.nodes[site.node].kind,
            NodeKind::Task(_) | NodeKind::Parallel { .. } | NodeKind::Map { .. }
        );
        if site.edge.is_some() && has_result { input_in_context(site.machine).to_owned() } else { "$".to_owned() }
    }

    /// Notes what can't be said.
    fn refuse(&self, expr: &Expr, why: &str) -> Json {
        self.problems.borrow_mut().push(format!("`{}` can't be said in JSONPath: {why}", self.view.shown(expr)));
        Json::Null
    }
}

/// Where the input of a machine's first state is in the context object.
const fn input_in_context(machine: &Machine<'_>) -> &'static str {
    if machine.is_child { INPUT } else { "$$.Map.Item.Value" }
}

/// Whether a key inside would be taken for one that is to be evaluated.
fn is_evaluated(json: &Json) -> bool {
    match json {
        Json::Object(fields) => fields.iter().any(|(key, value)| key.ends_with(".$") || is_evaluated(value)),
        Json::Array(items) => items.iter().any(is_evaluated),
        _ => false,
    }
}

/// A step into a field.
fn step_into(of: String, name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { format!("{of}.{name}") } else { format!("{of}['{}']", name.replace('\\', "\\\\").replace('\'', "\\'")) }
}

/// A template in a field, for what can't stand alone.
pub(super) fn in_field(value: String) -> (Json, String) {
    let fields = Map::from_iter([("value.$".to_owned(), Json::String(value))]);
    (Json::Object(fields), "$.value".to_owned())
}
