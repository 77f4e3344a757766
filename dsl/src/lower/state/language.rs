//! The fields of a state that are written otherwise in each of the two query languages.

use serde_json::{Value as Json, json};

use super::{Emitter, Site};
use crate::asl::{self, Nullable};
use crate::ir::expr::{Expr, Kind};
use crate::lower::expr_jsonpath::{Shaped, always, in_field};

impl<'g, 'r> Emitter<'_, 'g, 'r> {
    /// JSON with computed parts.
    pub(super) fn template(&self, expr: &Expr, site: Site<'g, 'r>) -> Json {
        if self.recording.in_paths { self.paths(site).template(expr) } else { self.writer(site).template(expr) }
    }

    /// What is called `Arguments` in JSONata, and `Parameters` in JSONPath.
    pub(super) fn either(&self, template: Option<Json>) -> (Option<Json>, Option<Json>) {
        if self.recording.in_paths { (None, template) } else { (template, None) }
    }

    pub(super) fn path(&self, expr: &Expr, site: Site<'g, 'r>) -> String {
        self.paths(site).value(expr)
    }

    pub(super) fn constant_or_path(&self, expr: &Expr, site: Site<'g, 'r>) -> (Option<Json>, Option<String>) {
        match self.view(site).resolved(expr).kind() {
            Kind::Literal(json) => (Some(json.clone()), None),
            _ => (None, Some(self.path(expr, site))),
        }
    }

    /// Text: known or in JSONata, or where it is found in JSONPath.
    pub(super) fn text(&self, expr: Option<&Expr>, site: Site<'g, 'r>) -> (Option<String>, Option<String>) {
        let Some(expr) = expr else { return (None, None) };
        if self.recording.in_paths {
            return match self.constant_or_path(expr, site) {
                (Some(Json::String(text)), _) => (Some(text), None),
                (Some(other), _) => (Some(other.to_string()), None),
                (None, path) => (None, path),
            };
        }
        let writer = self.writer(site);
        match writer.template(expr) {
            Json::String(text) => (Some(text), None),
            _ => (Some(writer.expression(expr)), None),
        }
    }

    /// The request of a task that has no members, in JSONPath: what the state takes of its input, or a template.
    pub(super) fn request(&self, expr: &Expr, site: Site<'g, 'r>) -> (Option<Nullable<String>>, Option<Json>) {
        match self.paths(site).shaped(expr) {
            Shaped::Same => (None, None),
            Shaped::At(path) => (Some(Nullable::Value(path)), None),
            Shaped::Nothing => (Some(Nullable::Null), None),
            Shaped::Template(json) | Shaped::Constant(json) => (None, Some(json)),
            Shaped::Computed(_) => (None, Some(self.paths(site).template(expr))),
        }
    }

    pub(super) fn rule(&self, condition: &Expr, site: Site<'g, 'r>) -> asl::Rule {
        if self.recording.in_paths {
            return self.paths(site).rule(condition);
        }
        let writer = self.writer(site);
        let condition = match writer.template(condition) {
            constant @ Json::Bool(_) => constant,
            _ => Json::String(writer.expression(condition)),
        };
        asl::Rule { condition: Some(condition), ..asl::Rule::default() }
    }

    /// A rule that holds when no other does.
    pub(super) fn otherwise(&self) -> asl::Rule {
        if self.recording.in_paths {
            return always();
        }
        asl::Rule { condition: Some("{% true %}".into()), ..asl::Rule::default() }
    }

    /// Writes what a state gives as its output.
    pub(super) fn give(&self, state: &mut asl::State, output: &Expr, site: Site<'g, 'r>) {
        if self.recording.in_paths && site.own_language() != Some(asl::QueryLanguage::Jsonata) {
            return self.give_in_paths(state, output, site);
        }
        let output = self.writer(site).output(output);
        // Where there is no `Output`, this is the output anyway.
        let default = match state.kind {
            asl::Kind::Task(_) | asl::Kind::Parallel(_) | asl::Kind::Map(_) => "{% $states.result %}",
            _ => "{% $states.input %}",
        };
        state.output = (output != default).then_some(output);
    }

    fn give_in_paths(&self, state: &mut asl::State, output: &Expr, site: Site<'g, 'r>) {
        let (template, path) = match self.paths(site).shaped(output) {
            Shaped::Same => return,
            Shaped::Nothing => {
                state.output_path = Some(Nullable::Null);
                return;
            }
            Shaped::At(path) => {
                state.output_path = Some(Nullable::Value(path));
                return;
            }
            Shaped::Template(json @ Json::Object(_)) | Shaped::Constant(json @ Json::Object(_)) => (json, None),
            Shaped::Template(other) | Shaped::Constant(other) => {
                (json!({ "value": other }), Some(Nullable::Value("$.value".to_owned())))
            }
            Shaped::Computed(value) => {
                let (template, path) = in_field(value);
                (template, Some(Nullable::Value(path)))
            }
        };
        state.output_path = path;
        let template = Some(template);
        match &mut state.kind {
            asl::Kind::Task(task) => task.result_selector = template,
            asl::Kind::Parallel(parallel) => parallel.result_selector = template,
            asl::Kind::Map(map) => map.result_selector = template,
            asl::Kind::Pass(pass) => pass.parameters = template,
            // A Succeed has no field for it.
            kind => {
                *kind = asl::Kind::Pass(asl::Pass { parameters: template, ..asl::Pass::default() });
                state.end = Some(true);
            }
        }
    }
}
